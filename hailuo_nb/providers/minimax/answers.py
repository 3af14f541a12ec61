"""Answers of MiniMax's API: a refusal in V1's shape, in V2's, or in that of a gateway before it."""

from __future__ import annotations

from collections.abc import Callable

from hailuo_nb.providers import messages, parsing
from hailuo_nb.providers.base import Reply
from hailuo_nb.providers.parsing import JsonObject
from hailuo_nb.providers.refusals import json_object, raise_for_inner_refusal, refusal


def checked(reply: Reply, holds: Callable[[JsonObject], object], prompt: str = "") -> JsonObject:
    """The body of a success. Raises ProviderError.

    V1 refuses inside HTTP 200, with `base_resp` {status_code, status_msg}. V2 has real statuses
    and `{"type": "error", "error": {type, message, http_code}, request_id}`, whose message ends on
    V1's code in brackets.

    holds  what was asked for, if it is in a body: with it an answer is a success, whatever is said
           beside it
    """
    body = json_object(reply)
    error = body.get("error")
    if 200 <= reply.status < 300 and (holds(body) or not error):
        if not holds(body):
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    said = parsing.mapping(error)
    message, sort = parsing.text(said.get("message")), parsing.text(said.get("type"))
    inner = messages.minimax_code(messages.without_quotes(message, prompt))
    code = parsing.text(said.get("code")) or inner or sort
    # Inside a success only its own shape, or its own code, says that nothing was taken.
    is_own = reply.status >= 300 or body.get("type") == "error"
    raise refusal(
        reply,
        message or parsing.text(error),
        kind=None if is_own else messages.MINIMAX.get(code, "protocol"),
        code=code,
        request_id=body.get("request_id"),
        word=sort if body.get("type") == "error" else "",
        prompt=prompt,
    )
