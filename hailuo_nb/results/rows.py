"""The rows of a board from jobs and from clips that cannot be made."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb import catalog
from hailuo_nb.catalog.compatibility import Problem
from hailuo_nb.measure.report import COLUMNS
from hailuo_nb.measure.score_store import STORE
from hailuo_nb.measure.scored import is_figure
from hailuo_nb.ordering.problem_values import values_of
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.pages.posters import poster_url
from hailuo_nb.pages.rows import DEFAULT_ROW, BoardRow, Worded, format_cost
from hailuo_nb.pages.words import Wording, in_words, quoted
from hailuo_nb.prompts.camera import moves_text
from hailuo_nb.requests import own_columns
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.advice import advice_words, price_of_cancelling

if TYPE_CHECKING:
    from hailuo_nb.results.job import Job


def board_rows(
    jobs: Sequence[Job],
    skipped: Sequence[Skipped],
    folder: Path,
    poster: Callable[[Path], str] = poster_url,
) -> list[BoardRow]:
    """See `Comparison.rows`."""
    return [of_job(job, folder, poster) for job in jobs] + [of_skipped(skip) for skip in skipped]


def of_job(job: Job, folder: Path, poster: Callable[[Path], str] = poster_url) -> BoardRow:
    """See `Comparison.rows` for `folder` and `poster`."""
    spent, currency = job.spent
    return {
        "id": job.id,
        "prompt": job.prompt,
        "provider": job.provider,
        "provider_title": job.provider_title,
        "simulated": job.simulated,
        "model": job.model,
        "resolution": job.resolution,
        "duration": job.duration,
        "ratio": job.request.ratio or "",
        "references": len(job.request.references),
        "given": _given(job.request),
        "own": _own(job.own_columns),
        "option_key": _option_key(job.request),
        "take": job.take,
        "state": job.state,
        "progress": job.progress,
        "eta": job.eta,
        "queue_position": job.queue_position,
        "error": job.error or "",
        "advice": job.advice,
        "cost": format_cost(job.cost, job.currency, job.simulated),
        "charged": _charged(job),
        "spent": spent,
        "currency": currency,
        "video": relative_path(job.path, folder),
        "bytes": job.bytes,
        "poster": poster(job.poster) if job.poster else "",
        "submitted_at": job.submitted_at,
        "finished_at": job.finished_at,
        "notes": list(job.notes),
        "rating": job.rating,
        "note": job.note,
        "tags": list(job.tags),
        "usual_seconds": job.usual_seconds,
        "task_id": job.task_id or "",
        "parked": job.parked,
        "cancelling": _price_of_cancelling(job),
        "regenerating": _price_of_regenerating(job),
        "camera": moves_text(job.prompt),
        "fps": job.fps,
        "frames": job.frames,
        "waveform": job.waveform,
        "scores": _scores(job.id),
        "worded": _worded(job),
    }


def _worded(job: Job) -> dict[str, Worded]:
    """What the row says of trouble and money in other languages."""
    found = {"advice": job.advice_words}
    if job.error and job.is_refused:
        found["error"] = [quoted("said.provider", job.error)]
    if page := _price_of_cancelling(job):
        found["cancelling"] = [quoted("said.page", page)]
    if job.notes:
        found["notes"] = [_note(job, note) for note in job.notes]
    if job.regenerating:
        found["regenerating"] = _regenerating(job)
    return in_words(found)


def _note(job: Job, note: str) -> Wording:
    for problem in _problems(job.request, ProviderRef.parse(job.provider).provider):
        if problem.message == note:
            return _problem(problem, job.request, job.provider)
    return Wording("", note)


@lru_cache(maxsize=512)
def _problems(request: VideoRequest, provider: str) -> list[Problem]:
    return catalog.check(request, provider)


def _problem(problem: Problem, request: VideoRequest, provider: str) -> Wording:
    values = values_of(problem, request, ProviderRef.parse(provider).provider)
    code = f"studio.problem.{problem.code}"
    return Wording(code, problem.message, values)


def of_skipped(skipped: Skipped) -> BoardRow:
    request = skipped.request
    errors = [_problem(one, request, skipped.provider) for one in skipped.problems]
    label = [Wording("", f"{skipped.label}:")] if skipped.label else []
    advice = advice_words("rejected", "invalid_request")
    return {
        **DEFAULT_ROW,
        "id": skipped.id,
        "prompt": request.prompt,
        "provider": skipped.provider,
        "provider_title": skipped.provider_title,
        "simulated": skipped.simulated,
        "model": request.model,
        "resolution": request.resolution,
        "duration": request.duration,
        "ratio": request.ratio or "",
        "references": len(request.references),
        "own": _own(skipped.own_columns),
        "take": None,
        "state": "invalid",
        "error": skipped.error,
        "advice": " ".join(one.text for one in advice),
        "spent": 0.0,
        "worded": in_words({"error": [*label, *errors], "advice": advice}),
        "camera": moves_text(request.prompt),
    }


def _own(columns: OwnColumns) -> dict[str, str]:
    """See `BoardRow.own`."""
    return {name: own_columns.as_text(value) for name, value in columns.items()}


def _given(request: VideoRequest) -> str:
    """See `BoardRow.given`: clips with the same key were made from the same pictures and sounds."""
    sent = [request.first_frame, request.last_frame, *request.references]
    if not any(sent):
        return ""
    return _key([one and (one.source or one.identity) for one in sent])


def _option_key(request: VideoRequest) -> str:
    """See `BoardRow.option_key`."""
    if request.sound is None and not request.options:
        return ""
    return _key([request.sound, sorted(request.options.items())])


def _key(content: object) -> str:
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _price_of_cancelling(job: Job) -> str | None:
    if job.state == "planned" or not job.cancellable:
        return None
    return price_of_cancelling(ProviderRef.parse(job.provider).provider)


def _price_of_regenerating(job: Job) -> str | None:
    return " ".join(one.text for one in _regenerating(job)) or None


def _regenerating(job: Job) -> list[Wording]:
    """The resolution and price of making it again, and what the provider's page asks for that."""
    if job.regenerating is None:
        return []
    resolution, cost, currency, note = job.regenerating
    code = "cost.free" if job.simulated else "cost.unknown" if cost is None else ""
    price = Wording(code, format_cost(cost, currency, job.simulated))
    found = [Wording("", f"{resolution} ·"), price]
    return [*found, Wording("said.page", f"({note})", {"text": note})] if note else found


def _charged(job: Job) -> str:
    cost = job.charged_cost
    return "" if cost is None else format_cost(cost, job.charged_currency or "", simulated=False)


def _scores(job_id: str) -> dict[str, float | str]:
    """The measurements and scores that are known, numbers with four figures; see `BoardRow`."""
    found: dict[str, float | str] = {}
    for column, value in STORE.get(job_id).items():
        kind = "" if column in COLUMNS else "own:" if is_figure(column, value) else "said:"
        name = f"{kind}{column}"
        if isinstance(value, float) and math.isfinite(value):
            found[name] = float(f"{value:.4g}")
        elif value is not None and value != "" and not isinstance(value, float):
            found[name] = value
    return found


def relative_path(path: Path | None, folder: Path) -> str | None:
    """The path as seen from `folder`, with slashes; None where it does not lie below it."""
    if path is None:
        return None
    try:
        return path.relative_to(folder.absolute()).as_posix()
    except ValueError:
        return None
