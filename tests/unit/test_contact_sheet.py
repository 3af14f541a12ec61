"""The contact sheet: its cells, its captions, and what happens where there is nothing to show."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hailuo_nb.pages import contact_sheet, drawing
from tests.unit.test_page import row


def sheet(*args: Any) -> Image.Image:
    data = contact_sheet.render(*args)
    assert data.startswith(b"\x89PNG")
    return Image.open(io.BytesIO(data)).convert("RGB")


def inked(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Dark pixels of a part of the sheet."""
    return sum(image.crop(box).convert("L").histogram()[:140])


def test_each_clip_has_a_cell_and_the_paper_is_white(tmp_path: Path) -> None:
    poster = tmp_path / "one.jpg"
    Image.new("RGB", (160, 90), (200, 40, 40)).save(poster)
    image = sheet("Cats", [row(), row(id="two", state="failed")], {"one": poster})
    assert image.getpixel((0, 0)) == (255, 255, 255)
    red, green, _ = image.getpixel((200, 170))  # type: ignore[misc]
    assert red > 180 and green < 70
    assert image.getpixel((450, 100)) == pytest.approx((43, 49, 56), abs=12)
    assert inked(image, (14, 290, 394, 320)) > 50
    assert image.size == (802, 70 + 380 * 9 // 16 + 54 + 14)


def test_four_clips_stand_two_by_two_and_many_are_counted() -> None:
    four = sheet("", [row(id=str(index), prompt=str(index)) for index in range(4)], {})
    assert four.size[0] == 802
    many = sheet("", [row(id=str(index)) for index in range(40)], {})
    assert inked(many, (0, many.height - 30, 200, many.height)) > 20
    assert many.width <= 1200
    assert sheet("", [], {}).width > 0


def test_a_poster_that_is_no_picture_leaves_its_cell_empty(tmp_path: Path) -> None:
    broken = tmp_path / "one.jpg"
    broken.write_bytes(b"no picture")
    image = sheet("", [row()], {"one": broken})
    assert image.getpixel((30, 90)) == pytest.approx((43, 49, 56), abs=12)


@pytest.mark.parametrize(
    "text",
    ["", "x" * 5000, "word " * 900, "一只猫" * 400, "a\x1b[31m\u202e\0\nb", "\ud800 \U0001f98a"],
)
def test_any_text_fits(text: str) -> None:
    image = sheet(text, [row(prompt=text, provider_title=text), row(id="two")], {})
    assert image.width == 802
    assert inked(image, (790, 0, 802, 60)) == 0, "nothing runs over the edge"


def test_a_cut_line_ends_with_a_mark() -> None:
    font = drawing.font(14)
    words = "one two three four five six seven"
    line = drawing._fit_line(words, 100, font)
    assert words.startswith(line) and line.endswith(" ") and font.getlength(line.rstrip()) <= 100
    assert drawing._fit_line("x" * 500, 100, font) == "x" * len(
        drawing._fit_line("x" * 500, 100, font)
    )
    assert len(drawing._fit_line("wide", 1, font)) == 1
