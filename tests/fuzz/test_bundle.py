"""Fuzz: a stranger's exported comparison is refused in words or shown whole; nothing outside its folder is read."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import hailuo_nb as hn
from hailuo_nb.bundle import BundleError
from hailuo_nb.comparison import RANKED_BY
from hailuo_nb.engine.states import STATES
from hailuo_nb.told import ToldError
from tests.fuzz.conftest import Project
from tests.fuzz.documents import body, changes
from tests.fuzz.profile import target
from tests.fuzz.watched import watching

SECRET = "s3cr3t-of-this-user"
MOST_TOLD = 6000  # characters of an error, a row's text, a line of a table
TAGS = frozenset({
    "html", "meta", "title", "style", "main", "h1", "h2", "div", "article", "video", "img", "p", "bdi", "ul", "li",
    "span", "footer", "script", "table", "caption", "thead", "tbody", "tr", "th", "td", "b", "br",
})  # fmt: skip
LINKS = ("data:image/", "data:video/mp4")


class Stranger:
    """A folder that came from elsewhere, beside a private file of the user."""

    def __init__(self, folder: Path, exported: Path) -> None:
        self.folder = folder / "came"
        self.page = folder / "page" / "page.html"
        self.page.parent.mkdir()
        shutil.copytree(exported, self.folder)
        for private in (folder / "secret", self.folder / "notes.txt", self.folder / "videos" / "notes.mp4"):
            private.write_text(SECRET)
        (self.folder / "videos" / "link.mp4").symlink_to(folder / "secret")
        self.file = self.folder / "comparison.json"
        self.document = _the_same_every_time(json.loads(self.file.read_text(encoding="utf-8")))
        self.document["clips"][1]["path"] = "videos/link.mp4"


def _the_same_every_time(document: dict[str, Any]) -> dict[str, Any]:
    """With two clips, ids that tell nothing and round times: a change of the same seed is then the same change."""
    clips = document["clips"] = document["clips"][:2]
    text = json.dumps(document | {"written_at": 1.8e9})
    for number, clip in enumerate(clips):
        text = text.replace(f'"{clip["id"]}"', f'"clip-{number}"')
        for time, value in (
            ("created_at", 1.8e9),
            ("submitted_at", 1.8e9),
            ("finished_at", 1.8e9),
            ("generation_seconds", 30.0),
        ):
            text = text.replace(f'"{time}": {clip[time]}', f'"{time}": {value + number}')
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Iterator[Stranger]:
    found = Stranger(tmp_path_factory.mktemp("stranger"), project.exported)
    found.file.write_text(json.dumps(found.document))
    board = hn.Comparison.load(found.folder)
    _check(board, found)  # as it is it can be shown; and what is imported late is there
    assert board[0].path is not None
    assert board[1].path is None
    yield found


@target(150)
@given(seeds=changes)
def test_a_strangers_comparison_is_shown_whole_or_refused_in_words(
    stranger: Stranger, seeds: list[int]
) -> None:
    stranger.file.write_bytes(body(stranger.document, seeds))
    with watching(stranger.folder, stranger.page.parent):
        try:
            board = hn.Comparison.load(stranger.folder)
        except BundleError as error:
            assert 0 < len(str(error)) < MOST_TOLD
            return
        _check(board, stranger)


def _check(board: hn.Comparison, stranger: Stranger) -> None:
    for job in board:
        assert job.done
        assert job.rating in range(6)
        assert job.state in STATES
        assert job.take >= 1
        for number in (job.cost, job.fps, job.submitted_at, job.finished_at, job.bytes, job.frames):
            assert number is None or (math.isfinite(number) and number >= 0)
        for path in (job.path, job.poster):
            assert path is None or path.resolve().is_relative_to(stranger.folder)
        with pytest.raises(ToldError):
            job.look_again()
    rows = board.rows(folder=stranger.folder)
    wire = json.dumps(rows, allow_nan=False)  # as it goes to a page, whose JSON has no NaN
    wire.encode("utf-8")
    shown = [repr(board), *map(repr, board), *(job._repr_html_() for job in board)]
    shown += [
        str(board._repr_mimebundle_()),
        repr(board.to_frame()),
        *(str(board.ranking(by)) for by in RANKED_BY),
    ]
    page = board.to_html(stranger.page).read_text(encoding="utf-8")
    for text in (wire, page, *shown):
        assert SECRET not in text
    for html in (page, *(job._repr_html_() for job in board), board._repr_mimebundle_()["text/html"]):
        Safe().feed(html)


class Safe(HTMLParser):
    """Fails at markup that we do not write."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"href", "srcdoc", "action", "formaction"}
            assert name not in {"src", "poster"} or str(value).startswith(LINKS)
        assert tag != "script" or dict(attrs).get("type") in {"application/json", "module"}
