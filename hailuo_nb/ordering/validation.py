"""Separates the clips that a provider cannot make; the rest gets its list price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import nan

from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.catalog.camera_remarks import ADVICE
from hailuo_nb.catalog.compatibility import Problem
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.errors import InvalidRequestError
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.video_request import VideoRequest


@dataclass(frozen=True, slots=True)
class Skipped:
    """A clip that a provider cannot make: shown, never sent. `label` is its row in a table."""

    provider: str
    provider_title: str
    simulated: bool
    request: VideoRequest
    problems: tuple[Problem, ...]
    label: str = ""
    own_columns: OwnColumns = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        return self.id_of(self.provider, self.request) + (f"-{self.label}" if self.label else "")

    @staticmethod
    def id_of(provider: str, request: VideoRequest) -> str:
        return f"skipped-{provider}-{request.fingerprint[-8:]}"

    @property
    def holds_key(self) -> bool:
        """Whether its prompt holds a key."""
        return any(problem.code == "prompt_holds_key" for problem in self.problems)

    @property
    def error(self) -> str:
        messages = " ".join(problem.message for problem in self.problems)
        return f"{self.label}: {messages}" if self.label else messages


def format_nearest(problem: Problem, prefix: str = "") -> str:
    """Formats the nearest valid request, e.g. `MiniMax-Hailuo-02, 1080P, 6 s`; "" for none."""
    near = problem.nearest
    if near is None:
        return ""
    frames = [name for name in ("first_frame", "last_frame") if getattr(near, name) is not None]
    if near.references:
        count = len(near.references)
        frames.append(f"{count} reference{'s' if count > 1 else ''}")
    with_frames = f" with {' and '.join(frames)}" if frames else ""
    return f"{prefix}{near.model}, {near.resolution}, {near.duration} s{with_frames}."


def length_of(request: VideoRequest, provider: str | None) -> float:
    """Seconds that the clip will really have; NaN where that is the duration, or nobody makes
    it."""
    cell = catalog.cell_for(request, provider) if provider else None
    return nan if cell is None or cell.length is None else cell.length


def invalid_request(
    problems: Sequence[tuple[str, Problem]], *, several: bool = False
) -> InvalidRequestError:
    """Returns the error for (provider name, problem) pairs.

    several  clips were asked for, of which `hn.compare` can leave some out
    """
    lines = [
        f"- {name}: {problem.message}{format_nearest(problem, ' Nearest: ')}"
        for name, problem in problems
    ]
    subject = "this clip" if len(lines) == 1 else f"{len(lines)} things"
    head = f"Nothing was sent: {subject} cannot be made."
    tail = ["skip_invalid=True leaves such clips out and makes the others."] * several
    return InvalidRequestError("\n".join([head, *lines, *tail]), problems)


def refusal(skipped: Iterable[Skipped], *, several: bool = False) -> InvalidRequestError:
    """The error for clips that cannot be made: each problem once, with its row and provider.

    several  as in `invalid_request`
    """
    problems = [
        (f"{skip.label} ({skip.provider})" if skip.label else skip.provider, problem)
        for skip in skipped
        for problem in skip.problems
    ]
    return invalid_request(list(dict.fromkeys(problems)), several=several)


def join_messages(problems: Iterable[Problem]) -> str | None:
    """Joins the messages for a table cell; None if there are none."""
    return " ".join(dict.fromkeys(problem.message for problem in problems)) or None


def validate(specs: Iterable[JobSpec]) -> tuple[list[JobSpec], list[Skipped]]:
    """Returns the valid specs, and the invalid ones (once for all takes) with their errors."""
    valid: list[JobSpec] = []
    skipped: dict[str, Skipped] = {}
    for item in specs:
        account, request = item.account, item.request
        errors = tuple(catalog.errors_of(request, account.provider.name))
        if errors:
            skip = Skipped(account.name, account.provider.title, account.simulated, request, errors)
            skipped[skip.id] = skip
        else:
            valid.append(item)
    return valid, list(skipped.values())


def job_spec(
    account: Account, request: VideoRequest, take: int | None, own: OwnColumns | None = None
) -> JobSpec:
    """Returns the job spec of a clip with its list price; a simulated clip has a simulated one,
    see `prices.estimate_at`.

    own  columns of the person's table
    """
    price = prices.estimate_at(request, account.ref)
    return JobSpec(account, request, take, price.value, price.currency, own_columns=own or {})


def remarks(item: JobSpec) -> tuple[str, ...]:
    """Returns all warnings about a request, each once."""
    problems = catalog.check(item.request, item.account.provider.name)
    return tuple(dict.fromkeys(problem.message for problem in problems))


def losses(item: JobSpec) -> tuple[str, ...]:
    """Returns warnings about what the provider ignores in a request, without advice."""
    problems = catalog.check(item.request, item.account.provider.name)
    return tuple(dict.fromkeys(one.message for one in problems if one.code not in ADVICE))
