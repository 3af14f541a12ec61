"""What a refusal means: HTTP statuses, Retry-After and telling words, the same for every provider.

Pure. Each adapter reads its own error bodies and hands what it found to `fault`.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

from hailuo_nb.providers import loose
from hailuo_nb.providers.base import ErrorKind, ProviderError, Reply

_KINDS: dict[int, ErrorKind] = {401: "auth", 402: "balance", 403: "permission", 408: "server", 429: "rate"}
# These statuses mean what they say whoever answers. A page that is no JSON with any other one (200, 403, 404)
# comes from something that is not the API: a proxy, a firewall, a wrong base URL.
_PLAIN = frozenset({401, 402, 429})
# Words that name a cause more exactly than a general code or status does.
_WORDS: tuple[tuple[ErrorKind, tuple[str, ...]], ...] = (
    (
        "moderation",
        (
            "sensitive",
            "nsfw",
            "content policy",
            "content_policy",
            "敏感",
            "违规",
            "内容审核",
            "安全审核",
            "未通过审核",
        ),
    ),
    (
        "balance",
        ("balance", "quota exceeded", "insufficient quota", "insufficient fund", "arrear", "余额", "欠费"),
    ),
)
_REQUEST_IDS = ("x-request-id", "request-id", "x-trace-id", "trace-id", "x-requestid")


def kind_of(status: int) -> ErrorKind:
    """What an HTTP status means on its own."""
    if status in _KINDS:
        return _KINDS[status]
    if 400 <= status < 500:
        return "invalid"
    return "server" if status >= 500 else "protocol"


def kind_in_words(message: str) -> ErrorKind | None:
    """Moderation or balance, if the provider's words say so."""
    folded = message.casefold()
    return next((kind for kind, words in _WORDS if any(word in folded for word in words)), None)


def retry_after(reply: Reply) -> float | None:
    """Seconds in `Retry-After`: a number, or a date beside the reply's own `Date`. None if unreadable."""
    value = reply.headers.get("retry-after", "")
    wait = loose.number(value)
    if wait is None:
        try:
            then = parsedate_to_datetime(value)
            wait = (then - parsedate_to_datetime(reply.headers.get("date", ""))).total_seconds()
        except (TypeError, ValueError):
            return None
    return max(0.0, wait)


def fault(
    reply: Reply, message: str, *, kind: ErrorKind | None = None, code: Any = "", request_id: Any = ""
) -> ProviderError:
    """The error that a reply stands for. Without a `kind` it follows from the HTTP status and the words."""
    # An error body inside HTTP 200 is a refusal too.
    found = kind or kind_of(max(reply.status, 400))
    # "Forbidden" is said of empty accounts as well. A code that says "invalid" is believed: such a message may
    # quote the prompt, and a prompt may be about balance.
    if found == "permission" or (kind is None and found == "invalid"):
        found = kind_in_words(message) or found
    ids = (loose.text(request_id), *(reply.headers.get(name, "") for name in _REQUEST_IDS))
    return ProviderError(
        found,
        message or f"HTTP {reply.status}: {reply.excerpt()}",
        code=loose.text(code),
        request_id=next((one for one in ids if one), ""),
        retry_after=retry_after(reply),
        status=reply.status,
    )


def body_of(reply: Reply) -> dict[str, Any]:
    """The JSON object that a reply holds. Raises ProviderError that quotes the start of what came instead."""
    try:
        body = reply.json()
    except ProviderError:
        body = None
    if isinstance(body, dict):
        return body
    if 300 <= reply.status < 400:
        said = f"redirects elsewhere (HTTP {reply.status}); is the base URL right?"
        raise fault(reply, said, kind="protocol")
    kind = kind_of(reply.status) if reply.status in _PLAIN or reply.status >= 500 else "protocol"
    said = f"answered HTTP {reply.status} with something that is no JSON object: {reply.excerpt()}"
    raise fault(reply, said, kind=kind)


def unknown_task(error: ProviderError) -> bool:
    """Whether a refused look says that the provider does not know the task. A 404 page of HTML does not."""
    return error.status == 404 and error.kind == "invalid"


def task_failure(
    message: str, code: Any = "", request_id: Any = "", *, kind: ErrorKind | None = None
) -> ProviderError:
    """Why a task that was accepted failed. The HTTP reply that said so was a success, so it has no status."""
    return ProviderError(
        kind or kind_in_words(message) or "server",
        message or "the provider gave no reason",
        code=loose.text(code),
        request_id=loose.text(request_id),
    )
