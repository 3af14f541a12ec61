"""What one poll says of a task, at every adapter: the words for states, and what says "no such
task"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from hailuo_nb.catalog.rows import own
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers import registry
from hailuo_nb.providers.base import Progress, Provider, Reply
from hailuo_nb.providers.refusals import says_no_such_task
from hailuo_nb.providers.task_states import state_of
from tests.contract.drive import (
    drive,
    folder,
    names_its_task,
    names_with,
    poll_reply,
    receipts,
    recorded,
    refused,
    replies,
)

ALL = [registry.get(name) for name in registry.names()]
each = pytest.mark.parametrize("provider", ALL, ids=registry.names())


def answer(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False).encode())


WITH_WORD = [one for one in ALL if (folder(one.name) / "no_task.json").exists()]
"""The providers that have a word of their own for a task they do not know."""
GATEWAYS: dict[str, Any] = {
    "kong": {"message": "no Route matched with those values"},
    "kong with an id": {"message": "no Route matched with those values", "request_id": "7d"},
    "fastapi": {"detail": "Not Found"},
    "spring": {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/v1/tasks"},
    "spring as "
    "text": {"timestamp": "2026", "status": "404", "error": "Not "
                                                            "Found", "message": "No "
                                                                                "task",
                                                                                "path": "/"},
    "problem": {"type": "about:blank", "title": "Not Found", "status": 404},
    "grpc": {"code": 5, "message": "Method does not exist.", "details": []},
    "google": {"error": {"code": 404, "message": "Requested entity was not "
                                                 "found.", "status": "NOT_FOUND"}},
    "azure": {"statusCode": 404, "message": "Resource not found"},
    "one-api": {"error": {"message": "Invalid URL (GET "
                                     "/v1/task)", "type": "invalid_request_error", "code": ""}},
    "one-api "
    "upstream": {"error": {"message": "bad response status code "
                                      "404", "type": "upstream_error", "code": "x"}},
    "envelope": {"code": 404, "message": "Not Found"},
    "kratos": {"code": 404, "reason": "ROUTE_NOT_FOUND", "message": "route not "
                                                                    "found", "metadata": {}},
    "a "
    "model": {"code": 404, "reason": "MODEL_NOT_FOUND", "message": "model not "
                                                                   "found", "metadata": {}},
    "text": "Not Found",
    "nothing": {},
}  # fmt: skip


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("provider", WITH_WORD, ids=lambda one: one.name)
def test_the_providers_own_word_leaves_the_task_out(provider: Provider, status: int) -> None:
    """no_task.json names the fault, by `word=` of `refusal`; a message alone may be a gateway's."""
    body = recorded(provider.name, "no_task")["body"]
    assert drive(provider.poll(receipts(provider, "a")), [answer(status, body)])[1] == []


@each
@pytest.mark.parametrize("body", GATEWAYS.values(), ids=GATEWAYS)
@pytest.mark.parametrize("status", [404, 410])
def test_a_gateway_s_404_is_weather(provider: Provider, body: Any, status: int) -> None:
    error = refused(provider.poll(receipts(provider, "a")), [answer(status, body)])
    assert (error.status, error.no_task) == (status, False)
    assert error.kind in {"protocol", "invalid"}


@each
@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_other_statuses_never_say_it(provider: Provider, status: int) -> None:
    known = provider in WITH_WORD
    body = recorded(provider.name, "no_task")["body"] if known else {"code": 404}
    try:
        _, found = drive(provider.poll(receipts(provider, "a")), [answer(status, body)])
    except ProviderError as error:
        assert not error.no_task
    else:
        assert [progress.task_id for progress in found] == ["a"]


@pytest.mark.parametrize(
    ("status", "word", "message", "gone"),
    [
        (404, "TASK_NOT_FOUND", "", True),
        (410, "TASK_EXPIRED", "", True),
        (410, "data_removed", "the output was removed", True),
        (404, "invalid_request", "no such task", True),
        (404, "param_error", "任务已过期", True),
        (404, "TaskNotFound", "Task 7 does not exist", True),
        (404, "", "task not found", False),
        (404, "404", "task not found", False),
        (400, "TASK_NOT_FOUND", "", False),
        (404, "MODEL_NOT_FOUND", "", False),
        (404, "not_found", "no such endpoint", False),
        (404, "invalid_request", "Not Found", False),
        (404, "internal", "task failed", False),
    ],
)
def test_no_such_task(status: int, word: str, message: str, gone: bool) -> None:
    assert says_no_such_task(status, word, message) is gone


