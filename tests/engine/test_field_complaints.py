"""Complaints from public issue threads about tasks, money and links (reference on more providers,
section 3, the rows about the engine): where each is tested.

`test_every_pointer_leads_to_a_test` holds the table to it.

row  what comes                            where it is tested
22   a task that runs for ever             engine/test_paid_clips.py::test_a_task_that_runs_for_more_than_a_day_is_overdue_and_asked_about_no_more
                                           engine/test_evidence.py::test_how_long_it_must_last
23   end words that nobody knows           contract/test_polls.py::test_words_for_states
                                           here::test_row_23_the_end_words_of_other_sellers_end_a_task
                                           here::test_row_23_a_word_that_nobody_knows_is_shown_and_ends_as_overdue
24   401 or 403 at every look              engine/test_paid_clips.py::test_a_refused_key_stops_the_looks_and_the_job_says_so
                                           here::test_row_24_a_key_without_the_right_stops_the_looks_with_the_reason
25   one fault between two good looks      here::test_row_25_one_fault_between_two_good_looks_ends_nothing
29   finished, and its link comes later    engine/test_paid_clips.py::test_a_link_that_never_comes_stops_the_looks_and_the_job_says_so
                                           here::test_row_29_a_link_that_comes_later_is_waited_for
33   failed, then made after all           engine/test_paid_clips.py::test_every_end_has_a_way_back_that_really_looks
                                           here::test_row_33_a_failed_clip_that_was_made_after_all_comes_back_and_pays_nothing
                                           here::test_row_33_a_word_of_a_time_limit_is_asked_about_once_more
                                           contract/test_polls.py::test_a_word_of_a_time_limit_ends_a_task_where_the_page_lists_it
36   made after the waiting was given up   here::test_row_36_a_clip_that_comes_after_the_waiting_is_saved
37   charged, and the link leads nowhere   engine/test_paid_clips.py::test_a_link_that_stays_dead_without_an_expiry_keeps_the_clip
39   the ledger is lost                    engine/test_fault_points.py::test_a_process_killed_here
                                           here::test_row_39_without_a_list_only_the_console_can_tell
54   404 or 410: the task is gone          contract/test_polls.py::test_the_providers_own_word_leaves_the_task_out
                                           contract/test_polls.py::test_a_gateway_s_404_is_weather
                                           here::test_row_54_a_task_that_is_gone_in_the_providers_words_is_over
55   a link that wants the key             engine/test_keyed_clips.py::test_it_is_fetched_with_the_key
                                           engine/test_keyed_clips.py::test_the_key_follows_no_redirect
                                           here::test_row_55_a_link_that_wants_the_key_never_gets_it
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.providers.base import Poll, Progress
from hailuo_nb.providers.task_states import progress, state_of
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake
from tests.engine.fake import FakeProvider, QuickAccess, Server
from tests.engine.test_paid_clips import answers
from tests.engine.test_runner import play, settled

TESTS = Path(__file__).parents[1]
CLIP = "https://clips.fake.invalid/1.mp4"


def test_every_pointer_leads_to_a_test() -> None:
    assert __doc__ is not None
    pointers = re.findall(r"(\S+)::(\w+)", __doc__)
    assert len(pointers) > 15
    for file, name in pointers:
        text = (Path(__file__) if file == "here" else TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {name}\(", text, re.M), f"{file}::{name}"
    text = Path(__file__).read_text(encoding="utf-8")
    for name in re.findall(r"^def (test_row_\w+)\(", text, re.M):
        assert ("here", name) in pointers, name


class Wordy(FakeProvider):
    """Its tasks are in the state of a word that is read as every adapter reads one."""

    def __init__(self, word: str) -> None:
        self.word = word

    def poll(self, tasks: Any) -> Poll:
        failure = fake.ProviderError("server", "no reason")
        found = yield from super().poll(tasks)
        return [progress(one.task_id, self.word, failure=failure) for one in found]


def wordy(word: str) -> QuickAccess:
    return QuickAccess(Wordy(word), Wordy.base_url, Credentials(fake.KEY), simulated=True)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("aborted", "failed"),
        ("expired", "failed"),
        ("timeout", "failed"),
        ("canceled", "cancelled"),
    ],
)
def test_row_23_the_end_words_of_other_sellers_end_a_task(
    tmp_path: Path, server: Server, word: str, state: str
) -> None:
    assert state_of(word) == state
    assert play(tmp_path, server, fake.spec(wordy(word))).row.state == state


def test_row_23_a_word_that_nobody_knows_is_shown_and_ends_as_overdue(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailuo_nb.engine.evidence.DAY", 1000.0)  # a second here
    tracked = play(tmp_path, server, fake.spec(wordy("defunct")))
    assert tracked.row.state == "submitted"
    assert "overdue" in tracked.note
    assert "'defunct', a word that hailuo_nb does not know" in tracked.note


@pytest.mark.parametrize("status", [401, 402])
def test_row_24_a_key_without_the_right_stops_the_looks_with_the_reason(
    tmp_path: Path, server: Server, status: int
) -> None:
    """From the third look on, as somebody had it whose key was taken away."""
    running = httpx2.Response(200, json={"tasks": [{"id": "task-1", "state": "running"}]})
    refused = httpx2.Response(status, json={"error": "no"})
    answers(server, iter([running] * 2 + [refused] * 10_000))
    tracked = play(tmp_path, server)
    assert tracked.row.state == "submitted"
    assert "overdue" in tracked.note
    assert f"status {status}" in tracked.note


@pytest.mark.parametrize(
    "fault", [502, 500, 429, httpx2.ReadTimeout("slow"), httpx2.ReadError("cut")]
)
def test_row_25_one_fault_between_two_good_looks_ends_nothing(
    tmp_path: Path, server: Server, fault: Any
) -> None:
    server.looks_needed = 3
    running = httpx2.Response(200, json={"tasks": [{"id": "task-1", "state": "running"}]})
    real, looks = server._tasks, iter([running, fault])

    def tasks(request: httpx2.Request) -> httpx2.Response:
        found = next(looks, None)
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return httpx2.Response(found, json={"error": "later"})
        return found or real(request)

    server._tasks = tasks  # type: ignore[method-assign]
    assert play(tmp_path, server).row.state == "saved"
    assert len(server.charged) == 1


def test_row_29_a_link_that_comes_later_is_waited_for(tmp_path: Path, server: Server) -> None:
    made = httpx2.Response(200, json={"tasks": [{"id": "task-1", "state": "succeeded"}]})
    answers(server, iter([made] * 3))
    assert play(tmp_path, server).row.state == "saved"


def test_row_33_a_failed_clip_that_was_made_after_all_comes_back_and_pays_nothing(
    tmp_path: Path, server: Server
) -> None:
    """The provider's word for a failure is believed at once, and a person's look corrects it."""
    server.fail_tasks = True

    async def then(runner: Runner) -> None:
        (tracked,) = runner._jobs.values()
        assert tracked.row.state == "failed"
        server.fail_tasks = False
        await runner.look_again(tracked)
        await settled(tracked)

    row = play(tmp_path, server, then=then).row
    assert (row.state, row.error, len(server.charged)) == ("saved", None, 1)


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["timeout", "success"], "saved"),
        (["timeout", "processing", "expired", "success"], "saved"),
        (["timeout"], "failed"),
    ],
)
def test_row_33_a_word_of_a_time_limit_is_asked_about_once_more(
    tmp_path: Path, server: Server, words: list[str], state: str
) -> None:
    """Somebody's limit of time says nothing of the clip, which is paid; a last word ends it."""
    said = iter(words)

    class Changing(FakeProvider):
        def poll(self, tasks: Any) -> Poll:
            found = yield from super().poll(tasks)
            word = words[-1] if (word := next(said, None)) is None else word
            failure = fake.ProviderError("server", "no reason")
            return [progress(one.task_id, word, links=[CLIP], failure=failure) for one in found]

    to = QuickAccess(Changing(), Changing.base_url, Credentials(fake.KEY), simulated=True)
    row = play(tmp_path, server, fake.spec(to)).row
    assert (row.state, len(server.charged)) == (state, 1)


