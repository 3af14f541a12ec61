"""The row of the board is written once, in Python; its type in JavaScript is made from it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal, TypedDict

import pytest

from hailuo_nb.pages.rows import DEFAULT_ROW, BoardRow

SCRIPT = Path(__file__).parents[2] / ".ci" / "js_types.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("js_types", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_javascript_has_the_types_of_the_rows(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["--check"]) == 0, capsys.readouterr().err


class Inner(TypedDict):
    """What is inside."""

    name: str


class Outer(TypedDict):
    """What is outside."""

    inner: Annotated[list[Inner], "one or more"]
    kind: Literal["a", "b"]
    scores: dict[str, float | str | None]
    choices: list[bool | str]


def test_nested_rows_get_their_names(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[Any, str] = {Inner: "Small", Outer: "Large"}
    monkeypatch.setattr(script, "NAMES", names)
    assert script.typedef(Outer).splitlines() == [
        "/**",
        " * What is outside.",
        " * @typedef {object} Large",
        " * @property {Small[]} inner  one or more",
        ' * @property {"a" | "b"} kind',
        " * @property {Record<string, number | string | null>} scores",
        " * @property {(boolean | string)[]} choices",
        " */",
    ]


def test_every_field_of_a_row_has_a_default() -> None:
    assert list(DEFAULT_ROW) == list(BoardRow.__annotations__)
