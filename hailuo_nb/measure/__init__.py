"""Measuring clips: the camera's motion, its adherence to the prompt, cheap facts. Needs the extra
`video`.

`import hailuo_nb` loads this file, so that `hailuo_nb.measure` is the function and not this
package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hailuo_nb.measure.windows import Measurement


def measure(path: str | Path, *, first_frame: bytes | None = None) -> Measurement:
    """Measure an MP4: windows of half a second with the camera's rates, and the cheap facts.

    first_frame  the bytes of the image that was sent, where there was one

    A file that breaks off is measured as far as it goes, and `notes` say so. Takes about 1.5 s of
    one core for 6 s at 768p. Raises MeasureError, whose message says what to do: no OpenCV, no such
    file, no picture in it.
    """
    from hailuo_nb.measure.passing import measure as measure_clip
    from hailuo_nb.requests import arguments

    return measure_clip(arguments.as_path("path", path), first_frame=first_frame)
