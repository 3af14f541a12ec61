"""How many requests a provider is sent: by its catalogue, else cautiously."""

from __future__ import annotations

from collections.abc import Callable

from hailuo_nb import catalog
from hailuo_nb.catalog.request_limits import RequestLimits

Limits = Callable[[str, str], RequestLimits]
"""The limits for a model at a provider, by their names."""

CAUTIOUS = RequestLimits(20, 60, 20, source="no page", sure="C", undated="a guess")


def known_limits(provider: str, model: str) -> RequestLimits:
    """The limits in the catalogue of a provider, or cautious ones."""
    facts = catalog.facts(provider)
    return CAUTIOUS if facts is None else facts.requests_for(model)
