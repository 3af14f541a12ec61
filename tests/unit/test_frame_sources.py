"""Frames: data URLs as programs write them, open files, uploads, and what notebooks hold pictures
in."""

from __future__ import annotations

import base64
import datetime
import io
import os
import tempfile
import urllib.parse
import zipfile
from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np
import pytest
from IPython.display import Image as Shown
from traitlets import Bunch

from hailuo_nb.media import images
from hailuo_nb.requests.frame import Frame
from tests.unit.pictures import encoded, refused
from tests.unit.pictures import picture as drawn

DATA = encoded(drawn(), "JPEG", quality=91)
SAME = Frame.of(DATA)
BASE64 = base64.b64encode(DATA).decode()

# Data URLs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    {
        "plain": f"data:image/jpeg;base64,{BASE64}",
        "no padding": f"data:image/jpeg;base64,{BASE64.rstrip('=')}",
        "too much padding": f"data:image/jpeg;base64,{BASE64.rstrip('=')}====",
        "url-safe": f"data:image/jpeg;base64,{base64.urlsafe_b64encode(DATA).decode()}",
        "url-safe, no "
        "padding": f"data:image/jpeg;base64,{base64.urlsafe_b64encode(DATA).decode().rstrip('=')}",
        "percent-encoded base64": f"data:image/jpeg;base64,{urllib.parse.quote(BASE64, safe='')}",
        "lines": f"data:image/jpeg;base64,\r\n {base64.encodebytes(DATA).decode()} \t\n",
        "encoded line "
        "ends": f"data:image/jpeg;base64,{urllib.parse.quote(base64.encodebytes(DATA))}",
        "parameters": f"data:image/jpeg;charset=utf-8;name=a%20b.jpg;base64,{BASE64}",
        "parameters behind": f"data:image/jpeg;base64;charset=utf-8,{BASE64}",
        "no type": f"data:;base64,{BASE64}",
        "nothing but base64": f"data:base64;base64,{BASE64}",
        "upper case": f"DATA:IMAGE/JPEG;BASE64,{BASE64}",
        "blanks around": f"  data:image/jpeg ; base64 , {BASE64}  ",
        "percent-encoded": f"data:image/jpeg,{urllib.parse.quote_from_bytes(DATA)}",
        "percent-encoded whole": "data:image/jpeg," + "".join(f"%{byte:02x}" for byte in DATA),
    }.values(),
    ids=lambda url: url[:40],
)
def test_data_urls_of_every_dialect_are_the_same_frame(url: str) -> None:
    assert Frame.of(url) == SAME
    assert Frame.of(url).to_url() == f"data:image/jpeg;base64,{BASE64}"


def test_a_picture_in_base64_without_its_head_is_told_what_is_missing() -> None:
    assert '"data:image/png;base64," before it' in refused(BASE64)
    assert len(refused(BASE64 * 99)) < 400


def test_a_huge_percent_encoded_data_url_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def decode(*_: Any) -> bytes:
        raise AssertionError("decoded")

    monkeypatch.setattr(images, "MAX_INPUT_BYTES", 1000)
    monkeypatch.setattr("hailuo_nb.requests.frame_source.MAX_INPUT_BYTES", 1000)
    monkeypatch.setattr("hailuo_nb.requests.frame_source.unquote_to_bytes", decode)
    assert "are read" in refused("data:image/png," + "%20" * 2000)


# Open files ---------------------------------------------------------------------------------------


class Dribbling(io.RawIOBase):
    """As a pipe or a socket reads: a few bytes at a time, and never back."""

    def __init__(self) -> None:
        self._left = io.BytesIO(DATA)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._left.read(min(len(buffer), 777))
        buffer[: len(piece)] = piece
        return len(piece)


def test_open_files_are_the_same_frame_and_stay_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "my cat.jpg"
    path.write_bytes(DATA)
    with path.open("rb") as file, path.open("rb", buffering=0) as raw, path.open("r+b") as both:
        for source in (file, raw, both):
            source.seek(5)
            frame = Frame.of(source)
            assert (frame, frame.name) == (SAME, "my cat.jpg")
            assert source.tell() == 5
    buffer = io.BytesIO()
    drawn().save(buffer, "JPEG", quality=91)  # it stands at its end, as it does after every `save`
    assert Frame.of(buffer) == SAME
    assert buffer.tell() == len(DATA)
    assert Frame.of(buffer.getbuffer()) == SAME
    assert Frame.of(Dribbling()) == SAME
    with tempfile.NamedTemporaryFile() as named, tempfile.SpooledTemporaryFile() as spooled:
        for other in (named, spooled):
            other.write(DATA)
            assert Frame.of(other) == SAME
    with os.fdopen(os.open(path, os.O_RDONLY), "rb") as numbered:
        assert Frame.of(numbered).name == "the open file"


def test_a_file_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("pictures/cat.jpg", DATA)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive, archive.open("pictures/cat.jpg") as file:
        assert (Frame.of(file), Frame.of(file).name) == (SAME, "cat.jpg")
        assert Frame.of(zipfile.Path(archive, "pictures/cat.jpg")) == SAME


