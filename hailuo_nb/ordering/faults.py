"""`faults=`: what goes wrong at stand-ins, by the simulator's own names; real providers refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hailuo_nb.errors import ArgumentError
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.simulator.faults import parse_fault

if TYPE_CHECKING:
    from hailuo_nb.ordering.table import Row

Faults = str | Sequence[str]


def parse(given: Any) -> tuple[str, ...]:
    """ "fail_task:0.3", or a list of such. Raises ArgumentError, which lists the names."""
    if given is None or (isinstance(given, list | tuple) and not given):
        return ()
    found = arguments.as_list("faults", given, arguments.as_text)
    for spec in found:
        try:
            parse_fault(spec)
        except ValueError as error:
            raise ArgumentError(f"faults: {error}") from None
    return tuple(dict.fromkeys(spec.strip() for spec in found))


def of_account(account: Account, given: Any) -> Account:
    """The stand-in with these faults. Raises ArgumentError for a real provider."""
    faults = parse(given)
    if faults and not account.simulated:
        raise _real(account.name)
    return replace(account, faults=faults) if faults else account


def applied(rows: list[Row], given: Any) -> list[Row]:
    """The same clips at stand-ins with these faults. Raises ArgumentError where one is at a real
    provider."""
    faults = parse(given)
    if not faults:
        return rows
    for row in rows:
        if row.skipped is not None and not row.skipped.simulated:
            raise _real(row.skipped.provider)
    return [
        row
        if row.clip is None
        else replace(row, clip=replace(row.clip, account=of_account(row.clip.account, faults)))
        for row in rows
    ]


def _real(name: str) -> ArgumentError:
    return ArgumentError(
        f"faults are for stand-ins, and {name or 'this'} is a real provider: nothing was sent. "
        f"'simulated:{name}' is its stand-in"
    )
