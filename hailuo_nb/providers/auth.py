"""Putting credentials on requests: Bearer and fal's Key, Bearer or the raw key, Chanjing's token.

An adapter imports this module inside `auth()`, since it loads httpx2. A key stands in a header of
the request while that is on its way, and nowhere else.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from secrets import SystemRandom
from typing import NoReturn
from weakref import WeakKeyDictionary

import httpx2

from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers import parsing
from hailuo_nb.providers.base import Reply
from hailuo_nb.providers.parsing import JsonObject
from hailuo_nb.providers.refusals import json_object, kind_of_status, refusal
from hailuo_nb.requests.redaction import Credentials

_REFRESH = 300.0  # seconds before the end of a token's life; the provider's own scripts do the same
_SHORT_LIFE = 3600.0  # for an `expire_in` that cannot be read; a real token lives about a day
# Seconds before a token is fetched for a call whose token was dead, one try after the other: at
# once, as it may have died of age; then ever later, as other processes may be at it, and each new
# token kills theirs. Half more or less.
_PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0)
_CHANCE = SystemRandom()
_PEEK = 4096  # bytes that decide whether an answer is a refusal; refusals have a few hundred
_TOKEN_ANSWER = 65_536


def keys(credentials: Sequence[str], variables: Sequence[str]) -> tuple[str, ...]:
    """The credentials without the white space around them, one for each variable.

    Raises ProviderError(auth) that names the variable, never the value.
    """
    found = tuple(value.strip() for value in credentials)
    if len(found) != len(variables):
        raise ProviderError("auth", f"needs {len(variables)} credentials ({', '.join(variables)})")
    for value, variable in zip(found, variables, strict=True):
        if not value:
            raise ProviderError("auth", f"{variable} is empty")
        if not (value.isascii() and value.isprintable()) or " " in value:
            raise ProviderError("auth", f"{variable} holds characters that no key has")
    return found


class Masked(httpx2.Auth):
    """An Auth that shows nothing of what it holds and is not pickled."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "credentials are not pickled; set the environment variable where the work is done"
        )


class Bearer(Masked):
    """`Authorization: Bearer <key>`, or another scheme before the key."""

    def __init__(self, key: str, scheme: str = "Bearer") -> None:
        self._key = key
        self._scheme = scheme

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["authorization"] = f"{self._scheme} {self._key}"
        yield request


class _AsyncOnly(Masked):
    """An Auth that reads answers or takes locks, which needs an asynchronous client."""

    def auth_flow(self, request: httpx2.Request) -> NoReturn:
        raise RuntimeError(f"{type(self).__name__} works with httpx2.AsyncClient only")


