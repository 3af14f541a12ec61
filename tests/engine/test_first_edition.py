"""A ledger that the first edition wrote (see `ledgers/README.md`), opened with today's code."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.ordering.accounts import target
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine.test_public_functions import END, FOUR, PROMPT, SIMULATED, Stand, stand  # noqa: F401

LEDGERS = Path(__file__).parent / "ledgers"
KEY = bytes(range(32))
WITH_METADATA, PLAIN = LEDGERS / "with-metadata.jpg", LEDGERS / "plain.jpg"
CALLS: list[dict[str, Any]] = [
    {"prompt": PROMPT, "provider": SIMULATED},
    {"prompt": PROMPT, "provider": SIMULATED[0], "take": 2},
    {"prompt": "The cat turns", "provider": SIMULATED[1], "first_frame": PLAIN},
    {
        "prompt": "The cat turns",
        "provider": SIMULATED[1],
        "first_frame": WITH_METADATA,
        "last_frame": PLAIN,
    },
    {
        "prompt": "The cat turns",
        "provider": SIMULATED[0],
        "first_frame": "https://example.com/cat.jpg",
    },
    {
        "prompt": "A dog [左摇]",
        "provider": SIMULATED[0],
        "prompt_optimizer": False,
        "fast_pretreatment": True,
        "duration": 10,
    },
    {"prompt": "A dog", "provider": SIMULATED[1], "resolution": "1080P"},
    {"prompt": "A fish", "provider": SIMULATED[2]},
    {"prompt": "A lost answer", "provider": SIMULATED[1]},
    {"prompt": PROMPT, "provider": FOUR},
    {"prompt": "An unclear submit", "provider": "ppinfra"},
    {"prompt": "A submitted one", "provider": "ppinfra"},
    {"prompt": "A failed one", "provider": "modelverse"},
]
"""Every call whose clip a provider took, or may have taken."""
NEVER_TAKEN = {"A refused one", "A cancelled one", "A planned one"}


class NoExecutor(Executor):
    """Measures nothing."""

    def submit(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("nothing is measured again")


def written(path: Path, table: str) -> list[dict[str, Any]]:
    """What stands in the file, read without our code."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY rowid")]


