"""A studio's settings as a text, asked for by the page: as a link, and as Python."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb.widgets import share_link
from tests.unit.test_widgets_studio import make_studio, target
from tests.unit.widget_wire import Wire

DRAFT = {
    "prompt": "A cat [Pan left]",
    "targets": [target("ppinfra")],
    "resolution": "768P",
    "duration": 6,
    "options": {},
    "takes": 2,
}


@pytest.mark.parametrize("form", ["link", "python"])
def test_what_stands_in_the_page_is_written(form: str) -> None:
    wire = Wire(make_studio())  # its traits lag behind the page
    [answer] = wire.ask({"id": 3, "kind": "share", "form": form, "draft": DRAFT})
    assert (answer["id"], answer["kind"]) == (3, "ok")
    text: Any = answer["text"]
    if form == "link":
        assert share_link.from_link(text)["prompt"] == "A cat [Pan left]"
        assert share_link.from_link(text)["takes"] == 2
    else:
        assert 'hn.compare(\n    "A cat [Pan left]",' in text
        assert "takes=2" in text


def test_what_cannot_be_written_is_an_error_in_words() -> None:
    wire = Wire(make_studio())
    [answer] = wire.ask(
        {"id": 4, "kind": "share", "form": "python", "draft": {**DRAFT, "prompt": "{a|b"}}
    )
    assert answer["kind"] == "error"
    assert answer["error"]
