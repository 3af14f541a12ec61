"""A clip as far as measuring looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from hailuo_nb.engine.ledger.protocol import Ledger, ScoreKey
from hailuo_nb.measure.axes import Grouped
from hailuo_nb.measure.task import cache_version
from hailuo_nb.requests.frame import Frame


@dataclass(frozen=True, slots=True)
class Clip:
    """One saved clip.

    path    the MP4, None where it is gone
    sha256  of the file, in hex
    ledger  where its measurement is stored
    """

    job_id: str
    provider: str
    prompt: str
    path: Path | None
    sha256: str
    first_frame: Frame | None
    ledger: Ledger

    @property
    def key(self) -> ScoreKey:
        """Under which its measurement is stored."""
        frame = self.first_frame
        has_bytes = frame is not None and (frame.data or frame.kept) is not None
        return self.sha256, cache_version(frame.identity if frame is not None and has_bytes else "")


class Measurable(Protocol):
    """What can be measured: a `Job`."""

    @property
    def id(self) -> str: ...

    @property
    def state(self) -> str: ...

    def _clip(self) -> Clip | None:
        """None where no file was ever saved. Raises ReadOnlyError where there is no ledger."""


class Scorable(Measurable, Grouped, Protocol):
    """What a scorer of one's own can be asked about: a `Job`."""

    def to_dict(self) -> dict[str, Any]:
        """Its columns."""
