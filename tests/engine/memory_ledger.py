"""A ledger in memory: the second implementation that the contract tests run against."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TypeVar, Unpack

from hailuo_nb.engine.ledger import jobs, origin
from hailuo_nb.engine.ledger.annotations import (
    ME,
    Annotation,
    Vote,
    annotated,
    check_vote,
    last_of_each,
)
from hailuo_nb.engine.ledger.jobs import Changes, JobContent, JobRow, NewJob
from hailuo_nb.engine.ledger.protocol import Board, DuplicateTaskError, Ledger, ScoreKey
from hailuo_nb.engine.states import FINAL, Event
from hailuo_nb.errors import JobNotFoundError, LedgerClosedError, LedgerError
from hailuo_nb.requests.own_columns import OwnColumns

T = TypeVar("T")


@dataclass
class Memory:
    """What all ledgers on one place share."""

    jobs: dict[str, JobRow] = field(default_factory=dict)
    annotations: dict[str, Annotation] = field(default_factory=dict)
    own_columns: dict[str, OwnColumns] = field(default_factory=dict)
    votes: list[Vote] = field(default_factory=list)
    boards: dict[str, list[str]] = field(default_factory=dict)
    races: dict[str, str | None] = field(default_factory=dict)
    scores: dict[ScoreKey, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_there: bool = True

    def keep(self, vote: Vote) -> None:
        self.votes = sorted(last_of_each([*self.votes, vote]), key=lambda one: one.at)


class MemoryLedger(Ledger):
    def __init__(self, memory: Memory, clock: Callable[[], float]) -> None:
        self._memory = memory
        self._clock = clock
        self._key = origin.key()
        self._closed = False

    def _run(self, function: Callable[[Memory], T]) -> Future[T]:
        if self._closed:
            raise LedgerClosedError("closed")
        future: Future[T] = Future()
        with self._memory.lock:
            try:
                self.check()
                future.set_result(function(self._memory))
            except Exception as error:
                future.set_exception(error)
        return future

    def check(self) -> None:
        if not self._memory.is_there:
            raise LedgerError("the ledger is gone")

    def close(self) -> None:
        self._closed = True

    def get_or_create(self, new: NewJob) -> Future[tuple[JobRow, bool]]:
        def get_or_create(memory: Memory) -> tuple[JobRow, bool]:
            takes = {row.take for row in _of(memory, new.identities)}
            take = max(takes, default=0) + 1 if new.take is None else new.take
            before = _newest(memory, new.identities, take)
            if before is not None and jobs.is_answer(before, new):
                return before, False
            row = jobs.planned(new, take, before, self._clock(), self._key)
            memory.jobs[row.id] = row
            return row, True

        return self._run(get_or_create)

    def get(self, job_id: str) -> Future[JobRow]:
        return self._run(lambda memory: _get(memory, job_id))

    def find(self, identities: Sequence[str], take: int) -> Future[JobRow | None]:
        def find(memory: Memory) -> JobRow | None:
            row = _newest(memory, identities, take)
            return None if row is None else jobs.answer(row, self._clock())

        return self._run(find)

    def history(self) -> Future[list[JobRow]]:
        return self._run(lambda memory: list(memory.jobs.values()))

    def open_jobs(self) -> Future[list[JobRow]]:
        return self._run(lambda memory: [r for r in memory.jobs.values() if r.state not in FINAL])

    def charged_jobs(self) -> Future[list[JobRow]]:
        return self._run(
            lambda memory: [
                row
                for row in memory.jobs.values()
                if row.submitted_at is not None or row.state == "unknown"
            ]
        )

    def task_ids(self, provider: str, without: str) -> Future[set[str]]:
        return self._run(
            lambda memory: {
                row.task_id
                for row in memory.jobs.values()
                if row.provider == provider and row.id != without and row.task_id is not None
            }
        )

    def count_takes(self, identities: Sequence[str]) -> Future[int]:
        return self._run(lambda memory: len({row.take for row in _of(memory, identities)}))

    def usual_seconds(self, row: JobRow) -> Future[float | None]:
        def median(memory: Memory) -> float | None:
            times = _times(memory, row, lambda one: one.finished_at)
            return statistics.median(times) if times else None

        return self._run(median)

    def task_seconds(self, row: JobRow) -> Future[list[float]]:
        return self._run(lambda memory: _times(memory, row, lambda one: one.ready_at))

    def is_ours(self, row: JobRow) -> bool:
        return origin.is_ours(self._key, row)

    def claim(
        self, job_id: str, owner: str, lease_until: float, sent: JobContent
    ) -> Future[JobRow | None]:
        def claim(memory: Memory) -> JobRow | None:
            row = _get(memory, job_id)
            if row.state != "planned":
                return None
            memory.jobs[job_id] = jobs.claimed(
                row, sent, owner=owner, until=lease_until, now=self._clock(), key=self._key
            )
            return memory.jobs[job_id]

        return self._run(claim)

    def move(self, job_id: str, event: Event, **changes: Unpack[Changes]) -> Future[JobRow]:
        def move(memory: Memory) -> JobRow:
            row = jobs.moved(_get(memory, job_id), event, changes, self._clock(), self._key)
            task = row.provider, row.base_url, row.task_id
            others = (one for one in memory.jobs.values() if one.id != row.id)
            if row.task_id and task in {(o.provider, o.base_url, o.task_id) for o in others}:
                raise DuplicateTaskError(row.task_id)
            memory.jobs[job_id] = row
            return row

        return self._run(move)

    def lease(
        self, job_ids: Sequence[str], owner: str, now: float, until: float
    ) -> Future[list[str]]:
        def lease(memory: Memory) -> list[str]:
            found = [memory.jobs[job_id] for job_id in job_ids if job_id in memory.jobs]
            mine = [
                row.id
                for row in found
                if row.owner in {None, owner}
                or row.lease_until is None
                or not now <= row.lease_until <= now + jobs.MAX_LEASE
            ]
            for job_id in mine:
                memory.jobs[job_id] = replace(memory.jobs[job_id], owner=owner, lease_until=until)
            return mine

        return self._run(lease)

    def release(self, job_id: str, owner: str) -> Future[bool]:
        def release(memory: Memory) -> bool:
            row = memory.jobs.get(job_id)
            if row is None or row.owner != owner:
                return False
            memory.jobs[job_id] = replace(row, owner=None, lease_until=None)
            return True

        return self._run(release)

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
        def annotate(memory: Memory) -> Annotation:
            before = memory.annotations.get(job_id, Annotation())
            memory.annotations[job_id] = annotated(
                before, rater=rater, rating=rating, note=note, tags=tags, hidden=hidden
            )
            return memory.annotations[job_id]

        return self._run(annotate)

    def annotations(self, job_ids: Sequence[str]) -> Future[dict[str, Annotation]]:
        return self._run(
            lambda memory: {
                job_id: memory.annotations[job_id]
                for job_id in job_ids
                if job_id in memory.annotations
            }
        )

    def vote(self, vote: Vote) -> Future[None]:
        check_vote(vote)
        return self._run(lambda memory: memory.keep(vote))

    def add_votes(self, votes: Sequence[Vote]) -> Future[list[Vote]]:
        def add(memory: Memory) -> list[Vote]:
            known = {vote.key: vote.at for vote in memory.votes}
            last = last_of_each(sorted(votes, key=lambda vote: vote.at))
            new = [vote for vote in last if vote.at > known.get(vote.key, 0)]
            for vote in new:
                memory.keep(vote)
            return new

        for vote in votes:
            check_vote(vote)
        return self._run(add)

    def remove_vote(self, vote: Vote) -> Future[bool]:
        def remove(memory: Memory) -> bool:
            before = len(memory.votes)
            memory.votes = [one for one in memory.votes if one.key != vote.key]
            return len(memory.votes) < before

        return self._run(remove)

    def keep_own_columns(self, given: Mapping[str, OwnColumns]) -> Future[None]:
        def keep(memory: Memory) -> None:
            for job_id, own in given.items():
                memory.own_columns[job_id] = {**memory.own_columns.get(job_id, {}), **own}

        return self._run(keep)

    def own_columns(self, job_ids: Sequence[str]) -> Future[dict[str, OwnColumns]]:
        return self._run(
            lambda memory: {
                job_id: own for job_id in job_ids if (own := memory.own_columns.get(job_id))
            }
        )

    def votes(self, job_ids: Collection[str]) -> Future[list[Vote]]:
        return self._run(
            lambda memory: [
                vote for vote in memory.votes if vote.first in job_ids and vote.second in job_ids
            ]
        )

    def save_board(
        self, name: str, job_ids: Sequence[str], race: str | None = None
    ) -> Future[None]:
        def save(memory: Memory) -> None:
            memory.boards[name] = [_get(memory, one).id for one in dict.fromkeys(job_ids)]
            memory.races[name] = race

        return self._run(save)

    def board(self, name: str) -> Future[list[JobRow]]:
        return self._run(lambda memory: [memory.jobs[one] for one in memory.boards.get(name, [])])

    def race(self, name: str) -> Future[str | None]:
        return self._run(lambda memory: memory.races.get(name))

    def boards(self) -> Future[list[Board]]:
        def boards(memory: Memory) -> list[Board]:
            found = []
            for name, job_ids in memory.boards.items():
                rows = [memory.jobs[one] for one in job_ids]
                saved = sum(row.state == "saved" for row in rows)
                found.append(Board(name, len(rows), saved, max(row.created_at for row in rows)))
            return sorted(found, key=lambda board: (-board.newest, board.name))

        return self._run(boards)

    def keep_score(self, key: ScoreKey, result: str) -> Future[None]:
        def keep(memory: Memory) -> None:
            memory.scores.pop(key, None)  # the newest is last
            memory.scores[key] = result

        return self._run(keep)

    def scores(self, keys: Iterable[ScoreKey]) -> Future[dict[ScoreKey, str]]:
        wanted = list(keys)
        return self._run(
            lambda memory: {key: memory.scores[key] for key in wanted if key in memory.scores}
        )

    def scores_of(self, digests: Iterable[str], prefix: str) -> Future[dict[ScoreKey, str]]:
        wanted = set(digests)
        return self._run(
            lambda memory: {
                key: text
                for key, text in memory.scores.items()
                if key[0] in wanted and key[1].startswith(prefix)
            }
        )


def _get(memory: Memory, job_id: str) -> JobRow:
    if job_id not in memory.jobs:
        raise JobNotFoundError(job_id)
    return memory.jobs[job_id]


def _of(memory: Memory, identities: Sequence[str]) -> list[JobRow]:
    return [row for row in memory.jobs.values() if row.identity in identities]


def _newest(memory: Memory, identities: Sequence[str], take: int) -> JobRow | None:
    found = [row for row in _of(memory, identities) if row.take == take]
    return max(
        found, key=lambda row: (row.attempt, row.task_id is not None, row.created_at), default=None
    )


def _times(memory: Memory, like: JobRow, end: Callable[[JobRow], float | None]) -> list[float]:
    kind = like.provider, like.model, like.resolution, like.duration
    found = [
        row
        for row in memory.jobs.values()
        if row.state == "saved" and (row.provider, row.model, row.resolution, row.duration) == kind
    ]
    found.sort(key=lambda row: -(row.finished_at or 0))
    ended = [(end(row), row.submitted_at) for row in found]
    return [last - first for last, first in ended if last is not None and first is not None][:20]
