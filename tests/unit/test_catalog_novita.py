"""Novita's rows, typed once more from its pages (reference on more providers, 1.5)."""

from __future__ import annotations

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog import match
from tests.unit.requests import FAST, FIRST, H02, H23, ask

ROWS = [row for row in catalog.rows() if row.provider == "novita"]
# (model, endpoint) -> text, first frame, last frame, options
SECTION_1_5 = {
    (H02, "minimax-hailuo-02"): (True, "optional", "optional", {"prompt_optimizer"}),
    (H23, "minimax-hailuo-2.3-t2v"): (
        True, "no", "no", {"prompt_optimizer", "fast_pretreatment"}
    ),
    (H23, "minimax-hailuo-2.3-i2v"): (
        False, "required", "no", {"prompt_optimizer", "fast_pretreatment"}
    ),
    (FAST, "minimax-hailuo-2.3-fast-i2v"): (False, "required", "no", {"prompt_optimizer"}),
}  # fmt: skip


def test_the_rows() -> None:
    found = {
        (row.model, row.endpoint): (row.text, row.first_frame, row.last_frame, set(row.options))
        for row in ROWS
    }
    assert found == SECTION_1_5


def test_the_cells_and_the_limits() -> None:
    for row in ROWS:
        assert [(one.resolution, one.duration, one.sent_as) for one in row.cells] == [
            ("768P", 6, "768P"),
            ("768P", 10, "768P"),
            ("1080P", 6, "1080P"),
        ]
        assert row.prompt.limit == 2000
        assert row.options["prompt_optimizer"].sent_as == "enable_prompt_expansion"
    facts = catalog.facts("novita")
    assert facts is not None
    assert (facts.tasks.list, facts.tasks.cancel, facts.prices.rows) == (False, False, ())


def test_brackets_on_fast_are_a_guess() -> None:
    """Its page lists no camera commands."""
    sure = {row.endpoint: row.camera.sure for row in ROWS}
    assert [endpoint for endpoint, word in sure.items() if word == "C"] == [
        "minimax-hailuo-2.3-fast-i2v"
    ]


@pytest.mark.parametrize("model", [H02, H23, FAST])
def test_moves_go_out_in_english(model: str) -> None:
    request = ask(model, prompt="一只猫 [推进]", first_frame=FIRST)
    row, _ = match.offer(request, "novita")
    assert match.prompt(request, row) == "一只猫 [Push in]"
