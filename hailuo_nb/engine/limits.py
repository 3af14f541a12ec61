"""How many requests a provider is sent: charging calls in a span of time, and unfinished tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hailuo_nb import catalog


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """At most `submits` charging calls in `seconds`, at most `in_flight` unfinished tasks.

    models   whose calls and tasks are counted together; empty: all of the account that no other
             limits name
    """

    submits: int = 20
    seconds: float = 60
    in_flight: int = 20
    models: tuple[str, ...] = ()


Limits = Callable[[str, str], RequestLimits]
"""The limits for a model at a provider, by their names."""


def known_limits(provider: str, model: str) -> RequestLimits:
    """The limits in the catalogue of a provider, or cautious ones."""
    facts = catalog.facts(provider)
    if facts is None:
        return RequestLimits()
    known = facts.requests_for(model)
    return RequestLimits(known.submits, known.seconds, known.in_flight, known.models)
