"""The shots of a chain before it is sent: their takes, and which of them the ledger has not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.errors import ArgumentError
from hailuo_nb.ordering.table import Row
from hailuo_nb.ordering.validation import invalid_request
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame, picture_of


def takes_of(take: Any, shots: int) -> list[int]:
    """The take of each shot. Raises ArgumentError."""
    found = arguments.as_list("take", take, lambda _, value: arguments.as_take(value))
    if len(found) == 1:
        return found * shots
    if len(found) != shots:
        raise ArgumentError(f"take has {len(found)} numbers for {shots} shots")
    return found


@cache
def stand_in() -> Frame:
    """A picture in place of the last one of a shot that is not made yet, to check the next."""
    from PIL import Image

    return Frame.of(Image.new("RGB", (1366, 768)), "the last picture of the shot before")


def check(rows: Sequence[Row]) -> None:
    """Raises InvalidRequestError that names the shots that cannot be made."""
    problems = [
        (f"shot {place}", problem)
        for place, row in enumerate(rows, 1)
        for problem in (row.skipped.problems if row.skipped else ())
    ]
    if problems:
        raise invalid_request(problems)


def new_of(specs: Sequence[JobSpec], find: Callable[[JobSpec], JobRow | None]) -> Sequence[JobSpec]:
    """The shots that would be newly sent: from the first on that the ledger has not.

    find  the job of a clip in the ledger
    """
    before: JobRow | None = None
    for number, spec in enumerate(specs):
        if before is not None:
            if before.sha256 is None or not before.frames:
                return specs[number:]
            last = picture_of(before.sha256, before.frames - 1)
            frame = replace(stand_in(), identity=last, source=last)
            spec = replace(spec, request=spec.request.but(first_frame=frame))  # noqa: PLW2901
        before = find(spec)
        if before is None:
            return specs[number:]
    return []
