"""How fuzz targets run: the same few examples every time in `make test`, new ones for as long as
asked in `make fuzz`.

`FUZZ_SECONDS` chooses the second way (see `conftest`); what fails is then kept in build/fuzz and
tried first next time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

F = TypeVar("F", bound=Callable[..., Any])

SECONDS = float(os.environ.get("FUZZ_SECONDS") or 0)
"""Seconds for all targets together; 0 where this is no long run."""

KEPT = Path(__file__).parents[2] / "build" / "fuzz"

_SHARED: dict[str, Any] = {
    "deadline": None, "print_blob": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large,
    HealthCheck.large_base_example],
}  # fmt: skip


def target(examples: int) -> Callable[[F], F]:
    """A fuzz target: `examples` are tried in `make test`, and in each round of `make fuzz`.

    The number is what a second or a few of `make test` allow; all targets together take half a
    minute.
    """
    if SECONDS:
        chosen = settings(
            max_examples=examples,
            database=DirectoryBasedExampleDatabase(KEPT),
            derandomize=False,
            **_SHARED,
        )
    # without a search for what is simplest a failure would be hard to read; without `explain` it is
    # quick
    else:
        phases = [Phase.explicit, Phase.generate, Phase.shrink]
        chosen = settings(
            max_examples=examples, database=None, derandomize=True, phases=phases, **_SHARED
        )
    return chosen
