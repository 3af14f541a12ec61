"""After a restart: what is open goes on, what is unclear is looked for, and nothing is sent that
may be paid."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hailuo_nb as hn
from hailuo_nb.engine import frame_store, reconcile, session
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.limits import CAUTIOUS
from hailuo_nb.engine.priority_semaphore import PrioritySemaphore
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture
from tests.engine.test_runner import leave, much_later, play, settled

PROMPT = "A cat runs on grass [Push in]"


def listing(server: Server) -> Account:
    return fake.QuickAccess(
        fake.ListingProvider(), fake.FakeProvider.base_url, Credentials(fake.KEY), simulated=True
    )


def test_an_unclear_clip_is_found_in_the_list_and_fetched(tmp_path: Path, server: Server) -> None:
    server.submit_faults.append(502)
    row = play(tmp_path, server, fake.spec(listing(server))).row
    assert (row.state, row.task_id) == ("saved", "task-1")
    assert len(server.charged) == 1


def test_two_unclear_clips_with_the_same_words_take_two_tasks(
    tmp_path: Path, server: Server
) -> None:
    server.submit_faults.extend([502, 504])
    to = listing(server)

    async def main() -> list[Any]:
        runner = fake.runner(tmp_path, server)
        lives = await runner.ask([fake.spec(to), fake.spec(to, take=2)])
        await settled(*lives)
        return [tracked.row for tracked in lives]

    rows = asyncio.run(main())
    assert {row.task_id for row in rows} == {"task-1", "task-2"}
    assert {row.state for row in rows} == {"saved"}
    assert len(server.charged) == 2


def test_a_clip_that_is_not_in_the_list_yet_stays_unknown(tmp_path: Path, server: Server) -> None:
    server.lost_faults = 1
    to = listing(server)
    assert play(tmp_path, server, fake.spec(to)).row.state == "unknown"
    assert server.charged == []


def test_a_clip_that_is_not_in_the_list_long_after_was_not_taken(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "SETTLE", -1.0)
    server.lost_faults = 1
    to = listing(server)
    row = play(tmp_path, server, fake.spec(to)).row
    assert row.state == "rejected"
    assert "neither this clip nor another task of that time: it was not taken" in str(row.error)
    assert play(tmp_path, server, fake.spec(to)).row.state == "saved"
    assert len(server.charged) == 1


def test_a_list_that_cannot_be_read_proves_nothing(tmp_path: Path, server: Server) -> None:
    server.lost_faults = 1
    server.list_fails = True
    assert play(tmp_path, server, fake.spec(listing(server))).row.state == "unknown"


def test_sending_again_is_a_persons_word(tmp_path: Path, server: Server) -> None:
    server.submit_faults.append(502)
    to = fake.account()

    async def main() -> tuple[Any, Any]:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(to)])
        await settled(tracked)
        assert tracked.row.state == "unknown"
        again = await runner.send_again(tracked)
        await settled(again)
        return tracked.row, again.row

    before, after = asyncio.run(main())
    assert (before.state, after.state, after.attempt) == ("failed", "saved", 2)
    assert len(server.charged) == 2  # as the person was told


def test_frames_outlive_the_process(tmp_path: Path) -> None:
    frame = hn.Frame.of(np.full((400, 500, 3), 7, np.uint8))
    request = VideoRequest(
        PROMPT,
        "MiniMax-Hailuo-02",
        first_frame=frame,
        last_frame=hn.Frame.of("https://x.example/a.png"),
    )
    frame_store.save(tmp_path, request)
    data = json.loads(json.dumps(request.to_json()))
    again = VideoRequest.from_json(data, lambda identity: frame_store.load(tmp_path, identity))
    assert again.fingerprint == request.fingerprint
    assert again.first_frame is not None
    assert again.first_frame.data == frame.data
    next((tmp_path / "frames").iterdir()).unlink()
    with pytest.raises(hn.FrameError, match="no longer"):
        frame_store.load(tmp_path, frame.identity)


def test_resume_goes_on_where_a_kernel_died(stand: Stand) -> None:
    stand.faults = ()
    board = hn.compare(PROMPT, provider=["simulated:ppinfra", "simulated:chanjing"])
    board.wait(END)
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    for job in board:  # as if the kernel had died before the download
        ledger.work(
            lambda db, job=job: db.execute(
                "UPDATE jobs SET state='submitted', path=NULL, finished_at=NULL WHERE id=?",
                (job.id,),
            )
        ).result()
        assert job.path is not None
        job.path.unlink()
    ledger.close()
    session._runners.clear()
    resumed = hn.resume().wait(END)
    assert {job.id: job.state for job in resumed} == {job.id: "saved" for job in board}
    assert stand.charged == {"ppinfra": 1, "chanjing": 1}  # the tasks are the old ones
    assert len(hn.resume()) == 0


@pytest.mark.parametrize(
    ("address", "words"),
    [("", "PPINFRA_API_KEY"), (", base_url='https://gateway.example'", "at https://gateway.ex")],
)
def test_resume_without_a_key_says_what_is_missing(stand: Stand, address: str, words: str) -> None:
    job = hn.generate(PROMPT, provider="simulated:ppinfra").wait(END)
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    ledger.work(
        lambda db: db.execute(f"UPDATE jobs SET state='submitted', provider='ppinfra'{address}")
    ).result()
    ledger.close()
    session._runners.clear()
    (open_job,) = hn.resume().wait(END)
    assert (open_job.id, open_job.state) == (job.id, "submitted")
    assert words in str(open_job.error)


def test_the_circuit_opens_once_and_closes_when_spec_again(tmp_path: Path, server: Server) -> None:
    server.submit_faults.append((402, {}))
    to = fake.account()
    prompts = [f"clip {number}" for number in range(5)]

    async def main() -> list[str]:
        # One after the other, so that the first opens it.
        runner = fake.runner(tmp_path, server, limits=lambda *_: replace(CAUTIOUS, in_flight=1))
        lives = await runner.ask([fake.spec(to, prompt) for prompt in prompts])
        await settled(*lives)
        states = [tracked.row.state for tracked in lives]
        errors = [str(tracked.row.error) for tracked in lives]
        assert sum("the clip before it" in error for error in errors) == 4
        again = await runner.ask([fake.spec(to, prompt) for prompt in prompts])
        await settled(*again)
        return states + [tracked.row.state for tracked in again]

    assert asyncio.run(main()) == ["rejected"] * 5 + ["saved"] * 5
    submits = [request for request in server.requests if request.url.path == "/submit"]
    assert len(submits) == 1 + 5
    assert len(server.charged) == 5


def test_what_dies_first_is_fetched_first() -> None:
    order: list[float] = []

    async def main() -> None:
        gate = PrioritySemaphore(1)

        async def one(urgency: float) -> None:
            async with gate.slot(urgency):
                order.append(urgency)
                await asyncio.sleep(0)

        await asyncio.gather(*(one(urgency) for urgency in (50, 40, 10, 30, float("inf"), 20)))
        async with gate.slot(0):  # and every place was given back
            pass

    asyncio.run(main())
    assert order == [50, 10, 20, 30, 40, float("inf")]


def test_a_dry_run_lists_and_sends_nothing(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    hn.generate(PROMPT, provider="simulated:ppinfra").wait(END)
    monkeypatch.setenv("MODELVERSE_API_KEY", "sk-never-used-1234")
    plan = hn.dry_run(
        PROMPT, provider=["simulated:ppinfra", "modelverse", "simulated:xcompute/2.3-Fast"], takes=2
    )
    assert plan["would"].tolist() == ["reuse", "send", "send", "send", "refuse", "refuse"]
    assert plan["cost"].tolist() == [0, 0.3, 2, 2, 0, 0]
    assert plan["currency"][1:3].tolist() == ["simulated USD", "CNY"]
    assert plan["source"][2]
    assert "first frame" in plan["problem"][4]
    assert len(hn.history()) == 1


def test_a_limit_holds_before_anything_is_sent(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELVERSE_API_KEY", "sk-never-used-1234")
    with pytest.raises(hn.BudgetError, match=r"4\.00 CNY"):
        hn.compare(PROMPT, provider="modelverse", takes=2, max_cost=3)
    with pytest.raises(hn.BudgetError, match="3 clips"):
        hn.compare(PROMPT, provider="simulated:ppinfra", takes=3, max_clips=2)
    assert len(hn.history()) == 0
    board = hn.compare(PROMPT, provider="simulated:ppinfra", takes=2, max_clips=2, max_cost=1).wait(
        END
    )
    assert (
        hn.compare(PROMPT, provider="simulated:ppinfra", takes=2, max_clips=0)[0].id == board[0].id
    )  # nothing new


@pytest.mark.parametrize("state", ["ready", "submitted"])
def test_another_home_folder_knows_nothing(tmp_path: Path, server: Server, state: str) -> None:
    to = fake.account()
    leave(tmp_path / "one", server, fake.spec(to), state)
    assert much_later(tmp_path / "two", server, fake.spec(to)).row.state == "saved"
    assert len(server.charged) == 2


def test_a_job_that_was_rebuilt_without_its_frame_is_never_sent(stand: Stand) -> None:
    frame = np.full((400, 500, 3), 7, np.uint8)
    hn.compare(PROMPT, provider="simulated:ppinfra", first_frame=frame).wait(END).save(
        "with a frame"
    )
    for stored in (stand.home / "frames").iterdir():
        stored.unlink()
    session._runners.clear()
    (job,) = hn.Comparison.load("with a frame")
    assert job.state == "saved"
    with pytest.raises(ValueError, match=r"not sent: the frame of this clip is no longer"):
        job.retake()
    assert len(hn.resume()) == 0
    assert len(hn.history()) == 1
    assert stand.charged == {"ppinfra": 1}


def test_a_planned_clip_whose_frame_is_gone_waits_and_says_so(stand: Stand) -> None:
    from hailuo_nb.engine.job_spec import JobSpec
    from hailuo_nb.ordering.accounts import target

    to = target("simulated:ppinfra", None)
    request = VideoRequest(
        PROMPT, to.model, first_frame=hn.Frame.of(np.full((400, 500, 3), 7, np.uint8))
    )
    session.runner().ledger.get_or_create(
        JobSpec(to.account, request).new_job()
    ).result()  # planned, and a crash
    (job,) = hn.resume().wait(END)
    assert job.state == "planned"
    assert "not sent: the frame" in str(job.error)
    with pytest.raises(ValueError, match="frame"):
        job.again()
    assert stand.charged == {}
