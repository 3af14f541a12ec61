"""From a request to something that can be asked for: what cannot be made is sorted out, the rest
gets its price.

Knows the matrix and the prices; must not send anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.catalog.compatibility import Problem
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.errors import InvalidRequestError
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.video_request import VideoRequest


@dataclass(frozen=True, slots=True)
class Skipped:
    """A clip that a provider cannot make: shown in the table, never sent. `label` names its row in
    a user's table."""

    provider: str
    provider_title: str
    simulated: bool
    request: VideoRequest
    problems: tuple[Problem, ...]
    label: str = ""

    @property
    def id(self) -> str:
        return self.id_of(self.provider, self.request) + (f"-{self.label}" if self.label else "")

    @staticmethod
    def id_of(provider: str, request: VideoRequest) -> str:
        return f"skipped-{provider}-{request.fingerprint[-8:]}"

    @property
    def error(self) -> str:
        said = " ".join(problem.message for problem in self.problems)
        return f"{self.label}: {said}" if self.label else said


def nearest_in_words(problem: Problem, before: str = "") -> str:
    """`MiniMax-Hailuo-02, 1080P, 6 s`: the nearest request that can be made, with `before` before
    it; "" for none."""
    near = problem.nearest
    if near is None:
        return ""
    frames = [name for name in ("first_frame", "last_frame") if getattr(near, name) is not None]
    with_frames = f" with {' and '.join(frames)}" if frames else ""
    return f"{before}{near.model}, {near.resolution}, {near.duration} s{with_frames}."


def invalid_request(problems: Sequence[tuple[str, Problem]]) -> InvalidRequestError:
    """The error for what providers cannot make: (provider name, problem) of each."""
    lines = [
        f"- {name}: {problem.message}{nearest_in_words(problem, ' Nearest: ')}"
        for name, problem in problems
    ]
    what = "this clip" if len(lines) == 1 else f"{len(lines)} things"
    head = f"Nothing was sent: {what} cannot be made."
    tail = "skip_invalid=True leaves such clips out and makes the others."
    return InvalidRequestError("\n".join([head, *lines, tail]), problems)


def in_one_line(problems: Iterable[Problem]) -> str | None:
    """What is said about a clip, for one cell of a table; None for nothing."""
    return " ".join(dict.fromkeys(problem.message for problem in problems)) or None


def validate(wanted: Iterable[JobSpec]) -> tuple[list[JobSpec], list[Skipped]]:
    """What can be made, and what cannot with its errors (once, however many takes were asked
    for)."""
    good: list[JobSpec] = []
    bad: dict[str, Skipped] = {}
    for item in wanted:
        account, request = item.account, item.request
        problems = catalog.check(request, account.provider.name)
        errors = tuple(problem for problem in problems if problem.severity == "error")
        if errors:
            skip = Skipped(account.name, account.provider.title, account.simulated, request, errors)
            bad[skip.id] = skip
        else:
            good.append(item)
    return good, list(bad.values())


def job_spec(account: Account, request: VideoRequest, take: int | None) -> JobSpec:
    """One clip to ask for, with its list price. A simulated one costs nothing."""
    if account.simulated:
        return JobSpec(account, request, take, 0.0, "")
    price = prices.estimate(request, account.provider.name)
    return JobSpec(
        account,
        request,
        take,
        None if price.amount is None else float(price.amount),
        price.currency,
    )


def losses(item: JobSpec) -> tuple[str, ...]:
    """What the provider cannot express of a request: it is sent without that, and the user is
    told."""
    return tuple(
        dict.fromkeys(p.message for p in catalog.check(item.request, item.account.provider.name))
    )
