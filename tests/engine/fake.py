"""A paid provider for the engine's tests: an adapter of its own and a server in a MockTransport,
with faults.

Every submit that the server takes is counted in `charged`, whatever becomes of the answer.
"""

from __future__ import annotations

import asyncio
import collections
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.runner import Runner
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Call, Cancel, Poll, Progress, Receipt, Reply, Submit
from hailuo_nb.providers.task_list import Find, Found, Listed
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest

KEY = "sk-marked-key-1234567890"
KINDS = {400: "invalid", 401: "auth", 402: "balance", 404: "invalid", 429: "rate"}


class FakeProvider:
    name = "ppinfra"  # a name of the matrix, so that prices and checks know it
    title = "Fake"
    base_url = "https://fake.invalid"
    hosts = frozenset({"fake.invalid"})
    key_variables = ("FAKE_KEY",)
    batch_size = 1

    def auth(self, credentials: Sequence[str], clock: Callable[[], float]) -> httpx2.Auth:
        def sign(request: httpx2.Request) -> httpx2.Request:
            request.headers["Authorization"] = f"Bearer {credentials[0]}"
            return request

        return httpx2.FunctionAuth(sign)

    def submit(self, request: VideoRequest) -> Submit:
        reply = yield Call("POST", "/submit", json={"prompt": request.prompt}, charges=True)
        _raise(reply)
        return Receipt(reply.text_at("id"), reply.at("links") or {})

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        params = {"ids": ",".join(task.task_id for task in tasks)}
        reply = yield Call("GET", tasks[0].links.get("status", "/tasks"), params=params)
        _raise(reply)
        return [
            Progress(
                row["id"],
                row["state"],
                percent=row.get("percent"),
                links=tuple(row.get("links", ())),
                link_ttl=row.get("link_ttl"),
                charged_cost=row.get("charged"),
                charged_currency=row.get("currency", ""),
                error=ProviderError("moderation", "unfit", code="1026")
                if row["state"] == "failed"
                else None,
            )
            for row in reply.at("tasks")
        ]


class ListingProvider(FakeProvider):
    """The same with a list of tasks, as Chanjing has one."""

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        reply = yield Call("GET", "/list", params={"prompt": request.prompt})
        _raise(reply)
        certain, possible = (tuple(map(Listed, reply.at(name))) for name in ("ids", "others"))
        return Found(certain, possible, reply.at("doubt"))


class CancellingProvider(FakeProvider):
    """The same, and it can cancel tasks."""

    def cancel(self, task: Receipt) -> Cancel:
        where = task.links.get("cancel", "/cancel")
        reply = yield Call("PUT", where, params={"id": task.task_id})
        _raise(reply)
        return reply.at("outcome")


def _raise(reply: Reply) -> None:
    if reply.status >= 400:
        after = reply.headers.get("retry-after")
        raise ProviderError(
            KINDS.get(reply.status, "server"),
            f"status {reply.status} for {KEY}",
            status=reply.status,
            retry_after=float(after) if after else None,
        )


class QuickAccess(Account):
    """Looks come a thousand times as fast."""

    time_scale = 0.001


