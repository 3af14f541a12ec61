"""The simulator's time: a wall clock, and a factor by which generation is faster than real time.

All times are wall time (Unix seconds), because links, tokens and time stamps go to the client. Only
durations of generation are divided by `speed`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

# Seconds to a finished 6 s clip at 768P, as reported for the model (providers.md section 8: 90 to
# 110 s; H3 117 s for 4 s). H3-Max is said to be fast: invented.
_MODEL_SECONDS = {
    "MiniMax-Hailuo-02": 80.0,
    "MiniMax-Hailuo-2.3": 90.0,
    "MiniMax-Hailuo-2.3-Fast": 60.0,
    "MiniMax-H3": 110.0,
    "MiniMax-H3-Max": 25.0,
}
# Invented, so that a comparison shows differences.
_PROVIDER_FACTOR = {"ppinfra": 0.9, "modelverse": 0.75, "chanjing": 1.05, "xcompute": 1.0}
_QUEUE_SECONDS = (4.0, 14.0)


@dataclass(frozen=True, slots=True)
class Clock:
    """`now()` in Unix seconds; `scaled(s)` is how long `s` seconds of generation take here."""

    wall: Callable[[], float]
    speed: float

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError(f"speed must be above 0, not {self.speed}")

    def now(self) -> float:
        return self.wall()

    def scaled(self, nominal: float) -> float:
        return nominal / self.speed


def work_seconds(
    provider: str, model: str, height: int, seconds: float, task_id: str
) -> tuple[float, float]:
    """Returns seconds in the queue and of generation, about 60 to 150 together, by task id."""
    low, high = _QUEUE_SECONDS
    queued = low + (high - low) * fraction(task_id, "queue")
    running = _MODEL_SECONDS.get(model, 85.0) * _PROVIDER_FACTOR.get(provider, 1.0)
    running *= 1.3 if height >= 1080 else 1.0
    running *= 1.3 if seconds >= 10 else 1.0
    return queued, running * (0.88 + 0.24 * fraction(task_id, "run"))


def fraction(*parts: str) -> float:
    """Returns a pseudo-random number in [0, 1) that depends only on the parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
