"""The wire has one protocol: the page's constants and kinds of messages are the kernel's, and every
kind has a handler."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hailuo_nb.engine.ledger.annotations import MAX_STARS
from hailuo_nb.widgets import compare_board, wire
from hailuo_nb.widgets.compare_board import CompareBoard
from hailuo_nb.widgets.prompt_studio import PromptStudio
from tests.unit.widget_wire import Wire

SOURCES = Path(compare_board.__file__).with_name("js")
PROTOCOL = (SOURCES / "protocol.js").read_text("utf-8")
KINDS = [wire.BoardRequest, wire.StudioRequest, wire.OrderStep, wire.Answer]


def test_the_constants_of_the_page_are_the_kernels() -> None:
    found = re.findall(r"^export const (\w+) = (.*);$", PROTOCOL, re.MULTILINE)
    plain = {name: re.sub(r"(\w+): ", r'"\1": ', value) for name, value in found}
    assert {name: json.loads(value) for name, value in plain.items()} == {
        "CHUNK_SIZE": wire.CHUNK_SIZE,
        "MAX_TAKES": wire.MAX_TAKES,
        "HELD": wire.HELD,
        "FITTED": wire.FITTED,
        "MAX_SHOWN_VARIANTS": wire.MAX_SHOWN_VARIANTS,
        "MAX_STARS": MAX_STARS,
        "VIEWS": list(wire.VIEWS),
        "EXPORTS": list(wire.EXPORTS),
        "NO_FILTER": dict(wire.NO_FILTER),
    }


@pytest.mark.parametrize("kinds", KINDS, ids=lambda kinds: kinds.__name__)
def test_the_kinds_of_the_page_are_the_kernels(
    kinds: type[wire.BoardRequest | wire.StudioRequest | wire.OrderStep | wire.Answer],
) -> None:
    found = re.search(rf"@typedef \{{([^}}]*)\}} {kinds.__name__}\b", PROTOCOL)
    assert found is not None
    assert re.findall(r'"(\w+)"', found[1]) == [str(kind) for kind in kinds]


def test_the_page_sends_every_kind_of_request() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.js"))
    sent = set(re.findall(r'"(\w+)"', code.replace(PROTOCOL, "")))
    for kind in [*wire.BoardRequest, *wire.StudioRequest, *wire.OrderStep]:
        assert kind in sent


def test_every_kind_of_request_has_a_handler() -> None:
    studio = PromptStudio([], generate=lambda _draft: None)
    for widget, kinds in ((CompareBoard(), wire.BoardRequest), (studio, wire.StudioRequest)):
        page = Wire(widget)
        [unknown] = page.ask({"id": 1, "kind": "no_such_kind"})
        assert unknown["error"] == "The kernel has no answer to the request 'no_such_kind'."
        for kind in kinds:
            for answer in page.ask({"id": 2, "kind": str(kind)}):
                assert answer.get("error") != f"The kernel has no answer to the request '{kind}'."
