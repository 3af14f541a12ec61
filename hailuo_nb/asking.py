"""From a request to something that can be asked for: what cannot be made is sorted out, the rest gets its price.

Knows the matrix and the prices; must not send anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hailuo_nb import compat, pricing
from hailuo_nb.comparison import Skipped
from hailuo_nb.compat import Problem
from hailuo_nb.engine.live import Asked
from hailuo_nb.engine.transport import Access
from hailuo_nb.request import VideoRequest
from hailuo_nb.told import ToldError


class InvalidRequestError(ToldError, ValueError):
    """A provider cannot make what was asked. `problems` is a list of (provider name, Problem)."""

    def __init__(self, problems: Sequence[tuple[str, Problem]]) -> None:
        self.problems = list(problems)
        lines = [
            f"- {name}: {problem.message}{nearest_in_words(problem, ' Nearest: ')}"
            for name, problem in problems
        ]
        head = (
            "Nothing was sent: "
            + ("this clip" if len(lines) == 1 else f"{len(lines)} things")
            + " cannot be made."
        )
        super().__init__(
            "\n".join([head, *lines, "skip_invalid=True leaves such clips out and makes the others."])
        )


def nearest_in_words(problem: Problem, before: str = "") -> str:
    """`MiniMax-Hailuo-02, 1080P, 6 s`: the nearest request that can be made, with `before` before it; "" for none."""
    near = problem.nearest
    if near is None:
        return ""
    frames = [name for name in ("first_frame", "last_frame") if getattr(near, name) is not None]
    with_frames = f" with {' and '.join(frames)}" if frames else ""
    return f"{before}{near.model}, {near.resolution}, {near.duration} s{with_frames}."


def in_one_line(problems: Iterable[Problem]) -> str | None:
    """What is said about a clip, for one cell of a table; None for nothing."""
    return " ".join(dict.fromkeys(problem.message for problem in problems)) or None


def sort_out(wanted: Iterable[Asked]) -> tuple[list[Asked], list[Skipped]]:
    """What can be made, and what cannot with its errors (once, however many takes were asked for)."""
    good: list[Asked] = []
    bad: dict[str, Skipped] = {}
    for item in wanted:
        access, request = item.access, item.request
        problems = compat.check(request, access.provider.name)
        errors = tuple(problem for problem in problems if problem.severity == "error")
        if errors:
            skip = Skipped(access.name, access.provider.title, access.simulated, request, errors)
            bad[skip.id] = skip
        else:
            good.append(item)
    return good, list(bad.values())


def asked(access: Access, request: VideoRequest, take: int | None) -> Asked:
    """One clip to ask for, with its list price. A simulated one costs nothing."""
    if access.simulated:
        return Asked(access, request, take, 0.0, "")
    price = pricing.estimate(request, access.provider.name)
    return Asked(access, request, take, None if price.amount is None else float(price.amount), price.currency)


def losses(item: Asked) -> tuple[str, ...]:
    """What the provider cannot express of a request: it is sent without that, and the user is told."""
    return tuple(dict.fromkeys(p.message for p in compat.check(item.request, item.access.provider.name)))
