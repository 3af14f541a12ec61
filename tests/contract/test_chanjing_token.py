"""Chanjing's token: one for all calls at once, fetched again when it is dead, and a call that runs
once."""

from __future__ import annotations

import asyncio
import gzip
import json
import traceback
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

import httpx2
import pytest

from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers import auth as auth_module
from hailuo_nb.providers import registry
from hailuo_nb.requests.redaction import redact
from tests.contract.wire import Chunked, Server, said

SECRET = "secret-marked-fedcba9876543210"
NOW = 1_760_000_000.0
SUBMIT = "/open/v1/ai_creation/task/submit"
TOKEN = "/open/v1/access_token"


@pytest.fixture(autouse=True)
def _no_token_is_left() -> Iterator[None]:
    auth_module._ACCOUNTS.clear()
    yield
    auth_module._ACCOUNTS.clear()


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


class Chanjing:
    """Chanjing as far as tokens go: a new token kills the one before."""

    def __init__(self, now: float = NOW, life: float = 86_400) -> None:
        self.now = now
        self.life = life
        self.tokens = 0
        self.server = Server(self._answer)
        self.runs = 0  # calls that were let in

    def kill(self) -> None:
        self.tokens += 1

    def auth(self, app_id: str = "app-1", secret: str = SECRET) -> httpx2.Auth:
        return registry.get("chanjing").auth([app_id, secret], lambda: self.now)

    def client(self, **options: Any) -> httpx2.AsyncClient:
        return self.server.client(self.auth(), **options)

    def fetched(self) -> int:
        return self.server.paths().count(TOKEN)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith(TOKEN):
            self.tokens += 1
            data = {"access_token": f"token-{self.tokens}", "expire_in": int(self.now + self.life)}
            return said({"trace_id": "t", "code": 0, "msg": "success", "data": data})
        if request.headers.get("access_token") != f"token-{self.tokens}":
            return said(
                {"trace_id": "t", "code": 10400, "msg": "AccessToken 验证失败", "data": None}
            )
        self.runs += 1
        return said({"trace_id": "t", "code": 0, "msg": "success", "data": "id"})


async def codes(client: httpx2.AsyncClient, count: int = 1) -> list[int]:
    async with client:
        calls = [client.post(SUBMIT, json={"n": n}) for n in range(count)]
        return [response.json()["code"] for response in await asyncio.gather(*calls)]


def test_one_token_for_calls_at_once_and_for_the_next_loop() -> None:
    chanjing = Chanjing()
    assert run(codes(chanjing.client(), 20)) == [0] * 20
    assert run(codes(chanjing.client(), 5)) == [0] * 5  # another client, another Auth, another loop
    assert chanjing.fetched() == 1
    first = chanjing.server.requests[0]
    assert json.loads(first.content) == {"app_id": "app-1", "secret_key": SECRET}
    assert "access_token" not in first.headers
    assert first.headers["user-agent"] == chanjing.server.requests[1].headers["user-agent"]
    assert first.headers["accept-encoding"] == "identity"
    assert first.extensions["timeout"]["read"] == 12  # a request of ours has no timeout by itself
    assert all(SECRET not in str(request.headers) for request in chanjing.server.requests)


def test_a_dead_token_is_fetched_once_for_all_and_the_calls_repeated() -> None:
    chanjing = Chanjing()
    run(codes(chanjing.client()))
    chanjing.kill()
    assert run(codes(chanjing.client(), 20)) == [0] * 20
    assert chanjing.fetched() == 2
    assert chanjing.runs == 21  # each call ran once: a 10400 is no run


def test_a_token_that_others_kill_is_fetched_anew_with_growing_pauses() -> None:
    """Another process fetches one right after each of ours. A call that meets 10400 did not run, so
    it is repeated."""
    chanjing = Chanjing()
    real, rivals = chanjing.server.answer, [4]

    def answer(request: httpx2.Request) -> httpx2.Response:
        found = real(request)
        if request.url.path == TOKEN and rivals[0]:
            rivals[0] -= 1
            chanjing.kill()
        return found

    chanjing.server.answer = answer
    slept: list[float] = []
    assert run(codes(chanjing.server.client(patient(slept)))) == [0]
    assert chanjing.server.paths() == [TOKEN, SUBMIT] * 5
    assert slept == [0.2, 0.5, 1.0]  # at once after the first: it may have died of age
    assert chanjing.runs == 1


