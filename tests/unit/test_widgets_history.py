"""What a studio tells of the ledger: prompts to take again, and what was paid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hailuo_nb.engine import frame_store
from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.runner import Runner
from hailuo_nb.errors import FrameError
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.draft import option_names
from hailuo_nb.widgets.history import entries, paid, recalled
from tests.unit.pictures import PLAIN

LINK = Frame.of("https://example.org/a.png")
MODEL = "MiniMax-Hailuo-02"


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    """Stands for a Runner: only its ledger and its home are asked."""
    now = iter(range(1000, 2000))
    ledger = SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: float(next(now)))
    yield cast("Runner", SimpleNamespace(ledger=ledger, home=tmp_path))
    ledger.close()


def ask(runner: Runner, provider: str, request: VideoRequest, take: int = 1) -> str:
    """One clip in the ledger; returns its id."""
    cost = 0.0 if provider.startswith("simulated:") else 2.0
    new = NewJob(
        f"{provider}{request.fingerprint}",
        provider,
        "https://api.example.org",
        request.model,
        request.prompt,
        request.resolution,
        request.duration,
        json.dumps(request.to_json()),
        cost,
        "CNY",
        take,
    )
    return runner.ledger.get_or_create(new).result()[0].id


def test_a_prompt_stands_once_with_all_its_targets_the_newest_first(runner: Runner) -> None:
    cat = VideoRequest("A cat {a|b}", MODEL, first_frame=LINK, options={"watermark": True})
    ask(runner, "ppinfra", cat)
    ask(runner, "modelverse", VideoRequest("A dog", MODEL))
    ask(runner, "modelverse", cat)
    ask(runner, "ppinfra", cat, take=2)
    ask(runner, "ppinfra", cat.but(duration=10))
    found = entries(runner)
    assert [(entry["prompt"], entry["duration"], entry["clips"]) for entry in found] == [
        ("A cat \\{a\\|b\\}", 10, 1),
        ("A cat \\{a\\|b\\}", 6, 3),
        ("A dog", 6, 1),
    ]
    assert found[1]["targets"] == [f"ppinfra/{MODEL}", f"modelverse/{MODEL}"]
    assert found[1]["options"] == dict.fromkeys(option_names()) | {"watermark": True}
    assert len({entry["key"] for entry in found}) == 3


def test_an_entry_brings_its_settings_and_its_frames_back(runner: Runner) -> None:
    ask(runner, "ppinfra", VideoRequest("A cat", MODEL, "1080P", first_frame=LINK))
    [entry] = entries(runner)
    settings = recalled(runner, entry["key"])
    assert (settings["prompt"], settings["resolution"], settings["first_frame"]) == (
        "A cat",
        "1080P",
        LINK,
    )
    assert settings["last_frame"] is None
    with pytest.raises(ValueError, match="no longer"):
        recalled(runner, "nothing")


def test_references_ratio_and_sound_come_back_and_tell_entries_apart(runner: Runner) -> None:
    kept = [Reference.of(PLAIN["image/png"]), Reference.of("https://example.org/7", "sound")]
    cat = VideoRequest("A cat", "MiniMax-H3", "2K", 7)
    asked = cat.but(references=kept, ratio="1:1", sound=True)
    frame_store.save(runner.home, asked)
    for request in (cat, asked, asked.but(ratio="16:9")):
        ask(runner, "minimax", request)
    found = entries(runner)
    assert [len(entry["references"]) for entry in found] == [2, 2, 0]
    settings = recalled(runner, found[1]["key"])
    assert settings["references"] == kept
    assert (settings["options"]["ratio"], settings["options"]["sound"]) == ("1:1", True)
    (file,) = (runner.home / "frames").iterdir()
    file.unlink()
    with pytest.raises(FrameError, match="no longer"):
        recalled(runner, found[1]["key"])


def test_a_frame_whose_file_is_gone_is_said(runner: Runner) -> None:
    gone = Frame("sha256:" + "0" * 64, None, b"x", "image/png", 640, 400)
    ask(runner, "ppinfra", VideoRequest("A cat", MODEL, first_frame=gone))
    with pytest.raises(FrameError, match="no longer"):
        recalled(runner, entries(runner)[0]["key"])


def test_paid_is_what_a_real_provider_took_or_may_have_taken(runner: Runner) -> None:
    moves: dict[str, list[Any]] = {"sent": ["accepted"], "unclear": ["unclear"], "planned": []}
    for name, events in moves.items():
        job = ask(runner, "modelverse", VideoRequest(name, MODEL))
        if events:
            runner.ledger.move(job, "claimed").result()
        for event in events:
            changes = {"task_id": name, "submitted_at": 1.0} if event == "accepted" else {}
            runner.ledger.move(job, event, **changes).result()
    simulated = ask(runner, "simulated:modelverse", VideoRequest("free", MODEL))
    runner.ledger.move(simulated, "claimed").result()
    runner.ledger.move(simulated, "accepted", task_id="free", submitted_at=1.0).result()
    assert paid(runner) == [(2.0, "CNY"), (2.0, "CNY")]
