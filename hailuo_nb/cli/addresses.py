"""`--base-url` and `--key-from`: providers at addresses that the command line names."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hailuo_nb.errors import ArgumentError, KeyFormatError, MissingKeyError, TableError
from hailuo_nb.ordering import accounts
from hailuo_nb.ordering.table import is_empty
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.arguments import format_label
from hailuo_nb.requests.provider_ref import ProviderRef

if TYPE_CHECKING:
    import pandas as pd


def accounts_of(base_urls: Sequence[str], key_sources: Sequence[str]) -> dict[str, Account]:
    """Accounts by the names of their providers, from texts like "fal=http://127.0.0.1:8808" and
    "fal=VARIABLE".

    The rules are those of `hn.provider`: keys that are found by themselves go only to the
    provider's own hosts. Raises HailuoError; no message repeats what may be a key.
    """
    addresses = _by_provider("--base-url", base_urls, "fal=http://127.0.0.1:8808")
    variables = _by_provider("--key-from", key_sources, "fal=MY_KEY")
    found: dict[str, Account] = {}
    for name in dict.fromkeys([*addresses, *variables]):
        sources = _variables_of(name, variables[name]) if name in variables else {}
        try:
            found[name] = _account(name, addresses.get(name), sources)
        except KeyFormatError as error:
            read_from = f"{', '.join(sources.values())} for {name}: " if sources else ""
            raise KeyFormatError(f"{read_from}{error}") from None
        except MissingKeyError as error:
            count = len(accounts.key_arguments(name))
            shown = ",".join(["VARIABLE"] * count)
            raise MissingKeyError(
                f"{error} Here: --key-from {name}={shown} names the environment "
                f"variable{'s' if count > 1 else ''} to take it from."
            ) from None
    return found


def _account(name: str, base_url: str | None, sources: Mapping[str, str]) -> Account:
    keys: dict[str, Any] = {argument: os.environ[source] for argument, source in sources.items()}
    try:
        return accounts.provider(name, base_url=base_url, **keys)
    finally:
        keys.clear()  # a traceback may print local variables


def _by_provider(option: str, given: Sequence[str], example: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise ArgumentError(f"{option} is PROVIDER=VALUE, as in {option} {example}")
        name = accounts.full_name(name)
        if name in found:
            raise ArgumentError(f"{option} names {name} twice")
        found[name] = value.strip()
    return found


def _variables_of(name: str, text: str) -> dict[str, str]:
    """Environment variables by the names of the keys that they hold. Raises ArgumentError."""
    own = accounts.key_arguments(name)
    variables = [word.strip() for word in text.split(",")]
    if len(variables) != len(own):
        raise ArgumentError(
            f"--key-from {name}= takes one environment variable for each of its keys: "
            f"{','.join(own)}"
        )
    if not all(map(os.environ.get, variables)):  # it may be the key itself: it is not repeated
        raise ArgumentError(
            f"--key-from {name}= names an environment variable that has the key, never the key "
            "itself: no variable of that name is set"
        )
    return dict(zip(own, variables, strict=True))


def with_providers(
    table: pd.DataFrame, providers: Sequence[str], found: Mapping[str, Account]
) -> pd.DataFrame:
    """The plan with a provider named in each row: an account then serves the rows at its provider,
    where `hn.compare` would give it those that name none.

    providers  for rows that name none
    found      accounts by the names of their providers

    Raises ArgumentError for an account that no row asks for: its rows would go elsewhere.
    """
    import pandas as pd

    if accounts.is_all(list(providers)):
        raise ArgumentError("--base-url and --key-from need providers by their names, not 'all'")
    accounts.require_known(providers)
    given = list(table["provider"]) if "provider" in table else [None] * len(table)
    cells = [list(providers) if is_empty(cell) else [cell] for cell in given]
    for label, names in zip(table.index, cells, strict=True):
        if not names:
            raise TableError(f"row {format_label(label)} names no provider: see --provider")
    asked = {ProviderRef.parse(str(name)).name.lower() for names in cells for name in names}
    if unused := [name for name in found if name not in asked]:
        raise ArgumentError(
            f"--base-url or --key-from names {' and '.join(unused)}, and no clip of the plan is "
            "asked for there. Nothing was sent."
        )
    named = pd.Series(cells, index=table.index, dtype=object)
    return table.assign(provider=named).explode("provider")