def patient(slept: list[float], chance: float = 0.5) -> httpx2.Auth:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return auth_module.ChanjingToken(
        "app-1", SECRET, lambda: NOW, random=lambda: chance, sleep=sleep
    )


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.5), (0.999, 1.499)])
def test_a_call_is_repeated_a_few_times_only(chance: float, share: float) -> None:
    chanjing = Chanjing()
    tokens = iter(range(100))
    chanjing.server.answer = lambda request: (
        said({"code": 0, "data": {"access_token": f"other-{next(tokens)}", "expire_in": NOW + 9e4}})
        if request.url.path == TOKEN
        else said({"code": "10400", "msg": "AccessToken 验证失败"})
    )
    slept: list[float] = []
    assert run(codes(chanjing.server.client(patient(slept, chance)))) == ["10400"]
    assert chanjing.server.paths() == [TOKEN, SUBMIT] * 6
    assert slept == pytest.approx([pause * share for pause in (0.2, 0.5, 1.0, 2.0)])


def test_a_key_that_is_refused_meanwhile_is_told_as_such() -> None:
    """10400 of a call is no refused key; the token that is then refused is."""
    chanjing = Chanjing()
    run(codes(chanjing.client()))
    chanjing.server.answer = lambda request: said({"code": 10400, "msg": "AccessToken 验证失败"})
    with pytest.raises(ProviderError) as caught:
        run(codes(chanjing.client()))
    assert caught.value.kind == "auth"
    assert chanjing.server.paths()[2:] == [SUBMIT, TOKEN]


def test_refreshed_in_the_last_five_minutes() -> None:
    chanjing = Chanjing(life=1000)
    run(codes(chanjing.client()))
    chanjing.now = NOW + 700
    run(codes(chanjing.client()))
    assert chanjing.fetched() == 1
    chanjing.now = NOW + 701
    run(codes(chanjing.client()))
    assert chanjing.fetched() == 2


@pytest.mark.parametrize(
    ("expire_in", "good_for"), [(86_400, 86_000), ("7200", 6_800), (None, 3_200), ("?", 3_200)]
)
def test_an_expiry_that_is_no_unix_time(expire_in: Any, good_for: float) -> None:
    chanjing = Chanjing()
    real = chanjing.server.answer

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path != TOKEN:
            return real(request)
        chanjing.tokens += 1
        return said(
            {
                "code": 0,
                "data": {"access_token": f"token-{chanjing.tokens}", "expire_in": expire_in},
            }
        )

    chanjing.server.answer = answer
    run(codes(chanjing.client()))
    chanjing.now = NOW + good_for
    assert run(codes(chanjing.client())) == [0]
    assert chanjing.fetched() == 1


def test_another_account_and_another_base_url_have_their_own_token() -> None:
    chanjing = Chanjing()
    run(codes(chanjing.client()))
    run(codes(chanjing.client(base_url="http://127.0.0.1:8808/stand-in/")))
    run(codes(chanjing.server.client(chanjing.auth("app-2"))))
    urls = [
        str(request.url) for request in chanjing.server.requests if request.url.path.endswith(TOKEN)
    ]
    assert urls == [
        f"https://api.example{TOKEN}",
        f"http://127.0.0.1:8808/stand-in{TOKEN}",
        f"https://api.example{TOKEN}",
    ]


def told(code: int, msg: str = "", **data: Any) -> httpx2.Response:
    return said({"trace_id": "t9", "code": code, "msg": msg, "data": data})


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (lambda _: told(10400, "AccessToken 验证失败"), "auth", "验证失败"),
        (lambda _: told(400, "传入参数格式错误"), "auth", "格式错误"),
        (lambda _: told(40000, "参数错误"), "auth", "参数错误"),
        (lambda _: told(40001, "超出 QPS 限制"), "rate", "QPS"),
        (lambda _: told(50000, "系统内部错误"), "server", "系统"),
        (lambda _: told(0), "protocol", "no access token"),
        (lambda _: told(0, access_token="é"), "protocol", "no access token"),
        (lambda _: httpx2.Response(502, html="<h1>Bad Gateway</h1>"), "server", "Bad Gateway"),
        (lambda _: httpx2.Response(429, headers={"retry-after": "9"}), "rate", "HTTP 429"),
        (lambda _: httpx2.Response(200, html="<h1>Welcome</h1>"), "protocol", "Welcome"),
        (
            lambda _: httpx2.Response(200, text='{"access_token": "secret'),
            "protocol",
            "no access token",
        ),
    ],
)
def test_no_token_no_call(answer: Any, kind: ErrorKind, message: str) -> None:
    chanjing = Chanjing()
    chanjing.server.answer = answer
    with pytest.raises(ProviderError, match=message) as caught:
        run(codes(chanjing.client()))
    assert caught.value.kind == kind
    assert caught.value.status is not None
    assert chanjing.server.paths() == [TOKEN]
    assert "secret" not in "".join(traceback.format_exception(caught.value)).replace(
        "secret_key", ""
    )
    if caught.value.code:
        assert caught.value.request_id == "t9"
    if kind == "rate" and caught.value.status == 429:
        assert caught.value.retry_after == 9


