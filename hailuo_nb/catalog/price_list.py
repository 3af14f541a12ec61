"""A provider's list prices, as its `catalog.json` has them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from hailuo_nb.catalog.sourced import Sourced

MAX_AMOUNT = 10**9


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What a clip costs, `amount`, or a second of it, `per_second`: a text like "2.00".

    duration  seconds; None for every duration, which a price for each second needs
    option    of a request that sets this option, whose price goes before the others
    picture   what each picture of a request costs beside that, after the first `free_pictures`
    """

    model: str
    resolution: str
    duration: int | None = None
    amount: str | None = None
    per_second: str | None = None
    picture: str | None = None
    free_pictures: int = 0
    option: str = ""

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.per_second is None):
            raise ValueError("a price has either amount or per_second")
        for written in (self.amount, self.per_second, self.picture):
            if written is not None:
                parse_amount(written)

    def covers(self, model: str, resolution: str, duration: int) -> bool:
        """Whether this is the price of such a clip."""
        same = (self.model, self.resolution) == (model, resolution)
        return same and self.duration in {None, duration}

    def price(self, duration: int, pictures: int = 0) -> Decimal:
        """What a clip of so many seconds costs, with so many pictures in its request."""
        charged = max(0, pictures - self.free_pictures) if self.picture else 0
        beside = parse_amount(self.picture) * charged if charged else Decimal(0)
        if self.amount is not None:
            return parse_amount(self.amount) + beside
        return parse_amount(self.per_second) * duration + beside


@dataclass(frozen=True, slots=True)
class PriceList(Sourced):
    """The prices of one page, in one currency ("CNY"); empty where no page states any."""

    currency: str = ""
    rows: tuple[PriceRow, ...] = ()

    def __post_init__(self) -> None:
        super(PriceList, self).__post_init__()
        if self.rows and not self.currency:
            raise ValueError("there are prices and no currency")


def parse_amount(written: object) -> Decimal:
    """An amount of money as it is written. A JSON number goes by its shortest text: 0.28 means
    0.28, not its binary neighbour. Raises ValueError."""
    try:
        amount = Decimal(str(written)) if not isinstance(written, bool) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT:
        raise ValueError(f'a price is like "2.00", and not {written!r}')
    return amount
