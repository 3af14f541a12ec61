"""Fuzz: a stranger's exported comparison is refused in words or shown whole; nothing outside its
folder is read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import hailuo_nb as hn
from hailuo_nb.errors import BundleError, ReadOnlyError
from tests.fuzz.conftest import Project
from tests.fuzz.documents import body, changes
from tests.fuzz.profile import target
from tests.fuzz.shown import MAX_TOLD, SECRET, check
from tests.fuzz.watched import watching


class Stranger:
    """A folder that came from elsewhere, beside a private file of the user."""

    def __init__(self, folder: Path, exported: Path) -> None:
        self.folder = folder / "came"
        self.page = folder / "page" / "page.html"
        self.page.parent.mkdir()
        shutil.copytree(exported, self.folder)
        for private in (
            folder / "secret",
            self.folder / "notes.txt",
            self.folder / "videos" / "notes.mp4",
        ):
            private.write_text(SECRET)
        (self.folder / "videos" / "link.mp4").symlink_to(folder / "secret")
        self.file = self.folder / "comparison.json"
        self.document = _the_same_every_time(json.loads(self.file.read_text(encoding="utf-8")))
        self.document["clips"][1]["path"] = "videos/link.mp4"


def _the_same_every_time(document: dict[str, Any]) -> dict[str, Any]:
    """With two clips, ids that tell nothing and round times: a change of the same seed is then the
    same change."""
    clips = document["clips"] = document["clips"][:2]
    text = json.dumps(document | {"written_at": 1e8})
    for number, clip in enumerate(clips):
        text = text.replace(f'"{clip["id"]}"', f'"clip-{number}"')
        for name in ("created_at", "submitted_at", "finished_at", "generation_seconds"):
            text = text.replace(f'"{name}": {clip[name]}', f'"{name}": {1e8 + number}')
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Iterator[Stranger]:
    found = Stranger(tmp_path_factory.mktemp("stranger"), project.exported)
    found.file.write_text(json.dumps(found.document))
    board = hn.Comparison.load(found.folder)
    check(
        board, found.folder, found.page
    )  # as it is it can be shown; and what is imported late is there
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
            assert 0 < len(str(error)) < MAX_TOLD
            return
        check(board, stranger.folder, stranger.page)
        for job in board:
            assert job.done
            with pytest.raises(ReadOnlyError):
                job.look_again()
