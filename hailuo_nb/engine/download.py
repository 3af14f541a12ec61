"""From a link to a verified file, or nothing: a clip under its final name is whole.

Streams to `<name>.part` beside the target, checks length, `ftyp` and the number of frames, syncs, renames.
Knows HTTP and files; must not know jobs or providers. The client it is given carries no key.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from hailuo_nb import media
from hailuo_nb.engine.faultpoints import fault_point

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_BYTES = 512 * 1024 * 1024
MAX_HOPS = 5
GONE = frozenset({401, 403, 404, 410})
"""Statuses of a link that has died: the provider is asked for a fresh one."""


class LinkGoneError(Exception):
    """The link gives no clip any more; the provider may give another one."""


class DownloadError(Exception):
    """This attempt failed; the same link may work later."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    path: Path
    bytes: int
    sha256: str
    facts: media.ClipFacts


async def download(
    client: httpx2.AsyncClient,
    link: str,
    target: Path,
    *,
    trust_loopback: bool = False,
    mounted: bool = False,
) -> Downloaded:
    """Fetch `link` to `target`. Raises LinkGoneError or DownloadError; leaves no half file under either name.

    trust_loopback  plain http and loopback addresses are accepted (the provider itself is on this machine)
    mounted         the client reaches only an app in this process, so addresses are not looked at
    """
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        response = await _open(client, link, trust_loopback=trust_loopback, mounted=mounted)
        try:
            expected, digest = await _stream(response, part)
        finally:
            await response.aclose()
        facts = await asyncio.to_thread(_accept, part, target, expected)
        return Downloaded(target, facts.bytes, digest, facts)
    except (httpx2.RequestError, ConnectionError) as error:
        raise DownloadError(f"the transfer broke off: {type(error).__name__}: {error}") from None
    except media.MediaError as error:
        raise DownloadError(f"what arrived is not the whole clip: {error}") from None
    except OSError as error:
        raise DownloadError(
            f"the clip cannot be written to {target.parent}: {error.strerror or error}"
        ) from None
    finally:
        part.unlink(missing_ok=True)


async def _open(
    client: httpx2.AsyncClient, link: str, *, trust_loopback: bool, mounted: bool
) -> httpx2.Response:
    """The answer behind a link, each hop of a redirect checked before it is asked."""
    for _ in range(MAX_HOPS + 1):
        if not mounted:
            await check_address(link, trust_loopback=trust_loopback)
        response = await client.send(client.build_request("GET", link), stream=True)
        if response.status_code == 200:
            return response
        await response.aclose()
        location = response.headers.get("location")
        if response.status_code in {301, 302, 303, 307, 308} and location:
            link = str(httpx2.URL(link).join(location))
        elif response.status_code in GONE:
            raise LinkGoneError(f"the link answered {response.status_code}")
        else:
            raise DownloadError(f"the link answered {response.status_code}")
    raise DownloadError(f"the link was passed on more than {MAX_HOPS} times")


async def check_address(link: str, *, trust_loopback: bool) -> None:
    """Refuse a link that is not https to a public address. Raises LinkGoneError: a fresh link may be better."""
    parts = urlsplit(link)
    host = parts.hostname or ""
    if trust_loopback and parts.scheme in {"http", "https"} and host:
        addresses = await _resolve(host)
        if all(address.is_loopback for address in addresses):
            return
    if parts.scheme != "https" or not host:
        raise LinkGoneError(f"the provider's link is not https: {parts.scheme}://{host}")
    for address in await _resolve(host):
        if not address.is_global or address.is_multicast:
            raise LinkGoneError(f"the provider's link leads to a private address ({host} is {address})")


async def _resolve(host: str) -> list[_Address]:
    written = _literal(host)
    if written is not None:
        return [written]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DownloadError(f"the host {host} of the link cannot be found: {error}") from None
    return [_plain(ipaddress.ip_address(str(entry[4][0]).split("%")[0])) for entry in found]


def _literal(host: str) -> _Address | None:
    """An address that needs no look-up, also in the odd spellings that connect() takes ("2130706433")."""
    try:
        return _plain(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return ipaddress.ip_address(socket.inet_aton(host))
    except OSError:
        return None


def _plain(address: _Address) -> _Address:
    """An IPv4 address inside an IPv6 one is judged as the IPv4 address that it reaches."""
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


async def _stream(response: httpx2.Response, part: Path) -> tuple[int | None, str]:
    """Write the body to `part`. Returns the length that was promised, if any, and the SHA-256 of what came."""
    promised = response.headers.get("content-length", "")
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    expected = int(promised) if promised.isdigit() and not encoded else None
    digest = hashlib.sha256()
    written = 0
    with part.open("wb") as file:
        async for piece in response.aiter_bytes(256 * 1024):
            written += len(piece)
            if written > MAX_BYTES:
                raise DownloadError(f"the clip is larger than {MAX_BYTES >> 20} MiB")
            digest.update(piece)
            file.write(piece)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    return expected, digest.hexdigest()


def _accept(part: Path, target: Path, expected: int | None) -> media.ClipFacts:
    """Verify the part and give it its name; the folder is synced so that the name survives a power cut."""
    facts = media.verify(part, expected)
    fault_point("download.before_rename")
    part.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return facts
