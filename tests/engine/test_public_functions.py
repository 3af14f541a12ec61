"""`hn.generate`, `hn.compare` and `hn.history` on the embedded simulator, with the real adapters
and dialects.

The clips are small stand-ins so that nothing waits for drawing; the notebook test draws real ones.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx2
import pytest

import hailuo_nb as hn
from hailuo_nb import catalog
from hailuo_nb.engine import session, transport_pool
from hailuo_nb.media import xmp
from hailuo_nb.providers import account, registry
from hailuo_nb.providers.account import Account
from hailuo_nb.results.columns import FIELDS
from hailuo_nb.simulator import create_app

FOUR = ["ppinfra", "modelverse", "chanjing", "xcompute"]
SIMULATED = [f"simulated:{name}" for name in FOUR]
PROMPT = "A cat runs on grass [Push in]"
END = 60.0


class Stand:
    """The embedded simulator of a test, with a quick renderer and a way to break things."""

    def __init__(self, home: Path, clip: bytes) -> None:
        self.home = home
        self.clip = clip
        self.faults: tuple[str, ...] = ()
        self.app: Any = None

    def mount(self, home: Path) -> httpx2.AsyncBaseTransport:
        def draw(path: Path, **_: Any) -> None:
            path.write_bytes(self.clip)

        self.app = create_app(
            speed=account.SIMULATOR_SPEED,
            faults=self.faults,
            folder=home / "simulator",
            link_base="https://clips.simulator.invalid",
            renderer=draw,
        )
        return httpx2.ASGITransport(self.app)

    @property
    def charged(self) -> dict[str, int]:
        return {
            name: count for name, count in dict(self.app.state.simulator.charged).items() if count
        }


@pytest.fixture
def stand(tmp_path: Path, clip: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    stand = Stand(tmp_path / "hailuo_runs", clip)
    monkeypatch.setattr(transport_pool, "simulator_transport", stand.mount)
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 200.0)
    monkeypatch.chdir(tmp_path)
    yield stand
    session._runners.clear()


def test_one_prompt_four_providers_four_clips(stand: Stand, tmp_path: Path) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED)
    assert {job.state for job in board} <= {
        "planned",
        "submitting",
        "submitted",
    }  # returned at once
    assert board.wait(END) is board
    assert [(job.provider, job.state) for job in board] == [(name, "saved") for name in SIMULATED]
    assert stand.charged == dict.fromkeys(FOUR, 1)
    for job in board:
        assert job.path is not None
        assert job.path.parent == stand.home / "videos"
        assert xmp.without_own(job.path.read_bytes()) == stand.clip
        assert job.progress == 1.0
    frame = board.to_frame()
    assert set(frame.columns) - set(FIELDS) == {"wording", "camera", "took"}
    assert [name for name in frame.columns if name in FIELDS] == list(FIELDS)
    assert frame[["prompt", "wording", "camera"]].drop_duplicates().to_numpy().tolist() == [
        [PROMPT, "A cat runs on grass", "Push in"]
    ]
    assert str(frame["submitted_at"].dt.tz) == "UTC"
    assert (frame["took"] == frame["finished_at"] - frame["submitted_at"]).all()
    assert board[0].submitted_at == pytest.approx(frame["submitted_at"][0].timestamp(), abs=0.001)
    assert frame["cost"].tolist() == [0.0] * 4
    page = board.to_html("cats.html").read_text()
    assert page.count("<video ") == 4
    assert page.count('src="data:video/mp4;base64,') == 4
    assert "simulated" in page.lower()


def test_the_same_call_again_is_the_same_job(stand: Stand) -> None:
    first = hn.generate(PROMPT, provider="simulated:modelverse").wait(END)
    assert hn.generate(PROMPT, provider="simulated:modelverse").id == first.id
    assert hn.compare(PROMPT, provider="simulated:modelverse/hailuo-02")[0].id == first.id
    assert (
        hn.generate(PROMPT, provider="simulated:modelverse", duration=10).wait(END).id != first.id
    )
    other = first.retake().wait(END)
    assert (other.take, other.state) == (2, "saved")
    assert stand.charged == {"modelverse": 3}


def test_takes_are_samples_of_one_request(stand: Stand) -> None:
    board = hn.compare(PROMPT, provider="simulated:ppinfra", takes=3).wait(END)
    assert [job.take for job in board] == [1, 2, 3]
    assert stand.charged == {"ppinfra": 3}


def test_a_name_carries_its_model_and_a_frame_goes_with_it(stand: Stand) -> None:
    import numpy as np

    frame = np.full((400, 600, 3), 90, np.uint8)
    job = hn.generate(
        PROMPT, provider="simulated:xcompute/MiniMax-Hailuo-2.3-Fast", first_frame=frame
    ).wait(END)
    assert (job.model, job.state) == ("MiniMax-Hailuo-2.3-Fast", "saved")


def test_what_cannot_be_made_is_shown_and_not_sent(stand: Stand) -> None:
    board = hn.compare(
        PROMPT, provider=["simulated:modelverse", "simulated:xcompute/2.3-Fast"], skip_invalid=True
    ).wait(END)
    frame = board.to_frame()
    assert frame["state"].tolist() == ["saved", "invalid"]
    assert "first frame" in frame["error"][1]
    assert stand.charged == {"modelverse": 1}
    assert "invalid" in repr(board)
    assert [row["state"] for row in board.rows()] == ["saved", "invalid"]


@pytest.mark.parametrize(
    "which", [{"provider": "all"}, {"providers": "simulated:all"}, {"provider": [" All"]}]
)
def test_the_same_prompt_at_every_stand_in(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, which: dict[str, Any]
) -> None:
    """Without a key "all" means the stand-ins; what one of them cannot make is shown as such."""
    for name in registry.names():
        for variable in registry.get(name).key_variables:
            monkeypatch.delenv(variable, raising=False)
    board = hn.compare(PROMPT, **which, resolution="1080P", duration=6, model="MiniMax-Hailuo-2.3")
    sellers = {
        row.provider
        for row in catalog.rows()
        if row.model == "MiniMax-Hailuo-2.3" and row.first_frame != "required"
    }
    assert [job.provider for job in board] == [
        f"simulated:{name}" for name in registry.names() if name in sellers
    ]
    left_out = {one.provider.removeprefix("simulated:") for one in board.skipped}
    assert left_out == set(registry.names()) - sellers
    assert "chanjing" in left_out
    board.wait(END)
    assert {job.state for job in board} == {"saved"}


def test_all_means_those_with_a_key(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XCOMPUTE_API_KEY", "sk-marked-key-1234567890")
    plan = hn.dry_run(PROMPT, provider="all")
    assert list(plan["provider"]) == ["xcompute"]
    with pytest.raises(hn.ArgumentError, match="two words for the same"):
        hn.compare(PROMPT, provider="all", providers=["xcompute"])


def test_awaiting_in_a_running_loop(stand: Stand) -> None:
    async def cell() -> tuple[hn.Job, hn.Comparison]:
        job = hn.generate(PROMPT, provider="simulated:ppinfra")
        board = hn.compare(PROMPT, provider=SIMULATED[:2])
        return await job, await board

    job, board = asyncio.run(cell())
    assert job.state == "saved"
    assert {other.state for other in board} == {"saved"}


def test_a_wait_that_is_too_short_leaves_the_job(stand: Stand) -> None:
    job = hn.generate(PROMPT, provider="simulated:ppinfra")
    with pytest.raises(TimeoutError, match="goes on in the background"):
        job.wait(0)
    assert job.wait(END).state == "saved"


def test_history_is_the_ledger(stand: Stand) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    frame = hn.history()
    wanted = (
        "id provider model prompt resolution duration take state progress task_id path error "
        "cost submitted_at"
    )
    assert {*wanted.split(), "finished_at"} <= set(frame.columns)
    assert frame["id"].tolist() == [job.id for job in board]
    assert frame["state"].tolist() == ["saved", "saved"]
    assert (frame["finished_at"] >= frame["submitted_at"]).all()


@pytest.mark.parametrize(("key", "kind"), [("wrong-key", "auth"), ("no-balance", "balance")])
@pytest.mark.parametrize("name", FOUR)
def test_a_refused_key_or_an_empty_account_is_told_and_charges_nothing(
    stand: Stand, name: str, key: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = hn.provider(
        name, **({"app_id": key, "secret_key": key} if name == "chanjing" else {"api_key": key})
    )
    simulated = Account(account.provider, account.base_url, account.credentials, simulated=True)
    job = hn.generate(PROMPT, provider=simulated).wait(END)
    assert (job.state, job._tracked.row.error_kind) == ("rejected", kind)
    assert job.error
    assert job.advice
    assert key not in job.error
    assert stand.charged == {}


def test_a_provider_that_answers_a_web_page_is_quoted(stand: Stand) -> None:
    stand.faults = ("html",)
    job = hn.generate(PROMPT, provider="simulated:modelverse").wait(END)
    assert job.state == "unknown"  # nobody can say whether it was taken
    assert "html" in str(job.error).lower()


def test_a_task_that_fails_tells_why(stand: Stand) -> None:
    stand.faults = ("fail_task",)
    board = hn.compare(PROMPT, provider=SIMULATED).wait(END)
    assert {job.state for job in board} == {"failed"}
    assert all(job.error for job in board)


def test_a_session_elsewhere_knows_the_clips(stand: Stand) -> None:
    first = hn.generate(PROMPT, provider="simulated:chanjing").wait(END)
    session._runners.clear()  # as after a kernel restart
    again = hn.generate(PROMPT, provider="simulated:chanjing").wait(END)
    assert (again.id, again.state, again.path) == (first.id, "saved", first.path)


def test_no_key_reaches_the_ledger_or_the_page(stand: Stand, tmp_path: Path) -> None:
    key = "sk-marked-key-1234567890"
    account = hn.provider("modelverse", api_key=key)
    board = hn.compare(
        PROMPT, provider=[Account(account.provider, account.base_url, account.credentials, True)]
    )
    board.wait(END).to_html("page.html")
    board.to_frame().to_csv("table.csv")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes(), path
    assert key not in repr(board)


class Elements(HTMLParser):
    """The elements and attributes of a page, and the texts of its scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.scripts += [""] * (tag == "script")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data


