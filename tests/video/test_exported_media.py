"""A comparison as one picture and as one video: real clips of any kind go in, clear words come out."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.errors import ArgumentError, FileError, HailuoError
from hailuo_nb.media import sampling
from hailuo_nb.media.clips import probe
from hailuo_nb.pages import drawing, filmstrip, grid_video, words
from hailuo_nb.pages.assets import messages
from hailuo_nb.pages.row_filter import passes
from hailuo_nb.pages.tiles import Tile
from tests.browser.saved_comparison import saved_comparison
from tests.unit.clips import write
from tests.unit.test_page import data_of, row

FILTERS = json.loads((Path(__file__).parents[1] / "vectors" / "filter.json").read_text("utf-8"))


def flat(colour: tuple[int, int, int], size: tuple[int, int] = (320, 180)) -> np.ndarray[Any, Any]:
    return np.full((size[1], size[0], 3), colour, np.uint8)


def clip(path: Path, colour: tuple[int, int, int], **options: Any) -> Path:
    size = options.get("size", (320, 180))
    return write(path, pixels=flat(colour, size), **options)


def tile(clip: Path, **changes: Any) -> Tile:
    return Tile(row(id=clip.stem, **changes), clip.stem, clip)


def near(pixel: Any, colour: tuple[int, int, int], within: int = 12) -> bool:
    return all(abs(int(one) - other) <= within for one, other in zip(pixel, colour, strict=True))


RED, GREEN, BLUE = (200, 40, 40), (40, 180, 60), (40, 60, 200)


def test_frames_from_the_first_to_the_last(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", RED)
    found = sampling.frames_at(path, 5, (100, 100))
    assert [time for time, _ in found] == pytest.approx([0, 0.5, 1, 1.5, 47 / 24], abs=0.05)
    assert {picture.shape for _, picture in found} == {(56, 100, 3)}
    assert near(found[2][1][20, 50], RED)
    once = sampling.frames_at(clip(tmp_path / "b.mp4", RED, frames=1), 5, (100, 100))
    assert [time for time, _ in once] == [0] * 5


def test_a_clip_is_shown_at_its_own_speed_at_any_rate(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", RED)
    assert sum(1 for _ in sampling.frames_every(path, 12, (64, 64))) == 24
    assert sum(1 for _ in sampling.frames_every(path, 30, (64, 64))) == 60


def test_filmstrips_have_five_pictures_a_clip_stars_and_what_the_votes_say(tmp_path: Path) -> None:
    tiles = [
        tile(clip(tmp_path / "red.mp4", RED), rating=4),
        tile(clip(tmp_path / "green.mp4", GREEN)),
    ]
    data = filmstrip.render("Cats", tiles)
    image = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert image.shape[1] == 1240
    for colour in (RED, GREEN):
        alike = (np.abs(image.astype(int) - colour).max(axis=2) < 14).any(axis=0)
        starts = np.flatnonzero(np.diff(alike.astype(int)) == 1)
        assert len(starts) == 5, "five pictures beside each other"
    star = (np.abs(image.astype(int) - (201, 138, 0)).max(axis=2) < 3).sum()
    assert star > 200
    with_votes = Tile(tiles[0].row, "red", tiles[0].clip, "winner", 3, 4)
    won = np.asarray(Image.open(io.BytesIO(filmstrip.render("", [with_votes]))).convert("RGB"))
    assert (np.abs(won.astype(int) - (26, 127, 55)).max(axis=2) < 40).sum() > 50, (
        "the winner's green"
    )


def test_a_broken_clip_says_why_in_its_place_and_takes_no_other_with_it(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    good, gone = tile(clip(tmp_path / "a.mp4", RED)), tile(tmp_path / "gone.mp4")
    for tiles in ([good, tile(broken)], [gone, good]):
        assert filmstrip.render("", tiles).startswith(b"\x89PNG")
        grid_video.write(tmp_path / "grid.mp4", "", tiles)
        assert probe(tmp_path / "grid.mp4").frames == 48
    with pytest.raises(HailuoError, match=r"broken cannot be read: .*MP4"):
        filmstrip.render("", [tile(broken)])
    with pytest.raises(HailuoError, match="gone cannot be read: No such file"):
        grid_video.write(tmp_path / "none.mp4", "", [gone])
    assert not (tmp_path / "none.mp4").exists()


def test_no_clip_and_too_many_are_said(tmp_path: Path) -> None:
    for call in (
        lambda: filmstrip.render("", []),
        lambda: grid_video.write(tmp_path / "x", "", []),
    ):
        with pytest.raises(HailuoError, match="No clip here has arrived yet"):
            call()
    many = [tile(tmp_path / f"{index}.mp4") for index in range(17)]
    with pytest.raises(HailuoError, match="at most 16 clips, and 17 are shown"):
        grid_video.write(tmp_path / "x", "", many)
    with pytest.raises(HailuoError, match="最多包含 16"):
        grid_video.write(tmp_path / "x", "", many, language="zh")


def test_a_grid_of_clips_of_different_shape_length_rate_and_sound(tmp_path: Path) -> None:
    tiles = [
        tile(clip(tmp_path / "wide.mp4", RED)),
        tile(clip(tmp_path / "tall.mp4", GREEN, size=(180, 320), frames=24)),
        tile(clip(tmp_path / "loud.mp4", BLUE, sound="aac")),
    ]
    target = tmp_path / "grid.mp4"
    grid_video.write(target, "A title", tiles)
    facts = probe(target)
    assert (facts.codec, facts.frames, round(facts.fps), facts.audio) == ("h264", 48, 24, False)
    first, last = (
        picture for _, picture in sampling.frames_at(target, 2, (facts.width, facts.height))
    )
    head = first.shape[0] - 2 * (360 + 40 + 8)
    assert near(first[head + 180, 8 + 320], RED)
    assert near(first[head + 180, 656 + 320], GREEN)
    assert near(first[head + 180, 656 + 20], (0, 0, 0)), "a tall clip keeps its shape"
    assert near(first[head + 408 + 180, 8 + 320], BLUE)
    assert near(last[head + 180, 8 + 320], RED), "the longest is never darkened"
    half = tuple(one // 2 for one in GREEN)
    assert near(last[head + 180, 656 + 320], half), "what is over stands still, darkened"  # type: ignore[arg-type]


def test_an_export_gives_up_when_it_is_told_to(tmp_path: Path) -> None:
    one = tile(clip(tmp_path / "a.mp4", RED))
    asked = iter([False] * 20)
    with pytest.raises(HailuoError, match="stopped"):
        grid_video.write(tmp_path / "x.mp4", "", [one], stop=lambda: next(asked, True))


def test_memory_does_not_grow_with_the_length_of_a_clip(tmp_path: Path) -> None:
    tiles = [tile(clip(tmp_path / "a.mp4", RED, frames=96))]
    grid_video.write(tmp_path / "warm.mp4", "", tiles)
    tracemalloc.start()
    grid_video.write(tmp_path / "grid.mp4", "", tiles)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 960 * 540 * 3, "a few pictures and not all 96"


@pytest.mark.parametrize(
    "text", ["", "x" * 3000, "一只猫" * 300, "a\x1b[31m\u202e\0\nb", "\ud800 \U0001f98a"]
)
def test_any_text_fits(tmp_path: Path, text: str) -> None:
    one = tile(clip(tmp_path / "a.mp4", RED, frames=4), prompt=text, note=text, tags=[text])
    two = Tile(row(id="two"), text, one.clip)
    image = Image.open(io.BytesIO(filmstrip.render(text, [one, two]))).convert("L")
    assert sum(image.crop((1225, 0, 1240, image.height)).histogram()[:140]) == 0, (
        "nothing at the edge"
    )
    grid_video.write(tmp_path / "grid.mp4", text, [one, two])


def test_without_a_chinese_font_the_picture_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = tile(clip(tmp_path / "a.mp4", RED, frames=4), prompt="一只猫")
    plain = Image.open(io.BytesIO(filmstrip.render("", [one]))).height
    monkeypatch.setattr(drawing, "_chinese_font", lambda: None)
    drawing.font.cache_clear()
    noted = Image.open(io.BytesIO(filmstrip.render("", [one]))).height
    drawing.font.cache_clear()
    assert drawing.lacks_chinese(["一"]) and not drawing.lacks_chinese(["cat"])
    assert noted >= plain + 26


def test_every_sentence_of_an_export_is_used() -> None:
    code = "".join(
        Path(module.__file__ or "").read_text("utf-8") for module in (filmstrip, grid_video)
    ).replace("{tile.mark}", "winner ahead")
    for key in messages("export")["en"]:
        name = key.removesuffix(".one").removesuffix(".other").removeprefix("export.")
        assert f"export.{name}" in code or name in {"winner", "ahead"}, key


def test_sentences_are_in_the_reader_s_language() -> None:
    english, chinese = words.translator("en-US"), words.translator("zh-CN")
    assert english("export.more", count=1) == "and 1 more clip"
    assert english("export.more", count=2) == "and 2 more clips"
    assert chinese("export.more", count=1) == "另有 1 个视频"
    assert words.price(row(spent=0), english) == "nothing"
    assert words.price(row(spent=0), chinese) == "无费用"
    assert words.price(row(simulated=True), chinese) == "免费（模拟）"
    assert words.price(row(charged="2.10 CNY"), chinese) == "标价 2.00 CNY，实收 2.10 CNY"
    assert words.translator("fr")("take", take=2) == "take 2"


# Of a comparison -----------------------------------------------------------------------------------


def test_a_comparison_is_written_as_the_widget_shows_it(tmp_path: Path) -> None:
    comparison = saved_comparison(tmp_path / "clips", 3, votes=[Vote("job-0", "job-1", "first")])
    assert comparison.to_png(tmp_path / "a.png") == tmp_path / "a.png"
    everything = Image.open(tmp_path / "a.png").height
    widget: Any = comparison.widget
    widget.filter, widget.language = {"text": "dusk"}, "zh"
    widget.view, widget.arrangement = "table", {"sort": {"by": "cost", "down": True}}
    comparison.to_png(tmp_path / "a.png")
    assert Image.open(tmp_path / "a.png").height < everything - 200
    comparison.to_video(tmp_path / "a.mp4")
    assert probe(tmp_path / "a.mp4").width == 960 + 16, "one clip of three"
    page = data_of(comparison.to_html(tmp_path / "a.html").read_text(encoding="utf-8"))
    assert (page["view"], page["filter"]) == ("table", {"text": "dusk"})
    assert page["arrangement"]["sort"]["by"] == "cost" and len(page["rows"]) == 3
    first = comparison.jobs[:1]
    comparison.to_video(tmp_path / "b.mp4", clips=first, names={first[0].id: "Clip 1"})
    table = comparison.to_csv(tmp_path / "b.csv", clips=first).read_text(encoding="utf-8-sig")
    assert len(table.splitlines()) == 2
    assert len(comparison.to_csv(tmp_path / "all.csv").read_text("utf-8-sig").splitlines()) == 4


def test_a_path_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    comparison = saved_comparison(tmp_path / "clips", 1)
    (tmp_path / "taken").mkdir()
    for call in (comparison.to_png, comparison.to_video):
        with pytest.raises((FileError, OSError)):
            call(tmp_path / "taken")
        with pytest.raises((FileError, OSError)):
            call(tmp_path / "clips" / "comparison.json" / "x")
        with pytest.raises(ArgumentError):
            call(3)  # type: ignore[arg-type]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clips", "taken"]


@pytest.mark.parametrize("case", FILTERS, ids=lambda case: case["what"])
def test_the_filter_lets_through_what_the_page_shows(case: Any) -> None:
    given = row(**case["row"])
    assert passes(given, case["filter"], blind=case.get("blind", False)) is case["passes"]
