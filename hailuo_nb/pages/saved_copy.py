"""What stays of a board or studio in a saved notebook: an output beside the widget's own, which
shows the clips where the widget has no kernel."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from typing import Any

MAX_SHOWN = 8
"""Cells in which one widget is kept up to date: those that showed it last."""

# While the widget is in the same cell, this is not seen; a widget takes a moment to be there. The
# hosts are JupyterLab and Notebook 7, VS Code, Colab.
_STYLE = (
    "<style>"
    ".hn-saved{animation:hn-saved 1.5s step-end}"
    "@keyframes hn-saved{from{max-height:0;overflow:hidden}}"
    ":is(.jp-OutputArea,.cell_container,#output-area):has(.hn) .hn-saved,"
    ".jp-OutputArea:has(.hn) .jp-OutputArea-child:has(.hn-saved){display:none}"
    "</style>"
)


class SavedCopy:
    """The copies of one widget: one in each cell that shows it.

    render  the clips as HTML, without a script, and as text; called in a worker too
    """

    def __init__(self, render: Callable[[], tuple[str, str]]) -> None:
        self._render = render
        self._shown: deque[str] = deque(maxlen=MAX_SHOWN)
        self._clips = "", ""

    def show(self, widget: dict[str, Any], metadata: dict[str, Any], words: str) -> None:
        """Display the bundle of the widget and a copy after it. Where the widget cannot be shown
        there are `words` and the copy, as the bundle's own text and HTML would grow old."""
        from IPython.display import display

        bundle = {kind: data for kind, data in widget.items() if kind != "text/html"}
        bundle["text/plain"] = words
        display(bundle, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
        self._clips = self._render()
        self._shown.append(uuid.uuid4().hex)
        self._publish(self._shown[-1], update=False)

    def update(self) -> None:
        """Write the clips anew where any copy is shown and something differs. Any thread may call
        it."""
        if not self._shown or (clips := self._render()) == self._clips:
            return
        self._clips = clips
        for display_id in self._shown:
            self._publish(display_id, update=True)

    def _publish(self, display_id: str, *, update: bool) -> None:
        from IPython.display import display

        html, text = self._clips
        data = {"text/html": f'{_STYLE}<div class="hn-saved">{html}</div>', "text/plain": text}
        display(data, raw=True, display_id=display_id, update=update)  # type: ignore[no-untyped-call]
