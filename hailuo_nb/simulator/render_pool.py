"""A few threads that draw clips, alive only while there is something to draw.

Must not know tasks. Not concurrent.futures: its threads are waited for at exit before anything can
tell them to stop, and a kernel that is shut down in the middle of a clip would hang for seconds.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


class RenderPool:
    """Runs jobs in at most `workers` threads. A thread is made on demand and ends when the queue is
    empty."""

    def __init__(self, workers: int = 2) -> None:
        self._workers = workers
        self._waiting: deque[Callable[[], None]] = deque()
        self._running = 0
        self._lock = threading.Lock()
        self._stopped = False

    def submit(self, job: Callable[[], None]) -> None:
        """Queue a job. The job handles its own errors."""
        with self._lock:
            self._waiting.append(job)
        self._hire()

    def stopping(self) -> bool:
        """True when the process is about to end: jobs ask now and then, and give up."""
        return self._stopped or not threading.main_thread().is_alive()

    def stop(self) -> None:
        """What is running gives up, what waits stays waiting."""
        self._stopped = True

    def start(self) -> None:
        """Go on after `stop()`."""
        self._stopped = False
        for _ in range(self._workers):
            self._hire()

    def _hire(self) -> None:
        with self._lock:
            if self._running >= self._workers or not self._waiting or self.stopping():
                return
            self._running += 1
        # `daemon` is inherited, and the loop that submits is a daemon. A daemon thread that comes
        # back from OpenCV or an encoder while the interpreter goes is ended inside C++, which
        # aborts the process (exit 134).
        threading.Thread(target=self._work, name="hailuo-simulator-render", daemon=False).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self.stopping():
                    self._running -= 1
                    return
                job = self._waiting.popleft()
            job()
