"""The page on disk as text: what goes in, what is too much, and what its policy names. A browser
opens it elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.errors import TooLargeError
from hailuo_nb.pages import page
from hailuo_nb.pages.page import inline_links, page_path, relative_links, render
from hailuo_nb.pages.rows import DEFAULT_ROW, BoardRow


def row(**changes: Any) -> Any:
    """A row of `Comparison.rows` that a page can show."""
    made: BoardRow = {
        **DEFAULT_ROW,
        "id": "one",
        "prompt": "A cat",
        "provider": "ppinfra",
        "provider_title": "PPInfra",
        "model": "MiniMax-Hailuo-02",
        "state": "saved",
        "progress": 1.0,
        "cost": "2.00 CNY",
        "video": "x",
        "bytes": 9,
        "submitted_at": 1.0,
        "finished_at": 31.0,
    }
    return {**made, **changes}


def data_of(text: str) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="hn-data">(.*?)</script>', text)
    return json.loads(found)


def test_the_policy_names_what_the_page_runs_and_nothing_else() -> None:
    text = render("Cats", [row()], {})
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for name, pattern in (
        ("script-src", r'<script type="module">(.*?)</script>'),
        ("style-src", r"<style>(.*?)</style>"),
    ):
        (inline,) = re.findall(pattern, text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert rules.pop(name) == f"'sha256-{digest}'"
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "media-src": "data: blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "http" not in "".join(rules.values())


def test_clips_are_links_of_the_static_part_alone() -> None:
    text = render(
        "Cats",
        [row(), row(id="two", state="failed")],
        {"one": ("data:video/mp4;base64,AA", "data:image/jpeg;base64,BB")},
    )
    assert text.count("data:video/mp4;base64,AA") == text.count("data:image/jpeg;base64,BB") == 1
    assert [(one["video"], one["poster"]) for one in data_of(text)["rows"]] == [(None, "")] * 2
    assert "1 of 2 clips" in text


def test_text_cannot_leave_its_place() -> None:
    hostile = "</script><script>alert(1)</script><!-- \u202e \ud800 \0"
    text = render(hostile, [row(prompt=hostile, error=hostile, tags=[hostile], id=hostile)], {})
    assert text.count("<script") == 2
    text.encode()
    shown = data_of(text)["rows"][0]["prompt"]
    assert shown == "</script><script>alert(1)</script><!-- \\u202e \\ud800 \\x00"


def test_what_is_not_over_stands_still() -> None:
    (shown,) = data_of(
        render(
            "",
            [row(state="submitted", progress=None, eta=9.0, usual_seconds=40.0, finished_at=None)],
            {},
        )
    )["rows"]
    assert (shown["submitted_at"], shown["eta"], shown["usual_seconds"], shown["progress"]) == (
        None,
        None,
        None,
        0.0,
    )
    assert shown["error"] == "It was submitted when this page was written."


def test_too_much_for_one_page_names_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"x" * 600)
    monkeypatch.setattr(page, "MAX_INLINE", 1000)
    assert inline_links({"one": (clip, None)}, tmp_path / "cats.html")["one"][0].startswith(
        "data:video/mp4;base64,eHh4"
    )
    with pytest.raises(
        TooLargeError, match=r'2 clips have 0 MB.*to_html\(.*cats\', mode="folder"\)'
    ):
        inline_links({"one": (clip, None), "two": (clip, None)}, Path("cats.html"))


def test_a_clip_that_is_gone_is_left_out(tmp_path: Path) -> None:
    assert inline_links({"one": (tmp_path / "gone.mp4", None), "two": (None, None)}, tmp_path) == {
        "one": ("", ""),
        "two": ("", ""),
    }


def test_where_the_page_goes() -> None:
    assert page_path(Path("cats.html"), "inline") == Path("cats.html")
    assert page_path(Path("cats"), "inline") == Path("cats.html")
    assert page_path(Path("cats.v1"), "inline") == Path("cats.v1.html")
    assert page_path(Path("cats"), "folder") == Path("cats/index.html")
    assert page_path(Path("cats/a.HTM"), "folder") == Path("cats/a.HTM")
    with pytest.raises(ValueError, match=r"'inline'.*'folder'.*not 'zip'"):
        page_path(Path("cats"), "zip")  # type: ignore[arg-type]
    assert relative_links({"one": ("videos/a b.mp4", None)}) == {"one": ("videos/a%20b.mp4", "")}


def test_a_script_that_cannot_stand_in_a_page_is_noticed() -> None:
    for broken in ("export const a = 1;", "'</script>';\nexport { a as default };"):
        with pytest.raises(RuntimeError, match="make js"):
            page._module(broken)
