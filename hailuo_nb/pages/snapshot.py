"""An output for the saved notebook: players that need no kernel, and a contact sheet where nothing
plays.

Two outputs, not one with two kinds: nbconvert, and what renders notebooks on code hosts, take HTML
before a picture, and the hosts then strip the players from it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from hailuo_nb.pages import contact_sheet, html_table, summary_table
from hailuo_nb.pages.rows import BoardRow, text_line
from hailuo_nb.pages.summary_rows import Summaries


class Snapshot:
    """What a cell shows: first the sheet (`png`), then the table (`html`).

    clips    by the id of a row the path of its clip, relative to the notebook
    posters  by the id of a row the file of its poster
    """

    def __init__(
        self,
        title: str,
        rows: Sequence[BoardRow],
        clips: Mapping[str, str],
        posters: Mapping[str, Path],
        summaries: Summaries | None = None,
    ) -> None:
        links = {row_id: quote(clip) for row_id, clip in clips.items()}
        self.html = html_table.render(rows, title, links) + summary_table.render(summaries or {})
        self.png = contact_sheet.render(title, rows, posters)
        self._head = f"Snapshot of {len(rows)} clips"
        # Paths are relative to the notebook that keeps them.
        self._lines = [text_line(row, clips.get(row["id"]) or row["error"]) for row in rows]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        sheet = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self._head}
        display(sheet, raw=True)  # type: ignore[no-untyped-call]
        table = {"text/html": self.html, "text/plain": "\n".join(self._lines)}
        display(table, raw=True)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        return "\n".join([self._head, *self._lines])


def notebook_name() -> str:
    """The notebook's name without its suffix, where its front end says it; else "snapshot"."""
    found = os.environ.get("JPY_SESSION_NAME", "")  # Jupyter's servers
    if not found:
        from IPython.core.getipython import get_ipython

        found = str(getattr(get_ipython(), "user_ns", {}).get("__vsc_ipynb_file__", ""))  # VS Code
    return Path(found).stem if found.endswith(".ipynb") else "snapshot"
