"""Links that somebody else wrote: https to public addresses only, and to the address checked.

A transport for the client without a key, so that uploads, downloads and each hop of a redirect are
checked alike.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket

import httpx2

from hailuo_nb.engine import addresses, routes
from hailuo_nb.engine.addresses import Address
from hailuo_nb.engine.routes import NoRouteError
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.requests.redaction import redact

FAKE_IP_VARIABLE = "HAILUO_NB_ALLOW_FAKE_IP"
_MAX_ADDRESSES = 6  # of one name that are tried
# Names that only a local network knows (RFC 6761, 6762, 8375, and custom). Behind a proxy nothing
# else tells them.
_LOCAL = (
    ".localhost",
    ".local",
    ".localdomain",
    ".internal",
    ".intranet",
    ".lan",
    ".home.arpa",
    ".corp",
    ".home",
)


class LinkRefusedError(NoRouteError):
    """A link that is not followed: nothing was sent. The message says why; another link may be
    better."""


def parsed(link: str) -> httpx2.URL:
    """A link as the HTTP client reads it; nothing else here reads one. Raises LinkRefusedError."""
    try:
        return _checked(httpx2.URL(link))
    except (httpx2.InvalidURL, ValueError, TypeError):  # ValueError: halves of a pair, odd names
        raise LinkRefusedError(f"the provider's link is no address: {_shown(link[:100])}") from None


def joined(url: httpx2.URL, location: str) -> httpx2.URL:
    """Where a redirect leads. Raises LinkRefusedError."""
    try:
        return _checked(url.join(location))
    except (httpx2.InvalidURL, ValueError):
        raise LinkRefusedError(
            f"the provider's link leads on to no address: {_shown(location[:100])}"
        ) from None


def _checked(url: httpx2.URL) -> httpx2.URL:
    """Raises LinkRefusedError for an address that nothing can be fetched from."""
    if not url.host or (url.port is not None and not 0 < url.port < 65536):
        raise LinkRefusedError(f"the provider's link is no address: {_shown(str(url)[:100])}")
    return url


def _shown(link: str) -> str:
    """A link for people, with its query: without it nobody can fetch the clip."""
    return shortened(visible(redact(link)))


class PublicOnly(httpx2.AsyncBaseTransport):
    """Sends requests for links by the environment's routes. Raises LinkRefusedError, NoRouteError,
    and what httpx2 raises.

    trust_loopback  plain http and loopback are accepted (the provider itself is on this machine)
    """

    def __init__(self, by: routes.Routes, *, trust_loopback: bool = False) -> None:
        self._routes = by
        self._trust_loopback = trust_loopback

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = _checked(request.url)
        host = url.raw_host.decode("ascii")
        local = self._trust_loopback and addresses.is_loopback(host)
        if url.scheme != "https" and not (local and url.scheme == "http"):
            by_hand = (
                f". To fetch it by hand: {_shown(str(url))}" if request.method == "GET" else ""
            )
            raise LinkRefusedError(
                f"the provider's link is not https, so hailuo_nb does not follow it{by_hand}"
            )
        if (proxy := routes.proxy_for(url)) is not None:
            _check_name(host)
            return await self._routes.send(request, proxy)
        error: httpx2.TransportError = httpx2.ConnectError(f"the name {host} has no address")
        for address in (await _resolve(host, local=local))[:_MAX_ADDRESSES]:
            try:
                return await self._routes.send(_pinned(request, host, address), None)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as failed:
                error = failed
        raise error

    async def aclose(self) -> None:
        await self._routes.aclose()


def _pinned(request: httpx2.Request, host: str, address: Address) -> httpx2.Request:
    """The request for one address of its host. `Host`, SNI and the certificate's check keep the
    name."""
    extensions = dict(request.extensions)
    if addresses.literal(host) is None:
        extensions["sni_hostname"] = host.removesuffix(".")
    url = request.url.copy_with(host=str(address))
    return httpx2.Request(
        request.method, url, headers=request.headers, stream=request.stream, extensions=extensions
    )


def _check_name(host: str) -> None:
    """Behind a proxy only the proxy knows the address: names that are plainly local are refused."""
    name = host.lower().removesuffix(".")
    address = addresses.literal(host)
    if address is not None:
        _check_public(host, address)
    elif "." not in name or name.endswith(_LOCAL):
        raise LinkRefusedError(f"the provider's link leads into a local network ({host})")


def _check_public(host: str, address: Address) -> None:
    if not addresses.is_public(address):
        raise LinkRefusedError(
            f"the provider's link leads to a private address ({host} is {address})"
        )


async def _resolve(host: str, *, local: bool) -> list[Address]:
    """The addresses of a host, each one that a link may lead to. Raises LinkRefusedError,
    NoRouteError, ConnectError.

    local  the host is this machine, and may be
    """
    literal = addresses.literal(host)
    found = [literal] if literal is not None else await _look_up(host)
    if local and all(addresses.leads_to_loopback(address) for address in found):
        return found
    fake = [address for address in found if literal is None and addresses.is_fake(address)]
    if fake and _is_fake_ip_allowed():
        return fake
    if fake:
        raise NoRouteError(
            f"{host} has the made-up address {fake[0]} here: a proxy program in fake-IP mode "
            "(Clash, Surge, sing-box) answers for every name. Name it in HTTPS_PROXY, or set "
            f"{FAKE_IP_VARIABLE}=1 to connect to such addresses."
        )
    for address in found:
        _check_public(host, address)
    return found


async def _look_up(host: str) -> list[Address]:
    try:
        entries = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise LinkRefusedError(
            f"the provider's link has a host that no name can be: {_shown(host[:100])}"
        ) from None
    except OSError as error:
        raise httpx2.ConnectError(str(error)) from error
    found = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries]
    return list(dict.fromkeys(found))


def _is_fake_ip_allowed() -> bool:
    return os.environ.get(FAKE_IP_VARIABLE, "").strip().lower() not in {
        "",
        "0",
        "false",
        "no",
        "off",
    }
