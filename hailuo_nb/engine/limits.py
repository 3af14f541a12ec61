"""How many requests a provider is sent: charging calls in a span of time, and unfinished tasks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """At most `submits` charging calls in `seconds`, at most `in_flight` unfinished tasks.

    source  where the numbers come from
    """

    submits: int = 20
    seconds: float = 60
    in_flight: int = 20
    source: str = ""


@cache
def known_limits(provider: str) -> RequestLimits:
    """The row of `limits.json` for a provider, or a cautious one."""
    table = json.loads(Path(__file__).with_name("limits.json").read_text(encoding="utf-8"))
    return RequestLimits(**table.get(provider, {}))
