"""The Python call that asks for the clips of a draft, or for one job's clip, ready to paste."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hailuo_nb import catalog
from hailuo_nb.media.text import visible
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import account_of
from hailuo_nb.widgets.draft import FRAMES, Draft


def compare_call(draft: Draft) -> str:
    """A call of `hn.compare`. A frame that came as a file is there by its name: put its path there.

    Raises VariantsError.
    """
    prompts = draft.prompts()
    arguments: dict[str, object] = {"provider": list(draft.targets)}
    defaults = VideoRequest(prompt="", model="")
    for name in ("resolution", "duration"):
        if getattr(draft, name) != getattr(defaults, name):
            arguments[name] = getattr(draft, name)
    arguments |= _files(draft)
    arguments |= _chosen(draft.options)
    if draft.takes != 1:
        arguments["takes"] = draft.takes
    prompt = prompts[0] if len(prompts) == 1 else prompts
    return _call("board = hn.compare", prompt, arguments) + "board\n"


def generate_call(job: Job) -> str:
    """A call of `hn.generate` that gives this very job."""
    request = job.request
    arguments: dict[str, object] = {
        "provider": job.provider,
        "model": request.model,
        "resolution": request.resolution,
        "duration": request.duration,
    }
    arguments |= _chosen({name: request.get(name) for name in catalog.SHAPE}) | _chosen(
        request.options
    )
    arguments |= _files(request)
    if job.take != 1:
        arguments["take"] = job.take
    account = account_of(job)
    moved = account.base_url != account.provider.base_url
    comment = "  # at another base_url: see hn.provider" if moved else ""
    return _call("job = hn.generate", request.prompt, arguments, comment)


def next_shot_code(job: Job) -> str:
    """Code that opens a studio in which the last picture of this job's clip is the first frame."""
    return (
        f"{generate_call(job)}"
        f"studio = hn.Studio(provider={_literal(job.provider)})\n"
        "studio.first_frame = job.frame(-1)\n"
        "studio\n"
    )


def _files(of: Draft | VideoRequest) -> dict[str, object]:
    """Frames and references, by link or name."""
    frames: dict[str, Frame | None] = {name: getattr(of, name) for name in FRAMES}
    found: dict[str, object] = {
        name: frame.url or frame.name or "your picture" for name, frame in frames.items() if frame
    }
    if of.references:
        found["references"] = [one.url or one.name or f"your {one.kind}" for one in of.references]
    return found


def _chosen(options: Mapping[str, OptionValue | None]) -> dict[str, OptionValue]:
    return {name: value for name, value in options.items() if value is not None}


def _call(function: str, prompt: object, arguments: Mapping[str, object], comment: str = "") -> str:
    lines = [_literal(prompt), *(f"{name}={_literal(value)}" for name, value in arguments.items())]
    body = "".join(f"    {line},\n" for line in lines)
    return f"import hailuo_nb as hn\n\n{function}(\n{body}){comment}\n"


def _literal(value: object) -> str:
    """A value as Python: text in double quotes, invisible characters written out."""
    if isinstance(value, list):
        return "[" + ", ".join(_literal(one) for one in value) + "]"
    return visible(json.dumps(value, ensure_ascii=False)) if isinstance(value, str) else repr(value)
