"""Reads a `base_url` as people give it: a whole address, without what would be lost or misread."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hailuo_nb.errors import AddressError
from hailuo_nb.requests import arguments
from hailuo_nb.requests.redaction import holds_key, looks_like_key

_AROUND = " \t\r\n,;，；\"'`“”‘’<>\u200b\u2060\ufeff"
_MAX_LENGTH = 2000
_NAME = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?"
)
_MAX_NAME = 253
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """`text`: the address as it is kept, without a slash at its end."""

    text: str
    scheme: str
    host: str
    path: str


def parse(value: Any) -> BaseUrl:
    """An address of https or http. Raises ArgumentError, and AddressError, which repeats no secret
    part."""
    text = arguments.as_text("base_url", value, _MAX_LENGTH).strip(_AROUND)
    if not text.isprintable() or {" ", "\\"} & set(text):
        raise AddressError(
            "the base_url is no address: it has a blank, a backslash or an invisible character in "
            "it; copy it again"
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressError("the base_url is no address") from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise AddressError("a base_url must not hold a name, a password, a query or a fragment")
    path = parts.path.rstrip("/")
    if parts.scheme not in _DEFAULT_PORTS or not host or port == 0 or "//" in path:
        raise AddressError(
            "the base_url is no address: a whole one is as https://api.example.com, and http:// is "
            "for this machine"
        )
    if holds_key(text) or looks_like_key(path):
        raise AddressError("the base_url holds a key, which would be stored and shown")
    usual = port in {None, _DEFAULT_PORTS[parts.scheme]}
    written = _checked_host(host) + ("" if usual else f":{port}")
    return BaseUrl(f"{parts.scheme}://{written}{path}", parts.scheme, host, path)


def _checked_host(host: str) -> str:
    """The host as it stands in an address. Raises AddressError."""
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError:
            raise AddressError("the base_url is no address") from None
    if not host.isascii():
        raise AddressError(
            "the host of the base_url has letters beyond ASCII, which can look like others: write "
            f"it as {_punycode(host)}"
        )
    if len(host) > _MAX_NAME or not _NAME.fullmatch(host):
        raise AddressError("the base_url is no address: no host has that name")
    return host


def _punycode(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return "its registrar does"
