"""Orders: requests of the page that cost money. Each runs once, and only while the page wants it.

A request may wait behind a busy cell for minutes, and so may its withdrawal, which comes after it.
So the kernel asks back before it runs an order (`confirm`), and the page says `go`, or nothing at
all: one that was withdrawn, or that a page asked for that is gone, is never run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hailuo_nb.widgets.wire import Answer, OrderStep, Reply, Request

_TIMEOUT = 2.0
"""Seconds in which `go` has to come. One that waited longer may be withdrawn behind it: the page is
asked once more, and gets twice as long."""
_MAX_KEPT = 1000

Again = Mapping[str, int]
"""`{count, seconds}`: so many clips of the same were asked for so long ago."""


@dataclass(slots=True)
class _Waiting:
    request: Request
    run: Callable[[Request, Reply], None]
    asked_at: float
    timeout: float = _TIMEOUT


class Orders:
    """The orders of one widget. Any thread may bring a message.

    costs   whether a request is an order
    again   what a person is asked about before it is run, or None
    """

    def __init__(
        self,
        costs: Callable[[Request], bool],
        again: Callable[[Request], Again | None] = lambda _request: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._costs, self._again, self._clock = costs, again, clock
        self._lock = threading.Lock()
        self._waiting: dict[int, _Waiting] = {}
        self._run: dict[int, tuple[Mapping[str, Any], Reply]] = {}

    def take(self, request: Request, reply: Reply, run: Callable[[Request, Reply], None]) -> bool:
        """Whether this was an order or a step of one; anything else is left to the caller.

        run   runs the order and answers it
        """
        if request.kind == OrderStep.GO:
            self._go(request.id, reply)
        elif request.kind == OrderStep.WITHDRAW:
            self._withdraw(request.id, reply)
        elif self._costs(request):
            self._ask(request, reply, run)
        else:
            return False
        return True

    def _ask(self, request: Request, reply: Reply, run: Callable[[Request, Reply], None]) -> None:
        with self._lock:
            fields, answered = self._run.get(request.id, (None, None))
            same = answered is not None and fields == request.fields
            if not same:
                self._waiting[request.id] = _Waiting(request, run, self._clock())
                _forget_oldest(self._waiting)
        if same:
            assert answered is not None
            answered.repeat()
            return
        reply.send(Answer.CONFIRM, {"again": self._again_or_none(request)})

    def _again_or_none(self, request: Request) -> Again | None:
        try:
            return self._again(request)
        except (ValueError, LookupError, AttributeError, TypeError):
            return None  # no order at all: that is said when it runs

    def _go(self, number: int, reply: Reply) -> None:
        with self._lock:
            waiting = self._waiting.get(number)
            now = self._clock()
            if waiting is not None and now - waiting.asked_at <= waiting.timeout:
                del self._waiting[number]
                self._run[number] = (waiting.request.fields, reply)
                _forget_oldest(self._run)
            elif waiting is not None:
                waiting.asked_at, waiting.timeout = now, 2 * waiting.timeout
                reply.send(Answer.CONFIRM, {"again": None})
                return
            answered = self._run.get(number)
        if waiting is not None:
            waiting.run(waiting.request, reply)
        elif answered is not None:
            answered[1].repeat()
        else:
            reply.refuse("order_gone")

    def _withdraw(self, number: int, reply: Reply) -> None:
        with self._lock:
            waited = self._waiting.pop(number, None)
            answered = self._run.get(number)
        if waited is None and answered is not None:
            answered[1].repeat()
        else:
            reply.send(Answer.WITHDRAWN, {})


def _forget_oldest(kept: dict[int, Any]) -> None:
    while len(kept) > _MAX_KEPT:
        del kept[next(iter(kept))]
