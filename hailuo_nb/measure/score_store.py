"""Measurements and scores as plain columns by job id, held in memory for tables and boards."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from hailuo_nb.engine.ledger.protocol import Ledger, ScoreKey
from hailuo_nb.errors import LedgerError, NotMeasuredError, ReadOnlyError
from hailuo_nb.measure import scorer
from hailuo_nb.measure.clip import Clip, Measurable
from hailuo_nb.measure.report import COLUMNS, Value, columns
from hailuo_nb.measure.report import plot as draw
from hailuo_nb.measure.scored import NOTES, Scored
from hailuo_nb.measure.task import is_result, parse_result
from hailuo_nb.measure.verdicts import adherence

Columns = Mapping[str, Value]


class ScoreStore:
    """The columns of measured clips, and the listeners for new ones. Thread-safe."""

    def __init__(self) -> None:
        self._columns: dict[str, Columns] = {}
        self._parts: dict[str, dict[str, Columns]] = {}
        self._lock = threading.Lock()
        self._loaded: set[str] = set()
        self._listeners: set[weakref.WeakMethod[Callable[[str], None]]] = set()

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call this bound method with the job id of every clip that is measured from now on, from
        whatever thread. It is held weakly."""
        self._listeners.add(weakref.WeakMethod(listener, self._listeners.discard))

    def put(self, job_id: str, found: Columns, by: str = "") -> None:
        """Keep the columns of a clip that was just measured, or those of one scorer, and call the
        listeners."""
        self._keep(job_id, found, by)
        for reference in tuple(self._listeners):
            listener = reference()
            if listener is not None:
                listener(job_id)

    def get(self, job_id: str) -> Columns:
        """The columns of a clip: those of `measure.report.COLUMNS` where it was measured, and those
        of scorers; empty where none are known yet. Does not wait."""
        return self._columns.get(job_id, {})

    def load(self, jobs: Iterable[Measurable]) -> None:
        """Read the measurements and scores of these jobs from their ledgers, each job once.

        Waits for the ledger, so it must not be called on the background loop.
        """
        new = [job for job in jobs if job.id not in self._loaded and job.state == "saved"]
        clips = [clip for job in new if (clip := _clip_of(job)) is not None]
        for ledger in {id(clip.ledger): clip.ledger for clip in clips}.values():
            with suppress(LedgerError):  # a closed ledger takes no table away
                self._load_from(ledger, [clip for clip in clips if clip.ledger is ledger])
        self._loaded.update(job.id for job in new)

    def _keep(self, job_id: str, found: Columns, by: str) -> None:
        with self._lock:
            parts = self._parts.setdefault(job_id, {})
            parts[by] = found
            ordered = sorted(parts.items())  # not as they happened to end
            whole = {name: value for _, part in ordered for name, value in part.items()}
            notes = [f"{one}: {note}" for one, part in ordered if (note := part.get(NOTES))]
            self._columns[job_id] = {**whole, NOTES: "; ".join(notes)} if notes else whole

    def _load_from(self, ledger: Ledger, clips: list[Clip]) -> None:
        keys = [clip.key for clip in clips]
        texts = stored(ledger, keys)
        scores = ledger.scores_of([clip.sha256 for clip in clips], scorer.PREFIX).result()
        by_file: dict[str, dict[str, str]] = {}
        for (digest, version), text in scores.items():
            by_file.setdefault(digest, {})[version] = text
        for clip, key in zip(clips, keys, strict=True):
            known = self._parts.get(clip.job_id, {})
            if key in texts and "" not in known:
                self._keep(clip.job_id, columns_of(clip.prompt, texts[key]), "")
            for name, found in _newest(by_file.get(clip.sha256, {}), scorer.subject(clip)).items():
                if name not in known:
                    self._keep(clip.job_id, found, name)


def _newest(texts: Mapping[str, str], subject: str) -> dict[str, Columns]:
    """The columns of each scorer of one clip; of several versions of a scorer those kept last."""
    found = {}
    for version, text in texts.items():
        if version.endswith(subject):
            with suppress(ValueError):
                found[scorer.name_of(version)] = scored_columns(Scored.from_json(text))
    return found


def scored_columns(found: Scored) -> Columns:
    """The columns of one scorer."""
    return {**found.values, NOTES: found.note} if found.note else found.values


STORE = ScoreStore()
"""The one of this process."""


def stored(ledger: Ledger, keys: Iterable[ScoreKey]) -> dict[ScoreKey, str]:
    """The results that are in the ledger and can be read: it may come from a stranger."""
    found = ledger.scores(keys).result()
    return {key: text for key, text in found.items() if is_result(text)}


def plot(job: Measurable, words: Mapping[str, str]) -> str:
    """Requested and measured motion of a clip as an SVG (see `measure.report.plot`). Waits for the
    ledger.

    Raises NotMeasuredError, ReadOnlyError.
    """
    clip = job._clip()
    text = None if clip is None else stored(clip.ledger, [clip.key]).get(clip.key)
    if clip is None or text is None:
        raise NotMeasuredError("this clip is not measured: hn.score(board)")
    found = parse_result(text)
    if isinstance(found, str):
        raise NotMeasuredError(found)
    return draw(clip.prompt, found, adherence(clip.prompt, found.windows), labels=words)


def columns_of(prompt: str, text: str) -> Columns:
    """The columns of a stored result; of one that could not be measured only `measure_notes`."""
    found = parse_result(text)
    if isinstance(found, str):
        return {name: found if name == "measure_notes" else None for name in COLUMNS}
    return columns(found, adherence(prompt, found))


def _clip_of(job: Measurable) -> Clip | None:
    try:
        return job._clip()
    except ReadOnlyError:
        return None
