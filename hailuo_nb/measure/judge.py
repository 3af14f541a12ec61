"""Asks a vision model of an OpenAI-compatible server, at the host that was named alone."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2

from hailuo_nb.engine import routes
from hailuo_nb.engine.addresses import is_loopback
from hailuo_nb.engine.base_url import parse as parse_base_url
from hailuo_nb.engine.logs import redact_logs
from hailuo_nb.errors import AddressError, JudgeError
from hailuo_nb.media.text import visible
from hailuo_nb.requests.redaction import Credentials, redact

_MAX_ANSWER = 1 << 20  # bytes
_MAX_SAID = 300  # characters of the server's own words
_BUSY = frozenset({429, 502, 503})  # the server says that it did nothing
_TRIES = 3
_MAX_REST = 30.0  # seconds
_LIMITS = httpx2.Limits(max_keepalive_connections=0)


@dataclass(frozen=True, slots=True)
class Judge:
    """Where a model is asked. The key is shown nowhere and sent to `base_url` alone."""

    model: str
    base_url: str
    credentials: Credentials = field(default_factory=Credentials)
    timeout: float = 120.0
    rest: float = 2.0
    """Seconds before a busy server is asked again, doubled each time."""

    async def ask(self, messages: list[dict[str, Any]], settings: dict[str, Any]) -> str:
        """The text of the model's answer. Raises JudgeError."""
        body = {"model": self.model, "messages": messages, **settings}
        redact_logs()
        client = routes.client(
            routes.Routes(_LIMITS), timeout=httpx2.Timeout(self.timeout, connect=10), headers={}
        )
        async with client:
            for attempt in range(_TRIES):
                status, headers, text = await self._send(client, body)
                if status not in _BUSY or attempt == _TRIES - 1:
                    break
                await asyncio.sleep(_rest(headers.get("retry-after"), self.rest * 2**attempt))
        if status != 200:
            raise JudgeError(self._refusal(status, headers, text))
        return _content(text)

    async def _send(
        self, client: httpx2.AsyncClient, body: dict[str, Any]
    ) -> tuple[int, httpx2.Headers, str]:
        key = self.credentials.reveal()
        headers = {"authorization": f"Bearer {key[0]}"} if self.credentials else {}
        url = f"{self.base_url}/chat/completions"
        try:
            async with client.stream("POST", url, json=body, headers=headers) as reply:
                read = bytearray()
                async for part in reply.aiter_bytes():
                    read += part
                    if len(read) > _MAX_ANSWER:
                        raise JudgeError(f"{self._host} answers with more than 1 MB")
                return reply.status_code, reply.headers, read.decode("utf-8", "replace")
        except httpx2.TimeoutException:
            raise JudgeError(f"{self._host} did not answer within {self.timeout:g} s") from None
        except httpx2.HTTPError as error:
            said = redact(str(error)) or type(error).__name__
            raise JudgeError(f"{self._host} cannot be asked: {said}") from None

    @property
    def _host(self) -> str:
        return urlsplit(self.base_url).netloc

    def _refusal(self, status: int, headers: httpx2.Headers, text: str) -> str:
        if 300 <= status < 400:
            return (
                f"{self._host} redirects elsewhere (HTTP {status}), which is not followed: name "
                "the address itself as base_url"
            )
        hint = "; the key is refused" if status in {401, 403} else ""
        return f"{self._host} answers HTTP {status}{hint}: {quoted(_message(text))}"


def quoted(text: str) -> str:
    """Words of a server for a message: one line, short, without a key."""
    line = " ".join(visible(redact(text)).split())
    return line if len(line) <= _MAX_SAID else f"{line[:_MAX_SAID]}…"


def checked_address(base_url: object, *, with_key: bool) -> str:
    """The address without a slash at its end. Raises AddressError, ArgumentError.

    with_key  a key goes there, so that it must be https, or this machine
    """
    given = parse_base_url(base_url)
    if with_key and given.scheme == "http" and not is_loopback(given.host):
        raise AddressError(
            f"a key is sent by https alone, and the base_url is http://{given.host}: anybody on "
            "the way could read it"
        )
    return given.text.removesuffix("/chat/completions")


def _rest(retry_after: str | None, usual: float) -> float:
    try:
        seconds = float(retry_after or usual)
    except ValueError:  # a date
        return usual
    return min(max(seconds, 0.0), _MAX_REST)  # NaN gives 0


def _message(text: str) -> str:
    """The server's own words: of `{"error": {"message": ...}}`, else all of it."""
    try:
        error = json.loads(text)["error"]
        return str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError, RecursionError):
        return text


def _content(text: str) -> str:
    """Of `choices[0].message.content`, a text or a list of parts. Raises JudgeError."""
    try:
        content = json.loads(text)["choices"][0]["message"]["content"]
        if isinstance(content, list):
            content = "".join(part.get("text", "") for part in content)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise JudgeError(f"the answer is no chat completion: {quoted(text)}") from None
    if not isinstance(content, str) or not content.strip():
        raise JudgeError("the model's answer is empty")
    return content
