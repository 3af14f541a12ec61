"""What a row takes of references: pictures, clips and sounds that a clip is to follow."""

from __future__ import annotations

from dataclasses import dataclass

from hailuo_nb.catalog.sourced import Sourced


@dataclass(frozen=True, slots=True)
class ReferenceLimits(Sourced):
    """How many references of each kind one request may carry, and how many together (None: as many
    as the kinds allow)."""

    pictures: int = 0
    clips: int = 0
    sounds: int = 0
    total: int | None = None

    @property
    def count(self) -> int:
        """How many of all kinds together."""
        kinds = self.pictures + self.clips + self.sounds
        return kinds if self.total is None else min(kinds, self.total)