# Words for states


@pytest.mark.parametrize(
    ("word", "state"),
    [(word, "failed") for word in (
        "FAIL", "Failed", "failure", "ERROR", "Timeout", "TIMED_OUT", "timed-out", "TimedOut",
        "time out", "EXPIRED",
        "aborted", "REJECTED", "Deleted", "terminated", "TASK_STATUS_FAILED", "task_state_expired",
        "JOB_FAILED",
        "TASK_STATUS_TIMEOUT", "data_removed", "失败", "已超时", "TaskStatusFailed",
        "job-status-aborted",
    )]
    + [(word, "cancelled") for word in ("CANCELED", "cancelled", "TASK_STATUS_CANCELED",
    "TASK_CANCELLED", "已取消")]
    + [(word, "running") for word in ("UNKNOWN", "paused", "stopped", "XYZ", "not "
                                                                             "failed",
                                                                             "failed_over", "42")]
    + [(word, "queued") for word in ("Preparing", "IN_QUEUE", "TASK_STATUS_QUEUED", "starting")]
    + [(word, "running") for word in ("IN_PROGRESS", "in-progress", "Processing")]
    + [(word, "succeeded") for word in ("SUCCEED", "Success", "TASK_STATUS_COMPLETED", "completed",
    "完成")],
)  # fmt: skip
@each
def test_words_for_states(provider: Provider, word: str, state: str) -> None:
    progress = polled(provider, word)
    assert (progress.state, progress.links) == (state, ())
    known = state != "running" or "rogress" in word.lower() or word == "Processing"
    assert ("a word that hailuo_nb does not know" in progress.note) == (not known)
    if not known:
        assert repr(word) in progress.note
    if state == "succeeded":
        assert progress.note == f"the provider says {word} and gives no link yet"
    if state == "failed":
        assert word in str(progress.error)


@each
def test_a_word_of_a_time_limit_ends_a_task_where_the_page_lists_it(provider: Provider) -> None:
    """Elsewhere it may be that of whoever stands between, and the clip made after all."""
    for word in ("TIMEOUT", "timed-out", "已超时", "deleted"):
        found = polled(provider, word)
        assert (found.state, found.sure) == ("failed", False)
        assert "asked once more" in found.note
    expired = polled(provider, "expired")
    assert (expired.state, expired.sure) == ("failed", provider.name == "openrouter")
    for word in ("failed", "aborted", "canceled", "Success", "processing"):
        assert polled(provider, word).sure


def polled(provider: Provider, word: str, reason: str = "", **beside: Any) -> Progress:
    """What a poll says of a task with that word, and a reason in the provider's own field. A word
    for success may lead to further calls: `poll.json` names what they are answered."""
    further = replies(provider.name, "poll")[1:] if state_of(word) == "succeeded" else []
    answers = [poll_reply(provider.name, word, reason, **beside), *further]
    _, (progress,) = drive(provider.poll(receipts(provider, "t")), answers)
    return progress


@each
def test_what_a_running_task_warns_of_is_told(provider: Provider) -> None:
    note = polled(provider, "processing", "Moderation check failed: account_deactivated").note
    assert note == "the provider says: Moderation check failed: account_deactivated"
    note = polled(provider, "XYZ", "no GPU").note
    assert note == "the provider says 'XYZ', a word that hailuo_nb does not know: no GPU"
    note = polled(provider, "Success", "storage is slow").note
    assert note.endswith(" and gives no link yet: storage is slow")
    assert polled(provider, "processing", "success").note == ""
    assert polled(provider, "").note == "the provider's answer names no state of the task"


