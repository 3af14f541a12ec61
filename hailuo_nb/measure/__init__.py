"""Measuring clips: the camera's motion, its adherence to the prompt, and cheap facts. Needs the extra `video`.

Knows files of clips and prompts; must not know jobs, providers or the engine. Nothing heavy is imported before
`measure` is called. The module can be called as the function, since `hailuo_nb.measure` names both.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hailuo_nb import arguments
from hailuo_nb.measure.report import columns, direction_share, plot
from hailuo_nb.measure.verdicts import Adherence, MoveVerdict, StepVerdict, adherence
from hailuo_nb.measure.windows import VERSION, Facts, Measurement, Window

__all__ = [
    "VERSION", "Adherence", "Facts", "Measurement", "MoveVerdict", "StepVerdict", "Window", "adherence", "columns",
    "direction_share", "measure", "plot",
]  # fmt: skip


def measure(path: str | Path, *, first_frame: bytes | None = None) -> Measurement:
    """Measure an MP4: windows of half a second with the camera's rates, and the cheap facts. Needs the extra `video`.

    first_frame  the bytes of the image that was sent, where there was one
    Raises MeasureError, whose message says what to do: no OpenCV, no such file, no picture in it. A file that breaks
    off is measured as far as it goes, and `notes` say so. Takes about 1.5 s of one core for 6 s at 768p.
    """
    from hailuo_nb.measure.passing import measure as made

    return made(arguments.path("path", path), first_frame=first_frame)


class _Callable(ModuleType):
    """Importing this room puts it where `hailuo_nb.measure` the function is expected: so it is that too."""

    def __call__(self, *args: Any, **settings: Any) -> Measurement:
        return measure(*args, **settings)


sys.modules[__name__].__class__ = _Callable