@dataclass
class Server:
    """What the provider does. Faults are taken from the front of a queue, one a call; empty means
    all is well."""

    clip: bytes
    looks_needed: int = 2
    charged: list[str] = field(default_factory=list)
    requests: list[httpx2.Request] = field(default_factory=list)
    submit_faults: collections.deque[Any] = field(default_factory=collections.deque)
    poll_faults: collections.deque[Any] = field(default_factory=collections.deque)
    clip_faults: collections.deque[Any] = field(default_factory=collections.deque)
    hang: bool = False
    """The submit is taken and charged, and its answer never comes."""
    lost_faults: int = 0
    """So many submits are lost on their way: not taken, and no answer."""
    list_fails: bool = False
    list_doubt: str = ""
    fail_tasks: bool = False
    forget_tasks: bool = False
    task_links: dict[str, str] = field(default_factory=dict)
    """Given at submit: the state of a task is asked there."""
    cancel_faults: collections.deque[Any] = field(default_factory=collections.deque)
    cancel_outcome: str = "cancelled"
    cancelled: list[str] = field(default_factory=list)
    """The tasks that it was asked to cancel."""
    keeps_cancelled: bool = False
    """Whatever it answers, it goes on with the task."""
    forgets_cancelled: bool = False
    charge: dict[str, Any] = field(default_factory=dict)
    """What it says of the charge of a task that is over."""
    same_link: bool = False
    """Each look gives the same link; else a freshly signed one."""
    link_ttl: float = 3600
    _looks: collections.Counter[str] = field(default_factory=collections.Counter)
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if request.url.path == "/submit":
            return self._submit(request)
        if request.url.path in {"/tasks", "/linked"}:
            return self._tasks(request)
        if request.url.path == "/cancel":
            return self._cancel(request.url.params["id"])
        if request.url.path == "/list":
            prompt = request.url.params["prompt"]
            tasks = {f"task-{number}": words for number, words in enumerate(self.charged, 1)}
            ids = [task for task, words in tasks.items() if words == prompt]
            others = [task for task, words in tasks.items() if words != prompt]
            return httpx2.Response(
                500 if self.list_fails else 200,
                json={"ids": ids, "others": others, "doubt": self.list_doubt},
            )
        return self._clip()

    def _submit(self, request: httpx2.Request) -> httpx2.Response:
        fault = self.submit_faults.popleft() if self.submit_faults else None
        if isinstance(fault, httpx2.ConnectError):
            raise fault
        if isinstance(fault, tuple):  # (status, headers): refused without a charge
            return httpx2.Response(fault[0], headers=fault[1], json={"error": "no"})
        if self.lost_faults:
            self.lost_faults -= 1
            raise httpx2.ReadError("lost")
        task_id = f"task-{next(self._ids)}"
        self.charged.append(json.loads(request.content)["prompt"])
        if isinstance(fault, Exception):
            raise fault
        if isinstance(fault, int):
            return httpx2.Response(fault, json={"error": "late"})
        if isinstance(fault, bytes):
            return httpx2.Response(200, content=fault)
        return httpx2.Response(200, json={"id": task_id, "links": self.task_links})

    def _tasks(self, request: httpx2.Request) -> httpx2.Response:
        fault = self.poll_faults.popleft() if self.poll_faults else None
        if isinstance(fault, Exception):
            raise fault
        if isinstance(fault, int):
            return httpx2.Response(fault, json={"error": "later"})
        if self.forget_tasks:
            return httpx2.Response(200, json={"tasks": []})
        rows = [self._task(i) for i in request.url.params["ids"].split(",")]
        if self.forgets_cancelled:
            rows = [row for row in rows if row["id"] not in self.cancelled]
        return httpx2.Response(200, text=json.dumps({"tasks": rows}))

    def _cancel(self, task_id: str) -> httpx2.Response:
        fault = self.cancel_faults.popleft() if self.cancel_faults else None
        if isinstance(fault, int):
            return httpx2.Response(fault, json={"error": "later"})
        if self.cancel_outcome != "too_late":
            self.cancelled.append(task_id)
        if isinstance(fault, Exception):
            raise fault
        return httpx2.Response(200, json={"outcome": self.cancel_outcome})

    def _task(self, task_id: str) -> dict[str, Any]:
        row = self._state(task_id)
        return row if row["state"] == "running" else row | self.charge

    def _state(self, task_id: str) -> dict[str, Any]:
        self._looks[task_id] += 1
        if task_id in self.cancelled and not self.keeps_cancelled:
            return {"id": task_id, "state": "cancelled"}
        if self._looks[task_id] < self.looks_needed:
            return {"id": task_id, "state": "running", "percent": 40}
        if self.fail_tasks:
            return {"id": task_id, "state": "failed"}
        sign = "" if self.same_link else f"?sign={self._looks[task_id]}"
        links = [f"https://clips.fake.invalid/{task_id}.mp4{sign}"]
        return {
            "id": task_id,
            "state": "succeeded",
            "percent": 100,
            "links": links,
            "link_ttl": self.link_ttl,
        }

    def _clip(self) -> httpx2.Response:
        fault = self.clip_faults.popleft() if self.clip_faults else None
        if isinstance(fault, Exception):
            raise fault
        if isinstance(fault, int):
            return httpx2.Response(fault, text="<html>gone</html>")
        body = self.clip if fault is None else fault
        return httpx2.Response(200, content=body, headers={"content-type": "video/mp4"})


def account() -> Account:
    return QuickAccess(FakeProvider(), FakeProvider.base_url, Credentials(KEY), simulated=True)


def request(prompt: str = "A cat [Push in]", model: str = "MiniMax-Hailuo-02") -> VideoRequest:
    return VideoRequest(prompt, model)


def spec(
    to: Account,
    prompt: str = "A cat [Push in]",
    take: int | None = 1,
    model: str = "MiniMax-Hailuo-02",
) -> JobSpec:
    return JobSpec(to, request(prompt, model), take, 2.0, "CNY")


def runner(home: Path, server: Server, **settings: Any) -> Runner:
    async def handle(sent: httpx2.Request) -> httpx2.Response:
        answer = server.handle(sent)
        if server.hang and sent.url.path == "/submit":
            await asyncio.Event().wait()
        return answer

    return Runner(
        home, simulator=lambda _: httpx2.MockTransport(handle), rng=lambda: 0.5, **settings
    )
