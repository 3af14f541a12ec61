"""List prices: what is known, what is not, and the user's own file."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog import prices as pricing
from hailuo_nb.catalog.price_list import PriceRow
from hailuo_nb.catalog.prices import Price, estimate, total
from hailuo_nb.errors import PriceFileError
from hailuo_nb.requests.video_request import VideoRequest


def clip(
    model: str = "MiniMax-Hailuo-02", resolution: str = "768P", duration: int = 6
) -> VideoRequest:
    return VideoRequest("a cat", model, resolution, duration)


@pytest.fixture(autouse=True)
def no_price_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pricing.PRICES_VARIABLE, raising=False)


def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Any) -> Path:
    path = tmp_path / "prices.json"
    path.write_text(book if isinstance(book, str) else json.dumps(book), encoding="utf-8")
    monkeypatch.setenv(pricing.PRICES_VARIABLE, str(path))
    return path


def book(amount: Any = "1.25", **changes: Any) -> dict[str, Any]:
    line = {"model": "MiniMax-Hailuo-02", "resolution": "768P", "duration": 6, "amount": amount}
    block = {"provider": "ppinfra", "currency": "USD", "date": "2026-11-01", "source": "my invoice"}
    return {"lists": [{**block, "prices": [line], **changes}]}


@pytest.mark.parametrize(
    ("model", "resolution", "duration", "amount"),
    [
        ("MiniMax-Hailuo-02", "768P", 6, "2.00"),
        ("MiniMax-Hailuo-02", "768P", 10, "4.00"),
        ("MiniMax-Hailuo-02", "1080P", 6, "3.50"),
        ("MiniMax-Hailuo-2.3", "768P", 6, "2.00"),
        ("MiniMax-Hailuo-2.3", "768P", 10, "4.00"),
        ("MiniMax-Hailuo-2.3", "1080P", 6, "3.50"),
        ("MiniMax-Hailuo-2.3-Fast", "768P", 6, "1.35"),
        ("MiniMax-Hailuo-2.3-Fast", "768P", 10, "2.25"),
        ("MiniMax-Hailuo-2.3-Fast", "1080P", 6, "2.31"),
    ],
)
def test_modelverse_list_prices(model: str, resolution: str, duration: int, amount: str) -> None:
    price = estimate(clip(model, resolution, duration), "modelverse")
    assert (price.amount, price.currency, price.date) == (Decimal(amount), "CNY", "2026-04-15")
    assert price.text == f"¥{amount}"
    assert "UCloud" in price.source


def test_every_clip_that_modelverse_sells_has_a_price() -> None:
    cells = [
        (row.model, c.resolution, c.duration)
        for row in catalog.rows()
        for c in row.cells
        if row.provider == "modelverse"
    ]
    assert cells
    assert all(estimate(clip(*cell), "modelverse").amount is not None for cell in cells)


@pytest.mark.parametrize("provider", ["ppinfra", "chanjing", "xcompute"])
def test_a_price_that_no_page_states_is_unknown(provider: str) -> None:
    for row in catalog.rows():
        if row.provider == provider:
            price = estimate(clip(row.model), provider)
            assert (price.amount, price.currency, price.text) == (None, "", "unknown")
            assert price.source


def test_a_clip_that_is_not_sold_has_no_price() -> None:
    assert estimate(clip(duration=10, resolution="1080P"), "modelverse").text == "unknown"
    assert estimate(clip(), "nobody").text == "unknown"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("2", "CNY", "¥2.00"),
        ("0.28", "USD", "$0.28"),
        ("0.285", "USD", "$0.285"),
        ("1234.5", "EUR", "€1,234.50"),
        ("2E+2", "GBP", "£200.00"),
        ("3.1", "CHF", "3.10 CHF"),
        ("0", "CNY", "¥0.00"),
    ],
)
def test_text(amount: str, currency: str, text: str) -> None:
    assert Price(Decimal(amount), currency).text == text


def test_total_keeps_currencies_apart() -> None:
    prices = [
        Price(Decimal("2.00"), "CNY"),
        Price(None),
        Price(Decimal("0.28"), "USD"),
        Price(Decimal("2.00"), "CNY"),
        Price(None),
    ]
    assert total(prices) == "¥4.00 + $0.28 + 2 unknown"
    assert total(prices[:1]) == "¥2.00"
    assert total([Price(None)]) == "1 unknown"
    assert total(iter([])) == "nothing"


def test_total_adds_decimals_exactly() -> None:
    assert total([Price(Decimal("0.1"), "USD")] * 3) == "$0.30"


def test_the_users_file_comes_before_ours_and_adds_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = book()
    mine["lists"] += book("9.99", provider="modelverse")["lists"]
    own_file(tmp_path, monkeypatch, mine)
    price = estimate(clip(), "ppinfra")
    assert price == Price(Decimal("1.25"), "USD", "2026-11-01", "my invoice")
    assert estimate(clip(), "modelverse").text == "$9.99"
    assert estimate(clip(duration=10), "modelverse").text == "¥4.00"
    assert estimate(clip(), "chanjing").text == "unknown"


def test_own_prices_by_any_spelling_and_by_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {
        "provider": " MiniMax",
        "currency": "USD",
        "date": "",
        "source": "mine",
        "prices": [
            {"model": "hailuo 3", "resolution": "768p", "per_second": "0.5"},
            {"model": "h3", "resolution": "768P", "duration": 5, "amount": "2"},
        ],
    }
    own_file(tmp_path, monkeypatch, {"lists": [written]})
    seconds = {n: estimate(clip("MiniMax-H3", "768P", n), "minimax").text for n in (4, 5, 15)}
    assert seconds == {4: "$2.00", 5: "$2.00", 15: "$7.50"}


def test_a_changed_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_file(tmp_path, monkeypatch, book("1.00"))
    assert estimate(clip(), "ppinfra").text == "$1.00"
    path.write_text(json.dumps(book("3.00")), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert estimate(clip(), "ppinfra").text == "$3.00"


def test_a_number_means_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_file(tmp_path, monkeypatch, book(0.28))
    assert estimate(clip(), "ppinfra").amount == Decimal("0.28")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{not json", "Expecting"),
        ("[]", "'lists'"),
        ('{"lists": 3}', "'lists'"),
        (book(provider=7), r"lists\[0\] needs 'provider', a text"),
        (book(prices=[{}]), r"lists\[0\]\.prices\[0\] needs 'model'"),
        (book("free"), r"'amount'.*'free'"),
        (book("-1"), r"'amount'.*'-1'"),
        (book("NaN"), "'amount'"),
        (book("Infinity"), "'amount'"),
        (book(True), "'amount'"),
        (book(None), "'amount'"),
        (book(currency=""), "no currency"),
        ("[" * 100_000, "recursion|Expecting"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Any, said: str
) -> None:
    path = own_file(tmp_path, monkeypatch, content)
    with pytest.raises(PriceFileError, match=said) as caught:
        estimate(clip(), "modelverse")
    assert str(path) in str(caught.value)
    assert "HAILUO_NB_PRICES" in str(caught.value)


def test_a_missing_file_is_an_error_and_not_our_price(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(pricing.PRICES_VARIABLE, str(tmp_path / "none.json"))
    with pytest.raises(PriceFileError, match="No such file"):
        estimate(clip(), "modelverse")


def test_pictures_beyond_the_free_ones_cost_too() -> None:
    """As MiniMax's H3: some pictures are free, each further one has a price."""
    row = PriceRow("H3", "2K", per_second="0.13", picture="0.04", free_pictures=2)
    assert row.price(10) == row.price(10, 2) == Decimal("1.30")
    assert row.price(10, 5) == Decimal("1.42")
    assert PriceRow("H3", "2K", 6, amount="1.00").price(6, 9) == Decimal("1.00")
    with pytest.raises(ValueError, match="a price is like"):
        PriceRow("H3", "2K", per_second="0.13", picture="dear")
