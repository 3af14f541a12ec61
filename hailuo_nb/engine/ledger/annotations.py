"""What a person thinks of clips, kept in the ledger: rating, note, tags, and votes between two.

Knows the ledger's connection; must not know jobs' jobs or what is made of the votes (`ranking`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal

from hailuo_nb.engine.ledger.sqlite import Ledger
from hailuo_nb.errors import FieldError
from hailuo_nb.requests import fields

Outcome = Literal["first", "second", "tie"]
MAX_STARS = 5
_OUTCOMES = ("first", "second", "tie")


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody saw two items and preferred one, or neither."""

    first: str
    second: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Annotation:
    """One clip's marks. rating 0 (none) to 5 stars; hidden: taken off the boards by hand."""

    rating: int = 0
    note: str = ""
    tags: tuple[str, ...] = ()
    hidden: bool = False


class Annotations:
    """Reads and writes marks and votes. Every method returns a Future that is done when the commit
    is on disk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def mark(self, job_id: str, **changes: Any) -> Future[Annotation]:
        """Change some of a clip's marks: rating=4, note="...", tags=[...], hidden=True. Raises
        ValueError."""
        values = _checked(changes)

        def write(db: sqlite3.Connection) -> Annotation:
            db.execute("INSERT OR IGNORE INTO marks (job_id) VALUES (?)", (job_id,))
            for name, value in values.items():
                db.execute(f"UPDATE marks SET {name} = ? WHERE job_id = ?", (value, job_id))  # noqa: S608
            return _read(db, [job_id])[job_id]

        return self._ledger.work(write)

    def marks(self, job_ids: Sequence[str]) -> Future[dict[str, Annotation]]:
        """The marks of these clips, those that have any."""
        held = list(job_ids)
        return self._ledger.work(lambda db: _read(db, held))

    def vote(
        self, first: str, second: str, outcome: Outcome, at: float, *, blind: bool
    ) -> Future[None]:
        """Somebody compared two clips. Raises ValueError."""
        if outcome not in _OUTCOMES or first == second:
            raise ValueError(
                f"a vote is first, second or tie between two clips, not {outcome!r} of {first}, "
                f"{second}"
            )

        def write(db: sqlite3.Connection) -> None:
            db.execute(
                "INSERT INTO votes (at, first, second, outcome, blind) VALUES (?, ?, ?, ?, ?)",
                (at, first, second, outcome, int(blind)),
            )

        return self._ledger.work(write)

    def votes(self, job_ids: Iterable[str]) -> Future[list[Vote]]:
        """The votes between these clips, in the order in which they were given."""
        held = set(job_ids)

        def read(db: sqlite3.Connection) -> list[Vote]:
            rows = db.execute("SELECT first, second, outcome FROM votes ORDER BY id")
            return [
                Vote(*row)
                for row in rows
                if row[0] in held and row[1] in held and row[2] in _OUTCOMES
            ]

        return self._ledger.work(read)


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    unknown = changes.keys() - {"rating", "note", "tags", "hidden"}
    if unknown:
        raise ValueError(
            f"a clip has rating, note, tags and hidden, not {', '.join(sorted(unknown))}"
        )
    values = dict(changes)
    if "rating" in values and values["rating"] not in range(MAX_STARS + 1):
        raise ValueError(f"a rating is 0 (none) to {MAX_STARS} stars, not {values['rating']!r}")
    if "tags" in values:
        tags = dict.fromkeys(str(tag).strip() for tag in values["tags"])
        values["tags"] = json.dumps([tag for tag in tags if tag], ensure_ascii=False)
    if "hidden" in values:
        values["hidden"] = int(bool(values["hidden"]))
    if "note" in values:
        values["note"] = str(values["note"])
    return values


def _read(db: sqlite3.Connection, job_ids: Sequence[str]) -> dict[str, Annotation]:
    found: dict[str, Annotation] = {}
    for start in range(
        0, len(job_ids), 500
    ):  # SQLite takes a limited number of values in one statement
        part = job_ids[start : start + 500]
        marks = ", ".join("?" for _ in part)
        rows = db.execute(
            f"SELECT job_id, rating, note, tags, hidden FROM marks WHERE job_id IN ({marks})",  # noqa: S608
            part,
        )
        for job_id, rating, note, tags, hidden in rows:
            found[job_id] = _mark(rating, note, tags, hidden)
    return found


def _mark(rating: Any, note: Any, tags: Any, hidden: Any) -> Annotation:
    """A ledger may come from a stranger: what no clip has is left out."""
    stars = rating if rating in range(MAX_STARS + 1) else 0
    try:
        written = fields.Fields({"tags": fields.parse_json(str(tags), "tags")}).texts("tags")
    except FieldError:
        written = ()
    return Annotation(
        stars, note[: fields.MAX_TEXT] if isinstance(note, str) else "", written, bool(hidden)
    )
