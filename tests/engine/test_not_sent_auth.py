"""Credentials that make several requests of one call: which of them decides whether the clip may be
paid."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.providers import registry
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.redaction import Credentials
from tests.engine import wires
from tests.engine.test_not_sent import _a_bare_environment, play  # noqa: F401
from tests.engine.wires import Wire, request, serving

Script = dict[str, list[bytes | None]]
"""path ending -> what each request for it is answered with; None: the connection is cut. The last
one stays."""


def said(body: Any, status: str = "200 OK") -> bytes:
    return wires.reply(status, json.dumps(body).encode())


TOKEN = said({"code": 0, "data": {"access_token": "token-1234567890", "expire_in": 86400}})
DEAD = said({"code": 10400, "msg": "AccessToken expired"})
TAKEN = said({"code": 0, "data": "task-1"})
AUTH_ERROR = said({"error": {"code": "auth_error", "message": "no"}}, "401 Unauthorized")
SUBMITTED = said({"output": {"task_id": "task-1"}})


def scripted(script: Script) -> wires.Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
        while True:
            path = (await request(reader, wire)).split()[1]
            answers = next(answers for ending, answers in script.items() if path.endswith(ending))
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if answer is None:
                return
            writer.write(answer)
            await writer.drain()
            if b"content-length: 9999" in answer:
                return

    return talk


def sent(wire: Wire, ending: str) -> int:
    return sum(head.split()[1].endswith(ending) for head in wire.heads)


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str, Script], tuple[JobRow, Wire]]:
    def played(name: str, script: Script) -> tuple[JobRow, Wire]:
        adapter = registry.get(name)
        keys = Credentials(
            *(f"sk-{variable}-{tmp_path.name}" for variable in adapter.key_variables)
        )

        async def main() -> tuple[JobRow, Wire]:
            async with serving(scripted(script)) as wire:
                return await play(
                    tmp_path, Account(adapter, f"http://127.0.0.1:{wire.port}", keys)
                ), wire

        return asyncio.run(main())

    return played


CUT = b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n" + b'{"code": 10400'


@pytest.mark.parametrize(
    ("tokens", "submits", "state", "calls"),
    [
        ([TOKEN], [TAKEN], "submitted", 1),
        ([TOKEN], [DEAD, TAKEN], "submitted", 2),
        # No token: the call was never sent, or was turned away with 10400 before.
        ([None], [TAKEN], "rejected", 0),
        ([said({}, "502 Bad Gateway")], [TAKEN], "rejected", 0),
        ([TOKEN, None], [DEAD], "rejected", 2),
        ([TOKEN, None, TOKEN], [DEAD, TAKEN], "submitted", 2),
        ([TOKEN, said({}, "502 Bad Gateway"), TOKEN], [DEAD, TAKEN], "submitted", 2),
        # The charging call itself got no answer.
        ([TOKEN], [None], "unknown", 1),
        ([TOKEN], [CUT], "unknown", 1),
        ([TOKEN], [DEAD, None], "unknown", 2),
        ([TOKEN], [DEAD, said({}, "502 Bad Gateway")], "unknown", 2),
    ],
)
def test_chanjing(
    run: Any, tokens: list[bytes | None], submits: list[bytes | None], state: str, calls: int
) -> None:
    row, wire = run("chanjing", {"/access_token": [*tokens], "/task/submit": [*submits]})
    assert (row.state, sent(wire, "/task/submit")) == (state, calls), row.error
    if state == "rejected":
        assert "none was taken: " in str(row.error)


@pytest.mark.parametrize(
    ("submits", "state", "calls"),
    [
        ([SUBMITTED], "submitted", 1),
        ([AUTH_ERROR, SUBMITTED], "submitted", 2),
        ([AUTH_ERROR, AUTH_ERROR], "rejected", 2),
        ([None], "unknown", 1),
        ([AUTH_ERROR, None], "unknown", 2),
    ],
)
def test_modelverse(run: Any, submits: list[bytes | None], state: str, calls: int) -> None:
    row, wire = run("modelverse", {"/v1/tasks/submit": [*submits]})
    assert (row.state, sent(wire, "/v1/tasks/submit")) == (state, calls), row.error
