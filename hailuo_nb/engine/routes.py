"""Routes of requests: direct or through the environment's proxy, and which certificates count.

The environment is read at each request, so that what a person corrects there counts at once.
Nothing here is made before it is needed.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import os
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.request import getproxies

import httpx2

from hailuo_nb.engine import addresses
from hailuo_nb.requests.redaction import Credentials

_USABLE = frozenset({"http", "https", "socks5", "socks5h"})


class NoRouteError(httpx2.TransportError):
    """Nothing can leave as this machine is set up, and nothing did. The message names the setting
    to correct."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy of the environment. Shows neither its user name nor its password.

    setting  what names it: "HTTPS_PROXY", or the system's settings
    """

    setting: str
    url: str = field(repr=False)

    def __str__(self) -> str:
        """Scheme, host and port; nothing of a setting that is no address."""
        try:
            url = self.parsed()
        except NoRouteError:
            return "(no address)"
        return f"{url.scheme}://{url.netloc.decode('ascii')}"

    @property
    def has_password(self) -> bool:
        """Raises NoRouteError."""
        return bool(self.parsed().userinfo)

    def secrets(self) -> Credentials:
        """What of it must not show; a proxy may echo it. Raises NoRouteError."""
        url = self.parsed()
        pair = f"{url.username}:{url.password}"
        basic = base64.b64encode(pair.encode()).decode() if url.userinfo else ""
        return Credentials(basic, pair if url.userinfo else "", url.password)

    def parsed(self) -> httpx2.URL:
        """Raises NoRouteError, which shows no part of a setting that may hold a password."""
        try:
            url = httpx2.URL(self.url)
            usable = (
                url.scheme in _USABLE and url.host and (url.port is None or 0 < url.port < 65536)
            )
        except (httpx2.InvalidURL, ValueError):
            usable = False
        if not usable:
            scheme = self.url.partition("://")[0].lower()
            unknown = scheme.isalnum() and scheme not in _USABLE
            raise self._unusable(
                f"the scheme {scheme[:20]!r} is not known" if unknown else "it is no address"
            )
        return url

    def transport(self, verify: ssl.SSLContext, limits: httpx2.Limits) -> httpx2.AsyncHTTPTransport:
        """Raises NoRouteError."""
        url = self.parsed()
        to_proxy = verify if url.scheme == "https" else None
        try:
            return httpx2.AsyncHTTPTransport(
                verify=verify, limits=limits, proxy=httpx2.Proxy(url, ssl_context=to_proxy)
            )
        except ImportError:
            raise self._unusable('for SOCKS this needs: pip install "httpx2[socks]"') from None
        except (ValueError, RuntimeError) as error:
            raise self._unusable(type(error).__name__) from None

    def check(self) -> None:
        """Raises NoRouteError for a setting that cannot be used. Opens nothing."""
        self.transport(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), httpx2.Limits())

    def _unusable(self, reason: str) -> NoRouteError:
        return NoRouteError(
            f"{self.setting} names a proxy that cannot be used ({reason}); correct it, or take it "
            "out of the environment"
        )


def proxy_for(url: httpx2.URL) -> Proxy | None:
    """The environment's proxy for an address; None where it is reached directly, as loopback
    always is."""
    host = url.raw_host.decode("ascii", "replace")
    if addresses.is_loopback(host):
        return None
    for setting, value in _settings(url.scheme):
        port = url.port or (80 if url.scheme == "http" else 443)
        if _is_excepted(host, port, _variable("no_proxy")[1]):
            return None
        return Proxy(setting, value if "://" in value else f"http://{value}")
    return None


def _settings(scheme: str) -> Iterator[tuple[str, str]]:
    """(setting, proxy) for a scheme, the one that counts first."""
    named = [_variable(f"{kind}_proxy") for kind in (scheme, "all")]
    yield from ((name, value) for name, value in named if value)
    if sys.platform in {"win32", "darwin"} and not any(value for _, value in named):
        if value := getproxies().get(scheme):
            yield "the system's settings", value


def _variable(name: str) -> tuple[str, str]:
    """A variable's name in the environment and its value; lower case goes first, as for curl."""
    for spelling in (name, name.upper()):
        if value := os.environ.get(spelling, "").strip():
            return spelling, value
    return name, ""


