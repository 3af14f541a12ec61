"""Orders, the requests that cost money: each runs once, and only while the page still wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hailuo_nb.widgets import wire as wires
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.orders import Orders
from hailuo_nb.widgets.wire import Reply, Request, answer_requests
from tests.unit.test_widgets_studio import DRAFT, make_studio
from tests.unit.widget_wire import Wire


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Widget:
    """What `answer_requests` needs of a widget, and a page that only talks."""

    def __init__(self, again: Mapping[str, int] | None = None) -> None:
        self.sent: list[dict[str, Any]] = []
        self.ran: list[Request] = []
        self.clock = Clock()
        self.fault: Exception | None = None
        orders = Orders(lambda request: request.kind == "buy", lambda _: again, self.clock)
        answer_requests(self, {"buy": self.buy, "look": self.look}, orders=orders)

    def on_msg(self, callback: Any) -> None:
        self.callback = callback

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.sent.append(content)

    def buy(self, request: Request, reply: Reply) -> None:
        if self.fault:
            raise self.fault
        self.ran.append(request)
        reply.ok(number=len(self.ran))

    def look(self, _request: Request, reply: Reply) -> None:
        reply.ok()

    def ask(self, number: int, kind: str, **fields: object) -> list[dict[str, Any]]:
        before = len(self.sent)
        self.callback(self, {"id": number, "kind": kind, **fields}, [])
        return self.sent[before:]


CONFIRM = {"id": 7, "kind": "confirm", "again": None}
DONE = {"id": 7, "kind": "ok", "number": 1}


def test_an_order_runs_when_the_page_confirms_it_and_others_at_once() -> None:
    page = Widget()
    assert page.ask(7, "buy", what="clip") == [CONFIRM]
    assert page.ran == []
    assert page.ask(7, "go") == [DONE]
    assert [request.text("what") for request in page.ran] == ["clip"]
    assert page.ask(8, "look") == [{"id": 8, "kind": "ok"}]


def test_an_order_that_was_withdrawn_while_it_waited_never_runs() -> None:
    page = Widget()
    page.ask(7, "buy")
    assert page.ask(7, "withdraw") == [{"id": 7, "kind": "withdrawn"}]
    [answer] = page.ask(7, "go")
    assert answer["kind"] == "error"
    assert "nothing was sent" in answer["error"]
    assert page.ran == []


def test_a_withdrawal_that_comes_too_late_says_what_became_of_the_order() -> None:
    page = Widget()
    page.ask(7, "buy")
    page.ask(7, "go")
    assert page.ask(7, "withdraw") == [DONE]


def test_a_page_that_is_gone_never_confirms() -> None:
    page = Widget()
    page.ask(7, "buy")
    page.ask(8, "buy")
    page.ask(8, "go")
    assert [request.id for request in page.ran] == [8]


def test_a_confirmation_that_waited_itself_is_asked_for_again() -> None:
    page = Widget()
    page.ask(7, "buy")
    page.clock.now += 60  # behind a busy cell
    assert page.ask(7, "go") == [CONFIRM]
    assert page.ran == []
    page.clock.now += 0.1
    assert page.ask(7, "go") == [DONE]
    # Where each message takes long, it gets longer each time.
    page.ask(9, "buy")
    for _ in range(6):
        page.clock.now += 30
        if page.ask(9, "go")[0]["kind"] == "ok":
            break
    assert len(page.ran) == 2


def test_the_same_order_is_run_once_and_answered_the_same() -> None:
    page = Widget()
    page.ask(7, "buy", what="clip")
    page.ask(7, "buy", what="clip")  # the page was loaded again before it was confirmed
    assert page.ask(7, "go") == [DONE]
    assert page.ask(7, "go") == [DONE]
    assert page.ask(7, "buy", what="clip") == [DONE]
    assert len(page.ran) == 1
    assert page.ask(7, "buy", what="another clip") == [CONFIRM], "a number alone is not the order"


def test_an_order_that_failed_is_not_run_again_under_its_number() -> None:
    page = Widget()
    page.fault = RuntimeError("the ledger is locked")
    page.ask(7, "buy")
    [answer] = page.ask(7, "go")
    assert (answer["kind"], answer["error"]) == ("error", "the ledger is locked")
    page.fault = None
    assert page.ask(7, "buy") == [answer]
    assert page.ran == []


def test_what_was_asked_for_before_comes_with_the_question() -> None:
    page = Widget({"count": 3, "seconds": 4})
    assert page.ask(7, "buy") == [{**CONFIRM, "again": {"count": 3, "seconds": 4}}]


def test_the_kinds_of_orders_are_known_to_the_page() -> None:
    assert [str(kind) for kind in wires.OrderStep] == ["go", "withdraw"]


# The studio -----------------------------------------------------------------------------


def test_a_second_press_within_the_same_draft_is_asked_about() -> None:
    got: list[Draft] = []
    studio = make_studio(generate=got.append)
    page = Wire(studio)
    asked = {"kind": "generate", "draft": DRAFT}
    assert page.ask({"id": 1, **asked}) == [{"id": 1, "kind": "confirm", "again": None}]
    assert page.ask({"id": 1, "kind": "go"})[-1] == {"id": 1, "kind": "ok"}
    [again] = page.ask({"id": 2, **asked})
    assert again["again"] == {"count": 2, "seconds": 0}
    assert page.ask({"id": 2, "kind": "withdraw"}) == [{"id": 2, "kind": "withdrawn"}]
    other = {"kind": "generate", "draft": {**DRAFT, "prompt": "A dog"}}
    [first] = page.ask({"id": 3, **other})
    assert first["again"] is None
    assert len(got) == 1


@pytest.mark.parametrize("draft", [None, {"prompt": 3}])
def test_an_order_that_is_none_is_refused_when_it_runs(draft: object) -> None:
    page = Wire(make_studio())
    page.ask({"id": 1, "kind": "generate", "draft": draft})
    assert page.ask({"id": 1, "kind": "go"})[-1]["kind"] == "error"