def test_row_36_a_clip_that_comes_after_the_waiting_is_saved(
    tmp_path: Path, server: Server
) -> None:
    server.looks_needed = 10**9

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        while not tracked.at("submitted"):
            await asyncio.sleep(0.001)
        assert await runner.stop_watching(tracked)
        server.looks_needed = 0
        (again,) = await runner.ask([fake.spec(fake.account())])
        await settled(again)
        return again

    assert asyncio.run(main()).row.state == "saved"
    assert len(server.charged) == 1


def test_row_39_without_a_list_only_the_console_can_tell(tmp_path: Path, server: Server) -> None:
    """Nothing is sent again, and the job names the place to look."""
    server.submit_faults.append(httpx2.ReadError("lost"))

    async def then(runner: Runner) -> None:
        (tracked,) = runner._jobs.values()
        await runner.look_again(tracked)
        await settled(tracked)

    tracked = play(tmp_path, server, then=then)
    assert tracked.row.state == "unknown"
    assert "Look for it at the provider" in str(tracked.row.error)
    assert len(server.charged) == 1


def test_row_54_a_task_that_is_gone_in_the_providers_words_is_over(
    tmp_path: Path, server: Server
) -> None:
    class Gone(FakeProvider):
        def poll(self, tasks: Any) -> Poll:
            yield from super().poll(tasks)
            return list[Progress]()  # what an adapter makes of its provider's own 404 or 410

    to = QuickAccess(Gone(), Gone.base_url, Credentials(fake.KEY), simulated=True)
    row = play(tmp_path, server, fake.spec(to)).row
    assert row.state == "expired"
    assert "no longer knows task task-1" in str(row.error)
    assert len(server.charged) == 1


def test_row_55_a_link_that_wants_the_key_never_gets_it(tmp_path: Path, server: Server) -> None:
    """The clip is kept as `ready`, whoever waits is let go, and the reason is shown."""
    server.clip_faults.extend([401] * 10_000)
    tracked = play(tmp_path, server)
    assert tracked.row.state == "ready"
    assert "401" in str(tracked.row.error)
    fetched = [sent for sent in server.requests if sent.url.host == "clips.fake.invalid"]
    assert fetched
    assert not any("authorization" in sent.headers for sent in fetched)
