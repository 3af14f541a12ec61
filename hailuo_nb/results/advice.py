"""What a person can do about a clip that did not arrive, from `advice.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from hailuo_nb import catalog
from hailuo_nb.engine.states import State


def advice_for(
    state: State, error_kind: str | None, provider: str = "", *, taken: bool = True
) -> str:
    """One or two sentences; empty if there is nothing to do.

    taken  a provider has taken the clip: it may have been charged

    By state, else by kind of error; then what the provider's own page says of that state, such as
    what it costs. A charge is ruled out only where a page does so.
    """
    if state == "saved":
        return ""
    table = _advice()
    if state == "cancelled":
        text = table["task_cancelled" if taken else "cancelled"]
        return f"{text} {price_of_cancelling(provider)}".strip() if taken else text
    of_kind, of_state = table.get(error_kind or "", ""), table.get(state, "")
    found = [of_state or of_kind, _of_provider(state, provider)]
    if state == "failed" and error_kind == "moderation":
        found.insert(0, of_kind)
    return " ".join(filter(None, found))


def price_of_cancelling(provider: str) -> str:
    """What the provider's own page says of that; "" where it says nothing."""
    return _of_provider("cancelled", provider)


def _of_provider(state: State, provider: str) -> str:
    """What the provider's own page says."""
    about = catalog.facts(provider)
    found = about.advice if about else ()
    return " ".join(advice.text for advice in found if advice.state == state)


@cache
def _advice() -> dict[str, str]:
    found: dict[str, str] = json.loads(
        Path(__file__).with_name("advice.json").read_text(encoding="utf-8")
    )
    return found
