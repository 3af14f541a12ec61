"""hn.preview: renders the camera moves of a prompt in about a second, before anything is paid.

It shows a schematic scene that says PREVIEW, not a guess at the model's clip.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from hailuo_nb.errors import ArgumentError, PreviewError
from hailuo_nb.media import files
from hailuo_nb.media.scratch import ScratchFolder
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame

WORD = "PREVIEW"
NOTE = "moves only, not the model"
FPS = 12
"""Half of a clip's, for half the work."""
CRF = 28
"""Coarser than a simulated clip, because it is sent to the page at every pause in typing."""
_MAX_RENDER_SIDE = 384  # pixels; the encoder scales it up
MAX_SIDE = 1920
MAX_SECONDS, _MIN_SECONDS = 12.0, 0.1


class Preview:
    """A rendered clip with a rich display. `data` is the MP4 (H.264, yuv420p)."""

    def __init__(self, prompt: str, data: bytes) -> None:
        self.prompt = prompt
        self.data = data

    @property
    def path(self) -> Path:
        """The clip as a temporary file, which exists until the process ends."""
        path = _folder().path / f"{hashlib.sha256(self.data).hexdigest()[:16]}.mp4"
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
    """Renders the camera moves of a prompt: no key, no network, no cost; a second of CPU.

    first_frame  what `hn.Frame.of` accepts; used as the scene, with an invented depth
    size         width and height in pixels, 16 to 1920, rounded down to even numbers
    seconds      duration, 0.1 to 12
    stop         called before every frame; if true, PreviewError is raised

    Deterministic and thread-safe. Raises ArgumentError for invalid arguments; PreviewError without
    PyAV, for a frame that is a link (which is not fetched), and if stopped; FrameError for a frame
    that cannot be read.
    """
    try:
        import av  # noqa: F401 - for a clear message if it is missing
    except ImportError as error:
        raise PreviewError(
            f"drawing a preview needs PyAV, which cannot be imported ({error}): pip install av"
        ) from None
    from hailuo_nb.prompts.camera import parse
    from hailuo_nb.simulator.caption import Caption
    from hailuo_nb.simulator.compositing import SingleThread, opencv
    from hailuo_nb.simulator.render import RenderStoppedError, encode, make_frame_source

    prompt = arguments.as_text("prompt", prompt)
    width, height = _parse_size(size)
    seconds = arguments.as_float("seconds", seconds, _MIN_SECONDS, MAX_SECONDS)
    frame = _frame_bytes(first_frame)
    with ScratchFolder("hailuo-preview-") as folder:
        path = folder / "preview.mp4"
        cv2 = opencv()
        scale = min(1.0, _MAX_RENDER_SIDE / max(width, height))
        render_size = (round(width * scale / 2) * 2, round(height * scale / 2) * 2)
        try:
            with SingleThread(cv2):
                frame_at = make_frame_source(
                    prompt, "modelverse", seconds, render_size, first_frame=frame, cv2=cv2
                )
                # No API was simulated, so it does not say SIMULATED.
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
def _folder() -> ScratchFolder:
    """The folder of previews, deleted at exit."""
    return ScratchFolder("hailuo-previews-")


def _parse_size(size: Any) -> tuple[int, int]:
    sides = arguments.as_list(
        "size", size, lambda name, side: arguments.as_int(name, side, 16, MAX_SIDE)
    )
    if len(sides) != 2:
        raise ArgumentError(
            f"size is {len(sides)} numbers, and must be two: width and height in pixels"
        )
    width, height = (side // 2 * 2 for side in sides)
    return width, height


def _frame_bytes(source: Any) -> bytes | None:
    if source is None:
        return None
    frame = Frame.of(source)
    if frame.data is None:
        raise PreviewError(
            "a first frame that is a link is not fetched for a preview: give the picture itself"
        )
    return frame.data
