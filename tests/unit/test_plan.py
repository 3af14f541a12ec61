"""hn.plan: the sweep as a table, with what it costs and what cannot be made. Nothing is opened,
nothing is sent."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.errors import VariantsError
from hailuo_nb.ordering.plan import COLUMNS
from tests.unit.pictures import PLAIN

MODEL = "MiniMax-Hailuo-02"


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    def refuse() -> Any:
        raise AssertionError("a plan opens no ledger")

    monkeypatch.setattr(session, "runner", refuse)


def test_the_cross_product_in_the_order_of_the_arguments(tmp_path: Path) -> None:
    table = hn.plan(
        ["A cat at {dawn|dusk}", "A dog"],
        camera=["", "Push in"],
        provider=["ppinfra", "simulated:chanjing"],
        model=MODEL,
        duration=[6, 10],
        takes=2,
    )
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 3 * 2 * 2 * 2 * 2
    assert table["prompt"].drop_duplicates().tolist() == [
        "A cat at dawn",
        "A cat at dawn [Push in]",
        "A cat at dusk",
        "A cat at dusk [Push in]",
        "A dog",
        "A dog [Push in]",
    ]
    assert table["take"].tolist()[:4] == [1, 2, 1, 2]
    assert set(table["model"]) == {MODEL}
    assert table["problem"].isna().all()
    assert not list(tmp_path.iterdir())


def test_costs_are_list_prices_and_simulated_ones_are_money_of_their_own() -> None:
    table = hn.plan(
        "A cat", provider=["modelverse", "simulated:modelverse"], model=MODEL, duration=[6, 10]
    )
    paid, free = table[table["provider"] == "modelverse"], table[table["provider"] != "modelverse"]
    assert (paid["cost"] > 0).all()
    assert set(paid["currency"]) == {"CNY"}
    assert free["cost"].tolist() == paid["cost"].tolist(), "to rehearse a budget with"
    assert set(free["currency"]) == {"simulated CNY"}


def test_a_price_that_nobody_knows_is_nan_and_not_nothing() -> None:
    table = hn.plan("A cat", provider=["ppinfra", "modelverse", "chanjing", "xcompute"])
    by_provider = dict(zip(table["provider"], table["cost"], strict=True))
    assert any(math.isnan(cost) for cost in by_provider.values())
    assert by_provider["modelverse"] > 0


def test_what_cannot_be_made_says_why_and_what_can() -> None:
    table = hn.plan(
        "A cat", provider="modelverse", model=MODEL, resolution=["768P", "1080P"], duration=[6, 10]
    )
    bad = table[table["problem"].notna()]
    assert bad[["resolution", "duration"]].to_numpy().tolist() == [["1080P", 10]]
    assert "not for 10 s" in bad["problem"].iloc[0]
    assert bad["nearest"].iloc[0] == f"{MODEL}, 1080P, 6 s."
    assert bad["cost"].iloc[0] == 0


def test_a_model_that_is_sold_elsewhere_is_a_problem_and_no_error() -> None:
    table = hn.plan("A cat", provider=["chanjing", "xcompute"], model=["02", "2.3-fast"])
    assert len(table) == 4
    assert table["model"].isin(["MiniMax-Hailuo-02", "MiniMax-Hailuo-2.3-Fast"]).all()
    with pytest.raises(hn.UnknownNameError, match="Hailuo-9"):
        hn.plan("A cat", provider="xcompute", model="Hailuo-9")
    with pytest.raises(hn.UnknownNameError, match="modelverse"):
        hn.plan("A cat", provider="modelvers")


def test_a_name_keeps_its_model_and_stands_once() -> None:
    table = hn.plan("A cat", provider=["ppinfra/02", "ppinfra"], model=["02", None])
    assert table[["provider", "model"]].drop_duplicates().shape == (len(table), 2)


@pytest.mark.parametrize(
    ("camera", "prompt"),
    [
        ("Push in", "A cat [Push in]"),
        ("push_in", "A cat [Push in]"),
        ("Push in,Pan left", "A cat [Push in,Pan left]"),
        ("[Push in, Pan left]", "A cat [Push in,Pan left]"),
        ("推进，左摇", "A cat[推进,左摇]"),
        ("", "A cat"),
        (None, "A cat"),
    ],
)
def test_the_camera_is_one_bracket_at_the_end(camera: Any, prompt: str) -> None:
    table = hn.plan("A cat", camera=[camera], provider="simulated:ppinfra")
    assert table["prompt"].tolist() == [prompt]


def test_frames_stand_as_they_were_given_and_are_opened(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PLAIN["image/png"])
    array = np.full((400, 500, 3), 7, np.uint8)
    table = hn.plan("A cat", provider="simulated:ppinfra", first_frame=[None, "a.png", array])
    assert table["first_frame"].iloc[1] == "a.png"
    assert table["first_frame"].iloc[2] == hn.Frame.of(array)
    assert len(hn.plan("A cat", provider="simulated:ppinfra", first_frame=array)) == 1
    with pytest.raises(hn.FrameError, match=r"last_frame.*no such file"):
        hn.plan("A cat", provider="simulated:ppinfra", last_frame="none.png")


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"camera": "Pann left"}, "Pan left"),
        ({"camera": 3}, "no text"),
        ({"prompt": [3]}, "no text"),
        ({"provider": []}, "provider is an empty list"),
        ({"provider": None}, "provider is None"),
        ({"takes": 0}, "takes is 0"),
        ({"prompt": [f"{number}" for number in range(900)], "takes": 6}, "5,400 rows"),
    ],
)
def test_arguments_that_make_no_sense_are_named(arguments: dict[str, Any], match: str) -> None:
    with pytest.raises(hn.ArgumentError, match=match):
        hn.plan(**{"prompt": "A cat", "provider": "ppinfra", **arguments})


def test_braces_that_cannot_be_read_name_their_prompt() -> None:
    with pytest.raises(VariantsError, match=r"prompt\[1\]: .*never closed"):
        hn.plan(["A cat", "A {dog"], provider="ppinfra")


@pytest.mark.parametrize("bad", [{"resolution": "4K"}, {"duration": [6, 6.5]}, {"duration": "6"}])
def test_a_size_or_length_that_is_none_is_told(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        hn.plan("A cat", provider="ppinfra", **bad)


def test_the_function_stays_a_function() -> None:
    """A module hailuo_nb.plan would take its place as soon as somebody imports it."""
    from importlib.util import find_spec

    assert callable(hn.plan)
    assert find_spec("hailuo_nb.plan") is None


def test_moves_of_a_step_are_joined_as_in_a_bracket() -> None:
    """`[Push in; Pan left]` in a prompt was understood, and as camera= it was none."""
    (prompt,) = hn.plan("A cat", provider="simulated:ppinfra", camera="Push in; Pan left")["prompt"]
    assert prompt == "A cat [Push in,Pan left]"
