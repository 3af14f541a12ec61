"""Runs tasks of measuring and scoring on executors, and finds the one that kills its worker."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ModuleSpec
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from typing import ParamSpec, Protocol, TypeVar

from hailuo_nb.engine.ledger.protocol import ScoreKey
from hailuo_nb.measure.clip import Clip
from hailuo_nb.measure.scored import Scored
from hailuo_nb.measure.scorer import Scorer, travels
from hailuo_nb.measure.task import error_result, limit_memory
from hailuo_nb.providers import credentials

P = ParamSpec("P")
T = TypeVar("T")
_MAX_WORKERS = 4
_DEATHS = ("KilledWorker", "EngineError")
"""How dask.distributed and ipyparallel call a worker that died; neither is imported here."""

_NOT_STARTED = (
    "no process that measures could be started: what it wrote tells why. "
    "hn.score(board, executor) takes one of yours, such as a ThreadPoolExecutor()"
)


@dataclass(frozen=True, slots=True)
class Task:
    """One clip to be measured, or to be scored by `scorer`.

    key   under which its result is kept
    call  what a worker does: gives the result as text
    """

    clip: Clip
    path: Path
    key: ScoreKey
    call: partial[str]
    scorer: Scorer | None = None


class Results(Protocol):
    """Receives the results of tasks that have one key, in the thread of `Runner.run`."""

    def keep(self, tasks: list[Task], text: str) -> None:
        """Stores a result."""

    def fail(self, tasks: list[Task], reason: str) -> None:
        """Takes a failure that says nothing about the clip, and is not stored."""


class Processes(ProcessPoolExecutor):
    """Processes of our own. They decode what strangers made: no key is in their environment, and
    memory is limited. A script's own functions are only there where it is not `limited`."""

    def __init__(self, workers: int, *, limited: bool = True) -> None:
        self._main_kept = _main_kept_from_children if limited else contextlib.nullcontext
        super().__init__(
            workers,
            mp_context=get_context("spawn"),
            initializer=limit_memory if limited else None,
        )

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        # Here a process is started, where one is missing.
        with (
            credentials.kept_from_children(),
            _interrupts_kept_from_children(),
            self._main_kept(),
        ):
            return super().submit(fn, *args, **kwargs)


@contextlib.contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """A terminal and Jupyter send Ctrl-C to all processes of a group, and it is meant for ours: a
    clip that is being measured would count as one that cannot be."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _main_kept_from_children() -> Iterator[None]:
    """A process that is spawned runs the script of its parent, unless that is called `__main__`:
    a script without a guard would ask for its clips again there, and the process would end."""
    main = sys.modules["__main__"]
    before = main.__spec__
    main.__spec__ = ModuleSpec("__main__", None)
    try:
        yield
    finally:
        main.__spec__ = before


class Threads(Executor):
    """Threads of our own, for functions of a person's own. They are daemons: those of
    `ThreadPoolExecutor` would finish all that is queued before the interpreter may end."""

    def __init__(self, workers: int) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._workers = workers
        for number in range(workers):
            name = f"hailuo_nb-scorer-{number}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def call() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as error:
                    future.set_exception(error)

        self._calls.put(call)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Lets the threads end; waits for none."""
        for _ in range(self._workers):
            self._calls.put(None)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


