"""hn.score: the clips of a board measured and scored in the background, on any executor.

What was found is kept by the file's hash, so asking again costs nothing. A clip that kills its
worker is found alone and recorded as an error. (Not named `score.py`: a module of that name would
take the place of the function `hailuo_nb.score`.)
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailuo_nb.engine.ledger.protocol import Ledger, ScoreKey
from hailuo_nb.engine.threads import start_thread
from hailuo_nb.errors import ArgumentError, FrameError, ScoreError
from hailuo_nb.measure import score_store
from hailuo_nb.measure.clip import Clip, Scorable
from hailuo_nb.measure.clip_score import Score
from hailuo_nb.measure.clip_view import ClipView
from hailuo_nb.measure.ready import Measured
from hailuo_nb.measure.report import COLUMNS
from hailuo_nb.measure.score_ranking import ranking
from hailuo_nb.measure.score_runner import Runner, Task
from hailuo_nb.measure.scored import NOTES, Scored
from hailuo_nb.measure.scorer import PREFIX, Scorer, name_taken, run_scorer, scorers_of
from hailuo_nb.measure.task import cache_version, measure_file, parse_result
from hailuo_nb.measure.verdicts import adherence
from hailuo_nb.pages.effect_rows import FAILED, VOTES
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame

if TYPE_CHECKING:
    import pandas as pd

_TIMEOUT = 600.0
_MAX_TIMEOUT = 86_400.0
_OUTCOMES = (VOTES, FAILED, "stars", "seconds")  # of `effect`, beside the columns of a clip


class Scoring(Mapping[str, Score]):
    """Scores as they come in, by job id. `wait()` for all of them; the work goes on in the
    background."""

    def __init__(
        self, tasks: list[Task], executor: Executor | None, clips: Mapping[str, Scorable]
    ) -> None:
        """clips  of the tasks, by their ids"""
        self._tasks = tasks
        self._clips = clips
        self._scores: dict[str, Score] = {}
        self._lock = threading.Lock()
        self._fault: BaseException | None = None
        self._cancelled = False
        self._runner = Runner(executor, self)
        self._thread = start_thread(self._run, "hailuo_nb-score")

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    @property
    def total(self) -> int:
        """Clips that are measured or scored, or will be: those of the board that are saved."""
        return len({task.clip.job_id for task in self._tasks})

    @property
    def notes(self) -> tuple[str, ...]:
        """What ran otherwise than was asked for: a scorer in threads, as it cannot be pickled."""
        return self._runner.notes

    def cancel(self) -> None:
        """Begin nothing more. What was found is kept, and `wait()` does not wait for the rest."""
        self._cancelled = True
        self._runner.stop()

    def wait(self, timeout: float | None = None) -> Scoring:
        """Wait for all. Raises TimeoutError (the work goes on), or ScoreError where nothing could
        be measured."""
        seconds = arguments.as_timeout(timeout)
        self._thread.join(None if seconds is None else min(seconds, threading.TIMEOUT_MAX))
        if self._thread.is_alive():
            raise TimeoutError(
                f"{len(self)} of {self.total} clips are measured after {timeout} s; it goes on"
            )
        if self._fault is not None:
            raise ScoreError(f"the clips were not all measured: {self._fault}") from self._fault
        return self

    def ranking(
        self,
        by: str = "provider",
        score: str | None = None,
        *,
        less_is_better: bool | None = None,
    ) -> pd.DataFrame:
        """The providers, prompts ... best first, the item as index: by how many requested moves
        went the right way, or by the mean of a scorer's figure. The order is that of the end of
        the interval that is sure, so that few clips rank low.

        by     as for `Comparison.summary`
        score  a column: a scorer's, or a measured one such as "adherence". By default
               "directions_right" where clips were measured, else the one figure of the scorers
        less_is_better   of that column; None: of flicker, freeze, black frames and the loss of
                         sharpness alone

        Columns: the column itself (directions_right: 0..1, of the judged moves; NaN where none was
        judged), low and high (95 %: Wilson's for directions, Student's for a mean; NaN of one
        clip), n_clips (measured or scored) and n_gaps (clips that have no value); of directions
        n_moves_judged, n_moves_requested, n_clips and n_errors.

        Directions alone: the kind (truck or pan) and moves that nobody asked for do not count.
        Moves of one clip are no independent trials, so the true interval is wider. It says nothing
        of how good a clip looks. Raises ArgumentError.
        """
        less = arguments.as_bool("less_is_better", less_is_better)
        return ranking(dict(self), self._clips, by, score, less)

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
        wrong = sum(bool(score.error or score.gaps) for score in self.values())
        cancelled = ", cancelled" if self._cancelled else ""
        notes = "".join(f"; {note}" for note in self.notes)
        return (
            f"Scoring({len(self)} of {self.total} clips measured, {wrong} with an error"
            f"{cancelled}{notes})"
        )

    # -- the thread

    def _run(self) -> None:
        try:
            missing = self._load()
            if missing and not self._cancelled:
                self._runner.run(list(missing.values()))
        except BaseException as fault:  # raised by wait()
            self._fault = fault

    def _load(self) -> dict[ScoreKey, list[Task]]:
        """What the ledgers know is taken from there; returns the others by key, each content
        once."""
        missing: dict[ScoreKey, list[Task]] = {}
        for task in self._tasks:
            missing.setdefault(task.key, []).append(task)
        for ledger in _ledgers(self._tasks):
            measured = [key for key in missing if not key[1].startswith(PREFIX)]
            known = score_store.stored(ledger, measured)
            scored = [key for key in missing if key[1].startswith(PREFIX)]
            known |= ledger.scores(scored).result() if scored else {}
            for key, text in known.items():
                if not key[1].startswith(PREFIX) or _has_values(text):
                    self._take(missing.pop(key), text)
        return missing

    def keep(self, tasks: list[Task], text: str) -> None:
        """On disk before anybody sees it."""
        for ledger in _ledgers(tasks):
            ledger.keep_score(tasks[0].key, text).result()
        self._take(tasks, text)

    def fail(self, tasks: list[Task], reason: str) -> None:
        """Nothing is kept, so that it is tried again."""
        for task in tasks:
            if task.scorer is None:
                self._set(task, Score("", "", None, None, reason))
            else:
                self._set(task, Scored(note=reason))

    def _take(self, tasks: list[Task], text: str) -> None:
        if tasks[0].scorer is not None:
            found = Scored.from_json(text)
            for task in tasks:
                self._set(task, found)
            return
        measured = parse_result(text)
        if isinstance(measured, str):
            self.fail(tasks, measured)
            return
        for task in tasks:
            verdict = adherence(task.clip.prompt, measured)
            self._set(task, Score("", "", measured, verdict))

    def _set(self, task: Task, found: Score | Scored) -> None:
        clip, scorer = task.clip, task.scorer
        empty = Score(clip.job_id, clip.provider, None, None, prompt=clip.prompt)
        with self._lock:
            before = self._scores.get(clip.job_id, empty)
            if isinstance(found, Scored):
                name = "" if scorer is None else scorer.name
                gaps = {name: found.note} if found.note else {}
                after = replace(
                    before, values={**before.values, **found.values}, gaps={**before.gaps, **gaps}
                )
            else:
                after = replace(
                    before,
                    measurement=found.measurement,
                    adherence=found.adherence,
                    error=found.error,
                )
            self._scores[clip.job_id] = after
        if isinstance(found, Scored):
            columns = score_store.scored_columns(found)
            score_store.STORE.put(clip.job_id, columns, "" if scorer is None else scorer.name)
        else:
            score_store.STORE.put(clip.job_id, after.measured_columns())


def score(
    board: Iterable[Scorable] | Scorable,
    executor: Executor | None = None,
    *,
    scorers: object = None,
    timeout: float = _TIMEOUT,
) -> Scoring:
    """Measure or score the saved clips of a board (a Comparison, jobs, or one) in the background;
    returns at once.

    executor  any `concurrent.futures.Executor` whose workers see the files: threads, processes,
              loky, what `Client.get_executor()` of dask.distributed gives; it stays open. None:
              measuring in processes of our own, scorers of yours in threads
    scorers   functions of a clip (`hailuo_nb.scorers.Clip`), sync or async, in a list or by name in
              a dict. Each gives a number, a dict of numbers and texts, or a row of pandas: a column
              of its name, or name_key for each key. None: what `hn.measure` measures; to have both,
              name `hn.scorers.camera` or `hn.scorers.picture` too
    timeout   seconds that one scorer may take for one clip

    Measuring needs the extra `video`; raises MeasureError at once where it is missing here. What
    was found before is taken from the ledger: a score by the file's hash, the prompt, the scorer's
    name and version (its `__version__`, else a digest of its source). A clip that cannot be
    measured is a Score with an error, one that a scorer cannot score a Score with a gap that says
    why; it is asked for again by the next call. Raises ArgumentError.
    """
    from hailuo_nb.measure.decode import require_opencv

    check_executor(executor)
    timeout = arguments.as_float("timeout", timeout, 0.01, _MAX_TIMEOUT)
    given = [] if scorers is None else scorers_of(scorers)
    own = [one for one in given if not isinstance(one.function, Measured)]
    measured = scorers is None or len(own) < len(given)
    if executor is None and measured:
        require_opencv()
    tasks: list[Task] = []
    clips: dict[str, Scorable] = {}
    for job in _jobs_of(board):
        clip = job._clip() if job.state == "saved" else None
        if clip is None or clip.path is None:
            continue
        clips[job.id] = job
        frame = _loaded(clip.first_frame)
        if measured:
            tasks.append(_measuring(clip, clip.path, frame))
        if own:
            view = _view(job, clip, clip.path, frame)
            tasks += [_scoring(clip, view, one, timeout) for one in own]
    return Scoring(tasks, executor, clips)


def _jobs_of(board: Any) -> list[Scorable]:
    """Raises ArgumentError for what is no board, job or list of jobs."""
    single = not isinstance(board, Iterable) or isinstance(board, str | bytes)
    found: list[Any] = [board] if single else list(board)
    for one in found:
        if not callable(getattr(one, "_clip", None)):
            raise ArgumentError(
                "board is a Comparison, a job of one, or a list of its jobs, and "
                f"{arguments.describe(one)} is no job"
            )
    return found


def check_executor(executor: object) -> None:
    """Raises ArgumentError. Of other libraries they are of no common class."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ArgumentError(
            f"executor is {arguments.describe(executor)}, which is none: it has no submit(), as "
            "concurrent.futures.ThreadPoolExecutor() has"
        )


