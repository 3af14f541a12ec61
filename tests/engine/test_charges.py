"""What a provider says that it charged: kept with the end of the task, shown beside the list price,
and counted in its place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import transport_pool
from hailuo_nb.engine.charges import spent
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.states import STATES, State
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import BudgetError
from hailuo_nb.pages import html_table, words
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.costs import counted, of_one_saved
from hailuo_nb.results.job import Job
from hailuo_nb.results.source import LiveSource
from hailuo_nb.widgets.allowance import Allowance
from tests.engine import fake
from tests.engine.fake import FakeProvider, QuickAccess, Server
from tests.engine.test_runner import play, settled

CHARGE = {"charged": 0.52, "currency": "USD"}


@pytest.fixture(autouse=True)
def _network(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server answers for a real account, too: a stand-in's charge is none."""
    mock = httpx2.MockTransport(server.handle)

    def make(account: Any, *, http_transport: Any, clock: Any) -> Transport:
        return Transport(account, http_transport=http_transport or mock, clock=clock)

    monkeypatch.setattr(transport_pool, "Transport", make)


def spec(prompt: str = "A cat [Push in]") -> JobSpec:
    to = QuickAccess(FakeProvider(), FakeProvider.base_url, Credentials(fake.KEY))
    return JobSpec(to, fake.request(prompt), 1, 0.49, "USD")


def charged(row: JobRow) -> tuple[float | None, str | None]:
    return row.charged_cost, row.charged_currency


def shown(tracked: TrackedJob, runner: Runner) -> Job:
    return Job(tracked, LiveSource(runner))


Then = Callable[[Runner], Awaitable[Any]]


def test_it_is_kept_with_the_clip(tmp_path: Path, server: Server) -> None:
    server.charge = CHARGE
    row = play(tmp_path, server, spec()).row
    assert (row.state, charged(row), row.cost) == ("saved", (0.52, "USD"), 0.49)
    assert spent(row) == (0.52, "USD")


def test_a_failed_clip_may_be_charged(tmp_path: Path, server: Server) -> None:
    server.charge, server.fail_tasks = CHARGE, True
    row = play(tmp_path, server, spec()).row
    assert (row.state, spent(row)) == ("failed", (0.52, "USD"))


def test_nothing_may_be_charged_for_a_failed_clip(tmp_path: Path, server: Server) -> None:
    server.charge, server.fail_tasks = {"charged": 0, "currency": "USD"}, True
    assert spent(play(tmp_path, server, spec()).row) == (0.0, "USD")


def test_a_cancelled_clip_may_be_charged(tmp_path: Path, server: Server) -> None:
    server.charge = CHARGE
    server.cancelled.append("task-1")  # in the provider's console
    row = play(tmp_path, server, spec()).row
    assert (row.state, spent(row)) == ("cancelled", (0.52, "USD"))


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_charge_that_is_told_later_is_kept(tmp_path: Path, server: Server, state: str) -> None:
    """Accounts are settled after the task; the end stays that of before."""
    server.fail_tasks = state == "failed"
    server.cancelled = ["task-1"] if state == "cancelled" else []
    found: list[JobRow] = []

    async def then(runner: Runner) -> None:
        (tracked,) = runner._jobs.values()
        for charge in ({}, CHARGE, CHARGE, {}):
            server.charge = charge
            await runner.look_again(tracked)
            await settled(tracked)
            found.append(tracked.row)

    first = play(tmp_path, server, spec(), then=then).row
    assert [row.state for row in found] == [state] * 4
    assert [charged(row) for row in found] == [(None, None)] + [(0.52, "USD")] * 3
    assert {row.finished_at for row in found} == {first.finished_at}
    assert {row.error for row in found} == {first.error}


def test_a_charge_is_kept_where_the_clip_comes_back(tmp_path: Path, server: Server) -> None:
    server.fail_tasks = True

    async def then(runner: Runner) -> None:
        (tracked,) = runner._jobs.values()
        server.fail_tasks, server.charge = False, CHARGE
        await runner.look_again(tracked)
        await settled(tracked)

    row = play(tmp_path, server, spec(), then=then).row
    assert (row.state, charged(row)) == ("saved", (0.52, "USD"))


@pytest.mark.parametrize("odd", [-1.0, 1e12, "0.52", [0.52], {}], ids=repr)
@pytest.mark.parametrize("state", ["saved", "failed"])
def test_a_charge_that_is_none_is_left_out(
    tmp_path: Path, server: Server, odd: Any, state: str
) -> None:
    server.charge = {"charged": odd, "currency": "USD"}
    server.fail_tasks = state == "failed"
    row = play(tmp_path, server, spec()).row
    assert (row.state, charged(row)) == (state, (None, None))
    assert spent(row) == (0.49, "USD")


