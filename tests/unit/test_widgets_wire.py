"""The wire has one protocol: the page's constants and kinds of messages are the kernel's, and every
kind has a handler."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.engine.ledger.annotations import MAX_STARS
from hailuo_nb.errors import BudgetError
from hailuo_nb.ordering import budget
from hailuo_nb.pages.assets import messages
from hailuo_nb.pages.words import refusal_words
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


def test_a_refusal_comes_in_the_other_languages_too() -> None:
    def over(_request: Any, _reply: Any) -> None:
        budget.check([(1.0, "USD")], max_clips=0)

    page = Wire(CompareBoard(run_action=lambda _name, _fields: {}, actions=["x"]))
    wire.answer_requests(page.widget, {"over": over})
    found = [one for one in page.ask({"id": 3, "kind": "over"}) if "worded" in one]
    assert [one["worded"]["zh"] for one in found] == [
        "已请求 0 个，再生成 1 个将超过上限 0 个。没有发送任何请求。"
    ]
    assert "max_clips is 0" in found[0]["error"]
    [gone] = page.ask({"id": 4, "kind": "clip", "job": "x"})[:1]
    assert gone["error"].startswith("The file of this clip is not there")
    assert gone["worded"] == {"zh": "找不到此视频的文件，可能已被移动或删除。"}


def test_every_refusal_has_words_in_both_languages() -> None:
    for check in (
        lambda: budget.check([(1.0, "USD")], max_clips=0),
        lambda: budget.check([(None, "")], max_cost=1),
        lambda: budget.check([(3.0, "USD")], max_cost=1),
    ):
        with pytest.raises(BudgetError) as refused:
            check()
        words = refusal_words(refused.value.code, refused.value.values)
        assert "{" not in words["zh"] and "上限" in words["zh"]


@pytest.mark.parametrize(
    ("widget", "section"),
    [(CompareBoard, "board"), (PromptStudio, "studio")],
    ids=["board", "studio"],
)
def test_a_script_has_each_message_once_in_both_languages(widget: Any, section: str) -> None:
    line = widget._esm.split("\n", 1)[0]
    sent = json.loads(line.removeprefix("const hnMessages = ").removesuffix(";"))
    known = messages(section, "common")
    assert sent["common.simulated"] == [known[one]["common.simulated"] for one in ("en", "zh")]
    for at, (language, texts) in enumerate(known.items()):
        got = {key: text[at] for key, text in sent.items() if text[at] is not None}
        assert got == {key.removeprefix(f"{section}."): text for key, text in texts.items()}, (
            language
        )
