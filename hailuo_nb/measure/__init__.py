"""Measures clips: camera motion, adherence to the prompt, facts. Needs the extra `video`.

`import hailuo_nb` loads this file, so that `hailuo_nb.measure` is the function, not this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hailuo_nb.measure.measurement import Measurement


def measure(path: str | Path, *, first_frame: bytes | None = None) -> Measurement:
    """Measures an MP4: the camera's motion per half second, and facts such as sharpness.

    first_frame  the bytes of the image that was sent, if any

    A truncated file is measured as far as it goes, and `notes` say so. Takes about 1.5 s of one
    core for 6 s at 768p. Raises MeasureError without OpenCV, and for a file that cannot be read
    or holds no frame.
    """
    from hailuo_nb.measure.analysis import measure_clip
    from hailuo_nb.requests import arguments

    return measure_clip(arguments.as_path("path", path), first_frame=first_frame)
