"""The table for notebooks that show no widget: small, escaped, and nothing in it that a sanitiser
takes away."""

from __future__ import annotations

import html.parser
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.pages import html_table, posters
from hailuo_nb.pages.rows import DEFAULT_ROW, BoardRow, format_cost

ROW: BoardRow = {
    **DEFAULT_ROW,
    "prompt": "A cat",
    "provider_title": "PPInfra",
    "model": "MiniMax-Hailuo-02",
    "state": "saved",
    "cost": "2.00 CNY",
    "poster": "data:image/jpeg;base64,AAAA",
}


class Reader(html.parser.HTMLParser):
    """The tags with their attributes, the visible text, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def test_a_row_says_what_it_is_what_became_of_it_and_what_it_costs() -> None:
    found = Reader(
        html_table.render(
            [{**ROW, "simulated": True, "error": "No balance.", "advice": "Top up."}], "Cats"
        )
    )
    for words in (
        "A cat",
        "PPInfra",
        "SIMULATED",
        "MiniMax-Hailuo-02 · 768P · 6 s · take 1",
        "saved",
        "No balance.",
        "Top up.",
        "2.00 CNY",
    ):
        assert words in found.text
    assert not found.open
    assert [attributes for tag, attributes in found.tags if tag == "img"] == [
        {"width": "160", "alt": "PPInfra", "src": ROW["poster"]}
    ]


def test_one_prompt_stands_above_and_several_in_their_rows() -> None:
    one = Reader(html_table.render([ROW, ROW], "Cats")).text
    assert (one.count("A cat"), one.count("Cats")) == (1, 0)
    two = Reader(html_table.render([ROW, {**ROW, "prompt": "A dog"}], "Cats")).text
    assert (two.count("A cat"), two.count("A dog"), two.count("Cats")) == (1, 1, 1)


@pytest.mark.parametrize(
    "name", ["prompt", "provider_title", "model", "state", "error", "advice", "cost"]
)
def test_hostile_text_stays_text(name: str) -> None:
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e\x1b[31m'
    other = {**ROW, "prompt": "B"}
    found = Reader(html_table.render([{**ROW, name: evil}, other], evil))
    assert {tag for tag, _ in found.tags} <= {
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "b",
        "br",
        "span",
        "img",
    }
    assert all(not key.startswith("on") for _, attributes in found.tags for key in attributes)
    assert "<script>" in found.text
    assert "\\u202e" in found.text
    assert "\x1b" not in found.text


def test_nothing_is_in_it_that_an_untrusted_notebook_loses_or_that_fetches() -> None:
    text = html_table.render([ROW], "Cats")
    for taken in ("<script", "<style", "<iframe", "<link", "http:", "https:", "url("):
        assert taken not in text


def test_posters_stop_where_the_notebook_would_grow_large() -> None:
    poster = "data:image/jpeg;base64," + "A" * 30_000
    text = html_table.render([{**ROW, "poster": poster}] * 100)
    assert len(text) < html_table.MAX_PICTURES + 100 * 1000
    assert text.count("<img") == html_table.MAX_PICTURES // len(poster)
    assert text.count("<tr>") == 101


def test_what_can_no_longer_be_read_is_no_picture(tmp_path: Path) -> None:
    assert posters.file_url(tmp_path / "gone.jpg", "image/jpeg", 100) == ""
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8")
    assert posters.poster_url(tmp_path / "a.jpg") == "data:image/jpeg;base64,/9g="


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((2.0, "CNY", False), "2.00 CNY"),
        ((None, "", False), "unknown"),
        ((0.0, "", True), "free (simulated)"),
    ],
)
def test_costs_in_words(given: tuple[Any, Any, bool], text: str) -> None:
    assert format_cost(*given) == text


def test_a_clip_that_no_provider_took_costs_nothing() -> None:
    refused: BoardRow = {**ROW, "state": "rejected", "spent": 0.0}
    assert "nothing" in Reader(html_table.render([refused])).text
    assert "2.00 CNY" not in Reader(html_table.render([refused])).text
    charged: BoardRow = {**refused, "state": "failed", "charged": "0.00 CNY"}
    assert "charged 0.00 CNY" in Reader(html_table.render([charged])).text
    free: BoardRow = {**refused, "simulated": True, "cost": "free (simulated)"}
    assert "free (simulated)" in Reader(html_table.render([free])).text
