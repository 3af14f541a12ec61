"""PromptStudio's frames on the Python side: pieces of a file, crops, what a slot shows and what is
sent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from hailuo_nb.media.images import MAX_INPUT_BYTES
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets.frame_slots import crop_box, cropped
from hailuo_nb.widgets.prompt_studio import PromptStudio
from hailuo_nb.widgets.uploads import Chunk, Uploads
from tests.unit import kinds
from tests.unit.pictures import encoded, noise
from tests.unit.test_widgets_studio import entry, make_studio, png
from tests.unit.widget_wire import Wire


def pieces(data: bytes, size: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    count = -(-len(data) // size)
    for seq in range(count):
        head = {
            "id": 4,
            "kind": "frame",
            "slot": "first",
            "name": "cat.png",
            "seq": seq,
            "last": seq == count - 1,
            "size": len(data),
        }
        yield head, data[seq * size : (seq + 1) * size]


def test_a_frame_comes_in_pieces_in_any_order_and_goes_into_the_requests() -> None:
    studio = make_studio()
    wire = Wire(studio)
    data = png(640, 400)
    parts = list(pieces(data, len(data) // 3))
    answers = [wire.ask(head, piece) for head, piece in reversed(parts)]
    assert [len(answer) for answer in answers] == [0] * (len(parts) - 1) + [1]
    assert answers[-1] == [{"id": 4, "kind": "ok"}]
    facts = studio.first_frame
    assert (facts["name"], facts["width"], facts["height"], facts["bytes"]) == (
        "cat.png",
        640,
        400,
        len(data),
    )
    assert facts["thumbnail"].startswith("data:image/jpeg;base64,")
    assert len(facts["thumbnail"]) < 20_000
    frame = studio.draft().requests()[0][1].first_frame
    assert frame is not None
    assert frame.data == data
    assert wire.ask({"id": 5, "kind": "frame_clear", "slot": "first"}) == [{"id": 5, "kind": "ok"}]
    assert studio.first_frame == {}
    assert studio.draft().first_frame is None


@pytest.mark.parametrize(
    ("data", "words"),
    [(png(200, 200), "200"), (b"GIF89a...", "cat.png"), (png(1000, 320), "cat.png")],
)
def test_a_frame_that_may_not_be_sent_is_refused_with_its_measures_and_its_name(
    data: bytes, words: str
) -> None:
    studio = make_studio()
    [(head, piece)] = pieces(data, len(data))
    [answer] = Wire(studio).ask(head, piece)
    assert answer["kind"] == "error"
    assert words in answer["error"]
    assert studio.first_frame["error"] == answer["error"]
    assert ("crop" in studio.first_frame) == (studio.first_frame["code"] == "ratio")
    assert studio.draft().first_frame is None


def test_a_refused_ratio_can_be_cropped_to_the_nearest_one() -> None:
    studio = make_studio()
    wire = Wire(studio)
    [(head, piece)] = pieces(png(1000, 320), 10**6)
    wire.ask(head, piece)
    assert (studio.first_frame["code"], studio.first_frame["values"]["ratio"]) == (
        "ratio",
        "1:3.12",
    )
    offered = studio.first_frame["crop"]
    assert (offered["width"], offered["height"]) == (800, 320)
    assert offered["thumbnail"].startswith("data:image/jpeg")
    assert wire.ask({"id": 5, "kind": "frame_crop", "slot": "first"}) == [{"id": 5, "kind": "ok"}]
    facts = studio.first_frame
    assert (facts["name"], facts["width"], facts["height"]) == ("cat.png", 800, 320)
    [again] = wire.ask({"id": 6, "kind": "frame_crop", "slot": "first"})
    assert again["kind"] == "error"


def test_a_picture_that_a_provider_does_not_take_is_made_smaller_by_one_click() -> None:
    studio = make_studio(prompt="A cat")
    wire = Wire(studio)
    heavy = encoded(Image.fromarray(noise(3000, 2400)), compress_level=0)
    answers = [wire.ask(head, piece) for head, piece in pieces(heavy, 4 * 2**20)]
    assert answers[-1] == [{"id": 4, "kind": "ok"}]
    [wrong] = [p for p in studio.problems if p["severity"] == "error"]
    assert (wrong["code"], wrong["changes"]) == ("picture_bytes", {"first_frame": "fitted"})
    assert wrong["targets"] == studio.targets
    assert wire.ask({"id": 5, "kind": "frame_fit", "slot": "first"}) == [{"id": 5, "kind": "ok"}]
    facts = studio.first_frame
    assert (facts["name"], facts["width"], facts["height"]) == ("cat.png", 3000, 2400)
    assert facts["bytes"] < 20 * 2**20
    assert studio.problems == []


def test_what_the_slot_shows_is_what_is_sent() -> None:
    for name in ("png 16-bit grey", "jpeg cmyk", "png rgba", "jpeg exif turn 6"):
        studio = make_studio()
        [(head, piece)] = pieces(kinds.FILES[name], 10**6)
        Wire(studio).ask(head, piece)
        frame = studio.draft().first_frame
        assert frame is not None
        shown = studio.first_frame
        assert (shown["thumbnail"], shown["width"]) == (frame.thumbnail(), frame.width)
        assert frame == Frame.of(kinds.FILES[name])


@pytest.mark.parametrize(
    ("size", "part"),
    [
        ((1000, 320), (100, 0, 900, 320)),
        ((320, 1000), (0, 100, 320, 900)),
        ((800, 320), (0, 0, 800, 320)),
        ((901, 303), (72, 0, 829, 303)),
    ],
)
def test_the_largest_part_in_the_middle_whose_ratio_is_taken(
    size: tuple[int, int], part: tuple[int, int, int, int]
) -> None:
    assert crop_box(*size) == part
    left, top, right, bottom = part
    short, long = sorted((right - left, bottom - top))
    assert long * 2 <= short * 5


def test_a_crop_keeps_the_middle_of_the_picture_and_turns_it_as_its_exif_says() -> None:

    picture = Image.new("RGB", (1000, 320), "black")
    picture.paste("white", (480, 0, 520, 320))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif, quality=95)
    frame = cropped(file.getvalue(), "cat.jpg")
    assert (frame.width, frame.height, frame.name) == (320, 800, "cat.jpg")
    assert frame.data is not None
    with Image.open(io.BytesIO(frame.data)) as cut:
        grey = cut.convert("L").tobytes()
    assert grey[400 * 320 + 160] > 200
    assert grey[100 * 320 + 160] < 50


def test_first_and_last_change_places() -> None:
    studio = make_studio()
    studio.set_frame("first", "https://example.org/a.png")
    assert Wire(studio).ask({"id": 1, "kind": "frame_swap"}) == [{"id": 1, "kind": "ok"}]
    assert (studio.first_frame, studio.last_frame["name"]) == ({}, "a.png")
    draft = studio.draft()
    assert draft.first_frame is None
    assert draft.last_frame is not None


# PromptStudio: settings, history, templates, limits -----------------------------------------------


def test_a_link_is_a_frame_and_what_is_none_is_refused() -> None:
    studio = make_studio()
    wire = Wire(studio)
    assert (
        wire.ask(
            {"id": 1, "kind": "frame_url", "slot": "last", "url": "https://example.org/a/cat.png"}
        )[0]["kind"]
        == "ok"
    )
    assert studio.last_frame["url"] == "https://example.org/a/cat.png"
    assert (
        wire.ask(
            {"id": 2, "kind": "frame_url", "slot": "last", "url": "http://example.org/cat.png"}
        )[0]["kind"]
        == "error"
    )
    assert "https" in studio.last_frame["error"]


def test_a_last_frame_where_none_is_taken_can_be_taken_away_by_one_click() -> None:
    studio = PromptStudio([entry("xcompute")], prompt="A cat", generate=lambda _draft: None)
    studio.set_frame("last", "https://example.org/cat.png")
    [problem] = [p for p in studio.problems if p["severity"] == "error"]
    assert (problem["field"], problem["changes"]) == ("last_frame", {"last_frame": None})


def test_uploads_refuse_too_much_and_forget_the_half_ones() -> None:
    uploads = Uploads()
    with pytest.raises(ValueError, match="64 MB"):
        uploads.add(Chunk(1, seq=0, last=False, size=MAX_INPUT_BYTES + 1, name="", data=b"x"))
    with pytest.raises(ValueError, match="More bytes"):
        uploads.add(Chunk(2, seq=0, last=False, size=3, name="", data=b"four"))
    with pytest.raises(ValueError, match="2 of 3"):
        uploads.add(Chunk(3, seq=0, last=True, size=3, name="", data=b"ab"))
    for number in range(10, 20):
        assert uploads.add(Chunk(number, seq=0, last=False, size=9, name="", data=b"half")) is None
    assert len(uploads._chunks) <= 4
    assert uploads.add(Chunk(30, seq=0, last=True, size=3, name="", data=b"abc")) == b"abc"
