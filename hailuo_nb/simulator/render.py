"""The virtual camera: a prompt's camera moves performed in a drawn scene, as an MP4.

Must not know tasks or providers' APIs. The picture says SIMULATED; nothing in it is made by a
model. Frames are drawn at up to 864x486 with OpenCV (480x270 without) and scaled up by the encoder;
the caption is laid on at full size. The clip is H.264, yuv420p, `+faststart`, as long as asked to
the frame.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from hailuo_nb.media import files
from hailuo_nb.prompts.camera import parse
from hailuo_nb.simulator.camera_path import EXACT_STYLE, CameraStyle, pose_at, style_of
from hailuo_nb.simulator.caption import Caption
from hailuo_nb.simulator.compositing import Image, SingleThread, opencv
from hailuo_nb.simulator.depth_image import DepthImage, load_cropped
from hailuo_nb.simulator.projection import SceneRenderer
from hailuo_nb.simulator.scene import build_scene

DRAWN_WIDTH = {True: 864, False: 480}
"""The widest that frames are drawn, with and without OpenCV."""

DISSOLVE = 0.5
"""Seconds in which a clip goes over into its last frame."""

# Drawn pictures need none of the costly searching: this takes 0.6 of superfast's time for 1.3 of
# its bytes. cpu-independent makes the same frames the same bytes on every run.
_X264 = "cpu-independent=1:bframes=0:weightp=0:rc-lookahead=0:mbtree=0:aq-mode=0:subme=0"


class RenderStoppedError(Exception):
    """The process is about to end, and the clip with it."""


def render(
    path: Path | str,
    *,
    prompt: str,
    provider: str,
    width: int,
    height: int,
    seconds: float,
    fps: int = 24,
    first_frame: bytes | None = None,
    last_frame: bytes | None = None,
    seed: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    use_opencv: bool | None = None,
) -> None:
    """Write a clip of `seconds * fps` frames at `width` x `height` (even numbers) to `path`, whole
    or not at all.

    prompt       its words choose the scene, its brackets move the camera
    provider     "ppinfra", "modelverse", "chanjing", "xcompute": light, colours, and how carefully
                 it moves
    first_frame  bytes of an image that takes the scene's place
    last_frame   bytes of an image that the last half second dissolves into
    seed         tells takes of the same prompt apart; the same seed gives the same frames
    stop         asked before every frame; when true, RenderStoppedError is raised and nothing is
                 left behind
    use_opencv   None: where it is installed
    """
    path = Path(path)
    cv2 = opencv() if use_opencv is not False else None
    widest = DRAWN_WIDTH[cv2 is not None]
    small = (width, height) if width <= widest else (widest, round(widest * height / width / 2) * 2)
    with files.AtomicFile(path) as new, SingleThread(cv2):
        new.file.close()  # the encoder writes to a name
        frame_at = make_frame_source(
            prompt,
            provider,
            seconds,
            small,
            first_frame=first_frame,
            last_frame=last_frame,
            seed=seed or 0,
            manner=style_of(provider),
            cv2=cv2,
        )
        caption = Caption(parse(prompt), width, height, seconds)
        encode(
            new.path,
            frame_at,
            caption,
            size=(width, height),
            count=round(seconds * fps),
            fps=fps,
            stop=stop,
        )
        new.commit(durable=False)


def make_frame_source(
    prompt: str,
    look: str,
    seconds: float,
    size: tuple[int, int],
    *,
    first_frame: bytes | None = None,
    last_frame: bytes | None = None,
    seed: int = 0,
    manner: CameraStyle = EXACT_STYLE,
    cv2: Any = None,
) -> Callable[[float], Image]:
    """A function from seconds to the picture (height, width, 3) of a prompt's moves, in the look of
    a provider."""
    steps = parse(prompt)
    stage = (
        DepthImage(load_cropped(first_frame, size), cv2)
        if first_frame
        else SceneRenderer(build_scene(prompt, look, seed), size, cv2)
    )
    last = load_cropped(last_frame, size).astype(np.float32) if last_frame else None

    def frame_at(t: float) -> Image:
        picture = stage.draw(pose_at(steps, t, seconds, manner))
        share = 0.0 if last is None else min(1.0, (t - (seconds - DISSOLVE)) / (DISSOLVE - 1 / 24))
        if last is None or share <= 0:
            return picture
        return (picture + (last - picture) * np.float32(share)).round().astype(np.uint8)

    return frame_at


def encode(
    path: Path,
    frame_at: Callable[[float], Image],
    caption: Caption,
    *,
    size: tuple[int, int],
    count: int,
    fps: int,
    stop: Callable[[], bool] = lambda: False,
    crf: int | None = None,
) -> None:
    """Write `count` pictures with their caption as an MP4. Raises RenderStoppedError once `stop`
    says so.

    crf  x264's: more is smaller and coarser; None chooses by the size
    """
    import av
    from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

    # A file name, not a file object: +faststart opens the output a second time by its name.
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        container.metadata["comment"] = (
            "SIMULATED by hailuo_nb: drawn by a virtual camera, not made by a model"
        )
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, fps)
        # A small picture has less to hide coarse blocks in, and costs few bytes anyway.
        quality = crf or (28 if size[0] > 640 else 22)
        stream.options = {"preset": "superfast", "crf": str(quality), "x264-params": _X264}
        context = stream.codec_context
        context.thread_count = 2
        # BT.709, limited range: what players take an HD clip for.
        context.colorspace = context.color_primaries = context.color_trc = 1
        context.color_range = 1
        # One for all pictures: it is costly to make.
        scaler = VideoReformatter()
        for index in range(count):
            if stop():
                raise RenderStoppedError
            t = index / fps
            drawn = av.VideoFrame.from_ndarray(frame_at(t), format="rgb24")
            frame = scaler.reformat(
                drawn,
                *size,
                "yuv420p",
                dst_colorspace=Colorspace.ITU709,
                interpolation=Interpolation.BILINEAR,
            )
            caption.burn(frame, t)
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