@pytest.mark.parametrize("odd", [None, 5, "\x1b[31m", "U" * 1000], ids=lambda odd: repr(odd)[:20])
def test_an_odd_currency_is_made_fit(tmp_path: Path, server: Server, odd: Any) -> None:
    server.charge = {"charged": 0.52, "currency": odd}
    row = play(tmp_path, server, spec()).row
    assert row.charged_cost == 0.52
    assert row.charged_currency is not None
    assert row.charged_currency.isprintable()
    assert len(row.charged_currency) <= 100


def test_the_currency_is_that_of_the_list_where_none_is_told(
    tmp_path: Path, server: Server
) -> None:
    server.charge = {"charged": 0.52}
    assert charged(play(tmp_path, server, spec()).row) == (0.52, "USD")


def test_a_stand_in_charges_nothing(tmp_path: Path, server: Server) -> None:
    server.charge = CHARGE
    row = play(tmp_path, server, fake.spec(fake.account())).row
    assert (row.state, charged(row), spent(row)) == ("saved", (None, None), (0.0, ""))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("task_id", ["task-1", None])
def test_what_a_clip_cost(
    tmp_path: Path, server: Server, state: State, task_id: str | None
) -> None:
    """As charged; nothing where no provider took it; else the list price."""
    row = replace(play(tmp_path, server, spec()).row, state=state, task_id=task_id)
    ended = state in {"saved", "rejected", "failed", "expired", "cancelled"}
    free = ended and task_id is None
    assert spent(row) == ((0.0, "") if free else (0.49, "USD"))
    assert spent(replace(row, cost=None)) == ((0.0, "") if free else (None, "USD"))
    known = replace(row, charged_cost=0.52, charged_currency="EUR")
    assert spent(known) == ((0.0, "") if free else (0.52, "EUR"))


# Shown --------------------------------------------------------------------------------------------


def test_it_stands_beside_the_list_price(tmp_path: Path, server: Server) -> None:
    server.charge = CHARGE

    async def then(runner: Runner) -> None:
        (job,) = (shown(tracked, runner) for tracked in runner._jobs.values())
        assert (job.cost, job.charged_cost, job.charged_currency) == (0.49, 0.52, "USD")
        assert job.spent == (0.52, "USD")
        board = Comparison([job])
        (row,) = board.rows()
        assert (row["cost"], row["charged"], row["spent"]) == ("0.49 USD", "0.52 USD", 0.52)
        assert "list 0.49 USD, charged 0.52 USD" in html_table.render([row])
        frame = board.to_frame()[["cost", "charged_cost", "charged_currency"]]
        assert frame.to_numpy().tolist() == [[0.49, 0.52, "USD"]]
        folder = board.export(tmp_path / "out")
        assert "list 0.49 USD, charged 0.52 USD" in (folder / "index.html").read_text("utf-8")
        (loaded,) = Comparison.load(folder)
        assert (loaded.charged_cost, loaded.charged_currency) == (0.52, "USD")

    play(tmp_path, server, spec(), then=then)


def test_without_a_charge_the_list_price_stands_alone(tmp_path: Path, server: Server) -> None:
    async def then(runner: Runner) -> None:
        board = Comparison(shown(tracked, runner) for tracked in runner._jobs.values())
        (row,) = board.rows()
        assert (row["cost"], row["charged"], row["spent"]) == ("0.49 USD", "", 0.49)
        assert "charged" not in html_table.render([row])
        assert board.to_frame()["charged_cost"].isna().all()

    play(tmp_path, server, spec(), then=then)


def test_the_ranking_tells_what_one_saved_clip_came_to(tmp_path: Path, server: Server) -> None:
    """With what was spent on one that failed."""
    server.charge = CHARGE

    async def then(runner: Runner) -> None:
        board = Comparison(shown(tracked, runner) for tracked in runner._jobs.values())
        first, second = board.jobs
        assert board.spent == {"USD": 1.04}
        assert [counted(job) for job in board] == [(0.52, "USD")] * 2, (
            "real money as it was charged"
        )
        server.fail_tasks, server.charge = True, {"charged": 0.26, "currency": "USD"}
        (failed,) = await runner.ask([spec("A third")])
        await settled(failed)
        board.add([shown(failed, runner)])
        assert of_one_saved(board.jobs) == (0.65, "USD")
        board.vote(first, second, "first")
        table = board.ranking("id")
        assert table[["cost", "currency"]].to_numpy().tolist() == [[0.52, "USD"]] * 2

    play(tmp_path, server, spec(), spec("Another"), then=then)


