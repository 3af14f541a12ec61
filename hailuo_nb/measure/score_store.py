"""What was measured on clips, as plain columns by job id: for tables and boards, which never wait
for a measurement.

Knows the ledger's results and how columns are made of them; must not know executors, comparisons or
widgets.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from hailuo_nb.engine.ledger.protocol import Ledger, ScoreKey
from hailuo_nb.errors import LedgerError, NotMeasuredError, ReadOnlyError
from hailuo_nb.measure.report import COLUMNS, Value, columns
from hailuo_nb.measure.report import plot as drawn
from hailuo_nb.measure.task import cache_version, is_result, parse_result
from hailuo_nb.measure.verdicts import adherence

Columns = Mapping[str, Value]

_held: dict[str, Columns] = {}
_asked: set[str] = set()
_listeners: set[weakref.WeakMethod[Callable[[str], None]]] = set()


def listen(listener: Callable[[str], None]) -> None:
    """Call this bound method with the job id of every clip that is measured from now on, from
    whatever thread.

    It is held weakly: it goes with its owner.
    """
    _listeners.add(weakref.WeakMethod(listener, _listeners.discard))


def hold(job_id: str, found: Columns) -> None:
    """Keep the columns of a clip that was just measured, and tell whoever listens."""
    _held[job_id] = found
    for reference in tuple(_listeners):
        listener = reference()
        if listener is not None:
            listener(job_id)


def held(job_id: str) -> Columns:
    """The columns of a clip as in `measure.report.COLUMNS`, as far as known here without waiting;
    else empty."""
    return _held.get(job_id, {})


def recall(jobs: Iterable[Any]) -> None:
    """Take what the ledger knows of these clips, each asked for once. Waits for the ledger: not on
    the loop."""
    new = [job for job in jobs if job.id not in _asked and job.state == "saved"]
    for ledger in {id(ledger): ledger for job in new if (ledger := job.runner.ledger)}.values():
        # A closed ledger takes no table away, nor does an exported folder that has none.
        with suppress(LedgerError, ReadOnlyError):
            _ask(ledger, [job for job in new if job.runner.ledger is ledger])
    _asked.update(job.id for job in new)


def _ask(ledger: Ledger, jobs: list[Any]) -> None:
    rows = [ledger.get(job.id) for job in jobs]
    keys = {job.id: _key(job, row.result().sha256) for job, row in zip(jobs, rows, strict=True)}
    texts = known(ledger, [key for key in keys.values() if key is not None])
    for job in jobs:
        key = keys[job.id]
        if key in texts and job.id not in _held:
            _held[job.id] = columns_of(job.prompt, texts[key])


def known(ledger: Ledger, keys: Iterable[ScoreKey]) -> dict[ScoreKey, str]:
    """The results that are there and can be read: a ledger may come from a stranger."""
    return {key: text for key, text in ledger.scores(keys).result().items() if is_result(text)}


def plot(job: Any, words: Mapping[str, str]) -> str:
    """Requested and measured motion of a clip as an SVG (see `measure.report.plot`). Waits for the
    ledger.

    Raises NotMeasuredError.
    """
    key = _key(job, job.runner.ledger.get(job.id).result().sha256)
    texts = known(job.runner.ledger, [key] if key else [])
    found = (
        parse_result(texts[key]) if key in texts else "this clip is not measured: hn.score(board)"
    )
    if isinstance(found, str):
        raise NotMeasuredError(found)
    return drawn(job.prompt, found, adherence(job.prompt, found.windows), labels=words)


def columns_of(prompt: str, text: str) -> Columns:
    """The columns of a kept result; of one that could not be measured only `measure_notes`."""
    found = parse_result(text)
    if isinstance(found, str):
        return {name: found if name == "measure_notes" else None for name in COLUMNS}
    return columns(found, adherence(prompt, found))


def _key(job: Any, sha256: str | None) -> ScoreKey | None:
    if sha256 is None:
        return None
    frame = job.request.first_frame
    has_picture = frame is not None and (frame.data or frame.kept) is not None
    return sha256, cache_version(frame.identity if has_picture else "")
