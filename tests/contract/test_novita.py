"""What is Novita's own beside PPInfra's protocol: its host, its language, and who answers where."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from hailuo_nb.providers.novita.adapter import Novita
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.simulator import create_app
from tests.contract.drive import drive, page_request, reply

PATH = "/v3/async/minimax-hailuo-2.3-t2v"


def test_the_pages_request() -> None:
    page = page_request("novita")
    request = VideoRequest(
        page["prompt"],
        "MiniMax-Hailuo-2.3-Fast",
        first_frame=Frame("cat", url=page["image"]),
        options={"prompt_optimizer": True},
    )
    calls, _ = drive(Novita().submit(request), [reply("novita", "submitted")])
    assert [(call.url, call.json, call.charges) for call in calls] == [
        ("/v3/async/minimax-hailuo-2.3-fast-i2v", page, True)
    ]


@pytest.mark.parametrize(
    ("base", "path", "provider"),
    [
        ("http://localhost", PATH, "ppinfra"),
        ("http://localhost", f"/novita{PATH}", "novita"),
        ("http://api.novita.ai", PATH, "novita"),
    ],
)
def test_the_host_or_the_name_says_whose_stand_in_answers(
    base: str, path: str, provider: str
) -> None:
    """Both have the same paths; without a name they are PPInfra's."""
    app = create_app(renderer=lambda *_, **__: None, hosts=["api.novita.ai"])

    async def scene() -> httpx2.Response:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
            key = {"Authorization": "Bearer any"}
            return await client.post(path, json={"prompt": "a cat"}, headers=key)

    task = asyncio.run(scene()).json()["task_id"]
    assert app.state.simulator.tasks[task].provider == provider
