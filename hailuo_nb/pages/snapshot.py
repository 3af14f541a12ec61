"""A light output for the saved notebook: players that need no kernel, and a contact sheet where
nothing plays.

Two outputs, not one with two kinds: nbconvert, and what renders notebooks on code hosts, take HTML
before a picture, and the hosts then strip the players from it. Rows (plain data, see
`Comparison.rows`) in. Must not know jobs.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hailuo_nb.media.text import visible
from hailuo_nb.pages import contact_sheet, html_table


class Snapshot:
    """What a cell shows: first the sheet (`png`), then the table (`html`). Its links are relative
    to the notebook."""

    def __init__(
        self,
        title: str,
        rows: Sequence[Mapping[str, Any]],
        clips: Mapping[str, str],
        posters: Mapping[str, Path],
    ) -> None:
        self.html = html_table.table(
            rows, title, {name: quote(clip) for name, clip in clips.items()}
        )
        self.png = contact_sheet.sheet(title, rows, posters)
        self._head = f"Snapshot of {len(rows)} clips"
        self._lines = [_line(row, clips.get(row["id"], "")) for row in rows]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        sheet = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self._head}
        display(sheet, raw=True)  # type: ignore[no-untyped-call]
        table = {"text/html": self.html, "text/plain": "\n".join(self._lines)}
        display(table, raw=True)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        return "\n".join([self._head, *self._lines])


def _line(row: Mapping[str, Any], clip: str) -> str:
    """A clip in words: it is saved with the notebook, so the file is named as seen from there, not
    by its full path."""
    facts = (
        f"  {row['provider']:<22} {row['model']:<24} {row['resolution']:>5} {row['duration']:>2} s "
        " "
        f"take {row['take'] or '-'}  {row['state']:<11} {clip or row['error']}"
    )
    return visible(facts.rstrip())


def notebook_name() -> str:
    """The notebook's name without its ending, as far as its front end tells; else "snapshot"."""
    told = os.environ.get("JPY_SESSION_NAME", "")  # Jupyter's servers
    if not told:
        from IPython.core.getipython import get_ipython

        told = str(getattr(get_ipython(), "user_ns", {}).get("__vsc_ipynb_file__", ""))  # VS Code
    return Path(told).stem if told.endswith(".ipynb") else "snapshot"