def test_a_fault_of_the_network_at_the_token_is_told_from_one_at_the_call() -> None:
    """The engine must know that the charging call never left."""
    chanjing = Chanjing()

    def broken(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("slow", request=request)

    chanjing.server.answer = broken
    with pytest.raises(httpx2.ReadTimeout) as caught:
        run(codes(chanjing.client()))
    assert caught.value.request.url.path == TOKEN


def test_a_token_answer_that_breaks_off_is_a_provider_error() -> None:
    class Broken(Chunked):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b'{"code": 0'
            raise httpx2.ReadError("reset")

    chanjing = Chanjing()
    chanjing.server.answer = lambda request: httpx2.Response(200, stream=Broken())
    with pytest.raises(ProviderError, match="broke off") as caught:
        run(codes(chanjing.client()))
    assert (caught.value.kind, caught.value.status) == ("server", None)


def test_after_a_failed_fetch_the_next_call_fetches_again() -> None:
    chanjing = Chanjing()
    real, chanjing.server.answer = (
        chanjing.server.answer,
        lambda r: said({"code": 50000, "msg": "x"}),
    )
    with pytest.raises(ProviderError):
        run(codes(chanjing.client()))
    chanjing.server.answer = real
    assert run(codes(chanjing.client())) == [0]


def test_a_cancelled_fetch_leaves_the_lock() -> None:
    chanjing = Chanjing()

    async def scene() -> list[int]:
        async with chanjing.client() as client:
            first = asyncio.create_task(client.post(SUBMIT))
            await asyncio.sleep(0)
            assert chanjing.server.paths() in ([], [TOKEN])
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
        return await codes(chanjing.client(), 3)

    assert run(scene()) == [0, 0, 0]


@pytest.mark.parametrize("packed", [False, True])
def test_a_long_answer_is_passed_on_whole_and_not_read_ahead(packed: bool) -> None:
    """Whoever reads the answer has a budget; looking for a 10400 must not take the body into memory
    first."""
    body = json.dumps({"code": 0, "data": {"list": ["x" * 1000] * 100}}).encode()
    wire = gzip.compress(body) + b"" if packed else body
    pieces = [wire[at : at + 1000] for at in range(0, len(wire), 1000)]
    stream = Chunked(*pieces)
    headers = {"content-encoding": "gzip"} if packed else {}
    chanjing = Chanjing()
    real = chanjing.server.answer
    chanjing.server.answer = lambda request: (
        real(request)
        if request.url.path == TOKEN
        else httpx2.Response(200, headers=headers, stream=stream)
    )

    async def scene() -> bytes:
        client = chanjing.client()
        response = await client.send(client.build_request("POST", SUBMIT), stream=True)
        assert stream.taken <= 5
        whole = b"".join([piece async for piece in response.aiter_bytes()])
        await response.aclose()
        return whole

    assert run(scene()) == body
    assert stream.closed


def test_a_packed_refusal_is_understood() -> None:
    chanjing = Chanjing()
    real, answers = chanjing.server.answer, [0]

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == TOKEN or answers[0]:
            return real(request)
        answers[0] += 1
        packed = gzip.compress(b'{"code": 10400}')
        return httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=Chunked(packed))

    chanjing.server.answer = answer
    assert run(codes(chanjing.client())) == [0]
    assert chanjing.server.paths() == [TOKEN, SUBMIT, TOKEN, SUBMIT]


def test_the_token_store_shows_nothing() -> None:
    chanjing = Chanjing()
    run(codes(chanjing.client()))
    assert len(auth_module._ACCOUNTS) == 1
    for word in (SECRET, "app-1", "token-1"):
        assert word not in repr(auth_module._ACCOUNTS)
    assert redact("it says token-1") == "it says •••", "a token is masked as long as it lives"
