"""What holds for every adapter, and their last resort: answers that come from something that is not
the API."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog import match
from hailuo_nb.errors import ErrorKind, ProviderError, UnknownNameError
from hailuo_nb.providers import parsing, registry
from hailuo_nb.providers.base import Progress, Provider, Reply
from hailuo_nb.providers.refusals import retry_after
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import (
    drive,
    folder,
    names_with,
    needed_references,
    receipts,
    recorded,
    refused,
    replies,
    reply,
    request_for,
)
from tests.fresh_python import modules_after

ALL = [registry.get(name) for name in registry.names()]
each = pytest.mark.parametrize("provider", ALL, ids=registry.names())


def test_names_and_get() -> None:
    assert registry.names()[:4] == ("ppinfra", "modelverse", "chanjing", "xcompute")
    assert registry.names() == catalog.providers()
    assert registry.get(" ModelVerse ").name == "modelverse"
    with pytest.raises(UnknownNameError, match=r"'modelvers'.*did you mean 'modelverse'.*xcompute"):
        registry.get("modelvers")


@each
def test_its_own_face(provider: Provider) -> None:
    assert provider.base_url.startswith("https://")
    assert provider.base_url.removeprefix("https://") in provider.hosts
    assert provider.name == provider.name.lower()
    assert provider.title
    assert provider.batch_size >= 1


@each
def test_every_row_of_the_matrix_can_be_sent(provider: Provider) -> None:
    """Every model and cell that is sold, with every frame that it takes: one charging call with the
    prompt in the provider's language, and no two of them alike. What the catalogue says the API is
    told (`endpoint`, `sent_as`, unless empty) stands in it."""
    link = Frame("f", url="https://a.example/1.png")
    seen = set()
    for row in catalog.rows():
        if row.provider != provider.name:
            continue
        for cell in row.cells:
            request = VideoRequest(
                "A cat [Pan left]",
                row.model,
                resolution=cell.resolution,
                duration=cell.duration,
                first_frame=None if row.first_frame == "no" else link,
                last_frame=None if row.last_frame == "no" else link,
                references=needed_references(row),
            )
            calls, _ = drive(provider.submit(request), [reply(provider.name, "submitted")])
            (call,) = (call for call in calls if call.charges)
            sent = str((call.url, call.params, call.json, call.content))
            seen.add((sent, row.endpoint))
            assert match.prompt(request, row) in sent
            assert sent.count("https://a.example/1.png") == (row.first_frame != "no") + (
                row.last_frame != "no"
            ) + len(request.references)
            assert row.endpoint in sent
            assert not cell.sent_as or repr(cell.sent_as) in sent
    assert len(seen) == sum(
        len(row.cells) for row in catalog.rows() if row.provider == provider.name
    )


RECORDED = [
    (name, file, key)
    for name in registry.names()
    for key in ("task_id", "progress", "error")
    for file in names_with(name, key)
]


@pytest.mark.parametrize(("name", "file", "key"), RECORDED)
def test_a_recorded_reply_is_read_as_its_file_says(name: str, file: str, key: str) -> None:
    """`task_id` of a submit, `progress` of a poll, `error` of a submit that was refused."""
    provider, expected = registry.get(name), recorded(name, file)[key]
    flow = provider.submit(request_for(provider))
    if key == "task_id":
        assert drive(flow, replies(name, file))[1].task_id == expected
    elif key == "error":
        error = refused(flow, [reply(name, file)])
        assert {field: getattr(error, field) for field in expected} == expected
    else:
        found = recorded(name, file)
        tasks = receipts(provider, found.get("of", "a"), links=found.get("links"))
        _, (progress,) = drive(provider.poll(tasks), replies(name, file))
        _agrees(progress, expected)


def _agrees(progress: Progress, expected: dict[str, Any]) -> None:
    for field, value in expected.items():
        found = getattr(progress, field)
        if field == "error" and value is not None:
            assert {name: getattr(found, name) for name in value} == value
        else:
            assert (list(found) if field == "links" else found) == value


@each
def test_its_replies_cover_what_every_provider_says(provider: Provider) -> None:
    name = provider.name
    polls = [recorded(name, file)["progress"] for file in names_with(name, "progress")]
    assert recorded(name, "submitted")["task_id"]
    assert any(poll["state"] == "succeeded" and poll["links"] for poll in polls)
    assert any(poll["state"] == "failed" for poll in polls)
    assert names_with(name, "error")
    for file in folder(name).glob("*.json"):
        assert file.stem == "conversation" or recorded(name, file.stem)["source"]


@each
@pytest.mark.parametrize(
    ("name", "kind", "quoted"),
    [
        ("html_200", "protocol", "Welcome"),
        ("html_404", "protocol", "Not Found"),
        ("html_502", "server", "Bad Gateway"),
        ("redirect", "protocol", "redirects"),
        ("cut_json", "protocol", "task_id"),
    ],
)
def test_an_answer_that_is_not_the_api_s(
    provider: Provider, name: str, kind: ErrorKind, quoted: str
) -> None:
    answer = reply("any", name)
    for flow in (provider.submit(request_for(provider)), provider.poll(receipts(provider, "a"))):
        error = refused(flow, [answer])
        assert (error.kind, error.status) == (kind, answer.status)
        assert quoted in error.message


@each
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'"ok"', b"[" * 100_000, b"1" * 10_000, b"\xff\xfe"]
)
def test_json_that_is_no_object(provider: Provider, body: bytes) -> None:
    error = refused(provider.submit(request_for(provider)), [Reply(200, body)])
    assert error.kind == "protocol"
    assert len(error.message) < 500


@each
@pytest.mark.parametrize(
    "body", [b"{}", b'{"code": 0}', b'{"data": {}, "code": 0, "output": 7, "task": []}']
)
def test_an_accepted_submit_without_an_id_is_unclear(provider: Provider, body: bytes) -> None:
    error = refused(provider.submit(request_for(provider)), [Reply(200, body)])
    assert (error.kind, error.status) == ("protocol", 200)


@each
@pytest.mark.parametrize("status", [401, 402, 429, 500, 503])
def test_a_bare_status_still_tells(provider: Provider, status: int) -> None:
    kinds = {401: "auth", 402: "balance", 429: "rate"}
    for body in (b"", b"{}"):
        error = refused(
            provider.poll(receipts(provider, "a")), [Reply(status, body, {"retry-after": "30"})]
        )
        assert (error.kind, error.status, error.retry_after) == (
            kinds.get(status, "server"),
            status,
            30,
        )


@each
def test_a_refused_look_is_no_unknown_task(provider: Provider) -> None:
    error = refused(provider.poll(receipts(provider, "a")), [Reply(400, b"{}")])
    assert (error.kind, error.status) == ("invalid", 400)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
        (
            {
                "retry-after": "Wed, 21 Oct 2026 07:28:40 GMT",
                "date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            40,
        ),
        (
            {
                "retry-after": "Wed, 21 Oct 2026 07:27:00 GMT",
                "date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            0,
        ),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:40 GMT"}, None),
        (
            {"retry-after": "Wed, 21 Oct 2026 07:28:40 GMT", "date": "Wed, 21 Oct 2026 07:28:00"},
            None,
        ),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(Reply(429, b"", headers)) == seconds


def test_loose_reading() -> None:
    assert parsing.unix_time("1720598390996") == 1720598390.996
    assert parsing.unix_time(1720598390) == 1720598390
    odd: list[Any] = [True, None, "x", "nan", 10**400, []]
    assert [parsing.number(value) for value in odd] == [None] * 6
    assert parsing.seconds_between(100, 50) is None
    assert parsing.seconds_between(1, 1 + 2 * 86400) is None
    assert parsing.links([{"url": ["a", "a"]}, "b", None, 3], "url") == ("a", "b")
    written: list[Any] = [7, " x ", None, True, 1.5]
    assert [parsing.text(value) for value in written] == ["7", "x", "", "", ""]


@each
@pytest.mark.parametrize("bad", ["", "  ", "key\nwith newline", "ключ", "two words"])
def test_a_key_that_cannot_be_one_is_named_not_shown(provider: Provider, bad: str) -> None:
    good = ["some-key"] * (len(provider.key_variables) - 1)
    with pytest.raises(ProviderError, match=provider.key_variables[-1]) as caught:
        provider.auth([*good, bad], lambda: 0.0)
    assert caught.value.kind == "auth"
    assert not bad.strip() or bad.strip() not in str(caught.value)


@each
def test_no_key_no_auth(provider: Provider) -> None:
    with pytest.raises(ProviderError, match=provider.key_variables[0]):
        provider.auth([], lambda: 0.0)


def test_adapters_load_no_http_client() -> None:
    """httpx2 and pictures come with use, not with the adapters."""
    code = (
        "from hailuo_nb.providers import registry as providers\n"
        "for name in providers.names(): providers.get(name)"
    )
    assert not modules_after(code) & {"httpx2", "asyncio", "PIL", "numpy", "av"}
