"""The preview: a clip of the moves, made here, that shows itself and says what it is."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

import hailuo_nb as hn
from hailuo_nb.errors import ArgumentError, PreviewError
from hailuo_nb.simulator.preview import preview


def test_a_preview_shows_itself() -> None:
    made = preview("a cat <b> [Push in,Pan left]", size=(321, 181), seconds=1)
    with av.open(str(made.path)) as container:
        frames = list(container.decode(video=0))
    assert (frames[0].width, frames[0].height, len(frames)) == (320, 180, 12)
    shown = made._repr_mimebundle_()
    assert 'src="data:video/mp4;base64,' in shown["text/html"]
    assert "<b>" not in shown["text/html"]
    assert "not made by the model" in shown["text/html"]
    assert "not of the model" in shown["text/plain"]
    assert made.data == made.path.read_bytes()
    assert made.data[4:8] == b"ftyp"


def test_the_word_is_preview_and_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    from hailuo_nb.simulator import caption

    written: list[str] = []
    real = caption.plate
    monkeypatch.setattr(
        caption, "plate", lambda text, *rest: (written.append(text), real(text, *rest))[1]
    )
    preview("a cat [Push in]", size=(320, 180), seconds=0.25)
    assert set(written) == {"PREVIEW", "moves only, not the model", "推进   Push in"}


def test_the_first_frame_becomes_the_scene() -> None:
    rng = np.random.default_rng(1)
    picture = np.kron(rng.integers(0, 255, (9, 16, 3)), np.ones((40, 40, 1))).astype(np.uint8)
    made = preview("[Static shot]", Image.fromarray(picture), size=(320, 180), seconds=0.25)
    with av.open(str(made.path)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    small = np.asarray(Image.fromarray(picture).resize((320, 180))).astype(int)
    assert np.abs(first - small)[70:140].mean() < 12


def test_it_moves_as_asked() -> None:
    pytest.importorskip("cv2")
    seen = hn.measure(preview("grass [Pan left]", seconds=2).path)
    assert [item.direction for item in hn.adherence("[Pan left]", seen).moves] == ["right"]


def test_the_file_is_there_when_it_is_asked_for() -> None:
    path = preview("a cat", size=(64, 36), seconds=0.25).path
    same = preview("a cat", size=(64, 36), seconds=0.25)
    assert path.read_bytes() == same.data
    code = "import hailuo_nb as hn\nprint(hn.preview('a cat', size=(64, 36), seconds=0.2).path)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(".mp4")
    assert not Path(done.stdout.strip()).exists()


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(ArgumentError, match="size"):
        preview("a cat", size=(8, 8))
    with pytest.raises(ArgumentError, match="seconds"):
        preview("a cat", seconds=0)
    with pytest.raises(PreviewError, match="link"):
        preview("a cat", "https://example.com/cat.png")
    asked = count()
    with pytest.raises(PreviewError, match="stopped"):
        preview("a cat", size=(64, 36), stop=lambda: next(asked) > 2)


def test_the_module_and_the_function_share_a_name(tmp_path: Path) -> None:
    assert callable(hn.preview)
    for first in (
        "import hailuo_nb.simulator.preview",
        "from hailuo_nb.simulator.preview import Preview",
        "pass",
    ):
        code = (
            f"{first}\nimport hailuo_nb as hn\nprint(hn.preview('a cat', size=(64, 36), "
            "seconds=0.2))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert done.stdout.startswith("Preview of the camera moves"), done.stderr


def test_without_pyav_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(PreviewError, match="pip install av"):
        preview("a cat [Push in]")


def test_without_opencv_it_is_drawn_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from hailuo_nb.simulator import compositing

    monkeypatch.setattr(compositing, "opencv", lambda: None)
    made = preview("a cat [Push in]", size=(160, 90), seconds=0.25)
    with av.open(str(made.path)) as container:
        assert len(list(container.decode(video=0))) == 3
