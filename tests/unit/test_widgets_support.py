"""The studio's format grid: it says of every cell what `catalog.check` says."""

from __future__ import annotations

import itertools

import pytest

from hailuo_nb import catalog
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.draft_checks import find_problems
from hailuo_nb.widgets.support import CellSupport, support

FRAME = Frame.of("https://example.com/cat.png")
PICTURE = Reference.of("https://example.com/dog.png")
H02, H3 = "ppinfra/MiniMax-Hailuo-02", "minimax/MiniMax-H3"


TARGETS = tuple(
    f"{provider}/{model}" for provider in catalog.providers() for model in catalog.models(provider)
)


def at(draft: Draft, resolution: str, duration: int) -> CellSupport:
    [cell] = [
        cell
        for cell in support(draft)["cells"]
        if (cell["resolution"], cell["duration"]) == (resolution, duration)
    ]
    return cell


@pytest.mark.parametrize(
    ("first", "last", "references"), list(itertools.product((False, True), repeat=3))
)
def test_the_grid_agrees_with_check_on_every_cell_of_every_row(
    first: bool, last: bool, references: bool
) -> None:
    files = FRAME if first else None, FRAME if last else None, (PICTURE,) if references else ()
    for target in TARGETS:
        provider, model = target.split("/")
        grid = agrees(Draft("A cat", (target,), "768P", 6, *files))
        sold = {
            (cell.resolution, cell.duration)
            for row in catalog.rows()
            if (row.provider, row.model) == (provider, model)
            for cell in row.cells
        }
        assert sold <= {(cell["resolution"], cell["duration"]) for cell in grid}


def test_the_grid_of_all_targets_agrees_with_check_on_what_anybody_sells() -> None:
    grid = agrees(Draft("A cat", TARGETS))
    sold = {(cell.resolution, cell.duration) for row in catalog.rows() for cell in row.cells}
    assert sold <= {(cell["resolution"], cell["duration"]) for cell in grid}


def agrees(draft: Draft) -> list[CellSupport]:
    """The cells of a grid that says what `check` says."""
    cells = support(draft)["cells"]
    for cell, target in itertools.product(cells, draft.targets):
        name, request = draft.request(target, draft.prompt)
        asked = request.but(resolution=cell["resolution"], duration=cell["duration"])
        said = {(one.severity, one.code) for one in catalog.check(asked, name)}
        shown = {
            (one["severity"], one["code"])
            for one in cell["problems"]
            if target in one["targets"] and one["severity"] != "note"
        }
        assert shown == said, (target, asked)
        assert (target in cell["makes"]) == all(kind != "error" for kind, _ in said)
    return cells


def test_the_chosen_cell_says_what_the_list_of_problems_says() -> None:
    for resolution, duration in (("768P", 6), ("1080P", 10), ("2K", 7), ("99P", 40)):
        draft = Draft("A cat", (H02, H3, "chanjing/MiniMax-Hailuo-02"), resolution, duration)
        shown = at(draft, resolution, duration)["problems"]
        listed = find_problems(draft)
        assert [(p["code"], p["targets"], p["changes"]) for p in listed] == [
            (p["code"], p["targets"], p["changes"]) for p in shown if p["severity"] != "note"
        ]
        assert [[text["values"] for text in p["texts"]] for p in listed] == [
            [text["values"] for text in p["texts"]] for p in shown if p["severity"] != "note"
        ]


def test_the_axes_are_what_the_chosen_targets_sell_and_the_chosen_cell() -> None:
    plain, both = support(Draft("", (H02,))), support(Draft("", (H02, H3)))
    assert (plain["resolutions"], plain["durations"], plain["range"]) == (
        ["768P", "1080P"],
        [6, 10],
        [],
    )
    assert (both["resolutions"], both["durations"], both["range"]) == (
        ["768P", "1080P", "2K"],
        [6, 10],
        list(range(4, 16)),
    )
    odd = support(Draft("", (H02,), "2K", 7))
    assert (odd["resolutions"], odd["durations"]) == (["768P", "1080P", "2K"], [6, 7, 10])
    assert len(odd["cells"]) == 9
    nothing = support(Draft("", ()))
    assert {"512P", "2K"} <= set(nothing["resolutions"])
    assert all(cell["makes"] == [] for cell in nothing["cells"])
    assert support(Draft("", ("nowhere/Sora",)))["cells"][0]["makes"] == []


def test_what_is_to_know_of_a_cell_is_a_note() -> None:
    notes = at(Draft("", (H3,)), "768P", 6)["problems"]
    assert [(p["severity"], p["code"], p["changes"]) for p in notes] == [("note", "length", None)]
    assert notes[0]["texts"][0]["values"] == {
        "title": "MiniMax",
        "duration": 6,
        "length": "6.58",
        "frames": 158,
    }


def test_what_does_not_change_the_grid_makes_no_new_one() -> None:
    draft = Draft("A cat", (H02, H3))
    assert support(draft) is support(Draft("A dog", (H02, H3), "1080P", 10, takes=3))
    assert support(draft) is not support(Draft("A cat", (H02, H3), first_frame=FRAME))


def test_sizes_of_files_and_the_prompt_are_no_matter_of_a_cell() -> None:
    heavy = Frame("sha256:1", data=b"x" * 30_000_000, media_type="image/png", width=9000, height=9)
    grid = support(Draft("x" * 9000, (H02,), first_frame=heavy))
    assert all(cell["makes"] == [H02] for cell in grid["cells"] if cell["problems"] == [])
    assert grid == support(Draft("", (H02,), first_frame=FRAME))


def test_a_target_is_checked_once_for_all_grids(monkeypatch: pytest.MonkeyPatch) -> None:
    support(Draft("", (H02, H3)))
    monkeypatch.setattr(catalog, "check", lambda *_: pytest.fail("checked once more"))
    assert support(Draft("", (H3,)))["targets"] == [H3]
