"""How keys get onto requests: Bearer, Modelverse's two forms, and that no key shows. Chanjing's
token: next file."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest

from hailuo_nb.providers import registry
from tests.contract.wire import Server, said

KEY = "sk-marked-0123456789abcdef"
SECRET = "secret-marked-fedcba9876543210"
NOW = 1_760_000_000.0


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


# Bearer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ppinfra", "xcompute"])
def test_bearer(name: str) -> None:
    server = Server(lambda request: httpx2.Response(200))
    auth = registry.get(name).auth([f"  {KEY}\n"], lambda: NOW)
    run(server.client(auth).get("/x"))
    assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {KEY}"]


# Modelverse ---------------------------------------------------------------------------------------


def modelverse_auth() -> httpx2.Auth:
    return registry.get("modelverse").auth([KEY], lambda: NOW)


def auth_error(code: str = "auth_error") -> httpx2.Response:
    return said(
        {
            "error": {
                "message": "Validate Certification failed",
                "type": "x",
                "param": "r",
                "code": code,
            }
        },
        401,
    )


def sent(server: Server) -> list[str]:
    return [request.headers["authorization"] for request in server.requests]


def test_the_raw_key_after_an_auth_error_and_from_then_on() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return (
            auth_error()
            if request.headers["authorization"].startswith("Bearer")
            else said({"ok": 1})
        )

    async def twice() -> list[Any]:
        async with server.client(modelverse_auth()) as client:
            return [(await client.post("/v1/tasks/submit", json={"n": n})).json() for n in (1, 2)]

    server = Server(answer)
    assert run(twice()) == [{"ok": 1}, {"ok": 1}]
    assert sent(server) == [f"Bearer {KEY}", KEY, KEY]
    assert [json.loads(request.content)["n"] for request in server.requests] == [1, 1, 2]


def test_a_wrong_key_is_tried_both_ways_and_the_answer_reaches_the_caller() -> None:
    server = Server(lambda request: auth_error())
    response = run(server.client(modelverse_auth()).get("/x"))
    assert (response.status_code, response.json()["error"]["code"]) == (401, "auth_error")
    assert sent(server) == [f"Bearer {KEY}", KEY]


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: auth_error("forbidden"),
        lambda request: httpx2.Response(401, html="<h1>Unauthorized</h1>"),
        lambda request: said({"error": {"code": "auth_error"}}, 403),
        lambda request: said({"ok": 1}),
    ],
)
def test_anything_else_is_not_repeated(answer: Callable[[httpx2.Request], httpx2.Response]) -> None:
    server = Server(answer)
    run(server.client(modelverse_auth()).get("/x"))
    assert sent(server) == [f"Bearer {KEY}"]


# Keys stay hidden ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", registry.names())
def test_keys_are_in_no_repr_and_no_pickle(name: str) -> None:
    provider = registry.get(name)
    auth = provider.auth([KEY, SECRET][: len(provider.key_variables)], lambda: NOW)
    for shown in (repr(auth), str(auth), f"{auth}", repr([auth]), repr(provider)):
        assert KEY not in shown
        assert SECRET not in shown
    for copying in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            copying(auth)


@pytest.mark.parametrize("name", ["modelverse", "chanjing"])
def test_a_synchronous_client_is_refused_before_anything_is_sent(name: str) -> None:
    provider = registry.get(name)
    auth = provider.auth([KEY, SECRET][: len(provider.key_variables)], lambda: NOW)
    transport = httpx2.MockTransport(lambda request: pytest.fail("sent"))
    with (
        httpx2.Client(auth=auth, transport=transport) as client,
        pytest.raises(RuntimeError, match="AsyncClient"),
    ):
        client.get("https://api.example/open/v1/x")
