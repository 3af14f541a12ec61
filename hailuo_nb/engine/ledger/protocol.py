"""`Ledger`: what the package asks of its memory of all jobs, whatever keeps it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, Unpack

from hailuo_nb.engine.ledger.annotations import ME, Annotation, Vote
from hailuo_nb.engine.ledger.jobs import Changes, JobContent, JobRow, NewJob
from hailuo_nb.engine.states import Event
from hailuo_nb.requests.own_columns import OwnColumns


class DuplicateTaskError(ValueError):
    """The task is that of another job of the same provider."""


@dataclass(frozen=True, slots=True)
class Board:
    """One named comparison: how many clips it holds, how many of them are saved, and when the
    newest was asked for."""

    name: str
    clips: int
    saved: int
    newest: float


ScoreKey = tuple[str, str]
"""SHA-256 of a clip's file in hex, and the version of what measured it: the same clip under two
jobs is measured once, and one that was replaced is measured again."""


class Ledger(Protocol):
    """Every job of one home folder, and what people and measurements say of its clips.

    A method that returns a Future returns at once, from any thread; the Future is done when what
    was asked for is on disk. It raises LedgerError where the ledger cannot be used (nothing of the
    call is written then), JobNotFoundError for an id that is not there, FieldError for a row that
    is no job. A method that changes something does so in one transaction: of two processes that
    call at once, the second finds what the first has written. A closed ledger raises
    LedgerClosedError from the call itself.
    """

    # Jobs

    def get_or_create(self, new: NewJob) -> Future[tuple[JobRow, bool]]:
        """The job of this clip (under any of its identities) and take, made if there is none or if
        it is sent anew.

        Returns (row, made). Two callers at once get the same job.
        """

    def get(self, job_id: str) -> Future[JobRow]: ...

    def find(self, identities: Sequence[str], take: int) -> Future[JobRow | None]:
        """The job that answers a request for this clip now, under any of its identities; None if it
        would be sent (anew).

        What is planned and driven by nobody would be: a kernel left it, or a stranger brought it.
        """

    def history(self) -> Future[list[JobRow]]:
        """All jobs, in the order in which they were made."""

    def open_jobs(self) -> Future[list[JobRow]]:
        """What is not over: what waits for time, for the network or for a person."""

    def charged_jobs(self) -> Future[list[JobRow]]:
        """What a provider took, or may have taken."""

    def task_ids(self, provider: str, without: str) -> Future[set[str]]:
        """The tasks at a provider that belong to jobs other than `without`."""

    def count_takes(self, identities: Sequence[str]) -> Future[int]:
        """How many takes there are of a clip, under all of its identities."""

    def usual_seconds(self, row: JobRow) -> Future[float | None]:
        """The median time from submit to file of the last clips like this one; None if there is
        none."""

    def task_seconds(self, row: JobRow) -> Future[list[float]]:
        """How long the last tasks like this one took at the provider, newest first."""

    def is_ours(self, row: JobRow) -> bool:
        """Whether this user wrote the row as it stands."""

    # Steps

    def claim(
        self, job_id: str, owner: str, lease_until: float, sent: JobContent
    ) -> Future[JobRow | None]:
        """planned -> submitting for this owner, or None if somebody else was faster or it is not
        planned.

        sent  what is about to be sent; the row says so from now on
        """

    def move(self, job_id: str, event: Event, **changes: Unpack[Changes]) -> Future[JobRow]:
        """One step along the table of states, with what became known by it.

        Raises ImpossibleEventError, DuplicateTaskError.
        """

    def lease(
        self, job_ids: Sequence[str], owner: str, now: float, until: float
    ) -> Future[list[str]]:
        """Take or renew the right to drive jobs; returns those that are this owner's now."""

    def release(self, job_id: str, owner: str) -> Future[bool]:
        """Give the right to drive a job back. False if it was not this owner's."""

    # Annotations and votes

    def annotate(
        self,
        job_id: str,
        *,
        rater: str = ME,
        rating: int | None = None,
        note: str | None = None,
        tags: Iterable[str] | None = None,
        hidden: bool | None = None,
    ) -> Future[Annotation]:
        """Change some of what is said of a clip; what is None stays as it is. Stars and notes are
        the rater's, tags the clip's. Raises ValueError."""

    def annotations(self, job_ids: Sequence[str]) -> Future[dict[str, Annotation]]:
        """What is said of these clips; those of which nothing is are left out."""

    def vote(self, vote: Vote) -> Future[None]:
        """Somebody compared two clips; it stands in place of what the same rater said of them
        before. Raises ValueError."""

    def add_votes(self, votes: Sequence[Vote]) -> Future[list[Vote]]:
        """Keep votes that were given elsewhere, unless the same rater's on the same two clips is
        here and no older. Returns those that were kept. Raises ValueError."""

    def remove_vote(self, vote: Vote) -> Future[bool]:
        """Forget what this rater said of these two clips. False where it is not there."""

    def votes(self, job_ids: Collection[str]) -> Future[list[Vote]]:
        """The votes between these clips, of each rater on each two the last, in the order in which
        they were given."""

    # Columns of a person's table

    def keep_own_columns(self, given: Mapping[str, OwnColumns]) -> Future[None]:
        """Keep columns of jobs, by their ids; a name that is there gets the new value, others
        stay."""

    def own_columns(self, job_ids: Sequence[str]) -> Future[dict[str, OwnColumns]]:
        """The columns of these jobs; those that have none are left out."""

    # Boards

    def save_board(
        self, name: str, job_ids: Sequence[str], race: str | None = None
    ) -> Future[None]:
        """Keep these clips, each once, in this order, under a name; what had that name goes.
        Raises JobNotFoundError.

        race  the race that the board is of, as `results.saved_race` writes it
        """

    def board(self, name: str) -> Future[list[JobRow]]:
        """The clips of a board in their order; none for a name that is not there."""

    def race(self, name: str) -> Future[str | None]:
        """The race that this board is of; None for any other."""

    def boards(self) -> Future[list[Board]]:
        """Every named comparison, the newest first."""

    # Scores

    def keep_score(self, key: ScoreKey, result: str) -> Future[None]:
        """Keep what was measured; what was kept under this key before is replaced."""

    def scores(self, keys: Iterable[ScoreKey]) -> Future[dict[ScoreKey, str]]:
        """What is kept under these keys."""

    def scores_of(self, digests: Iterable[str], prefix: str) -> Future[dict[ScoreKey, str]]:
        """What is kept of these files under versions that begin so, the newest last."""

    # The ledger itself

    def check(self) -> None:
        """Raises LedgerError where the ledger has gone from its place: what it is told of the money
        would be lost. From any thread."""

    def close(self) -> None:
        """Finish what was asked for, and take nothing more."""
