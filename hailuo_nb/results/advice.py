"""What a person can do about a clip that did not arrive: sentences `advice.*` of messages.json."""

from __future__ import annotations

from functools import cache

from hailuo_nb import catalog
from hailuo_nb.engine.states import State
from hailuo_nb.pages.assets import messages
from hailuo_nb.pages.words import Wording, quoted


def advice_for(
    state: State, error_kind: str | None, provider: str = "", *, taken: bool = True
) -> str:
    """The same as one English text, "" if there is nothing to do."""
    found = advice_words(state, error_kind, provider, taken=taken)
    return " ".join(one.text for one in found)


def advice_words(
    state: State, error_kind: str | None, provider: str = "", *, taken: bool = True
) -> list[Wording]:
    """One or two sentences; none if there is nothing to do.

    taken  a provider has taken the clip: it may have been charged

    By state, else by kind of error; then what the provider's own page says of that state, such as
    what it costs. A charge is ruled out only where a page does so.
    """
    if state == "saved":
        return []
    of_page = price_of_cancelling(provider) if state == "cancelled" else _page(state, provider)
    page = [quoted("said.page", of_page)] if of_page else []
    if state == "cancelled":
        return [_words("task_cancelled"), *page] if taken else [_words("cancelled")]
    codes = [state if state in _advice() else error_kind or ""]
    if state == "failed" and error_kind == "moderation":
        codes.insert(0, "moderation")
    return [_words(code) for code in codes if code in _advice()] + page


def price_of_cancelling(provider: str) -> str:
    """What the provider's own page says of that; "" where it says nothing."""
    return _page("cancelled", provider)


def _page(state: State, provider: str) -> str:
    """What the provider's own page says."""
    about = catalog.facts(provider)
    found = about.advice if about else ()
    return " ".join(advice.text for advice in found if advice.state == state)


def _words(code: str) -> Wording:
    return Wording(f"advice.{code}", _advice()[code])


@cache
def _advice() -> dict[str, str]:
    found = messages("advice")["en"]
    return {key.removeprefix("advice."): text for key, text in found.items()}