class Runner:
    """Runs each group of tasks once: on the executor that was given, else measuring in processes
    and scorers in threads of our own."""

    def __init__(self, executor: Executor | None, results: Results) -> None:
        self._given = executor
        self._results = results
        self._own: dict[str, Executor] = {}
        self._pending: dict[Future[str], list[Task]] = {}
        self._ended: SimpleQueue[Future[str] | None] = SimpleQueue()
        self._stopped = False
        self._notes: dict[str, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What went otherwise than was asked for."""
        return tuple(self._notes.values())

    def stop(self) -> None:
        """Start nothing more; what runs is not waited for. From any thread."""
        self._stopped = True
        self._ended.put(None)

    def run(self, groups: list[list[Task]]) -> None:
        """Tasks of one group have one key, and one of them is run."""
        measured = sum(tasks[0].scorer is None for tasks in groups)
        broken: list[list[Task]] = []
        try:
            broken += [
                tasks
                for tasks in groups
                if not self._submit(tasks, self._executor_for(tasks[0].scorer, measured))
            ]
            while self._pending and not self._stopped:
                future = self._ended.get()
                tasks = self._pending.pop(future, []) if future is not None else []
                if future is not None and not self._take(tasks, future):
                    broken.append(tasks)
            # One of them took its worker down, and the others with it: each alone shows which.
            for tasks in broken:
                if not self._stopped:
                    self._run_alone(tasks)
        finally:
            for future in list(self._pending):
                future.cancel()
            for executor in self._own.values():
                executor.shutdown(wait=not self._stopped, cancel_futures=True)

    def _executor_for(self, scorer: Scorer | None, measured: int) -> Executor:
        if scorer is None:
            return self._given or self._processes(measured)
        if self._given is None or scorer.in_threads:
            return self._threads()
        if isinstance(self._given, ProcessPoolExecutor) and not travels(scorer.function):
            return self._threads_instead(scorer)
        return self._given

    def _processes(self, tasks: int) -> Executor:
        if "processes" not in self._own:
            workers = max(1, min(_MAX_WORKERS, os.cpu_count() or 1, tasks))
            self._own["processes"] = Processes(workers)
        return self._own["processes"]

    def _threads(self) -> Executor:
        if "threads" not in self._own:
            self._own["threads"] = Threads(_MAX_WORKERS)
        return self._own["threads"]

    def _threads_instead(self, scorer: Scorer) -> Executor:
        self._notes[scorer.name] = (
            f"{scorer.name} runs in threads: it cannot be pickled for another process (a function "
            "of a module can)"
        )
        return self._threads()

    def _submit(self, tasks: list[Task], executor: Executor) -> bool:
        """False where the executor is broken already."""
        call = tasks[0].call
        try:
            future = executor.submit(call.func, *call.args, **call.keywords)
        except BrokenExecutor:
            return False
        self._pending[future] = tasks
        future.add_done_callback(self._ended.put)
        return True

    def _take(self, tasks: list[Task], future: Future[str]) -> bool:
        """False where the worker died."""
        scorer = tasks[0].scorer
        try:
            text = future.result()
        except BaseException as error:
            if _worker_died(error):
                return False
            if scorer is not None and _not_pickled(error) and scorer.name not in self._notes:
                return self._submit(tasks, self._threads_instead(scorer))
            if scorer is not None and _not_pickled(error):
                return self._submit(tasks, self._threads())
            self._results.fail(tasks, str(error) or type(error).__name__)
        else:
            self._results.keep(tasks, text)
        return True

    def _run_alone(self, tasks: list[Task]) -> None:
        first = tasks[0]
        with Processes(1, limited=first.scorer is None) as own:
            try:
                own.submit(int).result()
            except BrokenExecutor:
                self._results.fail(tasks, _NOT_STARTED)
                return
            try:
                text = own.submit(first.call.func, *first.call.args).result()
            except BrokenExecutor:
                text = _deadly(first)
            except Exception as error:
                self._results.fail(tasks, str(error) or type(error).__name__)
                return
        self._results.keep(tasks, text)


def _deadly(task: Task) -> str:
    name = task.path.name
    if task.scorer is not None:
        return Scored(note=f"scoring {name} ends the process that does it").to_json()
    return error_result(f"measuring {name} ends the process that does it; the file may be damaged")


def _worker_died(error: BaseException) -> bool:
    """Whether it was the worker that ended, not the task that failed: then the clip is tried
    alone."""
    # ipyparallel wraps what happened elsewhere, and names it.
    names = {*(kind.__name__ for kind in type(error).__mro__), getattr(error, "ename", "")}
    return isinstance(error, BrokenExecutor) or not names.isdisjoint(_DEATHS)


def _not_pickled(error: BaseException) -> bool:
    """Whether the task never reached a worker. Python has no one class for it."""
    return isinstance(error, pickle.PicklingError) or (
        isinstance(error, TypeError | AttributeError)
        and ("pickle" in str(error) or "local object" in str(error))
    )
