"""Threads that render clips, alive only while there is work.

Not concurrent.futures: the interpreter joins its threads at exit before they can be told to stop,
so that a kernel would hang for seconds in the middle of a clip.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


class RenderPool:
    """Runs jobs in at most `workers` threads, which start on demand and end with the queue."""

    def __init__(self, workers: int = 2) -> None:
        self._workers = workers
        self._queue: deque[Callable[[], None]] = deque()
        self._running = 0
        self._lock = threading.Lock()
        self._stopped = False

    def submit(self, job: Callable[[], None]) -> None:
        """Queues a job, which handles its own errors."""
        with self._lock:
            self._queue.append(job)
        self._start_thread()

    def stopping(self) -> bool:
        """Whether the process is about to end; jobs poll it and give up."""
        return self._stopped or not threading.main_thread().is_alive()

    def stop(self) -> None:
        """Makes running jobs give up; queued jobs stay queued."""
        self._stopped = True

    def start(self) -> None:
        """Continues after `stop()`."""
        self._stopped = False
        for _ in range(self._workers):
            self._start_thread()

    def _start_thread(self) -> None:
        with self._lock:
            if self._running >= self._workers or not self._queue or self.stopping():
                return
            self._running += 1
        # Not a daemon, which it would inherit from the submitting loop: a daemon thread that
        # returns from OpenCV or an encoder during finalization is terminated inside C++, which
        # aborts the process (exit 134).
        threading.Thread(target=self._work, name="hailuo-simulator-render", daemon=False).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue or self.stopping():
                    self._running -= 1
                    return
                job = self._queue.popleft()
            job()
