"""hn.preview: the camera moves of a prompt, drawn here in about a second, before anything is paid.

The only module besides the simulator's mount that may use the renderer; must not know jobs,
providers or widgets. What it shows is a schematic scene and says PREVIEW: it is no guess at what
the model will make. The module can be called as the function, since `hailuo_nb.simulator.preview`
names both.
"""

from __future__ import annotations

import atexit
import base64
import hashlib
import tempfile
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from hailuo_nb.errors import ArgumentError, PreviewError
from hailuo_nb.media import files
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame

WORD = "PREVIEW"
NOTE = "moves only, not the model"
FPS = 12
"""Half a clip's: enough to see a move, and half the work."""
CRF = 28
"""Coarser than a simulated clip: it is looked at once, and is sent to the page with every pause in
typing."""
_DRAWN = 384  # pixels of the longer side at which it is drawn at most; the encoder scales it up
LARGEST, LONGEST, _SHORTEST = 1920, 12.0, 0.1


class Preview:
    """A drawn clip that shows itself in a notebook. `data` is the MP4's bytes (H.264, yuv420p)."""

    def __init__(self, prompt: str, data: bytes) -> None:
        self.prompt = prompt
        self.data = data

    @property
    def path(self) -> Path:
        """The clip as a file, written when it is first asked for; it is there as long as this
        process lives."""
        path = _folder() / f"{hashlib.sha256(self.data).hexdigest()[:16]}.mp4"
        if not path.exists():
            files.write_atomic(path, self.data, durable=False)
        return path

    @property
    def url(self) -> str:
        """`data:video/mp4;base64,...`"""
        return "data:video/mp4;base64," + base64.b64encode(self.data).decode("ascii")

    def __repr__(self) -> str:
        return (
            f"Preview of the camera moves, not of the model: {self.prompt!r} "
            f"({len(self.data) / 1000:.0f} kB)"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        label = escape(f"Preview of the camera moves of: {self.prompt}", quote=True)
        html = (
            f'<figure style="margin:0"><video src="{self.url}" aria-label="{label}" controls loop '
            "muted playsinline "
            'style="max-width:100%"></video><figcaption style="opacity:.75;font-size:85%">Preview '
            "of the camera "
            "moves, drawn here: not made by the model, and not what it will "
            "make.</figcaption></figure>"
        )
        return {"text/html": html, "text/plain": repr(self)}


def preview(
    prompt: str,
    first_frame: Any = None,
    size: tuple[int, int] = (480, 270),
    seconds: float = 6,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> Preview:
    """Draw the camera moves of a prompt: no key, no network, no cost; about a second of CPU at the
    usual size.

    first_frame  what `hn.Frame.of` takes: it becomes the scene, with a depth that is made up
    size         pixels, even numbers are made of odd ones; 16 to 1920 a side
    seconds      length of the clip, 0.1 to 12
    stop         asked before every picture, so that a widget can give up a preview in a thread when
                 typing goes on

    Draws the same pictures for the same arguments. May be called from any thread. Raises
    ArgumentError for a prompt that is no text, sizes and lengths; PreviewError without PyAV, for a
    frame that is a link (nothing is fetched for a preview), and when stopped; FrameError for a
    frame that cannot be read.
    """
    try:
        import av  # noqa: F401 - asked for here, so that its absence is told in words
    except ImportError as error:
        raise PreviewError(
            f"drawing a preview needs PyAV, which cannot be imported ({error}): pip install av"
        ) from None
    from hailuo_nb.prompts.camera import parse
    from hailuo_nb.simulator.caption import Caption
    from hailuo_nb.simulator.compositing import SingleThread, opencv
    from hailuo_nb.simulator.render import RenderStoppedError, encode, make_frame_source

    prompt = arguments.as_text("prompt", prompt)
    width, height = _checked(size)
    seconds = arguments.as_float("seconds", seconds, _SHORTEST, LONGEST)
    frame = _data(first_frame)
    with tempfile.TemporaryDirectory(prefix="hailuo-preview-") as folder:
        path = Path(folder) / "preview.mp4"
        cv2 = opencv()
        scale = min(1.0, _DRAWN / max(width, height))
        drawn = (round(width * scale / 2) * 2, round(height * scale / 2) * 2)
        try:
            with SingleThread(cv2):
                frame_at = make_frame_source(
                    prompt, "modelverse", seconds, drawn, first_frame=frame, cv2=cv2
                )
                # Nobody's API was simulated, so the word is another one.
                caption = Caption(
                    parse(prompt), width, height, seconds, word=WORD, note=NOTE, clock=False
                )
                encode(
                    path,
                    frame_at,
                    caption,
                    size=(width, height),
                    count=round(seconds * FPS),
                    fps=FPS,
                    stop=stop,
                    crf=CRF,
                )
        except RenderStoppedError:
            raise PreviewError("the preview was stopped") from None
        return Preview(prompt, path.read_bytes())


@cache
def _folder() -> Path:
    """Where previews lie that somebody wants as files; it goes with the process."""
    kept = tempfile.TemporaryDirectory(prefix="hailuo-previews-")
    atexit.register(kept.cleanup)
    return Path(kept.name)


def _checked(size: Any) -> tuple[int, int]:
    sides = arguments.as_list(
        "size", size, lambda name, side: arguments.as_int(name, side, 16, LARGEST)
    )
    if len(sides) != 2:
        raise ArgumentError(
            f"size is {len(sides)} numbers, and must be two: width and height in pixels"
        )
    width, height = (side // 2 * 2 for side in sides)
    return width, height


def _data(source: Any) -> bytes | None:
    if source is None:
        return None
    frame = Frame.of(source)
    if frame.data is None:
        raise PreviewError(
            "a first frame that is a link is not fetched for a preview: give the picture itself"
        )
    return frame.data
