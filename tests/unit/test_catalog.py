"""The matrix: what it holds, and how its names are found."""

from __future__ import annotations

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog.compatibility import check
from hailuo_nb.catalog.names import parse_option
from hailuo_nb.errors import UnknownNameError
from tests.unit.requests import FAST, FIRST, FOUR, H02, H23, ask

# providers.md, section 9, typed once more: (provider, model, endpoint) -> text, first, last.
SECTION_9 = {
    ("ppinfra", H02, "minimax-hailuo-02"): (True, "optional", "optional"),
    ("ppinfra", H23, "minimax-hailuo-2.3-t2v"): (True, "no", "no"),
    ("ppinfra", H23, "minimax-hailuo-2.3-i2v"): (False, "required", "no"),
    ("ppinfra", FAST, "minimax-hailuo-2.3-fast-i2v"): (False, "required", "no"),
    ("modelverse", H02, "MiniMax-Hailuo-02"): (True, "optional", "optional"),
    ("modelverse", H23, "MiniMax-Hailuo-2.3"): (True, "optional", "no"),
    ("modelverse", FAST, "MiniMax-Hailuo-2.3-Fast"): (False, "required", "no"),
    ("chanjing", H02, "MiniMax-Hailuo-02"): (True, "optional", "optional"),
    ("xcompute", H23, "MiniMax-Hailuo-2.3"): (True, "optional", "no"),
    ("xcompute", FAST, "MiniMax-Hailuo-2.3-Fast"): (False, "required", "no"),
}
SPELLING = {
    "768P": {"xcompute": "768p", "chanjing": 720},
    "1080P": {"xcompute": "1080p", "chanjing": 1080},
}


# The matrix ---------------------------------------------------------------------------------------


def test_the_rows_are_those_of_section_9() -> None:
    found = {
        (row.provider, row.model, row.endpoint): (row.text, row.first_frame, row.last_frame)
        for row in catalog.rows()
        if row.provider in FOUR
    }
    assert found == SECTION_9


def test_every_row_sells_the_same_three_cells_in_its_own_spelling() -> None:
    for row in (row for row in catalog.rows() if row.provider in FOUR):
        assert [(cell.resolution, cell.duration) for cell in row.cells] == [
            ("768P", 6),
            ("768P", 10),
            ("1080P", 6),
        ]
        for cell in row.cells:
            expected = SPELLING[cell.resolution].get(row.provider, cell.resolution)
            assert cell.sent_as == expected
            assert type(cell.sent_as) is type(expected)


def test_only_chanjing_at_ten_seconds_is_assumed() -> None:
    assumed = [
        (row.provider, row.model, cell.resolution, cell.duration)
        for row in catalog.rows()
        for cell in row.cells
        if cell.assumed and row.provider in FOUR
    ]
    assert assumed == [("chanjing", H02, "768P", 10)]


def test_the_table_says_where_720_is_sold_for_768() -> None:
    for row in (row for row in catalog.rows() if row.provider in FOUR):
        for cell in row.cells:
            differs = row.provider == "chanjing" and cell.resolution == "768P"
            assert bool(cell.note) == differs
            if differs:
                assert "720 for 768" in cell.note


def test_every_row_has_its_source_and_its_options() -> None:
    for row in catalog.rows():
        assert row.source
        assert row.sure[0] in "ABC"
    for row in (row for row in catalog.rows() if row.provider in FOUR):
        assert set(row.options) <= {"prompt_optimizer", "fast_pretreatment", "watermark"}
        assert {option.type for option in row.options.values()} <= {"bool"}


def test_names_and_defaults() -> None:
    assert catalog.providers()[:4] == FOUR
    assert {name: catalog.default_model(name) for name in FOUR} == {
        "ppinfra": H02,
        "modelverse": H02,
        "chanjing": H02,
        "xcompute": H23,
    }
    assert catalog.models("ppinfra") == (H02, H23, FAST)
    assert catalog.models("chanjing") == (H02,)
    assert catalog.models("xcompute") == (H23, FAST)
    for provider in catalog.providers():
        defaults = {row.model for row in catalog.rows() if row.provider == provider and row.default}
        assert defaults == {catalog.default_model(provider)}


@pytest.mark.parametrize(
    ("provider", "name", "model"),
    [
        ("ppinfra", None, H02),
        ("xcompute", None, H23),
        ("modelverse", "MiniMax-Hailuo-02", H02),
        ("modelverse", "minimax-hailuo-2.3-fast", FAST),
        ("modelverse", "Hailuo-2.3", H23),
        ("modelverse", "02", H02),
        ("modelverse", " hailuo 2.3 FAST ", FAST),
        ("modelverse", "minimax/hailuo_02", H02),
        ("ppinfra", "minimax-hailuo-2.3-t2v", H23),
        ("ppinfra", "minimax-hailuo-2.3-i2v", H23),
        ("ppinfra", "MiniMax-Hailuo-2.3-Fast-I2V", FAST),
    ],
)
def test_a_model_is_found_by_any_of_its_names(provider: str, name: str | None, model: str) -> None:
    assert catalog.resolve_model(provider, name) == model


