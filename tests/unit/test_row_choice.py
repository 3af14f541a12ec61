"""Which row serves a request, where a model has several endpoints."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hailuo_nb.catalog import match, names
from hailuo_nb.catalog.compatibility import check
from hailuo_nb.catalog.row_choice import row_for
from hailuo_nb.catalog.rows import Row, parse
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.unit.test_catalog_files import BOOK, SOURCED

FRAME = Frame("https://acme.example/a.png", url="https://acme.example/a.png")
PICTURE = Reference("picture", "https://acme.example/b.png", url="https://acme.example/b.png")


def _row(endpoint: str, formats: dict[str, list[int]], **fields: Any) -> dict[str, Any]:
    return {
        "model": "MiniMax-Hailuo-02",
        "endpoint": endpoint,
        "default": True,
        "text": "required" not in {fields.get("first_frame"), fields.get("last_frame")},
        "first_frame": "no",
        "last_frame": "no",
        "formats": [
            {"resolution": label, "durations": times, "sent_as": label}
            for label, times in formats.items()
        ],
        **SOURCED,
        **fields,
    }


def _rows(*lines: dict[str, Any]) -> tuple[Row, ...]:
    book = copy.deepcopy(BOOK)
    book["prices"] = {"currency": "", "rows": [], **SOURCED}
    return parse(book | {"rows": list(lines)})


@pytest.fixture
def sell(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`sell(*lines)` makes these rows the whole catalogue of "acme"."""

    def of(*lines: dict[str, Any]) -> tuple[Row, ...]:
        rows = _rows(*lines)
        monkeypatch.setattr(names, "rows", lambda: rows)
        names.rows_of.cache_clear()
        return rows

    yield of
    monkeypatch.undo()
    names.rows_of.cache_clear()


def clip(**fields: Any) -> VideoRequest:
    return VideoRequest("A cat", "MiniMax-Hailuo-02", **fields)


def endpoint(**fields: Any) -> str:
    return row_for(clip(**fields), "acme").endpoint


def test_an_endpoint_for_each_resolution(sell: Any) -> None:
    """As at fal, where "standard" is 768P and "pro" is 1080P."""
    sell(
        _row("standard/text", {"768P": [6, 10]}),
        _row("standard/image", {"512P": [6, 10], "768P": [6, 10]}, first_frame="required"),
        _row("pro/text", {"1080P": [6]}),
        _row("pro/image", {"1080P": [6]}, first_frame="required"),
    )
    assert endpoint() == "standard/text"
    assert endpoint(resolution="1080P") == "pro/text"
    assert endpoint(resolution="1080P", first_frame=FRAME) == "pro/image"
    assert endpoint(resolution="512P", first_frame=FRAME) == "standard/image"
    (problem,) = check(clip(resolution="1080P", duration=10), "acme")
    assert problem.message == (
        "Acme Video sells MiniMax-Hailuo-02 at 1080P for 6 s, not for 10 s; 10 s is sold at 768P."
    )
    assert problem.nearest == clip(resolution="1080P")
    (problem,) = check(clip(resolution="512P"), "acme")
    assert problem.message.startswith(
        "Acme Video sells MiniMax-Hailuo-02 at 768P and 1080P, not at 512P"
    )
    assert problem.nearest == clip()


def test_what_a_frame_opens_and_closes(sell: Any) -> None:
    """As at MiniMax: 512P needs a first frame, and is closed to a last one."""
    both = {"768P": [6, 10], "1080P": [6]}
    sell(
        _row("text", both),
        _row("first", {"512P": [6, 10]} | both, first_frame="required"),
        _row("both", both, first_frame="optional", last_frame="required"),
    )
    assert endpoint() == "text"
    assert endpoint(first_frame=FRAME) == "first"
    assert endpoint(first_frame=FRAME, last_frame=FRAME) == "both"
    assert endpoint(last_frame=FRAME) == "both"
    assert not check(clip(resolution="512P", first_frame=FRAME), "acme")
    (problem,) = check(clip(resolution="512P", first_frame=FRAME, last_frame=FRAME), "acme")
    assert problem.code == "resolution_not_sold"


def test_references_have_a_row_of_their_own(sell: Any) -> None:
    limits = {"pictures": 9, "clips": 3, "sounds": 3, "total": 12, **SOURCED}
    sell(
        _row("frames", {"768P": [6]}, first_frame="optional", last_frame="optional"),
        _row("references", {"768P": [6]}, references=limits),
    )
    assert endpoint() == "frames"
    assert endpoint(first_frame=FRAME) == "frames"
    assert endpoint(references=(PICTURE,)) == "references"


def test_a_row_has_blocks_of_its_own(sell: Any) -> None:
    own = {
        "camera": {"dialect": "zh", **SOURCED},
        "prompt": {"limit": 7000, **SOURCED},
        "tasks": {"list": False, "cancel": False, "link_life": 3600, **SOURCED},
    }
    plain, other = sell(_row("plain", {"768P": [6]}), _row("own", {"1080P": [6]}, **own))
    assert (plain.camera, plain.prompt.limit, plain.tasks.list) == (plain.facts.camera, 1500, True)
    assert (other.camera.dialect, other.prompt.limit, other.tasks.list) == ("zh", 7000, False)
    request = clip(resolution="1080P").but(prompt="A cat [Push in]")
    assert match.prompt(request, other) == "A cat [推进]"
    assert row_for(request, "acme") is other


def test_a_ratio_that_must_be_named(sell: Any) -> None:
    (row,) = sell(
        _row(
            "text",
            {"768P": [6]},
            first_frame="optional",
            ratios=["16:9", "9:16"],
            default_ratio="16:9",
        )
    )
    assert match.ratio(clip(), row) == "16:9"
    assert match.ratio(clip(ratio="9:16"), row) == "9:16"
    assert match.ratio(clip(first_frame=FRAME), row) is None
