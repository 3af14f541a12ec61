"""Chain: shot after shot, each starting from the last picture of the one before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from typing import Any

from hailuo_nb.engine import states
from hailuo_nb.engine.threads import start_thread
from hailuo_nb.errors import ChainError, HailuoError
from hailuo_nb.media.text import sentence
from hailuo_nb.pages.progress import Progress
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import settled_of
from hailuo_nb.results.waiting import await_thread, progress_of_all, wait_for_thread

Ask = Callable[[int, Frame | None], Job]
"""The job of a shot (from 0) with its first frame, if it has one."""


class Chain:
    """Shots that are asked for one after the other, in the background.

    A shot is asked for once the one before is saved; where that ends without a clip, nothing more
    is sent. The same call again, also in another session, goes on where it stopped: a shot that is
    paid is never paid again.

    comparison  the shots so far, as a board; a cell that ends with the chain shows it
    """

    def __init__(self, ask: Ask, shots: int, title: str) -> None:
        self._ask, self._shots = ask, shots
        self.comparison = Comparison(title=title)
        self._error = ""
        self._cancelled = threading.Event()
        self._thread = start_thread(self._run, "hailuo_nb-chain")

    @property
    def jobs(self) -> Sequence[Job]:
        """The shots that were asked for so far, in their order."""
        return self.comparison.jobs

    @property
    def done(self) -> bool:
        """Whether nothing more happens by itself: every shot is saved, or it has stopped: see
        `error`."""
        return not self._thread.is_alive()

    @property
    def error(self) -> str:
        """Why the chain has stopped before its end; ""."""
        return self._error

    def wait(self, timeout: float | None = None) -> Chain:
        """Wait for the last shot. Raises TimeoutError after `timeout` seconds (the chain goes on),
        ChainError where a shot has ended without a clip. Interrupting it is `cancel()`: nothing
        more is asked for."""
        seconds = arguments.as_timeout(timeout)
        if not wait_for_thread(self._thread, seconds, self._progress, self.cancel):
            raise TimeoutError(
                f"{len(self.jobs)} of {self._shots} shots were asked for after {seconds} s; "
                "the chain goes on in the background"
            )
        return self._ended()

    def __await__(self) -> Generator[Any, None, Chain]:
        yield from await_thread(self._thread, self._progress, self.cancel).__await__()
        return self._ended()

    def cancel(self) -> None:
        """Ask for no more shots. One that was asked for is made, and stays on the board; the same
        call goes on."""
        self._cancelled.set()

    def _progress(self) -> Progress:
        return progress_of_all(self.jobs)

    def _ended(self) -> Chain:
        if self._error:
            raise ChainError(self._error)
        return self

    def _run(self) -> None:
        frame: Frame | None = None
        number = 0
        try:
            for number in range(self._shots):
                if self._cancelled.is_set():
                    self._error = (
                        f"cancelled after {number} of {self._shots} shots. Nothing more was sent; "
                        "the same call goes on."
                    )
                    return
                job = self._ask(number, frame)
                self.comparison.add([job])
                settled_of(job).result()
                if job.state != "saved":
                    self._error = self._stopped(number, job)
                    return
                if number + 1 < self._shots:
                    frame = job.frame(-1)
        except HailuoError as error:
            self._error = self._fault(number, f"{error}")
        except Exception as error:  # a chain that dies in silence would be over without an error
            self._error = self._fault(number, f"{type(error).__name__}: {error}")

    def _fault(self, number: int, said: str) -> str:
        return f"shot {number + 1} of {self._shots}: {sentence(said)} Nothing more was sent."

    def _stopped(self, number: int, job: Job) -> str:
        over = job.state in states.SETTLED
        return (
            f"shot {number + 1} of {self._shots} at {job.provider_title} "
            f"{'ended as' if over else 'is still'} {job.state}: "
            f"{sentence(job.error or 'no reason was given')} Nothing more was sent. {_next(job)}"
        )

    def __repr__(self) -> str:
        return f"Chain of {self._shots} shots: {self._error or self.comparison!r}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return self.comparison._repr_mimebundle_(include, exclude)


def _next(job: Job) -> str:
    """What to do about a shot without a clip: never to pay again for one that may be paid."""
    if job.state in states.FINAL and not states.is_sent_anew(job.state, job.task_id):
        return "`take=` with another number for this shot asks for it once more, and pays for it."
    return job.advice or "The same call goes on."