def test_files_that_give_no_bytes_are_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "cat.jpg"
    path.write_bytes(DATA)
    with path.open(encoding="latin-1") as text:
        assert 'open(path, "rb")' in refused(text)
    assert 'open(path, "rb")' in refused(io.StringIO("text"))
    with tempfile.NamedTemporaryFile("w+", encoding="latin-1") as wrapped:
        wrapped.write("text")
        assert 'open(path, "rb")' in refused(wrapped)
    file = path.open("rb")
    file.close()
    assert "closed file; open it again" in refused(file)
    with (tmp_path / "new.jpg").open("wb") as writing:
        assert "cannot be read" in refused(writing)
    assert "is empty" in refused(io.BytesIO())
    released = memoryview(DATA)
    released.release()
    assert "released" in refused(released)


def test_an_endless_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hailuo_nb.requests.frame_source.MAX_INPUT_BYTES", 100_000)
    with Path("/dev/zero").open("rb") as endless:
        assert "are read" in refused(endless)


def test_a_bytes_path_and_a_name_for_people(tmp_path: Path) -> None:
    (tmp_path / "cat.jpg").write_bytes(DATA)

    class Named(os.PathLike[bytes]):
        def __fspath__(self) -> bytes:
            return os.fsencode(tmp_path / "cat.jpg")

    assert Frame.of(Named()) == SAME
    assert Frame.of(DATA, name="a cat").name == "a cat"


@pytest.mark.parametrize("name", ["a\nb\x1b[31m\u202egnp.jpg", "x" * 99_999, "\ud800.jpg"])
def test_names_are_readable(name: str) -> None:
    for frame in (
        Frame.of(DATA, name=name),
        Frame.of({"content": DATA, "name": name}),
        Frame.of("https://x.example/" + urllib.parse.quote(name, errors="replace")),
    ):
        assert len(frame.name) <= 255
        assert frame.name.isprintable()
        assert frame.name.encode()
    assert len(refused({"content": b"", "name": name})) < 400
    assert refused({"content": b"", "name": name}).isprintable()
    assert refused(name.replace("/", "")).isprintable()


# Notebooks ----------------------------------------------------------------------------------------

ENTRY = {
    "name": "my cat.jpg",
    "type": "image/jpeg",
    "size": len(DATA),
    "content": memoryview(DATA),
    "last_modified": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
}


def test_an_upload_of_ipywidgets() -> None:
    widget = ipywidgets.FileUpload()
    assert "choose a file first" in refused(widget)
    assert "choose a file first" in refused(())
    widget.set_trait("value", (Bunch(ENTRY),))
    for source in (ENTRY, Bunch(ENTRY), (ENTRY,), [ENTRY], widget.value, widget.value[0], widget):
        frame = Frame.of(source)
        assert (frame, frame.name) == (SAME, "my cat.jpg")
    assert "2 files" in refused((ENTRY, ENTRY))
    assert "content" in refused({**ENTRY, "content": "text"})
    assert Frame.of({"content": DATA}).name == "the upload"
    assert Frame.of({**ENTRY, "name": "C:\\me\\cat.jpg"}).name == "cat.jpg"
    assert "dict" in refused({"name": "cat.jpg"})


def test_pictures_of_notebooks(tmp_path: Path) -> None:
    (tmp_path / "cat.jpg").write_bytes(DATA)
    assert Frame.of(Shown(DATA)) == SAME
    assert Frame.of(Shown(data=DATA, format="jpeg")).name == "Image"
    assert Frame.of(Shown(filename=str(tmp_path / "cat.jpg"))).name == "cat.jpg"
    assert Frame.of(Shown(filename=str(tmp_path / "cat.jpg"), embed=False)) == SAME
    assert Frame.of(Shown(url="https://x.example/a.png")).url == "https://x.example/a.png"
    assert "must be https" in refused(Shown(url="http://x.example/a.png"))
    assert Frame.of(ipywidgets.Image(value=DATA)) == SAME
    assert "IntSlider" in refused(ipywidgets.IntSlider())


# Arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "array",
    [
        np.random.default_rng(1).random((400, 320, 3)),
        np.random.default_rng(1).random((400, 320, 3)).astype(np.float32),
        np.random.default_rng(1).integers(0, 256, (400, 320, 3)),
        np.random.default_rng(1).integers(0, 65536, (400, 320, 3)).astype(np.uint16),
        np.random.default_rng(1).random((400, 320, 3)) > 0.5,
        np.random.default_rng(1).integers(0, 256, (400, 320), dtype=np.uint8),
        np.random.default_rng(1).integers(0, 256, (400, 320, 1), dtype=np.uint8),
        np.random.default_rng(1).integers(0, 256, (400, 320, 4), dtype=np.uint8),
        np.random.default_rng(1).integers(0, 256, (3, 400, 320), dtype=np.uint8),
        np.random.default_rng(1).integers(0, 256, (2, 400, 320, 3), dtype=np.uint8),
    ],
    ids=lambda array: f"{array.shape} {array.dtype}",
)
def test_the_cure_of_an_array_cures_it(array: np.ndarray) -> None:
    message = refused(array)
    assert f"of {array.dtype}" in message
    cure = message.partition("uint8: ")[2]
    for words in (" is one", " makes", " leaves", " orders", " for values"):
        cure = cure.partition(words)[0]
    mended = eval(cure, {"np": np, "array": array})
    assert Frame.of(mended).width == 320
