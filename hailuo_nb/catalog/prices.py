"""List prices: what a clip costs by the provider's own price page, with its date and source.

Pure but for reading a price file of the user's. The facts are in each `catalog.json`; a price that
no page states is unknown and stays unknown.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from hailuo_nb.catalog.names import canonical_model, resolutions
from hailuo_nb.catalog.price_list import PriceRow, parse_amount
from hailuo_nb.catalog.regeneration import REGENERATE
from hailuo_nb.catalog.rows import facts
from hailuo_nb.errors import PriceFileError
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.video_request import VideoRequest

PRICES_VARIABLE = "HAILUO_NB_PRICES"
"""Names a JSON file of one's own prices, which come before ours: `{"lists": [{provider, currency,
date, source, "prices": [{model, resolution, duration, amount}]}]}`; of every duration is
`{model, resolution, per_second}`."""

MAX_AGE = 90
"""Days after which a list price is marked as old."""

_MADE_UP_RATE = Decimal("0.05")
"""For a second of a simulated clip whose provider names no price."""
SIMULATED_MONEY = "simulated "
"""Stands before the currency of a simulated price."""
MADE_UP = "made up: the provider names no price"
"""The source of a simulated price that copies none."""

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True)
class Price:
    """The list price of one clip. `amount` is None where no page states one.

    currency  "CNY", "USD", ...; "" where the amount is unknown
    date      the day of the price page, as it was written down
    source    the page, or why there is no price
    """

    amount: Decimal | None
    currency: str = ""
    date: str = ""
    source: str = ""

    @property
    def value(self) -> float | None:
        """The amount as a number for tables and limits."""
        return None if self.amount is None else float(self.amount)

    @property
    def text(self) -> str:
        """`¥2.00`, `$0.28`, `3.10 CHF`, or `unknown`."""
        return "unknown" if self.amount is None else _money(self.amount, self.currency)

    def day(self, today: datetime.date) -> str:
        """`2026-04-15`, and `2026-04-15 (227 days old)` where that is more than `MAX_AGE`."""
        age = age_in_days(self.date, today)
        return self.date if age is None or age <= MAX_AGE else f"{self.date} ({age} days old)"

    def origin(self, today: datetime.date) -> str:
        """Page and day, for people."""
        return f"{self.source} {self.day(today)}".strip()


def age_in_days(day: str, today: datetime.date) -> int | None:
    """How old a page of that day ("2026-04-15") is; None for a text that is no day."""
    try:
        return (today - datetime.date.fromisoformat(day)).days
    except ValueError:
        return None


def estimate(request: VideoRequest, provider: str) -> Price:
    """The list price of `request` at `provider` (its plain name).

    A price in the file that HAILUO_NB_PRICES names comes before ours. Raises PriceFileError where
    that file cannot be read, rather than showing another price than the user's.
    """
    own = os.environ.get(PRICES_VARIABLE, "").strip()
    # Prices of one's own are of clips as such, and none of a clip that is made again.
    known = _read_own(own) if own and REGENERATE not in request.options else ()
    found = [
        (row, page)
        for name, row, page in known
        if name == provider and row.covers(request.model, request.resolution, request.duration)
    ]
    if not found:
        return _listed(request, provider)
    row, page = max(reversed(found), key=lambda one: one[0].duration is not None)
    return replace(page, amount=row.price(request.duration))


def estimate_at(request: VideoRequest, at: ProviderRef) -> Price:
    """The same at a provider or its stand-in. A stand-in has a simulated price, copied from the
    provider's list, or made up where that has none: money of its own ("simulated CNY"), by which a
    budget can be rehearsed. Nothing is paid, and no ledger has it."""
    price = estimate(request, at.provider)
    if not at.simulated:
        return price
    if price.amount is None:
        made_up = _MADE_UP_RATE * request.duration
        return Price(made_up, f"{SIMULATED_MONEY}USD", source=MADE_UP)
    source = f"simulated, copied from the list: {price.source}"
    return replace(price, currency=f"{SIMULATED_MONEY}{price.currency}", source=source)


def _pictures(request: VideoRequest) -> int:
    frames = (request.first_frame, request.last_frame)
    pictures = [one for one in request.references if one.kind == "picture"]
    return sum(frame is not None for frame in frames) + len(pictures)


def _listed(request: VideoRequest, provider: str) -> Price:
    about = facts(provider)
    if about is None:
        return Price(None, source="no list price is known")
    listed = about.prices
    found = [
        row
        for row in listed.rows
        if row.covers(request.model, request.resolution, request.duration)
        and (not row.option or row.option in request.options)
    ]
    if not found:
        return Price(None, source="no list price is known" if listed.rows else listed.source)
    amount = max(found, key=lambda row: row.option != "").price(
        request.duration, _pictures(request)
    )
    return Price(amount, listed.currency, listed.date or "", listed.source)


def total(prices: Iterable[Price]) -> str:
    """`¥4.00 + $0.28 + 2 unknown`: currencies are never converted. "nothing" for no price at
    all."""
    sums: dict[str, Decimal] = {}
    unknown = 0
    for price in prices:
        if price.amount is None:
            unknown += 1
        else:
            sums[price.currency] = sums.get(price.currency, Decimal(0)) + price.amount
    parts = [_money(amount, currency) for currency, amount in sums.items()]
    return " + ".join([*parts, *([f"{unknown} unknown"] if unknown else [])]) or "nothing"


def _money(amount: Decimal, currency: str) -> str:
    """Two decimals, or more where the price has them."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    sign = _SIGNS.get(currency)
    return f"{sign}{amount:,.{places}f}" if sign else f"{amount:,.{places}f} {currency}"


_Own = tuple[str, PriceRow, Price]
"""A provider, a price of one's own, and where it is from: a Price without an amount."""


def _read_own(name: str) -> tuple[_Own, ...]:
    path = Path(name)
    try:
        path = path.expanduser()
        status = path.stat()
        return _read_own_at(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise PriceFileError(
            f"the price file {path} ({PRICES_VARIABLE}): {error.strerror}"
        ) from None
    except (
        ValueError,
        RuntimeError,
    ) as error:  # RuntimeError: no such user after ~, or nested too deep
        raise PriceFileError(f"the price file {path} ({PRICES_VARIABLE}): {error}") from None


@lru_cache(maxsize=4)
def _read_own_at(path: Path, _changed: int, _size: int) -> tuple[_Own, ...]:
    return tuple(_entries(json.loads(path.read_text(encoding="utf-8-sig"))))


def _entries(book: Any) -> Iterator[_Own]:
    """Every price of a book. Raises ValueError that names the place of what is wrong."""
    for number, block in enumerate(_part(book, "lists", list, "the file")):
        where = f"lists[{number}]"
        provider = _part(block, "provider", str, where).strip().lower()
        currency = _part(block, "currency", str, where).strip().upper()
        date, source = _part(block, "date", str, where), _part(block, "source", str, where)
        for line_number, line in enumerate(_part(block, "prices", list, where)):
            place = f"{where}.prices[{line_number}]"
            if not currency:
                raise ValueError(f"{where} has prices and no currency")
            yield provider, _row(line, place), Price(None, currency, date, source)


def _row(line: Any, place: str) -> PriceRow:
    """A price with the names that the catalogue has for its model and resolution."""
    model, resolution = (_part(line, key, str, place) for key in ("model", "resolution"))
    labels = {label.upper(): label for label in resolutions()}
    per_second = line.get("per_second")
    duration = None if per_second is not None else _part(line, "duration", int, place)
    try:
        return PriceRow(
            canonical_model(model) or model,
            labels.get(resolution.strip().upper(), resolution),
            duration,
            None if per_second is not None else str(parse_amount(line.get("amount"))),
            None if per_second is None else str(parse_amount(per_second)),
        )
    except ValueError as error:
        needed = "amount" if per_second is None else "per_second"
        raise ValueError(f"{place} needs {needed!r}: {error}") from None


def _part(value: Any, key: str, kind: type, where: str) -> Any:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        words = {list: "a list", str: "a text", int: "a whole number"}
        raise ValueError(f"{where} needs {key!r}, {words[kind]}")  # noqa: TRY004 - a fault of the file
    return found
