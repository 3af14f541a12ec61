"""What the kernel reads in a draft's prompt about the camera, for the editor and the timeline.

The page colours brackets and moves them by itself; what is odd about them is found here only.
"""

from __future__ import annotations

from typing import TypedDict

from hailuo_nb import catalog
from hailuo_nb.catalog.camera_remarks import suits
from hailuo_nb.errors import UnknownNameError
from hailuo_nb.prompts import camera
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.widgets.draft import Draft


class FindingInfo(TypedDict):
    """A finding as the page gets it, at a place of the prompt: `start` and `end` count as
    JavaScript does, `cures` are the texts that may stand there instead, `values` are for the words
    of `code`."""

    code: str
    start: int
    end: int
    cures: list[str]
    values: dict[str, str | int]


class CameraNotes(TypedDict):
    """`prompt` is what this is about; `prose` is it with its brackets as sentences, `brackets` with
    its sentences as brackets; "" where there are none. `sent_as_prose`: all chosen models get
    `prose`."""

    prompt: str
    findings: list[FindingInfo]
    prose: str
    brackets: str
    sent_as_prose: bool


def camera_notes(draft: Draft) -> CameraNotes:
    """Reads the prompt as it stands, alternatives and all."""
    prompt = draft.prompt
    dialects = _dialects(draft)
    findings: list[FindingInfo] = [
        {
            "code": finding.rule,
            "start": _utf16(prompt[: finding.start]),
            "end": _utf16(prompt[: finding.end]),
            "cures": [text for text in (finding.replacement, *finding.others) if text is not None],
            "values": dict(finding.values),
        }
        for finding in camera.lint(prompt)
        if any(suits(finding, dialect) for dialect in dialects)
    ]
    prose = camera.render(prompt, "prose")
    brackets = camera.write_brackets(prompt)
    return {
        "prompt": prompt,
        "findings": findings,
        "prose": prose if prose != prompt else "",
        "brackets": brackets if brackets != prompt else "",
        "sent_as_prose": prose != prompt and dialects == {"prose"},
    }


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _dialects(draft: Draft) -> set[camera.Dialect]:
    """How the chosen models take moves; in brackets where nobody can say."""
    found: set[camera.Dialect] = set()
    for target in draft.targets:
        name, request = draft.request(target, draft.prompt)
        try:
            row = catalog.row_for(request, ProviderRef.parse(name).provider)
        except UnknownNameError:
            continue
        found.add(row.camera.dialect)
    return found or {"en"}
