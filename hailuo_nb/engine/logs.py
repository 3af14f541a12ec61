"""Keeps keys and signed links out of what the HTTP libraries log, at every level.

Knows keys and the loggers of httpx2 and httpcore2; must not know requests or providers.
"""

from __future__ import annotations

import logging
import re

from hailuo_nb import keys

# httpx2 logs whole URLs, httpcore2 the headers of answers. A link's query is its signature.
_LOGGERS = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)
_QUERY = re.compile(r"(https?://[^\s?#\"'<>]+)[?#][^\s\"'<>]*")
_USER = re.compile(r"(https?://)[^\s/@\"'<>]+@")
_SECRET_HEADER = re.compile(
    r"(b?['\"](?:set-cookie|cookie|(?:proxy-)?authorization|access_token|x-api-key)['\"], b?)(['\"]).*?\2",
    re.I,
)


class Redactor(logging.Filter):
    """Rewrites a record before any handler sees it. Never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except Exception:  # a handler would say so on stderr and go on; here it would stop a request
            text = str(record.msg)
        record.msg, record.args = hidden(text), ()
        return True


def hidden(text: str) -> str:
    """The text without keys, queries of URLs, names in URLs and headers that hold secrets."""
    text = _USER.sub(r"\1•••@", _QUERY.sub(r"\1?•••", text))
    return keys.redact(_SECRET_HEADER.sub(r"\1\2•••\2", text))


_redactor = Redactor("hailuo_nb")


def redact_logs() -> None:
    """Put the filter on the loggers; twice does nothing. Called when the first client is made, never on import."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_redactor)
