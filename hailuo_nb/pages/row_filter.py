"""Which rows a board's filter lets through: the twin of `filterRows` in js/board_rows.js."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hailuo_nb.pages.rows import BoardRow


def passes(row: BoardRow, narrowed: Mapping[str, Any], *, blind: bool = False) -> bool:
    """Whether a row passes the `filter` of a board; what is missing or empty filters nothing.

    Every word of `text` must be somewhere in what the card shows, or in the person's own columns;
    blind, names and those columns do not count.
    """
    named = ("provider_title", "provider", "model", "error", "id", "task_id")
    shown = [row["prompt"], row["note"], *row["tags"], row["resolution"]]
    if not blind:
        shown += [str(row[name]) for name in named]  # type: ignore[literal-required] # of BoardRow
        shown += row["own"].values()
    hay = "\n".join(shown).lower()
    provider, state, tag = (narrowed.get(name) for name in ("provider", "state", "tag"))
    own = {name: value for name, value in (narrowed.get("own") or {}).items() if value}
    return (
        all(word in hay for word in str(narrowed.get("text") or "").lower().split())
        and (blind or not provider or row["provider"] == provider)
        and (blind or own.items() <= row["own"].items())
        and (not state or row["state"] == state)
        and row["rating"] >= int(narrowed.get("rating") or 0)
        and (not tag or tag in row["tags"])
    )
