"""Every `catalog.json`: what is in it, and what an author is told of a mistake in one."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb
from hailuo_nb import catalog
from hailuo_nb.catalog import compatibility, names, prices, row_choice
from hailuo_nb.catalog.option import Option
from hailuo_nb.catalog.references import ReferenceLimits
from hailuo_nb.catalog.rows import Row, own, parse
from hailuo_nb.catalog.typed_json import read
from hailuo_nb.errors import CatalogError
from hailuo_nb.providers import registry
from hailuo_nb.providers.base import Provider
from hailuo_nb.requests.fields import parse_request
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest

PROVIDERS = Path(hailuo_nb.__file__).parent / "providers"
FILES = sorted(PROVIDERS.glob("*/catalog.json"))
SOURCED = {"source": "https://acme.example/docs", "sure": "A", "date": "2026-11-28"}
BOOK: dict[str, Any] = {
    "name": "acme",
    "title": "Acme Video",
    "camera": {"dialect": "en", **SOURCED},
    "prompt": {"limit": 1500, **SOURCED},
    "picture": {"max_bytes": None, "max_side": None, "max_body": None, **SOURCED},
    "requests": {"submits": 300, "seconds": 60, "in_flight": 30, **SOURCED},
    "tasks": {"list": True, "cancel": True, "link_life": None, **SOURCED},
    "prices": {
        "currency": "USD",
        "rows": [
            {"model": "MiniMax-H3", "resolution": "768P", "per_second": "0.08"},
            {"model": "MiniMax-H3", "resolution": "2K", "per_second": "0.13"},
        ],
        **SOURCED,
    },
    "rows": [
        {
            "model": "MiniMax-H3",
            "endpoint": "h3",
            "default": True,
            "text": True,
            "first_frame": "optional",
            "last_frame": "optional",
            "formats": [
                {
                    "resolution": label,
                    "durations": {
                        "minimum": 4,
                        "maximum": 15,
                        "grid": {"step": 17, "offset": 5, "fps": 24},
                    },
                    "sent_as": label,
                }
                for label in ("768P", "2K")
            ],
            "options": {
                "seed": {"type": "int", "sent_as": "seed", "minimum": 0, "maximum": 4294967295},
                "style": {"type": "text", "sent_as": "style", "values": ["film", "anime"]},
            },
            "ratios": ["21:9", "16:9", "1:1"],
            "sound": "optional",
            **SOURCED,
        }
    ],
}
"""A provider of the next model, as MiniMax's V2 pages have it."""

GROUP: dict[str, Any] = {**BOOK["requests"], "models": ["MiniMax-H3"]}
"""Request limits of one model alone."""


@pytest.fixture
def next_model(monkeypatch: pytest.MonkeyPatch) -> tuple[Row, ...]:
    """The catalogue with that provider in it."""
    rows = parse(BOOK)
    for module in (names, compatibility, row_choice):
        monkeypatch.setattr(f"{module.__name__}.rows_of", lambda _: rows)
    monkeypatch.setattr(names, "rows", lambda: rows)
    monkeypatch.setattr(prices, "facts", lambda _: rows[0].facts)
    names.resolutions.cache_clear()
    names.options.cache_clear()
    monkeypatch.setattr(names, "resolutions", names.resolutions.__wrapped__)
    monkeypatch.setattr(names, "options", names.options.__wrapped__)
    monkeypatch.setattr(compatibility, "options", names.options)
    return rows


# Ours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.parent.name))
def test_a_catalogue_of_ours_is_sound(file: Path) -> None:
    rows = parse(json.loads(file.read_text(encoding="utf-8")))
    assert rows[0].provider == file.parent.name.replace("_", "-")
    adapter = registry.get(rows[0].provider)
    assert rows[0].title == adapter.title
    assert any(row.tasks.list for row in rows) == hasattr(adapter, "find")
    can_cancel = type(adapter).cancel is not Provider.cancel
    assert any(row.tasks.cancel for row in rows) == can_cancel


