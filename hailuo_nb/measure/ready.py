"""The ready scorers of what is measured here: camera, picture and first frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hailuo_nb.measure.clip_view import ClipView
from hailuo_nb.measure.measurement import Measurement
from hailuo_nb.measure.report import Value, columns
from hailuo_nb.measure.verdicts import adherence

_CAMERA = (
    "adherence", "moves_judged", "moves_requested", "directions_right", "kinds_judged",
    "kinds_right", "extra_moves", "fit", "motion",
)  # fmt: skip
_PICTURE = (
    "measured_size", "measured_fps", "measured_duration", "flicker", "sharpness", "sharpness_drop",
    "freeze", "black_frames", "cuts", "loop_seam",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A part of what `hn.measure` measures, by the names of `measure.report.COLUMNS`.

    In `hn.score(board, scorers=[...])` each stands for the whole measurement: it is one pass over
    the clip, done once. Called with a clip it gives its own columns, for a scorer that goes on from
    there.
    """

    name: str
    columns: tuple[str, ...]

    def __call__(self, clip: ClipView) -> Mapping[str, Value]:
        """Raises MeasureError."""
        found = _measured(clip.path, clip.sha256, clip.first_frame)
        every = columns(found, adherence(clip.prompt, found))
        return {name: every[name] for name in self.columns}


@lru_cache(maxsize=8)
def _measured(path: Path, sha256: str, first_frame: bytes | None) -> Measurement:
    from hailuo_nb.measure.analysis import measure_clip

    return measure_clip(path, first_frame=first_frame)


camera = Measured("camera", _CAMERA)
"""Whether the camera did what the prompt's brackets ask for."""
picture = Measured("picture", _PICTURE)
"""Size, sharpness, flicker, freezes, cuts."""
first_frame = Measured("first_frame", ("first_frame_ssim",))
"""How like the first frame is to the picture that was sent."""