@pytest.mark.parametrize("provider", ["ppinfra", "modelverse", "chanjing", "xcompute"])
def test_every_row_is_found_by_its_own_names(provider: str) -> None:
    for row in catalog.rows():
        if row.provider == provider:
            assert catalog.resolve_model(provider, row.model) == row.model
            assert catalog.resolve_model(provider, row.endpoint) == row.model


@pytest.mark.parametrize(
    ("provider", "name", "near"),
    [
        ("modelverse", "MiniMax-Hailuo-2.3-Fst", FAST),
        ("xcompute", "hailuo-23", H23),
        ("ppinfra", "minimax-hailuo-03", H02),
    ],
)
def test_an_unknown_model_lists_the_known_and_suggests_the_nearest(
    provider: str, name: str, near: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        catalog.resolve_model(provider, name)
    said = str(caught.value)
    assert f"did you mean {near!r}" in said
    assert all(model in said for model in catalog.models(provider))


def test_a_model_that_is_sold_elsewhere_only_is_unknown_here() -> None:
    with pytest.raises(UnknownNameError, match=r"Chanjing sells\. Known: MiniMax-Hailuo-02"):
        catalog.resolve_model("chanjing", "2.3")
    with pytest.raises(UnknownNameError, match="no model"):
        catalog.resolve_model("chanjing", "")


@pytest.mark.parametrize(
    "call", [catalog.models, catalog.default_model, lambda name: check(ask(), name)]
)
def test_an_unknown_provider_lists_the_known_and_suggests_the_nearest(call: object) -> None:
    with pytest.raises(UnknownNameError) as caught:
        call("ppinfa")  # type: ignore[operator]
    said = str(caught.value)
    assert "did you mean 'ppinfra'" in said
    assert all(name in said for name in catalog.providers())


def test_ppinfra_has_two_endpoints_for_one_name() -> None:
    assert catalog.row_for(ask(H23), "ppinfra").endpoint == "minimax-hailuo-2.3-t2v"
    assert (
        catalog.row_for(ask(H23, first_frame=FIRST), "ppinfra").endpoint == "minimax-hailuo-2.3-i2v"
    )


def test_the_nearest_row_where_none_serves() -> None:
    assert catalog.row_for(ask(FAST), "ppinfra").model == FAST
    assert catalog.row_for(ask(H02), "xcompute").model == H23


def test_cell_for_gives_the_providers_spelling_or_nothing() -> None:
    cell = catalog.cell_for(ask(), "chanjing")
    assert cell is not None
    assert cell.sent_as == 720
    assert catalog.cell_for(ask(resolution="1080P", duration=10), "ppinfra") is None
    assert catalog.cell_for(ask(H02), "xcompute") is None
    assert catalog.cell_for(ask(duration=True), "ppinfra") is None


@pytest.mark.parametrize(
    ("provider", "name", "model"),
    [
        ("minimax", "Hailuo 3", "MiniMax-H3"),
        ("minimax", "hailuo3", "MiniMax-H3"),
        ("minimax", "h3max", "MiniMax-H3-Max"),
        ("minimax", "海螺3", "MiniMax-H3"),
        ("minimax", "海螺 2.3", H23),
        ("replicate", "Minimax Hailuo2.3", H23),
        ("replicate", "Ｈａｉｌｕｏ-2.3", H23),
        ("replicate", "hailuo 2,3", H23),
        ("replicate", "hailuo-2-3-fast", FAST),
    ],
)
def test_models_as_people_spell_them(provider: str, name: str, model: str) -> None:
    assert catalog.resolve_model(provider, name) == model


@pytest.mark.parametrize(
    ("written", "ratio"),
    [
        *[(text, "16:9") for text in ("16x9", "16 : 9", "16/9", "16：9", "１６:９ ", "1920x1080")],
        *[(number, "16:9") for number in (1.78, 16 / 9, "1.78", (16, 9))],
        (1, "1:1"),
        ("9 by 16", "9:16"),
        (" ", None),
        ("4:5", "4:5"),  # nobody sells it: `check` says so
        ("2.35:1", "2.35:1"),
        ("adaptive", "adaptive"),
        ("0:0", "0:0"),
    ],
)
def test_ratios_as_people_spell_them(written: object, ratio: str | None) -> None:
    assert parse_option("ratio", written) == ratio
