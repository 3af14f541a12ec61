"""A job as the ledger keeps it: its fields, and what each step makes of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, replace
from typing import TypedDict

from hailuo_nb.engine.ledger import origin
from hailuo_nb.engine.ledger.owner import is_gone
from hailuo_nb.engine.states import FINAL, Event, State, after, is_sent_anew

MAX_LEASE = 3600.0
"""Seconds. No kernel leases a job for longer: a lease that ends later was written by somebody
else."""
MAX_SECONDS = 30 * 86_400.0
"""Seconds from a submit to its clip that count as a clip's usual time, at most."""


@dataclass(frozen=True, slots=True)
class JobContent:
    """What is to be sent, to whom and for how much: what is known of a job before it exists."""

    identity: str
    provider: str
    base_url: str
    model: str
    prompt: str
    resolution: str
    duration: int
    request: str
    cost: float | None
    currency: str


@dataclass(frozen=True, slots=True)
class NewJob(JobContent):
    """What the ledger needs to know to make a job.

    take      None asks for the next free number
    replaces  the id of an ended job that a person sends once more, though a provider took it
    aliases   other identities under which the ledger may have the same clip
    """

    take: int | None = 1
    replaces: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def identities(self) -> tuple[str, ...]:
        return self.identity, *self.aliases


@dataclass(frozen=True, slots=True)
class JobRow(JobContent):
    """One clip. Times are Unix seconds; `path` and `poster` are relative to the home folder.

    claimed_at  when the charging call was about to leave; submitted_at when its task id was stored;
                ready_at when the provider probably had the clip (between two looks); None if nobody
                was looking
    task_links  addresses that the provider gave for the task, as JSON; a row that somebody else
                wrote has none that counts
    charged_cost, charged_currency
                what the provider says that it charged; None where it has not said so
    waveform    of the file, see `media.waveform`: "" without sound; None in a ledger of before
    origin      who wrote the row (see `origin`); None in a ledger of format 1
    """

    id: str
    take: int
    attempt: int
    state: State
    created_at: float
    task_id: str | None = None
    task_links: str | None = None
    link: str | None = None
    link_expires_at: float | None = None
    path: str | None = None
    poster: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    frames: int | None = None
    charged_cost: float | None = None
    charged_currency: str | None = None
    waveform: str | None = None
    error: str | None = None
    error_kind: str | None = None
    error_code: str | None = None
    submitted_at: float | None = None
    finished_at: float | None = None
    generation_seconds: float | None = None
    claimed_at: float | None = None
    ready_at: float | None = None
    owner: str | None = None
    lease_until: float | None = None
    origin: str | None = None

    def __repr__(self) -> str:
        return f"JobRow({self.id}, {self.provider}, take {self.take}, {self.state})"


class Changes(TypedDict, total=False):
    """What becomes known of a job with a step: fields of `JobRow`, with its types (a test compares
    them). State, `finished_at` and `origin` follow from the step itself."""

    task_id: str | None
    task_links: str | None
    link: str | None
    link_expires_at: float | None
    path: str | None
    poster: str | None
    bytes: int | None
    sha256: str | None
    width: int | None
    height: int | None
    fps: float | None
    frames: int | None
    charged_cost: float | None
    charged_currency: str | None
    waveform: str | None
    error: str | None
    error_kind: str | None
    error_code: str | None
    submitted_at: float | None
    generation_seconds: float | None
    ready_at: float | None
    owner: str | None
    lease_until: float | None


_CLEARING: frozenset[Event] = frozenset({"accepted", "found", "verified"})
"""Steps that leave no error of before, and so does every step out of an end."""
_SENT = tuple(field.name for field in fields(JobContent) if field.name != "identity")


def is_answer(row: JobRow, new: NewJob) -> bool:
    """Whether the newest job of this clip and take answers a new request; else the clip is sent
    anew."""
    # Another kernel may have saved it since the person looked.
    by_hand = new.replaces == row.id and row.state in FINAL and row.state != "saved"
    return not by_hand and not is_sent_anew(row.state, row.task_id)


def answer(row: JobRow, now: float) -> JobRow | None:
    """The newest job of a clip and take if it answers a request now; None if the clip would be sent
    (anew)."""
    if is_sent_anew(row.state, row.task_id):
        return None
    is_driven = 0 < (row.lease_until or 0) - now < MAX_LEASE and not is_gone(row.owner)
    return row if is_driven or row.state != "planned" else None


def planned(new: NewJob, take: int, before: JobRow | None, now: float, key: bytes) -> JobRow:
    """The row of a new job. `before`: the last attempt at the same clip and take."""
    content = {field.name: getattr(new, field.name) for field in fields(JobContent)}
    row = JobRow(
        **content,
        id=uuid.uuid4().hex[:12],
        take=take,
        attempt=1 if before is None else before.attempt + 1,
        state="planned",
        created_at=now,
    )
    return _signed(row, key)


def claimed(
    row: JobRow, sent: JobContent, *, owner: str, until: float, now: float, key: bytes
) -> JobRow:
    """The row right before its charging call. It says what is sent from now on, whoever planned it
    and in whatever words."""
    content = {name: getattr(sent, name) for name in _SENT}
    state = after(row.state, "claimed")
    row = replace(row, **content, state=state, owner=owner, lease_until=until, claimed_at=now)
    return _signed(replace(row, task_links=None), key)


def moved(row: JobRow, event: Event, changes: Changes, now: float, key: bytes) -> JobRow:
    """The row after a step. Raises ImpossibleEventError."""
    if row.state in FINAL or event in _CLEARING:
        row = replace(row, error=None, error_kind=None, error_code=None)
    if not origin.is_ours(key, row):  # a step signs the row, and these are sent our key
        row = replace(row, task_links=None)
    before = row.state
    row = replace(row, **changes, state=after(before, event))
    if row.state in FINAL:
        ended = row.finished_at if row.state == before else now
        row = replace(row, finished_at=ended, owner=None, lease_until=None)
    else:
        row = replace(row, finished_at=None)  # it may have come back from an end
    return _signed(row, key)


def _signed(row: JobRow, key: bytes) -> JobRow:
    return replace(row, origin=origin.mark(key, row, planned=row.state == "planned"))
