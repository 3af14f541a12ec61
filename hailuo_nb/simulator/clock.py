"""The simulator's time: a wall clock, and how much faster than life the work of a provider goes.

Pure but for the function it is given. Must not know tasks. Moments are always wall time (Unix
seconds), because links, tokens and time stamps are told to the outside; only how long generating
takes is divided by `speed`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

# Seconds to a finished 6 s clip at 768P, as reported for the model (providers.md section 8: 90 to
# 110 s).
_MODEL_SECONDS = {
    "MiniMax-Hailuo-02": 80.0,
    "MiniMax-Hailuo-2.3": 90.0,
    "MiniMax-Hailuo-2.3-Fast": 60.0,
}
# Providers queue and serve differently; these factors are invented, so that a comparison has
# something to show.
_PROVIDER_FACTOR = {"ppinfra": 0.9, "modelverse": 0.75, "chanjing": 1.05, "xcompute": 1.0}
_QUEUE_SECONDS = (4.0, 14.0)


@dataclass(frozen=True, slots=True)
class Clock:
    """`now()` in Unix seconds; `lasts(s)` is how long `s` seconds of a provider's work take
    here."""

    wall: Callable[[], float]
    speed: float

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError(f"speed must be above 0, not {self.speed}")

    def now(self) -> float:
        return self.wall()

    def lasts(self, nominal: float) -> float:
        return nominal / self.speed


def work_seconds(
    provider: str, model: str, height: int, seconds: int, task_id: str
) -> tuple[float, float]:
    """(queued, running) in a provider's seconds, about 60 to 150 together; the same for the same
    task id."""
    low, high = _QUEUE_SECONDS
    queued = low + (high - low) * fraction(task_id, "queue")
    running = _MODEL_SECONDS.get(model, 85.0) * _PROVIDER_FACTOR.get(provider, 1.0)
    running *= 1.3 if height >= 1080 else 1.0
    running *= 1.3 if seconds >= 10 else 1.0
    return queued, running * (0.88 + 0.24 * fraction(task_id, "run"))


def fraction(*parts: str) -> float:
    """A number in [0, 1) that looks random and is the same for the same parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