def _measuring(clip: Clip, path: Path, frame: Frame | None) -> Task:
    key = (clip.sha256, cache_version(frame.identity if frame else ""))
    data = frame.data if frame else None
    return Task(clip, path, key, partial(measure_file, str(path), clip.sha256, data))


def _view(job: Scorable, clip: Clip, path: Path, frame: Frame | None) -> ClipView:
    fields = {**job.own_columns, **job.to_dict()}
    return ClipView(
        job_id=clip.job_id,
        path=path,
        prompt=clip.prompt,
        provider=clip.provider,
        model=str(fields.get("model", "")),
        sha256=clip.sha256,
        fields=fields,
        first_frame=frame.data if frame else None,
    )


def _scoring(clip: Clip, view: ClipView, scorer: Scorer, timeout: float) -> Task:
    """Raises ArgumentError where the scorer has the name of a column."""
    taken = frozenset({*view.fields, *COLUMNS, NOTES, "wording", "camera", "took", *_OUTCOMES})
    if scorer.name in taken:
        raise name_taken(scorer.name)
    call = partial(run_scorer, view, scorer.name, scorer.function, taken, timeout)
    return Task(clip, view.path, scorer.key(clip), call, scorer)


def _has_values(text: str) -> bool:
    """Whether a kept score is one; a gap is tried again."""
    with suppress(ValueError):
        return bool(Scored.from_json(text).values)
    return False


def _ledgers(tasks: Iterable[Task]) -> list[Ledger]:
    return list({id(task.clip.ledger): task.clip.ledger for task in tasks}.values())


def _loaded(frame: Frame | None) -> Frame | None:
    """The frame with its bytes; None for a link, and where they are gone."""
    try:
        found = frame.loaded() if frame else None
    except FrameError:
        return None
    return found if found is not None and found.data is not None else None


__all__ = ["Score", "ScoreError", "Scoring", "score"]
