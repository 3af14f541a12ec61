"""A clip as a scorer sees it: file, prompt, pictures. It pickles to a worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailuo_nb.errors import MediaError
from hailuo_nb.measure.frame_pick import pick
from hailuo_nb.media import clips, sampling
from hailuo_nb.requests import arguments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

MAX_FRAMES = 600
"""Pictures at once: a clip of 15 s at 24 frames a second has 360."""


@dataclass(frozen=True, slots=True)
class ClipView:
    """One saved clip.

    path         of the MP4 on this machine
    fields       the columns of `to_frame()` for this clip: `clip.fields["resolution"]`; also as
                 `clip["resolution"]`
    first_frame  the bytes of the picture that was sent as first frame; None where none was
    """

    job_id: str
    path: Path
    prompt: str
    provider: str
    model: str
    sha256: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    first_frame: bytes | None = field(default=None, repr=False)

    def __getitem__(self, name: str) -> Any:
        """A field of the job. Raises KeyError."""
        return self.fields[name]

    @property
    def duration(self) -> float:
        """Seconds, from the file. Raises MediaError."""
        return clips.probe(self.path).duration

    @property
    def fps(self) -> float:
        """Frames a second, mean over the file. Raises MediaError."""
        return clips.probe(self.path).fps

    def frames(self, count: int = 8, *, side: int = 512) -> list[NDArray[np.uint8]]:
        """Pictures (height, width, RGB, 0..255), evenly from the first frame to the last.

        count  2 to 600; a clip with fewer frames gives some of them twice
        side   pixels of the longer side, at most

        Raises ArgumentError, MediaError.
        """
        return [pixels for _, pixels in self.timed_frames(count, side=side)]

    def timed_frames(
        self, count: int = 8, *, side: int = 512
    ) -> list[tuple[float, NDArray[np.uint8]]]:
        """As `frames`, each with its seconds from the first frame."""
        count = arguments.as_int("count", count, 2, MAX_FRAMES)
        side = arguments.as_int("side", side, 16, clips.MAX_SIDE)
        try:
            return sampling.frames_at(self.path, count, (side, side))
        except OSError as error:
            raise MediaError(f"{self.path.name} cannot be read: {error.strerror}") from None

    def frame(self, at: int | float = 0) -> Image:
        """One picture in full size: by index (int, negative from the end) or by time (float,
        seconds). Raises ArgumentError, MediaError."""
        from PIL import Image

        try:
            with clips.open_clip(self.path) as clip:
                _, found = pick(clip, at)
                size = clip.displayed_size(found.width, found.height)
                return Image.fromarray(clip.pixels(found, size))
        except OSError as error:
            raise MediaError(f"{self.path.name} cannot be read: {error.strerror}") from None
