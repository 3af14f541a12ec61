"""A snapshot is two outputs, a sheet and a table with players. A browser and a saved notebook see
it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hailuo_nb.pages import html_table, snapshot
from hailuo_nb.pages.snapshot import Snapshot, notebook_name
from tests.unit.test_page import row


def shown(made: Snapshot, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    display: Callable[..., None] = lambda data, raw: seen.append(data)  # noqa: E731
    monkeypatch.setattr("IPython.display.display", display)
    made._ipython_display_()
    return seen


def test_a_sheet_and_then_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Snapshot(
        "Cats",
        [row(poster="data:image/jpeg;base64,AA"), row(id="two")],
        {"one": "a b/1.mp4", "two": "2.mp4"},
        {},
    )
    first, second = shown(made, monkeypatch)
    assert list(first) == ["image/png", "text/plain"]
    assert first["text/plain"] == "Snapshot of 2 clips"
    assert list(second) == ["text/html", "text/plain"]
    assert (
        'poster="data:image/jpeg;base64,AA" preload="none" src="a%20b/1.mp4"' in second["text/html"]
    )
    assert 'preload="metadata" src="2.mp4"' in second["text/html"]
    assert repr(made) == f"{first['text/plain']}\n{second['text/plain']}"
    assert "saved       a b/1.mp4" in repr(made)


def test_hostile_text_stays_text() -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    text = html_table.render(
        [row(provider_title=hostile, poster=hostile)], hostile, {"one": hostile}
    )
    assert "<img" not in text.replace("&lt;img", "")


def test_the_notebook_gives_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/some/where/my cats.ipynb")
    assert notebook_name() == "my cats"
    monkeypatch.setenv("JPY_SESSION_NAME", "Console 1")
    assert notebook_name() == "snapshot"
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert notebook_name() == "snapshot"
    shell = InteractiveShell()
    shell.user_ns["__vsc_ipynb_file__"] = "/x/dogs.ipynb"
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    assert snapshot.notebook_name() == "dogs"


def test_the_name_is_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "../../etc/x.ipynb")
    assert Path(notebook_name()).name == notebook_name()
