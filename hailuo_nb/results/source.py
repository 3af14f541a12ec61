"""What stands behind a job: the engine that drives it, or an exported folder that is only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import Vote, last_of_each
from hailuo_nb.engine.ledger.protocol import Ledger
from hailuo_nb.engine.loop import LOOP, wait
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import ReadOnlyError


class JobSource(Protocol):
    """What can be done with the jobs of one home folder. Every method waits for its result."""

    @property
    def home(self) -> Path:
        """The folder that paths of clips and posters are relative to."""

    @property
    def ledger(self) -> Ledger:
        """Raises ReadOnlyError where there is none."""

    def ask(self, specs: Sequence[JobSpec]) -> list[TrackedJob]:
        """Jobs for these specs, committed before this returns."""

    def look_again(self, tracked: TrackedJob) -> None: ...

    def send_again(self, tracked: TrackedJob) -> TrackedJob: ...

    def cancel(self, tracked: TrackedJob, *, wait: bool) -> bool: ...

    def stop_watching(self, tracked: TrackedJob) -> bool: ...

    def delete(self, tracked: TrackedJob) -> None: ...

    def annotate(
        self,
        tracked: TrackedJob,
        *,
        rater: str,
        rating: int | None,
        note: str | None,
        tags: Sequence[str] | None,
    ) -> None:
        """Store what is not None, and publish the job."""

    def vote(self, vote: Vote) -> None: ...

    def add_votes(self, votes: Sequence[Vote]) -> list[Vote]:
        """Returns those that are new, see `Ledger.add_votes`."""

    def remove_vote(self, vote: Vote) -> bool: ...

    def votes(self, job_ids: Sequence[str]) -> list[Vote]:
        """The votes between these jobs that count, in the order in which they were given."""

    def save_board(self, name: str, job_ids: Sequence[str], race: str | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class LiveSource:
    """Jobs that the engine drives."""

    runner: Runner

    @property
    def home(self) -> Path:
        return self.runner.home

    @property
    def ledger(self) -> Ledger:
        return self.runner.ledger

    def ask(self, specs: Sequence[JobSpec]) -> list[TrackedJob]:
        return LOOP.run(self.runner.ask(specs))

    def look_again(self, tracked: TrackedJob) -> None:
        LOOP.run(self.runner.look_again(tracked))

    def send_again(self, tracked: TrackedJob) -> TrackedJob:
        return LOOP.run(self.runner.send_again(tracked))

    def cancel(self, tracked: TrackedJob, *, wait: bool) -> bool:
        return LOOP.run(self.runner.cancel(tracked, wait=wait))

    def stop_watching(self, tracked: TrackedJob) -> bool:
        return LOOP.run(self.runner.stop_watching(tracked))

    def delete(self, tracked: TrackedJob) -> None:
        LOOP.run(self.runner.delete(tracked))

    def annotate(
        self,
        tracked: TrackedJob,
        *,
        rater: str,
        rating: int | None,
        note: str | None,
        tags: Sequence[str] | None,
    ) -> None:
        tracked.annotation = wait(
            self.ledger.annotate(tracked.row.id, rater=rater, rating=rating, note=note, tags=tags)
        )
        publish(tracked)

    def vote(self, vote: Vote) -> None:
        wait(self.ledger.vote(vote))

    def add_votes(self, votes: Sequence[Vote]) -> list[Vote]:
        return wait(self.ledger.add_votes(votes))

    def remove_vote(self, vote: Vote) -> bool:
        return wait(self.ledger.remove_vote(vote))

    def votes(self, job_ids: Sequence[str]) -> list[Vote]:
        return wait(self.ledger.votes(job_ids))

    def save_board(self, name: str, job_ids: Sequence[str], race: str | None = None) -> None:
        wait(self.ledger.save_board(name, job_ids, race))


def publish(tracked: TrackedJob) -> None:
    """Tell the job's listeners that something beside its row changed. Waits for them."""
    LOOP.run(_publish(tracked))


async def _publish(tracked: TrackedJob) -> None:
    tracked.publish()


@dataclass(frozen=True, slots=True)
class FolderSource:
    """Jobs of an exported folder. What needs a provider or a ledger raises ReadOnlyError."""

    home: Path
    written_votes: Sequence[Vote]

    @property
    def ledger(self) -> Ledger:
        _refuse()

    def ask(self, specs: Sequence[JobSpec]) -> list[TrackedJob]:
        _refuse()

    def look_again(self, tracked: TrackedJob) -> None:
        _refuse()

    def send_again(self, tracked: TrackedJob) -> TrackedJob:
        _refuse()

    def cancel(self, tracked: TrackedJob, *, wait: bool) -> bool:
        _refuse()

    def stop_watching(self, tracked: TrackedJob) -> bool:
        _refuse()

    def delete(self, tracked: TrackedJob) -> None:
        _refuse()

    def annotate(
        self,
        tracked: TrackedJob,
        *,
        rater: str,
        rating: int | None,
        note: str | None,
        tags: Sequence[str] | None,
    ) -> None:
        _refuse()

    def vote(self, vote: Vote) -> None:
        _refuse()

    def add_votes(self, votes: Sequence[Vote]) -> list[Vote]:
        _refuse()

    def remove_vote(self, vote: Vote) -> bool:
        _refuse()

    def votes(self, job_ids: Sequence[str]) -> list[Vote]:
        held = set(job_ids)
        return last_of_each(
            vote for vote in self.written_votes if {vote.first, vote.second} <= held
        )

    def save_board(self, name: str, job_ids: Sequence[str], race: str | None = None) -> None:
        _refuse()


def _refuse() -> NoReturn:
    raise ReadOnlyError(
        "this clip was read from an exported comparison: it can be looked at, and nothing is asked "
        "of its provider. Ask for it again with hn.generate"
    )
