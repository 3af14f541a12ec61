"""The words of refusals: complaints of other projects replayed against every adapter
(reference, 3.1).

What counts is the kind and the wait: they decide whether a clip is sent again, and what its owner
is told.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from hailuo_nb.engine.states import outcome_of_submit
from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers import messages, refusals, registry, task_states
from hailuo_nb.providers.base import Provider, Reply
from tests.contract.drive import drive, recorded, refused, request_for

ALL = [registry.get(name) for name in registry.names()]
each = pytest.mark.parametrize("provider", ALL, ids=registry.names())
NOW = 1_778_850_000.0  # 2026-05-15T13:00:00Z
DATE = "Fri, 15 May 2026 13:00:00 GMT"


def answer(
    status: int, body: Any, headers: dict[str, str] | None = None, at: float | None = None
) -> Reply:
    return Reply(
        status, json.dumps(body, ensure_ascii=False).encode(), headers or {}, received_at=at
    )


def submitted(provider: Provider, reply: Reply, prompt: str = "A cat [Pan left]") -> ProviderError:
    return refused(provider.submit(request_for(provider, prompt)), [reply])


def v2(message: str, sort: str = "api_error") -> dict[str, Any]:
    return {"type": "error", "error": {"type": sort, "message": message}, "request_id": "r1"}


def inner(code: Any, message: str) -> dict[str, Any]:
    return {"task_id": "", "base_resp": {"status_code": code, "status_msg": message}}


SENSITIVE = (
    "input new_sensitive, messages[13]'s content[2] image is sensitive, please check your "
    "input (1026)"
)
PLAN = "已达到 Token Plan 用量上限：请升级 Token Plan 套餐或购买积分补充用量。"
FIVE_HOURS = (
    "usage limit exceeded, 5-hour usage limit reached for Token Plan Starter (0/0 used), resets at "
    "2026-05-15T15:00:00Z (2056)"
)
CHECKER = {
    "detail": [
        {
            "loc": ["body", "prompt"],
            "msg": "The content was flagged by a content checker.",
            "type": "content_policy_violation",
            "categories": ["sexual"],
        }
    ]
}
REPLAYED: list[tuple[str, Reply, ErrorKind, float | None]] = [
    ("1", answer(422, v2("input new_sensitive (1026)")), "moderation", None),
    ("2", answer(500, v2(SENSITIVE)), "moderation", None),
    ("2 at another status", answer(400, v2("output new_sensitive (1027)")), "moderation", None),
    (
        "2 in the code",
        answer(500, {"error": {"code": 1027, "message": "failed"}}),
        "moderation",
        None,
    ),
    ("3", answer(200, inner(1027, "output new_sensitive")), "moderation", None),
    ("3 as text", answer(200, inner("1026", "")), "moderation", None),
    ("3 at 500", answer(500, inner(1026, "input new_sensitive")), "moderation", None),
    ("3 deep", answer(200, {"data": {"result": inner(1026, "x")}}), "moderation", None),
    ("2 at 200", answer(200, v2(SENSITIVE)), "moderation", None),
    ("3 in a list", answer(200, {"data": [{"x": [inner(1027, "x")]}]}), "moderation", None),
    ("4", answer(200, inner(2056, PLAN)), "balance", None),
    ("4 with a code that nobody knows", answer(200, inner(9999, PLAN)), "balance", None),
    ("4 as a rate limit", answer(429, v2(PLAN, "rate_limit_error")), "balance", None),
    ("5", answer(429, v2(FIVE_HOURS, "rate_limit_error"), {"date": DATE}), "rate", 7200),
    ("5 by our clock", answer(429, v2(FIVE_HOURS, "rate_limit_error"), at=NOW), "rate", 7200),
    ("5 inside", answer(200, inner(2056, FIVE_HOURS), {"date": DATE}), "rate", 7200),
    ("5 without any clock", answer(429, v2(FIVE_HOURS, "rate_limit_error")), "balance", None),
    (
        "6",
        answer(429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}),
        "rate",
        30,
    ),
    (
        "7",
        answer(200, inner(1002, "trigger rate limit, please contact the sales representative")),
        "rate",
        None,
    ),
    ("8", answer(200, inner(2049, "invalid api key")), "auth", None),
    ("13", answer(401, v2("invalid api key", "authentication_error")), "auth", None),
    ("14", answer(400, {"error": "prompt is required"}), "invalid", None),
    (
        "15",
        answer(400, v2("invalid params, duration (2013)", "bad_request_error")),
        "invalid",
        None,
    ),
    ("16", answer(500, v2("unknown error, 999 (1000)")), "server", None),
    ("17", answer(200, inner(1008, "insufficient balance")), "balance", None),
    ("18", answer(422, CHECKER), "moderation", None),
    (
        "19",
        answer(403, {"detail": "User is locked. Reason: Exhausted balance. Top up"}),
        "balance",
        None,
    ),
    (
        "20",
        answer(200, inner(2061, "your current token plan does not support model")),
        "permission",
        None,
    ),
    ("20 at 404", answer(404, inner(2061, "model not in plan")), "permission", None),
    (
        "a safety system",
        answer(400, {"error": {"message": "rejected by our safety system"}}),
        "moderation",
        None,
    ),
    (
        "prohibited",
        answer(400, {"message": "The prompt contains words that are prohibited."}),
        "moderation",
        None,
    ),
    ("an account", answer(403, {"message": "Your account has been flagged"}), "permission", None),
    ("a case", answer(400, {"message": "model names are case-sensitive"}), "invalid", None),
    (
        "quota a minute",
        answer(429, {"message": "quota exceeded: 20 requests per minute"}),
        "rate",
        None,
    ),
    (
        "quota",
        answer(429, {"error": {"message": "You exceeded your current quota"}}),
        "balance",
        None,
    ),
    (
        "minutes",
        answer(429, {"message": "Too many requests, try again in 2 minutes."}),
        "rate",
        120,
    ),
]


@each
@pytest.mark.parametrize(
    ("reply", "kind", "wait"), [row[1:] for row in REPLAYED], ids=[row[0] for row in REPLAYED]
)
def test_replayed(provider: Provider, reply: Reply, kind: ErrorKind, wait: float | None) -> None:
    error = submitted(provider, reply)
    assert (error.kind, error.retry_after) == (kind, wait)
    event = {"rate": "not_sent", "server": "unclear"}.get(kind, "refused")
    assert outcome_of_submit(error) == event
    assert "{" not in error.message, "the provider's words, not its JSON"


PROMPTS = [
    "A white balance card beside an account book, rate limit signs on the road",
    "The monk's sensitive hands, year of grace (1026)",
    'A sign that says "content policy"\nand "insufficient balance"\nresets in 30 minutes (1026)',
    "一只敏感的猫站在余额不足的提款机前，用量上限 (1027)",
]


@each
@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("status", [200, 400, 422, 500])
def test_a_prompt_that_is_quoted_misleads_nobody(
    provider: Provider, prompt: str, status: int
) -> None:
    """Quoted as it is, escaped once more, or cut short."""
    plain: ErrorKind = "server" if status >= 500 else "invalid"
    for quoted in (prompt, json.dumps(prompt, ensure_ascii=False), prompt[:30] + "..."):
        for body in (
            {"error": {"message": f"cannot read this: {quoted}"}},
            inner(9999, f"bad: {quoted}"),
        ):
            error = submitted(provider, answer(status, body), prompt)
            if (
                error.kind == "protocol"
            ):  # 200 without its own shape: nobody can say, and nothing is sent again
                assert outcome_of_submit(error) == "unclear"
            else:
                assert (error.kind, error.retry_after) == (plain, None)


@each
@pytest.mark.parametrize(
    "said",
    [
        {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}},
        {"error": {"code": 429, "type": "rate_limit_error", "message": "too many requests"}},
        {"error": "too many requests"},
        {"reason": "RATE_LIMIT_EXCEEDED", "message": "too many requests"},
        {"detail": "too many requests", "error_type": "rate_limited"},
    ],
)
def test_a_task_id_beside_a_refusal_is_a_paid_clip(
    provider: Provider, said: dict[str, Any]
) -> None:
    found = recorded(provider.name, "submitted")
    flow = provider.submit(request_for(provider))
    assert drive(flow, [answer(200, found["body"] | said)])[1].task_id == found["task_id"]


@pytest.mark.parametrize(
    ("message", "wait"),
    [
        ("resets in ~30s", 30),
        ("Please try again in 6m0s.", 360),
        ("Please retry in 1 hour and 5 minutes", 3900),
        ("try again in 20ms", 0.02),
        ("retry after 30", 30),
        ("retry_after: 12.5", 12.5),
        ("wait for 45 seconds", 45),
        ("available again in 3 days", 3 * 86400),
        ("请在 30 秒后重试", 30),
        ("请2分钟后再试", 120),
        ("1小时30分钟后恢复", 5400),
        ("請於 5 分鐘後再試", 300),
        ("请等待 5 分钟", 300),
        ("剩余等待时间：45秒", 45),
        ("请一个小时后再次尝试", 3600),
        ("两分钟后再试", 120),
        ("Please wait a minute", 60),
        ("try again in two minutes", 120),
        ("try again in a few minutes", None),
        ("Retry in 60", 60),
        ("cooldown: 30s", 30),
        ("额度将于2026年5月15日23:00（北京时间）重置", 7200),
        ("将于北京时间 2026-05-15 23:00:00 重置", 7200),
        ("resets at 15:00 UTC", 7200),
        ("resets on May 17, 2026 at 15:00 UTC", None),  # no day is read from it
        ("resets at 2026-05-15T15:00:00Z", 7200),
        ("resets at 2026-05-15 15:00 UTC", 7200),
        ("resets on 2026-05-15T23:00:00.123+08:00 (2056)", 7200),
        ("resets at 2026-05-15 23:00:00 (UTC+8)", 7200),
        ("将于 2026-05-15T23:00:00+0800 重置", 7200),
        ("until Fri, 15 May 2026 15:00:00 GMT", 7200),
        ("limit resets at 1778857200", 7200),
        ("limit resets at 1778857200000", 7200),
        ("resets at 2026-05-15 15:00:00", None),  # in whose zone?
        ("resets at 2026-05-15T11:00:00Z", None),  # has passed
        ("resets at 2026-99-15T11:00:00Z", None),
        ("generated 6 seconds in 30 seconds", None),
        ("at most 20 requests in 60 seconds", None),
        ("try again later", None),
        ("", None),
    ],
)
def test_the_wait_that_a_message_names(message: str, wait: float | None) -> None:
    assert messages.wait_in(message, NOW) == wait


@each
@pytest.mark.parametrize("status", [302, 303, 307, 409, 499])
def test_a_submit_that_is_answered_elsewhere_may_be_paid(provider: Provider, status: int) -> None:
    error = submitted(provider, answer(status, {"detail": "see there", "message": "see there"}))
    assert outcome_of_submit(error) == "unclear"


@each
@pytest.mark.parametrize("error", ["try again", "failed", ["x"], [{"message": "no"}], True])
def test_an_error_in_no_shape_of_its_own_inside_a_success_may_be_paid(
    provider: Provider, error: Any
) -> None:
    assert outcome_of_submit(submitted(provider, answer(200, {"error": error}))) == "unclear"


@each
def test_a_pace_inside_a_servers_fault_may_be_paid(provider: Provider) -> None:
    said = {"code": 429, "message": "Provider returned error"}
    for body in ({"error": said}, inner(1002, "rate limit")):
        assert outcome_of_submit(submitted(provider, answer(502, body))) == "unclear"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("內容審核未通過", "moderation"),
        ("提示詞包含違禁詞", "moderation"),
        ("输入内容不合规", "moderation"),
        ("提示词包含不当内容", "moderation"),
        ("不適切なコンテンツが検出されました", "moderation"),
        ("The prompt violates our community guidelines", "moderation"),
        ("violates our usage policies", "moderation"),
        ("Prompt contains inappropriate content", "moderation"),
        ("sexually explicit content is not allowed", "moderation"),
        ("The request may involve copyrighted material", "moderation"),
        ("帳戶餘額不足", "balance"),
        ("You don't have enough credits", "balance"),
        ("Key limit exceeded (monthly limit)", "balance"),
        ("the body violates the schema", None),
        ("model name is case sensitive", None),
    ],
)
def test_what_words_mean_in_any_language(message: str, kind: ErrorKind | None) -> None:
    assert messages.kind_of_message(message) == kind


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("處理中", "running"),
        ("排隊中", "queued"),
        ("失敗", "failed"),
        ("審核未通過", "failed"),
        ("已刪除", "failed"),
        ("生成完成", "succeeded"),
        ("审核中", None),
    ],
)
def test_states_in_chinese(word: str, state: str | None) -> None:
    assert task_states.state_of(word) == state


def test_a_code_beside_the_message_counts_where_only_the_message_was_read() -> None:
    reply = Reply(200, json.dumps({"error": {"code": 1027, "message": "failed"}}).encode())
    assert refusals.refusal(reply, "failed").kind == "moderation"


def test_a_hostile_message_is_read_in_no_time() -> None:
    for text in (
        "retry " + "1s" * 200_000,
        "prohibited " * 50_000,
        "content " * 50_000,
        "try again " + "9" * 10**6,
    ):
        error = submitted(ALL[0], answer(429, {"reason": "X", "message": text}))
        assert error.kind in {"rate", "balance", "moderation"}
