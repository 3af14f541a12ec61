"""Keeps keys and signed links out of what the HTTP libraries log, at every level.

A server chooses what a record holds: it is read once, in time that grows with its length alone.
"""

from __future__ import annotations

import logging
import re

from hailuo_nb.requests.redaction import redact

# httpx2 logs whole URLs, httpcore2 the headers of answers. A link's query is its signature.
_LOGGERS = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)
_MAX = 20_000  # characters of a record
# From "://" to the next space: a query may hold quotes. No other match begins inside of one.
_LINK = re.compile(r"://\S*")
_USER = re.compile(r"://[^/]*@")
_QUERY = re.compile(r"[?#].*", re.S)
# A pair of a header as httpcore2 shows it: (b'Set-Cookie', b'...').
_HEADER = re.compile(r"""b?(['"])([\w-]{1,64})\1, b?""")
_VALUE = re.compile(r"""'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?""", re.S)
_SECRET = re.compile(
    "auth|cookie|token|key|secret|sign|session|credential|password|location|refresh|link", re.I
)


class Redactor(logging.Filter):
    """Rewrites a record before any handler sees it. Never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        # A handler would print it on stderr and go on; here it would stop a request.
        except Exception:
            text = str(record.msg)
        text = hidden(text)
        record.msg, record.args = text if len(text) <= _MAX else f"{text[:_MAX]}…", ()
        return True


def hidden(text: str) -> str:
    """The text without keys, queries of URLs, names in URLs and headers that hold secrets or
    links."""
    return redact(_without_headers(_LINK.sub(lambda found: _plain(found[0]), text)))


def _plain(link: str) -> str:
    return _USER.sub("://•••@", _QUERY.sub("?•••", link, count=1))


def _without_headers(text: str) -> str:
    parts, end = [], 0
    while (found := _HEADER.search(text, end)) is not None:
        parts.append(text[end : found.end()])
        end = found.end()
        if _SECRET.search(found[2]) and (value := _VALUE.match(text, end)) is not None:
            parts.append("'•••'")
            end = value.end()
    return "".join([*parts, text[end:]])


_redactor = Redactor("hailuo_nb")


def redact_logs() -> None:
    """Put the filter on the loggers; twice does nothing. Called when the first client is made,
    never on import."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_redactor)
