"""Warps textures in perspective and blends them onto an image, with OpenCV or plain NumPy.

Textures are uint8 RGBA with premultiplied alpha. Sampling is bilinear with OpenCV, nearest without,
which is fast enough at 480x270.
"""

from __future__ import annotations

import threading
from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]


@cache
def opencv() -> ModuleType | None:
    """Returns the cv2 module, or None if it is not installed (extra `video`)."""
    try:
        import cv2
    except ImportError:
        return None
    return cv2


class SingleThread:
    """A context manager in which OpenCV uses no threads of its own.

    They cost a third more CPU on images this small, and clips are rendered in parallel anyway.
    """

    _lock = threading.Lock()
    _open = 0
    _before = 0

    def __init__(self, cv2: ModuleType | None) -> None:
        self._cv2 = cv2

    def __enter__(self) -> None:
        if self._cv2 is None:
            return
        with SingleThread._lock:
            if SingleThread._open == 0:
                SingleThread._before = self._cv2.getNumThreads()
                self._cv2.setNumThreads(1)
            SingleThread._open += 1

    def __exit__(self, *_: object) -> None:
        if self._cv2 is None:
            return
        with SingleThread._lock:
            SingleThread._open -= 1
            if SingleThread._open == 0:
                self._cv2.setNumThreads(SingleThread._before)


def warp(
    texture: Image, homography: Matrix, size: tuple[int, int], cv2: ModuleType | None = None
) -> Image:
    """Warps `texture` (h, w, 4) by `homography` (texture to image pixels) to (size[1], size[0], 4).

    Outside the texture the result is 0. `cv2` is the module, None for plain NumPy.
    """
    if cv2 is not None:
        warped: Image = cv2.warpPerspective(texture, homography, size, flags=cv2.INTER_LINEAR)
        return warped
    return _warp_nearest(texture, homography, size)


def _warp_nearest(texture: Image, homography: Matrix, size: tuple[int, int]) -> Image:
    width, height = size
    inverse = np.linalg.inv(homography)
    inverse = (inverse / np.abs(inverse).max()).astype(np.float32)
    x = np.arange(width, dtype=np.float32)
    y = np.arange(height, dtype=np.float32)[:, None]
    u, v, w = (row[0] * x + (row[1] * y + row[2]) for row in inverse)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        np.reciprocal(w, out=w)
        u *= w
        v *= w
    u += 0.5
    v += 0.5
    rows, columns = texture.shape[:2]
    inside = (u >= 0) & (u < columns) & (v >= 0) & (v < rows)
    u[~inside] = 0
    v[~inside] = 0
    index = v.astype(np.int32)
    index *= columns
    index += u.astype(np.int32)
    # One gather of four bytes instead of four of one.
    texels = np.ascontiguousarray(texture).view(np.uint32).reshape(-1)
    gathered = texels.take(index)
    gathered *= inside
    warped: Image = gathered.view(np.uint8).reshape(height, width, 4)
    return warped


def alpha_blend(
    picture: Image,
    layer: Image,
    at: tuple[int, int],
    *,
    opaque: bool = False,
    cv2: ModuleType | None = None,
) -> None:
    """Blends a premultiplied RGBA layer over an RGB image at `at` (x, y), in place.

    The layer must lie inside the image. `opaque`: alpha is 0 or 255 everywhere.
    """
    (x, y), (height, width) = at, layer.shape[:2]
    under = picture[y : y + height, x : x + width]
    if cv2 is not None:
        rest = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(layer, 3)), cv2.COLOR_GRAY2RGB)
        under[:] = cv2.add(
            cv2.multiply(under, rest, scale=1 / 255), cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB)
        )
        return
    alpha = layer[..., 3]
    rows = np.flatnonzero(alpha.any(axis=1))
    if not rows.size:
        return
    part = slice(rows[0], rows[-1] + 1)
    if opaque:
        np.copyto(under[part], layer[part, :, :3], where=alpha[part, :, None] > 0)
        return
    mixed = under[part] * (255 - alpha[part]).astype(np.uint16)[..., None]
    mixed += 128
    mixed >>= 8
    mixed += layer[part, :, :3]
    under[part] = np.minimum(mixed, 255, out=mixed)


def paste(
    picture: Image,
    texture: Image,
    homography: Matrix,
    at: tuple[int, int],
    size: tuple[int, int],
    *,
    cv2: ModuleType,
) -> None:
    """Warps an RGB texture onto the image at `at` (x, y), in place; needs OpenCV."""
    x, y = at
    under = picture[y : y + size[1], x : x + size[0]]
    target = np.ascontiguousarray(under)
    cv2.warpPerspective(
        texture,
        homography,
        size,
        dst=target,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    if target is not under:
        under[:] = target


def mipmaps(texture: Image, smallest: int = 24) -> list[Image]:
    """Returns the texture at full size, half, a quarter and so on."""
    levels = [np.ascontiguousarray(texture)]
    while min(levels[-1].shape[:2]) >= 2 * smallest:
        last = levels[-1]
        rows, columns = last.shape[0] // 2 * 2, last.shape[1] // 2 * 2
        half = last[0:rows:2, :columns].astype(np.uint16)
        half += last[1:rows:2, :columns]
        # Rounded mean of four pixels; several times faster than a mean over blocks.
        four = half[:, 0::2] + half[:, 1::2]
        four += 2
        levels.append((four >> 2).astype(np.uint8))
    return levels
