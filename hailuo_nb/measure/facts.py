"""Facts of a clip: sharpness, flicker, freezes, and similarity (SSIM) of its frames."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.errors import MeasureError
from hailuo_nb.measure.decode import Grey, StreamInfo, require_opencv
from hailuo_nb.measure.measurement import Facts, Window

BLACK = 17.0
"""Mean grey level, of 255, below which a frame is black."""
_FROZEN_CHANGE = 0.15  # mean change in grey levels
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


@dataclass(slots=True)
class FrameSeries:
    """Values of a clip's frames in order.

    brightness  mean grey level of each frame
    changes     (seconds, mean absolute change) of each frame but the first
    sharpness   of every third frame
    """

    first: Grey | None = None
    last: Grey | None = None
    cuts: list[float] = field(default_factory=list)
    brightness: list[float] = field(default_factory=list)
    changes: list[tuple[float, float]] = field(default_factory=list)
    sharpness: list[float] = field(default_factory=list)


def compute_facts(
    stream: StreamInfo, series: FrameSeries, windows: Sequence[Window], sent: bytes | None
) -> Facts:
    """Computes a clip's facts; `sent` are the bytes of the frame that was sent, if any."""
    assert series.first is not None
    assert series.last is not None
    cv2 = require_opencv()
    brightness = np.array(series.brightness)
    sharpness = float(np.median(series.sharpness))
    seconds = sum(window.seconds for window in windows)
    return Facts(
        width=stream.width,
        height=stream.height,
        fps=stream.fps,
        frames=stream.frames,
        duration=stream.seconds,
        codec=stream.codec,
        audio=stream.audio,
        uneven=has_uneven_times(stream),
        motion=sum(w.motion * w.seconds for w in windows) / seconds if windows else None,
        flicker=float(np.abs(np.diff(brightness, 2)).mean()) if len(brightness) > 2 else None,
        sharpness=sharpness,
        sharpness_drop=max(0.0, 1 - float(np.quantile(series.sharpness, 0.1)) / sharpness)
        if sharpness > 0
        else None,
        freeze=_longest_freeze(series.changes),
        black=int((brightness < BLACK).sum()),
        cuts=tuple(series.cuts),
        loop_seam=ssim(cv2, series.first, series.last) if stream.frames > 1 else None,
        first_frame=_first_frame_ssim(cv2, series.first, sent),
    )


def has_uneven_times(stream: StreamInfo) -> bool:
    """Whether the frame rate varies."""
    gaps = np.diff(stream.times)
    return bool(len(gaps) > 2 and gaps.max() > 1.5 * max(float(np.median(gaps)), 1e-6))


def _longest_freeze(changes: list[tuple[float, float]]) -> float:
    longest = start = 0.0
    previous = 0.0
    frozen = False
    for t, change in changes:
        if change < _FROZEN_CHANGE:
            start = start if frozen else previous
            frozen = True
            longest = max(longest, t - start)
        else:
            frozen = False
        previous = t
    return longest


def _first_frame_ssim(cv2: ModuleType, first: Grey, sent: bytes | None) -> float | None:
    if sent is None:
        return None
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(sent)) as image:
            upright = ImageOps.exif_transpose(image) or image
            size = (first.shape[1], first.shape[0])
            expected = np.asarray(ImageOps.fit(upright.convert("L"), size, Image.Resampling.BOX))
    except OSError as error:
        raise MeasureError(f"the first frame is no picture that can be read: {error}") from None
    return aligned_ssim(cv2, first, expected)


def ssim(cv2: ModuleType, one: Grey, other: Grey, *, edge: int = 0) -> float:
    """Returns the SSIM, -1 to 1, of two images of one size without a border of `edge` pixels.

    Wang et al. 2004: Gaussian window of 1.5 pixels, mean over the image.
    """
    a, b = one.astype(np.float32), other.astype(np.float32)

    def blur(image: NDArray[np.float32]) -> NDArray[np.float32]:
        smooth: NDArray[np.float32] = cv2.GaussianBlur(image, (11, 11), 1.5)
        return smooth

    ma, mb = blur(a), blur(b)
    va, vb, both = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    ssim = (2 * ma * mb + _C1) * (2 * both + _C2) / ((ma * ma + mb * mb + _C1) * (va + vb + _C2))
    return float(ssim[edge : ssim.shape[0] - edge, edge : ssim.shape[1] - edge].mean())


def aligned_ssim(cv2: ModuleType, first: Grey, expected: Grey) -> float:
    """Returns the SSIM after alignment by a small shift, rotation and scale (OpenCV's ECC).

    Never less than the SSIM without alignment.
    """
    edge = max(2, min(first.shape) // 40)
    unaligned = ssim(cv2, first, expected, edge=edge)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
    try:
        _, transform = cv2.findTransformECC(
            first, expected, np.eye(2, 3, dtype=np.float32), cv2.MOTION_AFFINE, criteria, None, 5
        )
    except cv2.error:  # no similarity
        return unaligned
    change = np.abs(transform - np.eye(2, 3)).max(axis=0)
    if change[:2].max() > 0.08 or change[2] > max(first.shape) * 0.06:
        return unaligned  # not small
    size = (first.shape[1], first.shape[0])
    aligned = cv2.warpAffine(
        expected,
        transform,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return max(unaligned, ssim(cv2, first, aligned, edge=2 * edge))