def test_they_are_found_without_an_adapter() -> None:
    code = (
        "import sys; from hailuo_nb import catalog; assert len(catalog.providers()) > 3; "
        "assert not [name for name in sys.modules "
        "if name.startswith('hailuo_nb.') and name.endswith('.adapter')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert list(own())[:4] == ["ppinfra", "modelverse", "chanjing", "xcompute"]


def test_every_fact_has_a_source_and_a_date_or_why_there_is_none() -> None:
    def blocks(value: Any) -> Any:
        if isinstance(value, dict):
            if "source" in value:
                yield value
            for one in value.values():
                yield from blocks(one)
        if isinstance(value, list):
            for one in value:
                yield from blocks(one)

    for file in FILES:
        found = list(blocks(json.loads(file.read_text(encoding="utf-8"))))
        assert len(found) >= 7
        for block in found:
            assert block["date"] or block["undated"]


def test_models_that_are_counted_apart_have_limits_of_their_own() -> None:
    group = {**GROUP, "submits": 10}
    (row,) = parse({**BOOK, "model_requests": [group]})
    assert row.facts.requests_for("MiniMax-H3").submits == 10
    assert row.facts.requests_for("another").submits == 300


# A model of another kind --------------------------------------------------------------------------


def test_a_range_of_durations_and_any_label(next_model: tuple[Row, ...]) -> None:
    (row,) = next_model
    assert [cell.duration for cell in row.cells if cell.resolution == "2K"] == [*range(4, 16)]
    assert catalog.parse_resolution("2k") == "2K"
    request = VideoRequest("A cat", "MiniMax-H3", "2K", 7)
    assert catalog.check(request, "acme") == []
    cell = catalog.cell_for(request, "acme")
    assert cell is not None
    assert cell.length == 175 / 24  # 17 * 10 + 5 frames, the nearest to 168
    assert prices.estimate(request, "acme").amount == Decimal("0.91")
    for wanted, nearest in ((3, 4), (20, 15)):
        (problem,) = catalog.check(request.but(duration=wanted), "acme")
        assert problem.nearest == request.but(duration=nearest)
        assert "for 4 s to 15 s, not for" in problem.message
    (problem,) = catalog.check(request.but(resolution="1080P"), "acme")
    assert problem.nearest == request.but(resolution="768P")


def test_ratio_and_sound(next_model: tuple[Row, ...]) -> None:
    request = VideoRequest("A cat", "MiniMax-H3", "2K", 7)
    assert catalog.check(request.but(ratio="16:9", sound=True), "acme") == []
    (problem,) = catalog.check(request.but(ratio="2:1"), "acme")
    assert (problem.field, problem.nearest) == ("ratio", request)
    assert "21:9, 16:9 and 1:1" in problem.message


def test_references(next_model: tuple[Row, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that takes none says what remains; one that does says which are too many."""
    link = Reference.of("https://x.example/a.png")
    request = VideoRequest("Image 1", "MiniMax-H3", "2K", 7, references=[link] * 10)
    (problem,) = catalog.check(request, "acme")
    assert (problem.field, problem.code) == ("references", "references_not_taken")
    assert problem.nearest == request.but(references=())
    taking = replace(next_model[0], references=read(ReferenceLimits, {"pictures": 9, **SOURCED}))
    for module in (names, compatibility, row_choice):
        monkeypatch.setattr(f"{module.__name__}.rows_of", lambda _: (taking,))
    (problem,) = catalog.check(request, "acme")
    assert (problem.code, problem.nearest) == (
        "references_pictures",
        request.but(references=[link] * 9),
    )
    assert catalog.check(request.but(references=[link] * 9), "acme") == []
    apart = (next_model[0], replace(taking, first_frame="no", last_frame="no"))
    for module in (names, compatibility, row_choice):
        monkeypatch.setattr(f"{module.__name__}.rows_of", lambda _: apart)
    framed = request.but(references=[link], first_frame=Frame.of("https://x.example/b.png"))
    (problem,) = catalog.check(framed, "acme")
    assert (problem.code, problem.nearest) == (
        "references_with_frames",
        framed.but(references=()),
    )
    assert catalog.row_for(request, "acme") is apart[1]


def test_an_option_outside_its_values(next_model: tuple[Row, ...]) -> None:
    request = VideoRequest("A cat", "MiniMax-H3", "2K", 7)
    assert catalog.check(request.but(seed=7, style="film"), "acme") == []
    (problem,) = catalog.check(request.but(seed=-7), "acme")
    assert (problem.field, problem.severity, problem.nearest) == (
        "seed",
        "error",
        request.but(seed=0),
    )
    with pytest.raises(hailuo_nb.ArgumentError, match="film, anime"):
        catalog.parse_option("style", "noir")
    with pytest.raises(hailuo_nb.ArgumentError, match="whole number"):
        catalog.parse_option("seed", "7")


def test_rows_that_take_different_values_of_an_option() -> None:
    film = Option("text", "style", values=("film", "anime"))
    noir = Option("text", "style", values=("noir", "film"))
    assert film.joined(noir).values == ("film", "anime", "noir")
    assert film.joined(Option("text", "style")).values == ()
    low, high = Option("int", "n", minimum=0, maximum=9), Option("int", "n", minimum=5, maximum=20)
    assert (low.joined(high).minimum, low.joined(high).maximum) == (0, 20)
    assert low.joined(Option("int", "n")).minimum is None
    plain, named = Option("int", "n"), Option("int", "n", label={"en": "Random seed"})
    assert plain.joined(named).label == named.joined(plain).label == {"en": "Random seed"}
    assert (low.taken, film.taken) == ("at least 0 and at most 9", "film or anime")
    assert (low.nearest(12), film.nearest("noir")) == (9, None)


@pytest.mark.parametrize("name", ["prompt", "target", "state", "import", "A", "a b", "_a", ""])
def test_a_name_that_something_else_has_is_no_option(name: str) -> None:
    """A stranger's bundle could say with it to whom the pasted call goes."""
    data = {**VideoRequest("A cat", "M").to_json(), "options": {name: 1}}
    with pytest.raises(hailuo_nb.FieldError, match="is no name of an option"):
        parse_request(json.dumps(data))


@pytest.mark.parametrize("value", [[1], {}, 2**60, 1e300])
def test_a_value_that_no_option_has_is_refused(value: Any) -> None:
    data = {**VideoRequest("A cat", "M").to_json(), "options": {"seed": value}}
    with pytest.raises(hailuo_nb.FieldError, match="is no value of an option"):
        parse_request(json.dumps(data))


def test_ours_sell_neither_ratio_nor_sound() -> None:
    request = VideoRequest("A cat", "MiniMax-Hailuo-02", ratio="16:9", sound=True)
    found = catalog.check(request, "modelverse")
    assert [(one.field, one.severity) for one in found] == [("ratio", "error"), ("sound", "error")]
    assert found[0].nearest == found[1].nearest == request.but(ratio=None, sound=None)


# Mistakes -----------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], None]


def at(*path: Any, value: Any) -> Change:
    def change(book: dict[str, Any]) -> None:
        place: Any = book
        for step in path[:-1]:
            place = place[step]
        if value is ...:
            del place[path[-1]]
        else:
            place[path[-1]] = value

    return change


def twice(book: dict[str, Any]) -> None:
    book["rows"][0]["formats"].append(book["rows"][0]["formats"][0])


ROW = ("rows", 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (at("titel", value="Acme"), "titel is no field of this; known: name, title"),
        (at("title", value=...), "title is missing"),
        (at("prompt", "limit", value="1500"), "prompt.limit must be a whole number"),
        (at("prompt", "limit", value=True), "prompt.limit must be a whole number"),
        (at("camera", "dialect", value="fr"), "camera.dialect must be one of zh, en"),
        (at("prices", "source", value=""), "prices: source is empty"),
        (at("prices", "date", value=None), "prices: without a date, undated says why"),
        (at("prices", "date", value="last week"), "prices: date is a day like 2026-04-15"),
        (at("prices", "currency", value=""), "prices: there are prices and no currency"),
        (at("prices", "rows", 0, "per_second", value="cheap"), "prices.rows[0]: a price is like"),
        (at("prices", "rows", 0, "amount", value="1"), "prices.rows[0]: a price has either"),
        (at("prices", "rows", 0, "model", value="H4"), "prices.rows[0] is the price of something"),
        (at(*ROW, "sure", value="maybe"), "rows[0]: sure begins with A, B or C"),
        (at(*ROW, "first_frame", value="yes"), "rows[0].first_frame must be one of no, optional"),
        (at(*ROW, "text", value=False), "rows[0]: text says the contrary of the frames"),
        (at(*ROW, "default", value=False), "one model must be the default"),
        (at(*ROW, "formats", value=[]), "rows[0].formats sell nothing"),
        (
            at(*ROW, "formats", 1, "durations", "minimum", value=0),
            "rows[0].formats[1].durations: a range",
        ),
        (
            at(*ROW, "formats", 0, "durations", value=[6, "10"]),
            "rows[0].formats[0].durations[1] must be a whole number",
        ),
        (twice, "rows[0].formats has 768P, 4 s twice"),
        (at(*ROW, "options", "seed", "type", value="number"), "rows[0].options.seed.type must be"),
        (at(*ROW, "options", "seed", "default", value="7"), "rows[0].options.seed: '7' is no int"),
        (at(*ROW, "options", "take", value={"type": "int", "sent_as": "x"}), "options.take is no"),
        (at("requests", "submits", value=0), "requests: at least one call, in a span of time"),
        (at("requests", "seconds", value=0), "requests: at least one call, in a span of time"),
        (at("requests", "in_flight", value=0), "requests: at least one call, in a span of time"),
        (at("requests", value=GROUP), "requests has models: those of an account have none"),
        (at("model_requests", value=[dict(GROUP, models=[])]), "[0].models is empty"),
        (at("model_requests", value=[dict(GROUP, models=["H4"])]), "[0].models has H4, which is"),
        (at("model_requests", value=[GROUP, GROUP]), "[1].models has MiniMax-H3, which is twice"),
        (at("rows", value={}), "rows must be a list"),
        (at("rows", value=[]), "rows is empty"),
    ],
)
def test_a_mistake_is_named_with_its_place(change: Change, said: str) -> None:
    book = copy.deepcopy(BOOK)
    change(book)
    with pytest.raises(CatalogError) as caught:
        parse(book)
    assert said in str(caught.value)
    assert isinstance(caught.value, hailuo_nb.HailuoError)