@each
def test_how_a_task_ended_is_told(provider: Provider) -> None:
    error = polled(provider, "EXPIRED", "output new_sensitive (1027)").error
    assert error is not None
    assert (error.kind, error.message) == ("moderation", "output new_sensitive (1027)")
    assert (
        getattr(polled(provider, "ABORTED").error, "message", "")
        == "the provider says ABORTED and gives no reason"
    )
    assert polled(provider, "canceled").error is None
    assert getattr(polled(provider, "canceled", "by hand").error, "message", "") == "by hand"


@each
def test_a_base_resp_beside_a_task(provider: Provider) -> None:
    """Beside the state word; where an answer is about one task, at its top as well."""
    said = {"base_resp": {"status_code": 1027, "status_msg": "output new_sensitive"}}
    for word, state in (("Failed", "failed"), ("processing", "running")):
        found = [polled(provider, word, **said)]
        if provider.batch_size == 1:
            body = poll_reply(provider.name, word).json() | said
            found += drive(provider.poll(receipts(provider, "t")), [answer(200, body)])[1]
        for progress in found:
            assert progress.state == state
            error = progress.error
            assert (error is not None) == (state == "failed")
            if error is not None:
                assert error.code in {"1027", word}  # its own code goes first
                assert (error.kind, error.message) == ("moderation", "output new_sensitive")


@each
def test_an_error_in_place_of_a_task_is_raised(provider: Provider) -> None:
    body = {
        "task_id": "",
        "status": "",
        "base_resp": {"status_code": 1004, "status_msg": "login fail"},
    }
    error = refused(provider.poll(receipts(provider, "t")), [answer(200, body)])
    assert (error.kind, error.code, error.message) == ("auth", "1004", "login fail")


# Answers about another task: a proxy or a cache has mixed them up

NAMING = [one for one in ALL if names_its_task(one.name)]
RECORDED = [(one.name, file) for one in NAMING for file in names_with(one.name, "progress")]


def test_every_provider_of_ours_names_the_task() -> None:
    assert {one.name for one in NAMING} >= own().keys()


def assert_no_news(
    provider: Provider, answers: list[Reply], asked: str, links: Mapping[str, str] | None = None
) -> None:
    """The poll ends nothing, and says why: it is asked again."""
    tasks = receipts(provider, asked, links=links)
    if provider.batch_size > 1:  # a list, in which each task stands under its id
        _, (progress,) = drive(provider.poll(tasks), answers)
        assert (progress.task_id, progress.state, progress.links) == (asked, "running", ())
        assert "it shows others that were not asked for" in progress.note
        return
    error = refused(provider.poll(tasks), answers)
    assert (error.kind, error.no_task) == ("protocol", False)
    assert "the answer is about another task" in str(error)


@pytest.mark.parametrize("provider", NAMING, ids=lambda one: one.name)
@pytest.mark.parametrize("word", ["Success", "Failed", "canceled", "processing"])
def test_an_answer_about_another_task_is_no_answer(provider: Provider, word: str) -> None:
    """Somebody else's clip is not saved for this one, and a running task does not end."""
    mixed_up = poll_reply(provider.name, word, "unfit", task_id="another")
    assert_no_news(provider, [mixed_up], "t")


@pytest.mark.parametrize(("name", "file"), RECORDED)
def test_a_recorded_answer_about_another_task_is_no_answer(name: str, file: str) -> None:
    provider = registry.get(name)
    links = recorded(name, file).get("links")
    assert_no_news(provider, replies(name, file)[:1], "of-somebody-else", links)


@pytest.mark.parametrize("written", ["", "T", " t "], ids=repr)
@pytest.mark.parametrize(
    "provider", [one for one in NAMING if one.batch_size == 1], ids=lambda one: one.name
)
def test_an_answer_that_names_no_other_task_is_believed(provider: Provider, written: str) -> None:
    """What is left out or spelt otherwise proves nothing: a paid clip would be lost for it."""
    answers = [poll_reply(provider.name, "Failed", task_id=written)]
    _, (progress,) = drive(provider.poll(receipts(provider, "t")), answers)
    assert (progress.task_id, progress.state) == ("t", "failed")