def test_hostile_text_stays_text_on_the_page(stand: Stand) -> None:
    prompt = '<img src=x onerror=alert(1)></script>"><svg onload=alert(2)> [Push in]'
    board = hn.compare(prompt, provider="simulated:ppinfra", prompt_optimizer=False).wait(END)
    page = board.to_html("page.html").read_text()
    found = Elements()
    found.feed(page)
    assert found.names == {
        "html",
        "meta",
        "title",
        "style",
        "main",
        "h1",
        "div",
        "article",
        "video",
        "h2",
        "span",
        "p",
        "footer",
        "script",
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),  # the summary
    }
    assert len(found.scripts) == 2
    assert not [name for name in found.attributes if name.startswith("on")]
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert json.loads(found.scripts[0])["rows"][0]["prompt"] == prompt
    assert "default-src 'none'" in page


def test_the_threads_of_the_house_are_daemons(stand: Stand) -> None:
    hn.generate(PROMPT, provider="simulated:ppinfra").wait(END)
    ours = [thread for thread in threading.enumerate() if thread.name.startswith("hailuo_nb")]
    assert ours
    assert all(thread.daemon for thread in ours)


def test_a_ledger_that_cannot_be_used_is_one_clear_error(stand: Stand, tmp_path: Path) -> None:
    stand.home.mkdir()
    (stand.home / "ledger.sqlite").write_bytes(
        b"this is not a database, whatever its name says " * 99
    )
    with pytest.raises(hn.LedgerError, match="Nothing was sent"):
        hn.generate(PROMPT, provider="simulated:ppinfra")
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(stand.home / "ledger.sqlite").execute("SELECT 1 FROM jobs")
