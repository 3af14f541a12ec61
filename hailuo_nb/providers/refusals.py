"""What a refusal means, for every provider: HTTP statuses, Retry-After, words in messages.

An adapter reads its provider's error bodies and passes what it found to `refusal`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers import messages, parsing
from hailuo_nb.providers.base import Reply
from hailuo_nb.providers.parsing import JsonObject

_KINDS: dict[int, ErrorKind] = {
    401: "auth",
    402: "balance",
    403: "permission",
    408: "server",
    429: "rate",
}
# These statuses mean the same from the API and from a gateway. With any other one (200, 403, 404)
# an answer that is no JSON is not the API's: it is from a proxy, a firewall or a wrong base URL.
_PLAIN = frozenset({401, 402, 429})
_GONE = frozenset({404, 410})
_NOT_THERE = re.compile(
    r"not (?:be )?(?:found|exist|known)|(?:does not|doesn't) exist|no such|no "
    r"(?:task|record)|unknown|expired|removed"
    r"|deleted|\bgone\b|不存在|未找到|找不到|已过期|已删除"
)
_OF_TASK = re.compile(r"\btask|任务")
_ELSEWHERE = re.compile(
    r"\b(?:routes?|endpoints?|urls?|uri|paths?|pages?|methods?|models?|hosts?|upstream|services?|domains?|resources?|apis?"
    r"|keys?|users?|accounts?|tokens?|files?|images?)\b|模型|接口|路径|页面|用户|密钥"
)
_MESSAGES = ("message", "msg", "status_msg", "error_msg", "error_message", "detail", "title")
_MAX_PLACES = 200  # values of a body that are looked through, the outer ones first
_MAX_READ = 10_000  # characters of a message that are looked at
_MAX_ID = 100  # characters of an id that are shown
_MAX_EXACT = 2**53  # a larger number may be rounded by a reader that knows doubles alone
_REQUEST_IDS = ("x-request-id", "request-id", "x-trace-id", "trace-id", "x-requestid")


def kind_of_status(status: int) -> ErrorKind:
    """What an HTTP status means on its own."""
    if status in _KINDS:
        return _KINDS[status]
    if 400 <= status < 500:
        return "invalid"
    return "server" if status >= 500 else "protocol"


def retry_after(reply: Reply) -> float | None:
    """Seconds in `Retry-After`: a number, or a date against the reply's own `Date`, else against
    when it came."""
    value = reply.headers.get("retry-after", "")
    wait = parsing.number(value)
    if wait is None:
        then, now = _http_date(value), said_at(reply)
        if then is None or now is None:
            return None
        wait = then - now
    return max(0.0, wait)


def said_at(reply: Reply) -> float | None:
    """Unix seconds when the reply was made, by its own clock where it tells one."""
    said = _http_date(reply.headers.get("date", ""))
    return reply.received_at if said is None else said


def _http_date(text: str) -> float | None:
    try:
        found = parsedate_to_datetime(text)
        return found.timestamp() if found.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        return None


def refusal(
    reply: Reply,
    message: str,
    *,
    kind: ErrorKind | None = None,
    code: object = "",
    request_id: object = "",
    word: str = "",
    prompt: str = "",
    read: bool = True,
) -> ProviderError:
    """The error that a reply stands for. Without a `kind` it follows from the HTTP status, the code
    and the words.

    word    the provider's own name of the fault, "" where the body has not the provider's shape
    prompt  what was sent, and may be quoted in the message
    read    the message is the provider's and is read for its meaning; False: it is ours
    """
    own = parsing.text(code)
    if not (message and own):
        found_message, found_code = error_message(reply)
        message, own = message or found_message, own or found_code
    said = messages.without_quotes(message[:_MAX_READ], prompt) if read else ""
    header_wait = retry_after(reply)
    wait = messages.wait_in(said, said_at(reply)) if header_wait is None else header_wait
    no_task = says_no_such_task(reply.status, word, message)
    if kind is None and reply.status in _GONE and not no_task:
        is_theirs = word or own in messages.MINIMAX
        kind = None if is_theirs else "protocol"  # a gateway, not the API
    ids = (parsing.text(request_id), *(reply.headers.get(name, "") for name in _REQUEST_IDS))
    found = _kind(reply, own, said, kind, wait)
    # Inside a success only a code of the provider's, or words that are sure, say that nothing was
    # taken.
    if found == "invalid" and kind is None and reply.status < 300 and not (word or own):
        found = "protocol"
    return ProviderError(
        found,
        message or f"HTTP {reply.status}: {reply.excerpt()}",
        code=own,
        request_id=next((one for one in ids if one), ""),
        # Words in a server's fault name no pace: after it a submit may have been taken, and is not
        # sent again.
        retry_after=wait if found in {"rate", "balance"} else header_wait,
        status=reply.status,
        no_task=no_task,
    )


def _kind(
    reply: Reply, code: str, said: str, kind: ErrorKind | None, wait: float | None
) -> ErrorKind:
    if messages.is_filtered(code, said):
        return "moderation"
    if kind is None and code in messages.MINIMAX:
        kind = messages.MINIMAX[code]
    # An error body inside HTTP 200 is a refusal too; one beside a redirect is not.
    inside = 200 <= reply.status < 300
    found = kind or kind_of_status(400 if inside else reply.status)
    # "Forbidden" is said of empty accounts as well. A code that says "invalid" is believed: such a
    # message may quote the prompt, and a prompt may be about balance.
    if (found == "permission" and code not in messages.MINIMAX) or (
        kind is None and found == "invalid"
    ):
        by_code = messages.MINIMAX.get(messages.minimax_code(said))
        found = by_code or messages.kind_of_message(f"{code} {said}") or found
    # A plan that is used up until some hour is waited for; one that names no hour wants a person.
    if found in {"rate", "balance"} and messages.is_plan_limit(f"{code} {said}"):
        return "balance" if wait is None else "rate"
    return found


def error_message(reply: Reply) -> tuple[str, str]:
    """(message, sort) of an error in one of the shapes that gateways and the sellers of other
    models use.

    `{"error": {message, type}}`, `{"error": "…"}`, `{"detail": "…"}`, `{"detail": [{msg, type}]}`,
    `{"message": "…"}`, `{"base_resp": {status_msg, status_code}}`; empty texts where there is none.
    """
    try:
        body = parsing.mapping(reply.json())
    except ProviderError:
        return "", ""
    for name in ("error", "detail", "errors", "base_resp"):
        said = parsing.mapping(body.get(name))
        message = next((text for key in _MESSAGES if (text := parsing.text(said.get(key)))), "")
        message = message or parsing.text(body.get(name))
        if message:
            sort = (
                parsing.text(said.get("code"))
                or parsing.text(said.get("type"))
                or parsing.text(said.get("status_code"))
            )
            return message, sort
    return next((text for key in _MESSAGES if (text := parsing.text(body.get(key)))), ""), ""


def base_resp(body: JsonObject) -> tuple[str, str] | None:
    """(code, message) of MiniMax's `base_resp` where it is no success, in the body or somewhere
    within it."""
    waiting: deque[object] = deque([body])
    for _ in range(_MAX_PLACES):
        if not waiting:
            return None
        place = waiting.popleft()
        if isinstance(place, Mapping):
            said = place.get("base_resp")
            code = parsing.text(said.get("status_code")) if isinstance(said, Mapping) else ""
            if code not in {"", "0"}:
                return code, parsing.text(parsing.mapping(said).get("status_msg"))
            waiting.extend(place.values())
        elif isinstance(place, list):
            waiting.extend(place)
    return None


def raise_for_inner_refusal(reply: Reply, body: JsonObject, *, prompt: str = "") -> None:
    """Raise a `base_resp` that is no success, and a refusal of MiniMax's filter in any shape.

    For a reply whose HTTP status is a success and which holds nothing of what was requested.
    """
    request_id = body.get("request_id") or body.get("trace_id")
    if (found := base_resp(body)) is not None:
        code, message = found
        message = message or f"base_resp says {code}"
        kind = messages.MINIMAX.get(code)
        raise refusal(reply, message, kind=kind, code=code, prompt=prompt, request_id=request_id)
    message, sort = error_message(reply)
    if messages.is_filtered(sort, messages.without_quotes(message[:_MAX_READ], prompt)):
        raise refusal(reply, message, code=sort, prompt=prompt, request_id=request_id)


def raise_for_other_task(asked: str, *named: object) -> None:
    """Raise for an answer about another task than the one that was asked for: a proxy or a cache
    has mixed answers up. It would end this task, or give it somebody else's clip.

    asked   the id of the task, or of its file
    named   what stands in the answer at the places of the id. What is missing, spelt in another
            case or a number that a reader of JSON may have rounded proves nothing.
    """
    found = {_comparable(value) for value in named} - {""}
    if found and _comparable(asked) not in found:
        other = next(parsing.text(value) for value in named if _comparable(value))
        said = f"the answer is about another task ({other[:_MAX_ID]})"
        raise ProviderError("protocol", f"{said}: a proxy or a cache may have mixed answers up")


def _comparable(task_id: object) -> str:
    is_rounded = isinstance(task_id, int) and abs(task_id) > _MAX_EXACT
    return "" if is_rounded else parsing.text(task_id).casefold()


def json_object(reply: Reply) -> JsonObject:
    """The JSON object that a reply holds. Raises ProviderError that quotes the start of what came
    instead."""
    try:
        body = reply.json()
    except ProviderError:
        body = None
    if isinstance(body, dict):
        return body
    if 300 <= reply.status < 400:
        said = f"redirects elsewhere (HTTP {reply.status}); is the base URL right?"
        raise refusal(reply, said, kind="protocol", read=False)
    plain = reply.status in _PLAIN or reply.status >= 500
    kind = kind_of_status(reply.status) if plain else "protocol"
    said = f"answered HTTP {reply.status} with something that is no JSON object: {reply.excerpt()}"
    raise refusal(reply, said, kind=kind, read=False)


def says_no_such_task(status: int, word: str, message: str) -> bool:
    """Whether an answer is the provider's own word that it has no such task (any more).

    word  the provider's own name of the fault, in its own error shape: PPInfra's `reason`,
          Modelverse's `error.code`, xCompute's `error.type`; "" for every other shape, such as a
          gateway's

    Status 404 or 410, and the name or the message says so of a task. What is said of a route, a
    model or a host is about those. Any other answer may pass: a paid clip is not given up for it.
    """
    if status not in _GONE or not word or word.isdecimal():
        return False
    name, said = (text.casefold().replace("_", " ") for text in (word, message[:_MAX_READ]))
    if _ELSEWHERE.search(name) or _ELSEWHERE.search(said):
        return False
    return bool(_NOT_THERE.search(name) or (_OF_TASK.search(said) and _NOT_THERE.search(said)))


def task_failure(
    word: str,
    message: str = "",
    code: object = "",
    request_id: object = "",
    *,
    kind: ErrorKind | None = None,
    inner: tuple[str, str] | None = None,
) -> ProviderError:
    """Why a task that was accepted failed. The HTTP reply that said so was a success, so it has no
    status.

    word   the provider's status word, all there is where it gives no reason
    inner  what a `base_resp` beside it says
    """
    inner_code, inner_message = inner or ("", "")
    own, message = parsing.text(code) or inner_code, message or inner_message
    kind = kind or messages.MINIMAX.get(inner_code)
    filtered: ErrorKind | None = "moderation" if messages.is_filtered(own, message) else None
    return ProviderError(
        filtered or kind or messages.kind_of_message(f"{own} {message}") or "server",
        message or f"the provider says {word} and gives no reason",
        code=own,
        request_id=parsing.text(request_id),
    )
