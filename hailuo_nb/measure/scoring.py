"""hn.score: the clips of a board measured in the background, one clip a task, on any executor.

Knows jobs, the ledger's results and the measuring tasks; must not know widgets. What is measured is
kept by the file's hash, so asking again costs nothing. A clip that kills its worker is found out
alone and recorded as an error. (Not named `score.py`: a module of that name would take the place of
the function `hailuo_nb.score`.)
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from html import escape
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from hailuo_nb.engine.ledger.protocol import ScoreKey
from hailuo_nb.errors import FrameError, ScoreError
from hailuo_nb.measure import score_store
from hailuo_nb.measure.measurement import Measurement
from hailuo_nb.measure.report import Value, columns, direction_share, plot
from hailuo_nb.measure.task import (
    cache_version,
    error_result,
    limit_memory,
    measure_file,
    parse_result,
)
from hailuo_nb.measure.verdicts import Adherence, adherence
from hailuo_nb.providers import credentials
from hailuo_nb.requests.frame import Frame

if TYPE_CHECKING:
    import pandas as pd

P = ParamSpec("P")
T = TypeVar("T")
_MAX_WORKERS = 4
_DEATHS = ("KilledWorker", "EngineError")
"""How dask.distributed and ipyparallel call a worker that died; neither is imported here."""


@dataclass(frozen=True, slots=True)
class Score:
    """One clip. Either `measurement` and `adherence` are there, or `error` says why not."""

    job_id: str
    provider: str
    measurement: Measurement | None
    adherence: Adherence | None
    error: str = ""
    prompt: str = ""

    def plot(self, width: int = 480) -> str:
        """Requested and measured motion over time as an inline SVG of `width` pixels; the reason
        where there is none.

        Safe to put into a page: everything written is escaped. See `hailuo_nb.measure.report.plot`.
        """
        if self.measurement is None:
            return f"<p>{escape(self.error)}</p>"
        return plot(self.prompt, self.measurement, self.adherence, width=width)

    def __repr__(self) -> str:
        # A measurement is thousands of numbers, and a notebook keeps what it shows.
        return f"Score({self.job_id}, {self.provider}: {self.error or self.adherence})"

    def _repr_html_(self) -> str:
        head = f"{self.provider}: {self.adherence}" if self.adherence else self.provider
        return (
            "<figure "
            f"style='margin:0'><figcaption>{escape(head)}</figcaption>{self.plot()}</figure>"
        )

    def columns(self) -> dict[str, Value]:
        """As `hailuo_nb.measure.report.columns`; for an error all None but `measure_notes`."""
        if self.measurement is not None:
            return columns(self.measurement, self.adherence)
        from hailuo_nb.measure.report import COLUMNS

        return {name: self.error if name == "measure_notes" else None for name in COLUMNS}


@dataclass(frozen=True, slots=True)
class _Clip:
    """One saved clip of the board and where its result is kept."""

    job: Any
    path: Path
    key: ScoreKey
    frame: bytes | None


class _Processes(ProcessPoolExecutor):
    """Processes of our own. They decode what strangers made: no key is in their environment, and
    memory is limited."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, mp_context=get_context("spawn"), initializer=limit_memory)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with credentials.kept_from_children():  # here a process is started, where one is missing
            return super().submit(fn, *args, **kwargs)