class BearerThenRaw(_AsyncOnly):
    """Bearer; after a 401 `auth_error` the key alone, once, and from then on if that was accepted.

    A 401 means that the call did not run, so it may be repeated even where it charges.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._raw = False

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        raw = self._raw
        request.headers["authorization"] = self._key if raw else f"Bearer {self._key}"
        response = yield request
        if raw or response.status_code != 401 or not await _is_auth_error(response):
            return
        request.headers["authorization"] = self._key
        response = yield request
        if response.status_code != 401:
            self._raw = True


class ChanjingToken(_AsyncOnly):
    """`access_token: <token>`, fetched from the same base URL as the call it is for.

    A new token kills the one before it, so all Auths of one account in this process share one token
    behind one lock. Other processes have tokens of their own, and kill this one whenever they fetch
    one (a token is not shared through the disk, as no key is). Code 10400 says that the token is
    dead and that the call did not run: a token is fetched and the call repeated, a few times with
    growing pauses. Where a token is refreshed, calls that are under way may meet 10400 and go the
    same way. The last 10400 reaches the adapter, which calls it kind `token`. Raises ProviderError
    where no token is to be had (kind `auth` if the key is refused); the call was not sent then.
    """

    def __init__(
        self,
        app_id: str,
        secret_key: str,
        clock: Callable[[], float],
        *,
        random: Callable[[], float] = _CHANCE.random,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app_id = app_id
        self._secret_key = secret_key
        self._clock = clock
        self._random = random
        self._sleep = sleep

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        request.headers["accept-encoding"] = (
            "identity"  # the start of an answer is read as it comes
        )
        url = _token_url(request.url)
        account = self._account(url)
        refused = ""
        for pause in (*_PAUSES, None):
            async with account.lock():
                if account.token == refused or account.expires_at - self._clock() < _REFRESH:
                    response = yield self._token_request(url, request)
                    account.keep(*await _token_in(response, self._clock()))
                token = account.token
            request.headers["access_token"] = token
            response = yield request
            if pause is None or not await _is_dead_token(response):
                return
            refused = token
            if pause:
                await self._sleep(pause * (0.5 + self._random()))

    def _token_request(self, url: httpx2.URL, request: httpx2.Request) -> httpx2.Request:
        names = ("user-agent", "accept-encoding")
        kept = {name: request.headers[name] for name in names if name in request.headers}
        body = {"app_id": self._app_id, "secret_key": self._secret_key}
        # A request built here has no timeout of its own.
        extensions = (
            {"timeout": request.extensions["timeout"]} if "timeout" in request.extensions else {}
        )
        return httpx2.Request("POST", url, json=body, headers=kept, extensions=extensions)

    def _account(self, url: httpx2.URL) -> _Account:
        secret = "\0".join((str(url), self._app_id, self._secret_key))
        return _ACCOUNTS.setdefault(hashlib.sha256(secret.encode()).digest(), _Account())


@dataclass
class _Account:
    """The one living token of an account at a base URL. `expires_at` is a Unix time."""

    token: str = field(default="", repr=False)
    expires_at: float = 0.0
    _held: Credentials | None = None
    _locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = field(
        default_factory=WeakKeyDictionary, repr=False
    )

    def keep(self, token: str, expires_at: float) -> None:
        """A new token. It is masked like a key as long as it lives: a provider may echo it."""
        self.token, self.expires_at, self._held = token, expires_at, Credentials(token)

    def lock(self) -> asyncio.Lock:
        """An asyncio lock belongs to one loop; a new loop (a restarted engine, a test) gets a new
        one."""
        return self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())


_ACCOUNTS: dict[bytes, _Account] = {}


def _token_url(url: httpx2.URL) -> httpx2.URL:
    """`/open/v1/access_token` below the same base URL, whatever path stands before `/open/v1/`."""
    prefix = url.path.partition("/open/v1/")[0]
    return url.copy_with(path=f"{prefix}/open/v1/access_token", query=None, fragment=None)


async def _token_in(response: httpx2.Response, now: float) -> tuple[str, float]:
    """Token and Unix time of its end. Raises ProviderError: auth, unless the fault is plainly not
    the key's."""
    try:
        head = await _head(response, _TOKEN_ANSWER)
    except httpx2.TransportError as error:
        reason = type(error).__name__
        raise ProviderError("server", f"no access token: the answer broke off ({reason})") from None
    headers = {name.lower(): value for name, value in response.headers.items()}
    # A message may quote the start of an answer, but not of one that holds a token.
    reply = Reply(response.status_code, head, headers)
    body = _json(head)
    if not body:
        try:
            json_object(reply if b"access_token" not in head else replace(reply, body=b""))
        except ProviderError as error:
            error.message = f"no access token: {error.message}"
            raise
    data = parsing.mapping(body.get("data"))
    token, code = parsing.text(data.get("access_token")), parsing.text(body.get("code"))
    granted = response.status_code == 200 and code in {"", "0"}
    if granted and token and token.isascii():
        expires = parsing.unix_time(data.get("expire_in"))
        if (
            expires is None or expires < 1e9
        ):  # no Unix time of our days: a length of life, or nothing
            expires = now + (expires or _SHORT_LIFE)
        return token, expires
    kinds: dict[str, ErrorKind] = {"40001": "rate", "50000": "server"}
    kind = "protocol" if granted else kinds.get(code)
    kind = kind or (kind_of_status(reply.status) if reply.status >= 429 else "auth")
    said = parsing.text(body.get("msg")) or f"HTTP {reply.status}"
    raise refusal(
        reply, f"no access token: {said}", kind=kind, code=code, request_id=body.get("trace_id")
    )


async def _is_dead_token(response: httpx2.Response) -> bool:
    return parsing.text(_json(await _head(response, _PEEK)).get("code")) == "10400"


async def _is_auth_error(response: httpx2.Response) -> bool:
    error = parsing.mapping(_json(await _head(response, _PEEK)).get("error"))
    return "auth_error" in {
        parsing.text(error.get("code")).lower(),
        parsing.text(error.get("type")).lower(),
    }


def _json(data: bytes) -> JsonObject:
    """The object in the data; an empty one if there is none, or only its start."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


async def _head(response: httpx2.Response, limit: int) -> bytes:
    """The first bytes of an answer, at most `limit`, decoded. Its reader still gets all of it.

    `aread()` would take a body of any size into memory; the reader of the answer has a limit.
    """
    stream = response.stream
    assert isinstance(stream, httpx2.AsyncByteStream)
    replay = _Replay(stream)
    response.stream = replay
    data = await replay.take(limit)
    if response.headers.get("content-encoding", "identity").lower() == "identity":
        return data
    try:
        return zlib.decompressobj(wbits=47).decompress(
            data, limit
        )  # 47: gzip or zlib, whichever it is
    except zlib.error:
        return b""


class _Replay(httpx2.AsyncByteStream):
    """A body whose start has been read, and which can still be read from its start."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream
        self._pieces = aiter(stream)
        self._taken: list[bytes] = []

    async def take(self, limit: int) -> bytes:
        size = 0
        while size < limit and (piece := await anext(self._pieces, None)) is not None:
            self._taken.append(piece)
            size += len(piece)
        return b"".join(self._taken)[:limit]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._taken:
            yield piece
        async for piece in self._pieces:
            yield piece

    async def aclose(self) -> None:
        if isinstance(self._pieces, AsyncGenerator):
            await self._pieces.aclose()
        await self._stream.aclose()
