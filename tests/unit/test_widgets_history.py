"""What a studio tells of the ledger: prompts to take again, and what was paid."""

from __future__ import annotations

import base64
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
from hailuo_nb.widgets.history import LedgerHistory, paid
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


def of(runner: Runner) -> LedgerHistory:
    return LedgerHistory(runner, len)


def save(runner: Runner, job: str, poster: str | None = None) -> None:
    """The clip has arrived."""
    ledger = runner.ledger
    ledger.move(job, "claimed").result()
    ledger.move(job, "accepted", task_id=job, submitted_at=1.0).result()
    for event in ("succeeded", "fetching", "verified"):
        ledger.move(job, event, poster=poster).result()


def test_a_prompt_stands_once_with_all_its_targets_the_newest_first(runner: Runner) -> None:
    cat = VideoRequest("A cat {a|b}", MODEL, first_frame=LINK, options={"watermark": True})
    ask(runner, "ppinfra", cat)
    ask(runner, "modelverse", VideoRequest("A dog", MODEL))
    ask(runner, "modelverse", cat)
    ask(runner, "ppinfra", cat, take=2)
    ask(runner, "ppinfra", cat.but(duration=10))
    found = of(runner).entries()
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
    [entry] = of(runner).entries()
    settings = of(runner).recalled(entry["key"])
    assert (settings["prompt"], settings["resolution"], settings["first_frame"]) == (
        "A cat",
        "1080P",
        LINK,
    )
    assert settings["last_frame"] is None
    with pytest.raises(ValueError, match="no longer"):
        of(runner).recalled("nothing")


def test_references_ratio_and_sound_come_back_and_tell_entries_apart(runner: Runner) -> None:
    kept = [Reference.of(PLAIN["image/png"]), Reference.of("https://example.org/7", "sound")]
    cat = VideoRequest("A cat", "MiniMax-H3", "2K", 7)
    asked = cat.but(references=kept, ratio="1:1", sound=True)
    frame_store.save(runner.home, asked)
    for request in (cat, asked, asked.but(ratio="16:9")):
        ask(runner, "minimax", request)
    found = of(runner).entries()
    assert [len(entry["references"]) for entry in found] == [2, 2, 0]
    settings = of(runner).recalled(found[1]["key"])
    assert settings["references"] == kept
    assert (settings["options"]["ratio"], settings["options"]["sound"]) == ("1:1", True)
    (file,) = (runner.home / "frames").iterdir()
    file.unlink()
    with pytest.raises(FrameError, match="no longer"):
        of(runner).recalled(found[1]["key"])


def test_a_frame_whose_file_is_gone_is_said(runner: Runner) -> None:
    gone = Frame("sha256:" + "0" * 64, None, b"x", "image/png", 640, 400)
    ask(runner, "ppinfra", VideoRequest("A cat", MODEL, first_frame=gone))
    with pytest.raises(FrameError, match="no longer"):
        of(runner).recalled(of(runner).entries()[0]["key"])


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


def test_an_entry_has_its_version_and_the_words_that_changed(runner: Runner) -> None:
    for prompt in ("A cat", "A red cat", "A red cat runs"):
        ask(runner, "ppinfra", VideoRequest(prompt, MODEL))
    history = of(runner)
    newest, middle, first = history.entries(baseline=1)
    assert newest["version"] == {
        "number": 3,
        "parent": {"number": 2, "changes": [("", "runs")]},
        "baseline": {"number": 1, "changes": [("", "red"), ("", "runs")]},
    }
    assert middle["version"]["parent"] == {"number": 1, "changes": [("", "red")]}
    assert first["version"] == {"number": 1, "parent": None, "baseline": None}
    draft = history.note("A red dog runs")
    assert draft == {
        "number": None,
        "parent": {"number": 3, "changes": [("cat", "dog")]},
        "baseline": None,
    }


def test_an_entry_has_the_picture_of_its_best_clip(runner: Runner) -> None:
    cat = VideoRequest("A cat", MODEL)
    (runner.home / "posters").mkdir()
    for take in (1, 2, 3):
        job = ask(runner, "ppinfra", cat, take)
        (runner.home / f"posters/{take}.jpg").write_bytes(b"picture %d" % take)
        save(runner, job, f"posters/{take}.jpg")
        runner.ledger.annotate(job, rating={1: 2, 2: 5, 3: 5}[take]).result()
    ask(runner, "ppinfra", cat, 4)
    history = of(runner)
    [entry] = history.entries()
    assert (entry["rating"], entry["poster"], entry["clips"]) == (5, True, 4)
    picture = base64.b64encode(b"picture 3").decode()
    assert history.poster(entry["key"]) == f"data:image/jpeg;base64,{picture}"
    ask(runner, "ppinfra", cat.but(prompt="A dog"))
    assert history.entries()[0]["poster"] is False
    assert history.poster(history.entries()[0]["key"]) == ""


def test_a_strangers_poster_is_no_way_to_other_files(runner: Runner) -> None:
    (runner.home.parent / "secret.jpg").write_bytes(b"secret")
    job = ask(runner, "ppinfra", VideoRequest("A cat", MODEL))
    save(runner, job, "../secret.jpg")
    history = of(runner)
    assert history.poster(history.entries()[0]["key"]) == ""


def test_what_is_shown_again_is_never_sent(runner: Runner) -> None:
    cat = VideoRequest("A cat", MODEL)
    save(runner, ask(runner, "ppinfra", cat))
    ask(runner, "ppinfra", cat, take=2)
    history = of(runner)
    assert history.show(history.entries()[0]["key"]) == 1, "the other one is planned"
    with pytest.raises(ValueError, match="no longer"):
        history.show("nothing")