@pytest.mark.parametrize(
    ("clips", "cost"),
    [
        ([], (None, "")),
        ([("failed", 1.0, "USD")], (None, "")),
        ([("saved", 1.0, "USD"), ("submitted", 5.0, "USD")], (1.0, "USD")),
        ([("saved", 1.0, "USD"), ("saved", 2.0, "USD"), ("failed", 3.0, "USD")], (3.0, "USD")),
        ([("saved", 1.0, "USD"), ("saved", 2.0, "CNY")], (None, "")),
        ([("saved", 1.0, "USD"), ("saved", None, "USD")], (None, "")),
        ([("saved", 0.0, ""), ("saved", 0.0, "")], (0.0, "")),
        ([("saved", 1.0, "USD"), ("rejected", 0.0, "")], (1.0, "USD")),
    ],
    ids=str,
)
def test_what_one_saved_clip_came_to(clips: list[Any], cost: Any) -> None:
    jobs = [SimpleNamespace(state=state, spent=(amount, money)) for state, amount, money in clips]
    assert of_one_saved(jobs) == cost  # type: ignore[arg-type]


# Counted ------------------------------------------------------------------------------------------


def test_a_refused_clip_costs_nothing_wherever_it_is_shown(tmp_path: Path, server: Server) -> None:
    """Its list price stays known; its advice and the provider's words come as codes too."""
    server.submit_faults.append((400, {}))

    async def then(runner: Runner) -> None:
        board = Comparison(shown(tracked, runner) for tracked in runner._jobs.values())
        (job,) = board
        assert (job.state, job.cost, job.spent) == ("rejected", 0.49, (0.0, ""))
        (row,) = board.rows()
        assert row["spent"] == 0.0 and words.price(row, words.translator("zh")) == "无费用"
        assert html_table.render([row]).endswith(">nothing</td></tr></tbody></table>")
        assert (
            "0.49"
            not in (board.export(tmp_path / "out") / "index.html")
            .read_text("utf-8")
            .partition("<script")[0]
        )
        frame = board.to_frame()
        assert frame[["cost", "spent"]].to_numpy().tolist() == [[0.49, 0.0]]
        assert board.spent == {} and board.summary()["cost"].isna().all()
        said = row["worded"]["zh"]
        assert said["advice"] == "按服务商指出的内容修改后重新请求。"
        assert said["error"] == f"服务商答复：“{job.error}”"

    play(tmp_path, server, spec(), then=then)


def test_a_studios_limit_counts_what_was_charged(tmp_path: Path, server: Server) -> None:
    server.charge = CHARGE
    jobs: list[Job] = []

    async def then(runner: Runner) -> None:
        jobs.extend(shown(tracked, runner) for tracked in runner._jobs.values())

    allowance = Allowance(1.0)
    allowance.count([(0.49, "USD")])
    assert allowance.limits().used == ((0.49, "USD"),)
    play(tmp_path, server, spec(), then=then)
    allowance.asked(jobs)
    allowance.asked(jobs)
    assert allowance.limits().used == ((0.52, "USD"),)
    with pytest.raises(BudgetError, match=r"cost 1\.01 USD with what was spent before"):
        allowance.count([(0.49, "USD")])
    allowance.count([(0.48, "USD")])


def test_a_refused_clip_takes_nothing_off_a_limit_of_money(tmp_path: Path, server: Server) -> None:
    server.submit_faults.append((400, {}))
    jobs: list[Job] = []

    async def then(runner: Runner) -> None:
        jobs.extend(shown(tracked, runner) for tracked in runner._jobs.values())

    allowance = Allowance(0.5, 1)
    allowance.count([(0.49, "USD")])
    play(tmp_path, server, spec(), then=then)
    assert [job.state for job in jobs] == ["rejected"]
    allowance.asked(jobs)
    assert allowance.limits().used == ((0.0, ""),)
    with pytest.raises(BudgetError, match="max_clips is 1"):
        allowance.count([(0.49, "USD")])


def test_clips_that_this_studio_did_not_count_change_nothing(
    tmp_path: Path, server: Server
) -> None:
    server.charge = {"charged": 0.01, "currency": "USD"}
    jobs: list[Job] = []

    async def then(runner: Runner) -> None:
        jobs.extend(shown(tracked, runner) for tracked in runner._jobs.values())

    play(tmp_path, server, spec(), then=then)
    allowance = Allowance()
    allowance.count([(0.4, "USD"), (None, "")])
    allowance.asked(jobs)
    assert sorted(allowance.limits().used, key=str) == [(0.4, "USD"), (None, "")]
