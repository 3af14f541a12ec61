"""How alike two grey pictures are: SSIM, plain and after alignment (OpenCV).

Must not know clips. Definition: Wang et al. 2004, Gaussian window of 1.5 pixels, mean over the
picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def likeness(cv2: Any, one: Grey, other: Grey, *, edge: int = 0) -> float:
    """SSIM of two pictures of one size, -1 to 1; `edge` pixels along the border are left out."""
    a, b = one.astype(np.float32), other.astype(np.float32)

    def mean(picture: Any) -> Any:
        return cv2.GaussianBlur(picture, (11, 11), 1.5)

    ma, mb = mean(a), mean(b)
    va, vb, both = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    ssim = (2 * ma * mb + _C1) * (2 * both + _C2) / ((ma * ma + mb * mb + _C1) * (va + vb + _C2))
    return float(ssim[edge : ssim.shape[0] - edge, edge : ssim.shape[1] - edge].mean())


def like_the_frame(cv2: Any, first: Grey, wanted: Grey) -> float:
    """SSIM of a clip's first picture to the frame sent after a small shift, turn and scale; at
    least the plain one."""
    edge = max(2, min(first.shape) // 40)
    plain = likeness(cv2, first, wanted, edge=edge)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
    try:
        _, move = cv2.findTransformECC(
            first, wanted, np.eye(2, 3, dtype=np.float32), cv2.MOTION_AFFINE, criteria, None, 5
        )
    except cv2.error:  # they have nothing in common
        return plain
    shift = np.abs(move - np.eye(2, 3)).max(axis=0)
    if shift[:2].max() > 0.08 or shift[2] > max(first.shape) * 0.06:
        return plain  # no small one any more
    size = (first.shape[1], first.shape[0])
    aligned = cv2.warpAffine(
        wanted,
        move,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return max(plain, likeness(cv2, first, aligned, edge=2 * edge))
