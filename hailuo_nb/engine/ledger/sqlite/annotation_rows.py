"""The statements for what people say of clips: stars, notes, tags, and votes between two.

A file may come from a stranger, whose values need not be of the kind of their column: what nobody
can have said is left out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from hailuo_nb.engine.ledger.annotations import (
    MAX_RATER,
    MAX_STARS,
    OUTCOMES,
    Annotation,
    Opinion,
    Vote,
    annotated,
    last_of_each,
)
from hailuo_nb.errors import FieldError
from hailuo_nb.requests import own_columns
from hailuo_nb.requests.fields import MAX_TEXT, Fields, parse_json
from hailuo_nb.requests.own_columns import OwnColumns

_LATEST = 1e11  # Unix seconds that a file of ours has
_VALUES = 500  # in one statement; SQLite takes a limited number


def annotate(
    db: sqlite3.Connection,
    job_id: str,
    *,
    rater: str,
    rating: int | None,
    note: str | None,
    tags: Iterable[str] | None,
    hidden: bool | None,
) -> Annotation:
    """See `Ledger.annotate`."""
    before = read_annotations(db, [job_id]).get(job_id, Annotation())
    now = annotated(before, rater=rater, rating=rating, note=note, tags=tags, hidden=hidden)
    db.execute(
        "INSERT OR REPLACE INTO labels (job_id, tags, hidden) VALUES (?, ?, ?)",
        (job_id, json.dumps(now.tags, ensure_ascii=False), int(now.hidden)),
    )
    if now.opinions != before.opinions:
        rater, said = now.opinions[-1]
        db.execute(  # replaced, it stands last
            "INSERT OR REPLACE INTO opinions (job_id, rater, rating, note) VALUES (?, ?, ?, ?)",
            (job_id, rater, said.rating, said.note),
        )
    return now


def read_annotations(db: sqlite3.Connection, job_ids: Sequence[str]) -> dict[str, Annotation]:
    """See `Ledger.annotations`."""
    found: dict[str, Annotation] = {}
    for start in range(0, len(job_ids), _VALUES):
        part = job_ids[start : start + _VALUES]
        which = f"WHERE job_id IN ({', '.join('?' * len(part))})"
        opinions: dict[str, list[tuple[str, Opinion]]] = {}
        sql = f"SELECT job_id, rater, rating, note FROM opinions {which} ORDER BY rowid"  # noqa: S608
        for job_id, rater, rating, note in db.execute(sql, part):
            if isinstance(rater, str):
                said = (rater[:MAX_RATER], _opinion(rating, note))
                opinions.setdefault(job_id, []).append(said)
        sql = f"SELECT job_id, tags, hidden FROM labels {which}"  # noqa: S608
        for job_id, tags, hidden in db.execute(sql, part):
            of_each = tuple(opinions.get(job_id, ()))
            found[job_id] = Annotation(of_each, _tags(tags), bool(hidden))
    return found


def _opinion(rating: Any, note: Any) -> Opinion:
    return Opinion(
        rating if rating in range(MAX_STARS + 1) else None,
        note[:MAX_TEXT] if isinstance(note, str) else None,
    )


def _tags(text: Any) -> tuple[str, ...]:
    try:
        return Fields({"tags": parse_json(str(text), "tags")}).texts("tags")
    except FieldError:
        return ()


# Votes --------------------------------------------------------------------------------------------

_SAME = "rater = ? AND (first = ? AND second = ? OR first = ? AND second = ?)"


def _same(vote: Vote) -> tuple[str, ...]:
    return vote.rater, vote.first, vote.second, vote.second, vote.first


def keep_vote(db: sqlite3.Connection, vote: Vote) -> None:
    """See `Ledger.vote`."""
    forget_vote(db, vote)
    sql = "INSERT INTO votes (first, second, outcome, rater, at, blind) VALUES (?, ?, ?, ?, ?, ?)"
    db.execute(sql, (vote.first, vote.second, vote.outcome, vote.rater, vote.at, int(vote.blind)))


def add_votes(db: sqlite3.Connection, given: Sequence[Vote]) -> list[Vote]:
    """See `Ledger.add_votes`."""
    sql = f"SELECT coalesce(max(at), 0) FROM votes WHERE {_SAME}"  # noqa: S608
    kept = []
    for vote in last_of_each(sorted(given, key=lambda vote: vote.at)):
        (known,) = db.execute(sql, _same(vote)).fetchone()
        if known < vote.at:
            keep_vote(db, vote)
            kept.append(vote)
    return kept


def forget_vote(db: sqlite3.Connection, vote: Vote) -> bool:
    """See `Ledger.remove_vote`."""
    return db.execute(f"DELETE FROM votes WHERE {_SAME}", _same(vote)).rowcount > 0  # noqa: S608


def read_votes(db: sqlite3.Connection, job_ids: Collection[str]) -> list[Vote]:
    """See `Ledger.votes`."""
    sql = "SELECT first, second, outcome, rater, at, blind FROM votes ORDER BY at, id"
    return last_of_each(
        Vote(first, second, outcome, rater[:MAX_RATER], _time(at), bool(blind))
        for first, second, outcome, rater, at, blind in db.execute(sql)
        if first in job_ids and second in job_ids and outcome in OUTCOMES
        if isinstance(rater, str)
    )


def _time(at: Any) -> float:
    return at if isinstance(at, float) and 0 <= at <= _LATEST else 0.0


# Columns of a person's table ----------------------------------------------------------------------


def keep_own_columns(db: sqlite3.Connection, given: Mapping[str, OwnColumns]) -> None:
    sql = (
        "INSERT INTO own_columns (job_id, name, value) VALUES (?, ?, ?) "
        "ON CONFLICT (job_id, name) DO UPDATE SET value = excluded.value"
    )
    values = [
        (job_id, name, own_columns.to_json(value))
        for job_id, own in given.items()
        for name, value in own.items()
    ]
    db.executemany(sql, values)


def read_own_columns(db: sqlite3.Connection, job_ids: Sequence[str]) -> dict[str, OwnColumns]:
    found: dict[str, dict[str, own_columns.OwnValue]] = {}
    for start in range(0, len(job_ids), _VALUES):
        part = job_ids[start : start + _VALUES]
        which = f"WHERE job_id IN ({', '.join('?' * len(part))}) ORDER BY rowid"
        sql = f"SELECT job_id, name, value FROM own_columns {which}"  # noqa: S608
        for job_id, name, value in db.execute(sql, part):
            own = found.setdefault(job_id, {})
            if len(own) < own_columns.MAX_COLUMNS:
                own |= own_columns.from_json(name, value)
    return {job_id: own for job_id, own in found.items() if own}
