"""Which keys are there, from where, and how old the price lists are. No key is shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hailuo_nb.doctor.report import Check, Section

if TYPE_CHECKING:
    from hailuo_nb.providers.credentials import FoundKeys
    from hailuo_nb.requests.redaction import Credentials


def check_keys() -> Section:
    from hailuo_nb.providers import registry
    from hailuo_nb.simulator import dialects

    holders: dict[Credentials, str] = {}
    checks = [_key(name, holders) for name in registry.names()]
    broken = [
        Check("not used", f"{reason}.", warnings=(f"{reason}.",))
        for reason in (*registry.broken(), *dialects.broken())
    ]
    return Section("Providers", (*checks, *broken, Check("simulated:*", "need no key")))


def _key(name: str, holders: dict[Credentials, str]) -> Check:
    """holders   the first provider with these credentials, to be filled in"""
    from hailuo_nb.providers import credentials, registry

    variables = registry.get(name).key_variables
    found = credentials.find(variables)
    sources = [
        f"{variable} {_where(source, variable in found.trimmed)}"
        for variable, source in zip(variables, found.sources, strict=True)
    ]
    state = "key present" if found.credentials else "no key"
    return Check(
        name,
        f"{state} ({', '.join(sources)})",
        "ok" if found.credentials else "info",
        warnings=tuple(_warnings(name, found, variables, holders)),
    )


def _warnings(
    name: str, found: FoundKeys, variables: tuple[str, ...], holders: dict[Credentials, str]
) -> list[str]:
    from hailuo_nb.providers import credentials

    held = found.credentials
    warnings = []
    if held and (wrong := held.find_malformed(variables)):
        warnings.append(credentials.malformed(wrong) + ".")
    warnings += [f"{hint}." for hint in found.hints]
    if held:
        warnings += _key_notes(name, held)
        if (first := holders.setdefault(held, name)) != name:
            warnings.append(f"{first} and {name} have the same key, good for one of them.")
    return warnings


def _key_notes(name: str, credentials: Credentials) -> list[str]:
    """What the provider's page says of such keys."""
    from hailuo_nb import catalog

    about = catalog.facts(name)
    notes = about.key_notes if about else ()
    return [f"{name}: {note.text}" for note in notes if credentials.begin_with(note.prefix)]


def _where(source: str, trimmed: bool) -> str:
    """Describes where a key was found, and whether it was stripped."""
    if not source:
        return "not found"
    return (
        f"from {source}, without the quotes, blanks or words around it"
        if trimmed
        else f"from {source}"
    )


def check_prices() -> Section:
    """The day of each price list, and how old it is where that is too old to trust."""
    import datetime

    from hailuo_nb import catalog
    from hailuo_nb.catalog import prices

    own = os.environ.get(prices.PRICES_VARIABLE)
    checks = [Check(prices.PRICES_VARIABLE, own)] if own else []
    for name in catalog.providers():
        about = catalog.facts(name)
        if about is None or not about.prices.rows:
            checks.append(Check(name, "none that its page states"))
            continue
        listed = prices.Price(None, date=about.prices.date or "")
        day = listed.day(datetime.date.today())
        checks.append(Check(name, f"of {day or 'an unknown day'}"))
    return Section("List prices", tuple(checks))