@pytest.fixture
def before(stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The home of the user who wrote the ledger, and the rows of its jobs."""
    stand.home.mkdir()
    path = shutil.copyfile(LEDGERS / "first-edition.sqlite", stand.home / "ledger.sqlite")
    key = tmp_path / "state" / "hailuo_nb" / "key"
    key.parent.mkdir(parents=True)
    key.write_bytes(KEY)
    key.chmod(0o400)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("PPINFRA_API_KEY", "MODELVERSE_API_KEY", "XCOMPUTE_API_KEY"):
        monkeypatch.setenv(name, "fixture-key")
    monkeypatch.setenv("CHANJING_APP_ID", "fixture-id")
    monkeypatch.setenv("CHANJING_SECRET_KEY", "fixture-key")
    rows = written(path, "jobs")
    for row in rows:
        if row["path"]:
            (stand.home / row["path"]).parent.mkdir(exist_ok=True)
            shutil.copyfile(LEDGERS / "clip.mp4", stand.home / row["path"])
    return rows


def test_every_job_is_as_it_was(before: list[dict[str, Any]]) -> None:
    found = session.runner().ledger.history().result()
    assert len(found) == len(before) == 23
    for row, old in zip(found, before, strict=True):
        assert {name: getattr(row, name) for name in old} == old
    assert {row.state for row in found} == {
        "planned", "submitted", "saved", "rejected", "failed", "unknown", "expired", "cancelled",
    }  # fmt: skip
    assert all(session.runner().ledger.is_ours(row) for row in found)
    assert hn.history()["id"].tolist() == [row["id"] for row in before]


def test_the_doctor_looks_into_it_and_leaves_it_as_it_is(
    stand: Stand, before: list[dict[str, Any]]
) -> None:
    path = stand.home / "ledger.sqlite"
    written = path.read_bytes()
    text = hn.doctor().text
    assert " 2 planned, 1 submitted, 14 saved, 1 rejected" in text
    assert all(row["id"] in text for row in before if row["state"] in {"planned", "unknown"})
    assert path.read_bytes() == written


def test_what_people_said_and_measured_is_there(before: list[dict[str, Any]]) -> None:
    boards = hn.boards()
    assert boards[["name", "n_clips", "n_saved"]].to_numpy().tolist() == [
        ["frames", 3, 3],
        ["cats", 4, 4],
    ]
    cats = hn.Comparison.load("cats")
    assert [job.id for job in cats] == [row["id"] for row in before[:4]]
    assert [(job.rating, job.note, job.tags) for job in cats] == [
        (4, "steady horizon", ("keep", "dawn")),
        (1, "沙丘 „dune“", ()),
        (0, "", ()),
        (0, "", ()),
    ]
    # Of the two votes on the first two clips the last counts.
    ranking = cats.ranking()
    assert ranking[["n_wins", "n_losses", "n_ties"]].T.to_dict("list") == {
        SIMULATED[0]: [0, 0, 1],
        SIMULATED[1]: [0, 0, 1],
        SIMULATED[2]: [0, 1, 0],
        SIMULATED[3]: [1, 0, 0],
    }
    assert hn.Comparison.load("frames").to_frame()["state"].tolist() == ["saved"] * 3
    assert cats.ranking()["n_ties"].to_dict()[SIMULATED[0]] == 1
    (fish,) = [row["id"] for row in before if row["prompt"] == "A fish"]
    (mark,) = session.runner().ledger.annotations([fish]).result().values()
    assert mark.hidden
    (score,) = hn.score([cats[0]], NoExecutor()).wait(END).values()
    assert score.error == ""


def test_the_same_calls_pay_nothing(stand: Stand, before: list[dict[str, Any]]) -> None:
    """What would be reused is known without sending, so that the real providers are asked too."""
    planned = [row for call in CALLS for row in hn.dry_run(**call).to_dict("records")]
    assert {row["would"] for row in planned} == {"reuse"}
    assert {row["job"] for row in planned} == {
        row["id"] for row in before if row["prompt"] not in NEVER_TAKEN
    }
    over = [call for call in CALLS if "simulated" in str(call["provider"])]
    boards = [hn.compare(**call).wait(END) for call in over]
    states = [job.state for board in boards for job in board]
    assert states == ["saved"] * 10 + ["expired", "unknown"]
    assert stand.app is None or stand.charged == {}


def test_a_planned_clip_is_sent_once_under_its_id(
    stand: Stand,
    before: list[dict[str, Any]],
) -> None:
    (job,) = hn.compare("A planned one", provider=SIMULATED[0]).wait(END)
    assert (job.id, job.state) == (before[-2]["id"], "saved")
    assert stand.charged == {"ppinfra": 1}


def test_a_new_take_of_an_old_clip_follows_its_takes(stand: Stand, before: Any) -> None:
    """The takes of a clip are counted under both of its identities, and each is paid once."""
    calls = [CALLS[0] | {"provider": SIMULATED[0]}, CALLS[2], CALLS[3], CALLS[4], CALLS[5]]
    for paid, call in enumerate(calls, 1):
        (old,) = hn.compare(**call)
        takes = [row for row in before if row["prompt"] == old.request.prompt]
        takes = [
            row
            for row in takes
            if row["identity"] == session.runner().ledger.get(old.id).result().identity
        ]
        new = old.retake()
        assert new.take == len(takes) + 1
        assert new.wait(END).state == "saved"
        again = hn.compare(**call | {"take": new.take})
        assert [job.id for job in again] == [new.id]
        assert sum(stand.charged.values()) == paid
    session._runners.clear()  # another kernel
    for call in calls:
        (old,) = hn.compare(**call)
        table = hn.dry_run(**call | {"take": 1, "takes": 4})
        count = sum(table["would"] == "reuse")
        assert count == (3 if call is calls[0] else 2)


def test_a_clip_that_was_refused_then_is_sent_once_now(before: Any) -> None:
    """Its new attempt follows the old one, under the identity of this edition."""
    rows = {row["prompt"]: row for row in before}
    ledger = session.runner().ledger  # and not `hn.compare`, which would send to real providers
    for prompt in ("A refused one", "A cancelled one"):
        old = rows[prompt]
        found = target(old["provider"], None)
        spec = JobSpec(found.account, VideoRequest(prompt, found.model))
        assert ledger.find(spec.identities, 1).result() is None
        row, made = ledger.get_or_create(spec.new_job()).result()
        assert (row.take, row.attempt, made) == (1, old["attempt"] + 1, True)
        assert row.identity == spec.identity != old["identity"]
        assert ledger.get_or_create(spec.new_job()).result() == (row, False)


def test_a_studio_asks_for_an_old_clip_with_its_frames_again(stand: Stand, before: Any) -> None:
    """Whatever way it is asked for, by its own request or by the files."""
    framed = hn.Comparison.load("frames")
    assert {row["would"] for job in framed for row in _asked_again(job)} == {"reuse"}


def _asked_again(job: hn.Job) -> list[dict[str, Any]]:
    request = job.request
    names = ("resolution", "duration", "first_frame", "last_frame")
    given = {name: getattr(request, name) for name in names}
    for name in ("first_frame", "last_frame"):  # what a kernel holds of an old clip is its name
        if given[name] is not None and given[name].url is None:
            given[name] = {
                "first_frame": WITH_METADATA if request.last_frame else PLAIN,
                "last_frame": PLAIN,
            }[name]
    found = hn.dry_run(request.prompt, provider=f"{job.provider}/{request.model}", **given)
    return list(found.to_dict("records"))
