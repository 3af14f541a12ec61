"""Renders a prompt's camera moves in a drawn scene as an MP4 that says SIMULATED.

Frames are rendered at up to 864x486 with OpenCV (480x270 without) and scaled up by the encoder; the
caption is drawn at full size. The clip is H.264, yuv420p, `+faststart`, with AAC if it has sound.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from hailuo_nb.media import files
from hailuo_nb.prompts.camera import parse
from hailuo_nb.simulator.camera_path import EXACT_STYLE, CameraStyle, pose_at, style_of
from hailuo_nb.simulator.caption import Caption
from hailuo_nb.simulator.compositing import Image, SingleThread, opencv
from hailuo_nb.simulator.depth_image import DepthImage, load_cropped
from hailuo_nb.simulator.projection import SceneRenderer
from hailuo_nb.simulator.scene import build_scene
from hailuo_nb.simulator.sound import Sound, SoundTrack, tones

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

MAX_RENDER_WIDTH = {True: 864, False: 480}
"""Pixels, with and without OpenCV."""

DISSOLVE_SECONDS = 0.5
"""Duration of the dissolve into the last frame."""

# 0.6 of superfast's time for 1.3 of its bytes. cpu-independent makes runs reproducible.
_X264 = "cpu-independent=1:bframes=0:weightp=0:rc-lookahead=0:mbtree=0:aq-mode=0:subme=0"


class RenderStoppedError(Exception):
    """`stop` was true: the rendering was given up."""


def render(
    path: Path | str,
    *,
    prompt: str,
    provider: str,
    width: int,
    height: int,
    seconds: float,
    fps: int = 24,
    sound: bool = False,
    first_frame: bytes | None = None,
    last_frame: bytes | None = None,
    seed: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    use_opencv: bool | None = None,
) -> None:
    """Writes a clip of `seconds * fps` frames at `width` x `height` (even numbers), atomically.

    prompt       its words choose the scene, its brackets move the camera
    provider     chooses light, colours and precision of the moves
    sound        whether it has a sound track, see `sound.tones`
    first_frame  bytes of an image to use instead of the scene
    last_frame   bytes of an image that the last half second dissolves into
    seed         the same seed gives the same frames; takes have different ones
    stop         called before every frame; if true, RenderStoppedError is raised
    use_opencv   None: if it is installed
    """
    path = Path(path)
    cv2 = opencv() if use_opencv is not False else None
    max_width = MAX_RENDER_WIDTH[cv2 is not None]
    render_size = (
        (width, height)
        if width <= max_width
        else (max_width, round(max_width * height / width / 2) * 2)
    )
    with files.AtomicFile(path) as new, SingleThread(cv2):
        new.file.close()  # the encoder opens it by path
        frame_at = make_frame_source(
            prompt,
            provider,
            seconds,
            render_size,
            first_frame=first_frame,
            last_frame=last_frame,
            seed=seed or 0,
            style=style_of(provider),
            cv2=cv2,
        )
        steps = parse(prompt)
        encode(
            new.path,
            frame_at,
            Caption(steps, width, height, seconds),
            sound=tones(len(steps), seconds) if sound else None,
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
    style: CameraStyle = EXACT_STYLE,
    cv2: ModuleType | None = None,
) -> Callable[[float], Image]:
    """A function from seconds to the picture (height, width, 3) of a prompt's moves, in the look of
    a provider."""
    steps = parse(prompt)
    renderer = (
        DepthImage(load_cropped(first_frame, size), cv2)
        if first_frame
        else SceneRenderer(build_scene(prompt, look, seed), size, cv2)
    )
    last = load_cropped(last_frame, size).astype(np.float32) if last_frame else None

    def frame_at(t: float) -> Image:
        image = renderer.draw(pose_at(steps, t, seconds, style))
        elapsed = t - (seconds - DISSOLVE_SECONDS)
        if last is None or elapsed <= 0:
            return image
        share = min(1.0, elapsed / (DISSOLVE_SECONDS - 1 / 24))
        return (image + (last - image) * np.float32(share)).round().astype(np.uint8)

    return frame_at


def encode(
    path: Path,
    frame_at: Callable[[float], Image],
    caption: Caption,
    *,
    size: tuple[int, int],
    sound: Sound | None = None,
    count: int,
    fps: int,
    stop: Callable[[], bool] = lambda: False,
    crf: int | None = None,
) -> None:
    """Writes `count` frames with caption as an MP4. Raises RenderStoppedError if `stop` is true.

    crf  of x264; None chooses by the size
    """
    import av
    from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

    # A path, not a file object: +faststart opens the output again by path.
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        container.metadata["comment"] = (
            "SIMULATED by hailuo_nb: drawn by a virtual camera, not made by a model"
        )
        # Coarse blocks show more in small frames, which need few bytes anyway.
        stream = _video_stream(container, size, fps, crf or (28 if size[0] > 640 else 22))
        track = None if sound is None else SoundTrack(container, sound)
        # Created once, which is costly.
        scaler = VideoReformatter()
        for index in range(count):
            if stop():
                raise RenderStoppedError
            t = index / fps
            rgb = av.VideoFrame.from_ndarray(frame_at(t), format="rgb24")
            frame = scaler.reformat(
                rgb,
                *size,
                "yuv420p",
                dst_colorspace=Colorspace.ITU709,
                interpolation=Interpolation.BILINEAR,
            )
            caption.draw(frame, t)
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(stream.encode(frame))
            if track:
                track.write(until=t)
        container.mux(stream.encode(None))
        if track:
            track.write()


def _video_stream(
    container: OutputContainer, size: tuple[int, int], fps: int, crf: int
) -> VideoStream:
    """Adds the H.264 stream to a container."""
    stream = container.add_stream("libx264", rate=fps)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = Fraction(1, fps)
    stream.options = {"preset": "superfast", "crf": str(crf), "x264-params": _X264}
    context = stream.codec_context
    context.thread_count = 2
    # BT.709, limited range: the default of players for HD.
    context.colorspace = context.color_primaries = context.color_trc = 1
    context.color_range = 1
    return stream
