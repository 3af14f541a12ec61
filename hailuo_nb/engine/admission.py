"""Whether charging calls may still leave this process, and how many of them wait for an answer."""

from __future__ import annotations

import threading

from hailuo_nb.engine.tracked_job import TrackedJob


class AdmissionClosedError(Exception):
    """This process is about to end and sends nothing more: the job stays planned."""


class Admission:
    """Admits charging calls until it is closed. Safe from any thread."""

    def __init__(self) -> None:
        self._closed = False
        self._under_way: set[str] = set()
        self._turned_away: list[TrackedJob] = []

    def close(self) -> None:
        """Admit nothing more; charging calls that left go on to their answers."""
        self._closed = True

    def enter(self, job: TrackedJob) -> None:
        """Count a charging call as under way. Raises AdmissionClosedError."""
        # Counted before the check: `close` sees the call under way, or the call is refused.
        self._under_way.add(job.row.id)
        self.check()

    def check(self) -> None:
        """Raises AdmissionClosedError once it is closed, or the interpreter is ending."""
        if self._closed or interpreter_is_ending():
            raise AdmissionClosedError("not sent: its process is ending. hn.resume() sends it.")

    def leave(self, job: TrackedJob) -> None:
        """The outcome of the charging call is on disk, or it never left."""
        self._under_way.discard(job.row.id)

    def turn_away(self, job: TrackedJob) -> None:
        self._turned_away.append(job)

    @property
    def under_way(self) -> int:
        """How many charging calls are about to leave, or wait for their answers."""
        return len(self._under_way)

    @property
    def turned_away(self) -> list[TrackedJob]:
        """The jobs whose turn came after `close`."""
        return list(self._turned_away)


def interpreter_is_ending() -> bool:
    """Somebody else's hook may wait for a process pool before ours in `shutdown` has its turn."""
    return bool(getattr(threading, "_SHUTTING_DOWN", False))
