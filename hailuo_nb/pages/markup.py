"""HTML of the pages: escaped text, data and scripts in script elements, the security policy."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from functools import cache

from hailuo_nb.media.text import shortened, visible


def escape(text: str) -> str:
    """Text that a person or a provider wrote, as HTML: nothing of it is markup, and nothing is
    unseen."""
    return html.escape(visible(text))


def escape_short(text: str) -> str:
    """The same, shortened."""
    return html.escape(visible(shortened(text)))


def script_data(data: object) -> str:
    """JSON for a script element: ASCII, without the one character that could end it."""
    return json.dumps(data).replace("<", "\\u003c")


def check_script(text: str) -> None:
    """Raises RuntimeError for a script that would end its own element."""
    if "</script" in text.lower() or "<!--" in text:
        raise RuntimeError("a script cannot stand in a page: join it again (`make js`)")


def policy(script: str, style: str, sources: str) -> str:
    """The Content-Security-Policy of a page: it runs this script, and loads `sources`."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"{sources}; base-uri 'none'; form-action 'none'"
    )


@cache
def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
