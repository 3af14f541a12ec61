"""The page pairs clips for a vote as `matching` does for a verdict; js/pairing.js reads the same
vectors."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure.axes import item_of
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results import matching, rows, suggestions

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "pairing.json").read_text("utf-8"))
CLIPS = VECTORS["clips"]


class Clip:
    """A job as far as pairs need one."""

    own_columns: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, provider: str = "ppinfra", given: str = "", **asked: Any) -> None:
        self.provider = provider
        options = asked.pop("options", {})
        frame = Frame.of(given) if given else None
        base = VideoRequest("A fox", "MiniMax-Hailuo-2.3", "768P", 6, frame)
        self.request = base.but(**asked, **options)


@pytest.fixture(scope="module")
def clips() -> dict[str, Clip]:
    return {name: Clip(**asked) for name, asked in CLIPS.items()}


def test_clips_agree_for_a_verdict_as_the_page_says(clips: dict[str, Clip]) -> None:
    for axis, expected in VECTORS["alike"].items():
        keys = dict(zip(clips, matching.keys([*clips.values()], axis), strict=True))
        found = [
            [one, other]
            for one, other in combinations(clips, 2)
            if keys[one] == keys[other] and item_of(clips[one], axis) != item_of(clips[other], axis)
        ]
        assert sorted(map(sorted, found)) == sorted(map(sorted, expected)), axis


def test_a_row_has_keys_of_what_else_was_asked_for(clips: dict[str, Clip]) -> None:
    for name, key in (("given", rows._given), ("options", rows._option_key)):
        for one, other in combinations(clips, 2):
            same = CLIPS[one].get(name) == CLIPS[other].get(name)
            assert (key(clips[one].request) == key(clips[other].request)) is same, (one, other)
        assert key(clips["fox"].request) == ""


@pytest.mark.parametrize("board", VECTORS["boards"], ids=lambda one: " + ".join(one["clips"]))
def test_a_question_that_nobody_names_is_that_of_the_vote(
    clips: dict[str, Clip], board: dict[str, Any]
) -> None:
    """But of what a vote does not ask about, and of clips that differ in more than one thing."""
    jobs: Any = [clips[name] for name in board["clips"]]
    wanted = board.get("by") or board["axis"]
    if not wanted:
        with pytest.raises(ArgumentError, match="nothing to compare"):
            suggestions.open_axis(jobs)
    else:
        assert suggestions.open_axis(jobs) == wanted
