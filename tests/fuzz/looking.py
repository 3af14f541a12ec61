"""What is done with a clip or a picture, and what must hold then. Runs in a process of its own (see
`apart`)."""

from __future__ import annotations

import atexit
import base64
import io
import math
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from hailuo_nb.errors import FrameError, MediaError
from hailuo_nb.media import clips, decoder, tracks
from hailuo_nb.media.images import MAX_PNG_BYTES
from hailuo_nb.media.text import visible
from hailuo_nb.media.waveform import DIGITS, PARTS, waveform
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from tests.fuzz import pictured

_PLACE = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
atexit.register(shutil.rmtree, _PLACE, ignore_errors=True)
MAX_TOLD = 1000


def clip(data: bytes) -> dict[str, Any]:
    """The clip's facts, and what each look said: "" where it went well."""
    path, picture = _PLACE / "clip.mp4", _PLACE / "poster.jpg"
    path.write_bytes(data)
    facts = _told(clips.verify, path)
    said = {
        "verify": facts if isinstance(facts, str) else "",
        "probe": _words(_told(clips.probe, path)),
        "poster": _words(_told(clips.poster, path, picture)),
        "decode": _words(_told(_decode, path)),
        "unplayed": "",
    }
    assert isinstance(clips.playback_warning(path), str)
    if isinstance(facts, clips.ClipFacts):
        _check(facts, len(data))
        assert said["probe"] == ""
    if picture.exists():
        assert 0 < picture.stat().st_size < 2 * clips.POSTER_BYTES
        picture.unlink()
    else:
        assert said["poster"]
    return said


def _told(work: Any, *given: Any) -> Any:
    try:
        return work(*given)
    except MediaError as error:
        text = str(error)
        assert 0 < len(text) < MAX_TOLD
        assert visible(text) == text
        return text


def _words(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _decode(path: Path) -> None:
    digits = waveform(path)
    assert len(digits) in {0, PARTS}
    assert set(digits) <= set(DIGITS)
    with clips.open_clip(path) as clip:
        for picture in islice(clip.frames(), 8):
            assert picture.width * picture.height <= decoder.MAX_DECODED


def _check(facts: clips.ClipFacts, size: int) -> None:
    assert facts.bytes == size
    assert 0 < facts.width <= clips.MAX_SIDE
    assert 0 < facts.height <= clips.MAX_SIDE
    assert 0 < facts.frames <= size, "a frame is a byte at least"
    assert 0 < facts.duration <= tracks.MAX_SECONDS
    assert math.isfinite(facts.fps)
    assert facts.fps > 0
    assert facts.codec == visible(facts.codec)


def picture(data: bytes) -> str:
    """What stands against sending it, "" where it may be sent."""
    try:
        frame = Frame.of(data)
    except FrameError as error:
        assert 0 < len(str(error)) < MAX_TOLD
        assert visible(str(error)) == str(error)
        return str(error)
    sent = frame.data or b""
    assert len(sent) <= MAX_PNG_BYTES
    assert pictured.SECRET not in sent
    with Image.open(io.BytesIO(sent)) as image:
        assert frame.media_type == f"image/{str(image.format).lower()}"
        assert image.size == (frame.width, frame.height)
        image.load()
        assert not image.getexif()
    short, long = sorted(image.size)
    assert short > 300
    assert 2 * long <= 5 * short
    again = Frame.of(sent)
    assert (again.data, again.identity) == (sent, frame.identity), "what was cleaned is clean"
    with Image.open(io.BytesIO(base64.b64decode(frame.thumbnail().partition(",")[2]))) as small:
        small.load()
        assert max(small.size) <= 160
    return ""


def reference(data: bytes) -> str:
    """What stands against sending it as a reference, else its kind."""
    try:
        found = Reference.of(data)
    except FrameError as error:
        assert 0 < len(str(error)) < MAX_TOLD
        assert visible(str(error)) == str(error)
        return str(error)
    if found.kind == "picture":
        assert found.seconds is None
    else:
        assert found.data == data, "a clip or sound is sent as it is"
        assert found.seconds is not None
        assert 0 < found.seconds <= tracks.MAX_SECONDS
    assert found.codec == visible(found.codec)
    assert len(found.thumbnail()) < 100_000
    return found.kind