class Scoring(Mapping[str, Score]):
    """Scores as they come in, by job id. `wait()` for all of them; the work goes on in the
    background."""

    def __init__(self, clips: list[_Clip], executor: Executor | None) -> None:
        self._clips = clips
        self._scores: dict[str, Score] = {}
        self._lock = threading.Lock()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, args=(executor,), name="hailuo_nb-score", daemon=True
        )
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    @property
    def total(self) -> int:
        """Clips that are measured or will be: those of the board that are saved."""
        return len(self._clips)

    def wait(self, timeout: float | None = None) -> Scoring:
        """Wait for all. Raises TimeoutError (the work goes on), or ScoreError where nothing could
        be measured."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError(
                f"{len(self)} of {self.total} clips are measured after {timeout} s; it goes on"
            )
        if self._fault is not None:
            raise ScoreError(f"the clips were not all measured: {self._fault}") from self._fault
        return self

    def ranking(self) -> pd.DataFrame:
        """The providers by how many requested moves went the right way, best first; one row each.

        directions_right   0..1, of the judged moves; None where none was judged
        low, high          its 95 % interval (Wilson), 0..1; the order is that of `low`, so that few
                           moves rank low
        moves_judged       how many that is a share of; moves_requested: how many the prompts had
        clips, errors      clips measured, and clips that could not be

        Directions alone: the kind (truck or pan) and moves that nobody asked for do not count.
        Moves of one clip are no independent trials, so the true interval is wider. It says nothing
        of how good a clip looks.
        """
        import pandas as pd

        groups: dict[str, list[Score]] = {}
        for score in self.values():
            groups.setdefault(score.provider, []).append(score)
        rows: list[dict[str, Any]] = []
        for provider, scores in groups.items():
            verdicts = [score.adherence for score in scores if score.adherence is not None]
            share, judged, low, high = direction_share(verdicts)
            rows.append(
                {
                    "provider": provider,
                    "directions_right": share,
                    "low": low,
                    "high": high,
                    "moves_judged": judged,
                    "moves_requested": sum(verdict.requested for verdict in verdicts),
                    "clips": len(verdicts),
                    "errors": len(scores) - len(verdicts),
                }
            )
        rows.sort(key=lambda row: (-row["low"], row["provider"]))
        names = [
            "directions_right",
            "low",
            "high",
            "moves_judged",
            "moves_requested",
            "clips",
            "errors",
        ]
        return pd.DataFrame(rows, columns=["provider", *names]).set_index("provider")

    def __getitem__(self, job_id: str) -> Score:
        with self._lock:
            return self._scores[job_id]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(list(self._scores))

    def __len__(self) -> int:
        with self._lock:
            return len(self._scores)

    def __repr__(self) -> str:
        wrong = sum(bool(score.error) for score in self.values())
        return f"Scoring({len(self)} of {self.total} clips measured, {wrong} with an error)"

    # -- the thread
    # ----------------------------------------------------------------------------------------

    def _run(self, executor: Executor | None) -> None:
        try:
            waiting = self._recall()
            if not waiting:
                return
            if executor is not None:
                self._measure(waiting, executor)
                return
            workers = max(1, min(_MAX_WORKERS, os.cpu_count() or 1, len(waiting)))
            with _Processes(workers) as own:
                self._measure(waiting, own)
        except (
            BaseException
        ) as fault:  # told by wait(): a traceback of this thread would be seen by nobody
            self._fault = fault

    def _recall(self) -> dict[ScoreKey, list[_Clip]]:
        """What the ledger knows is taken from there; the others by key, each content once."""
        waiting: dict[ScoreKey, list[_Clip]] = {}
        for clip in self._clips:
            waiting.setdefault(clip.key, []).append(clip)
        for ledger in {
            id(clip.job.runner.ledger): clip.job.runner.ledger for clip in self._clips
        }.values():
            for key, text in score_store.known(ledger, list(waiting)).items():
                self._take(waiting.pop(key), text)
        return waiting

    def _measure(self, waiting: dict[ScoreKey, list[_Clip]], executor: Executor) -> None:
        tasks: dict[Future[str], ScoreKey] = {}
        broken: list[ScoreKey] = []
        for key, clips in waiting.items():
            try:
                tasks[_submitted(executor, clips[0])] = key
            except BrokenExecutor:
                broken.append(key)
        for future in as_completed(tasks):
            key = tasks[future]
            try:
                text = future.result()
            except BaseException as error:
                if _worker_died(error):
                    broken.append(key)
                    continue
                self._fail(waiting[key], str(error) or type(error).__name__)
            else:
                self._keep(waiting[key], key, text)
        # One of them took its worker down, and the others with it: each alone shows which.
        for key in broken:
            self._alone(waiting[key], key)

    def _alone(self, clips: list[_Clip], key: ScoreKey) -> None:
        with _Processes(1) as own:
            try:
                self._keep(clips, key, _submitted(own, clips[0]).result())
            except BrokenExecutor:
                reason = (
                    f"measuring {clips[0].path.name} ends the process that does it; the file "
                    "may be damaged"
                )
                self._keep(clips, key, error_result(reason))
            except Exception as error:
                self._fail(clips, str(error) or type(error).__name__)

    def _keep(self, clips: list[_Clip], key: ScoreKey, text: str) -> None:
        """First to disk, then to whoever looks."""
        for ledger in {
            id(clip.job.runner.ledger): clip.job.runner.ledger for clip in clips
        }.values():
            ledger.keep_score(key, text).result()
        self._take(clips, text)

    def _take(self, clips: list[_Clip], text: str) -> None:
        found = parse_result(text)
        for clip in clips:
            if isinstance(found, str):
                self._fail([clip], found)
                continue
            verdict = adherence(clip.job.prompt, found)
            self._set(Score(clip.job.id, clip.job.provider, found, verdict, prompt=clip.job.prompt))

    def _fail(self, clips: list[_Clip], reason: str) -> None:
        for clip in clips:
            self._set(Score(clip.job.id, clip.job.provider, None, None, reason, clip.job.prompt))

    def _set(self, score: Score) -> None:
        with self._lock:
            self._scores[score.job_id] = score
        score_store.hold(score.job_id, score.columns())


def score(board: Iterable[Any], executor: Executor | None = None) -> Scoring:
    """Measure the saved clips of a board (a Comparison, or jobs) in the background; returns at
    once.

    executor  any `concurrent.futures.Executor` whose workers see the files: threads, processes,
              loky, what `Client.get_executor()` of dask.distributed gives; it stays open. None:
              processes of our own, started by spawn (in a script they need `if __name__ ==
              "__main__":`)
    Needs the extra `video`; raises MeasureError at once where it is missing here. What was measured
    before is taken from the ledger. A clip that cannot be measured is a Score with an error; one
    that kills its worker as well.
    """
    from hailuo_nb.measure.decode import require_opencv

    if executor is None:
        require_opencv()
    clips = []
    for job in board:
        if job.state != "saved" or job.path is None:
            continue
        row = job.runner.ledger.get(job.id).result()
        if row.sha256 is None:
            continue
        frame = _loaded(job.request.first_frame)
        key = (row.sha256, cache_version(frame.identity if frame else ""))
        clips.append(_Clip(job, Path(job.path), key, frame.data if frame else None))
    return Scoring(clips, executor)


def _loaded(frame: Frame | None) -> Frame | None:
    """The frame with its bytes; None for a link, and where they are gone."""
    try:
        found = frame.loaded() if frame else None
    except FrameError:
        return None
    return found if found is not None and found.data is not None else None


def _worker_died(error: BaseException) -> bool:
    """Whether it was the worker that ended, not the task that failed: then the clip is tried
    alone."""
    # ipyparallel wraps what happened elsewhere, and names it.
    names = {*(kind.__name__ for kind in type(error).__mro__), getattr(error, "ename", "")}
    return isinstance(error, BrokenExecutor) or not names.isdisjoint(_DEATHS)


def _submitted(executor: Executor, clip: _Clip) -> Future[str]:
    return executor.submit(measure_file, str(clip.path), clip.key[0], clip.frame)


__all__ = ["Score", "ScoreError", "Scoring", "score"]