def _is_excepted(host: str, port: int, exceptions: str) -> bool:
    """Whether NO_PROXY names the host: "*", a domain with its subdomains, an address, a network;
    each may have a port."""
    name = host.lower().removesuffix(".")
    address = addresses.literal(host)
    for entry in exceptions.lower().split(","):
        pattern = entry.strip().rpartition("://")[2]
        if pattern == "*":
            return True
        if address is not None and _is_in(address, pattern):
            return True
        without_port, colon, number = pattern.rpartition(":")
        if colon and number.isdecimal():
            if int(number) != port:
                continue
            pattern = without_port
        domain = pattern.removeprefix("*").strip(".")
        if domain and (name == domain or name.endswith(f".{domain}")):
            return True
    return False


def _is_in(address: addresses.Address, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network.strip("[]"), strict=False)
    except ValueError:
        return False


_Route = tuple[Proxy | None, ssl.SSLContext | None]


class Routes(httpx2.AsyncBaseTransport):
    """A transport that sends each request by the environment's route for it."""

    def __init__(self, limits: httpx2.Limits) -> None:
        self._limits = limits
        self._transports: dict[_Route, httpx2.AsyncHTTPTransport] = {}
        self._secrets: list[Credentials] = []  # held so that logs mask them

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises NoRouteError before anything leaves, else what httpx2 raises."""
        return await self.send(request, proxy_for(request.url))

    async def send(self, request: httpx2.Request, proxy: Proxy | None) -> httpx2.Response:
        """The same by a route that the caller has chosen."""
        if proxy is not None and request.url.scheme == "http":
            raise NoRouteError(
                f"plain http to {request.url.host} would show everything to the proxy of "
                f"{proxy.setting}: nothing was sent. An https address goes through it unseen."
            )
        context = await tls_context() if request.url.scheme == "https" else None
        if (proxy, context) not in self._transports:
            self._transports[proxy, context] = self._make(proxy, context)
        return await self._transports[proxy, context].handle_async_request(request)

    def _make(
        self, proxy: Proxy | None, context: ssl.SSLContext | None
    ) -> httpx2.AsyncHTTPTransport:
        # Plain http needs no certificates, and a context with them takes 100 ms to make.
        verify = context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if proxy is not None:
            self._secrets.append(proxy.secrets())
            return proxy.transport(verify, self._limits)
        return httpx2.AsyncHTTPTransport(verify=verify, limits=self._limits)

    async def aclose(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()


_contexts: dict[tuple[str | None, str | None], ssl.SSLContext] = {}


async def tls_context() -> ssl.SSLContext:
    """The trusted certificates, by SSL_CERT_FILE and SSL_CERT_DIR as they are now. Raises
    NoRouteError."""
    place = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if place not in _contexts:
        try:
            # Up to 170 ms: not on the loop.
            _contexts[place] = await asyncio.to_thread(httpx2.create_ssl_context)
        except (OSError, ValueError) as error:
            setting = "SSL_CERT_FILE" if place[0] else "SSL_CERT_DIR"
            reason = getattr(error, "strerror", None) or error
            raise NoRouteError(
                f"the certificates that {setting} names ({place[0] or place[1]}) cannot be read: "
                f"{reason}; correct it, or take it out of the environment"
            ) from None
    return _contexts[place]


class _NoCookies(CookieJar):
    """Keeps no cookie and sends none."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass

    def add_cookie_header(self, request: object) -> None:
        pass


def client(
    transport: httpx2.AsyncBaseTransport, *, timeout: httpx2.Timeout, headers: dict[str, str]
) -> httpx2.AsyncClient:
    """A client without credentials, cookies, redirects and proxies of its own."""
    return httpx2.AsyncClient(
        transport=transport,
        timeout=timeout,
        headers=headers,
        cookies=_NoCookies(),
        trust_env=False,
        follow_redirects=False,
    )
