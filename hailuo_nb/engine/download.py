"""From a link to a verified file, or nothing: a clip under its final name is whole.

Streams to a `.part` file beside the target, syncs, checks length, boxes and the number of frames, renames.
Knows HTTP and files; must not know jobs or providers. The client it is given carries no key.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import httpx2

from hailuo_nb import files, media
from hailuo_nb.engine import bodies
from hailuo_nb.engine.faultpoints import fault_point

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_BYTES = 512 * 1024 * 1024
MAX_HOPS = 5
LONGEST = 1800.0  # seconds for one transfer
PATIENCE = 30.0  # seconds after which a transfer has to be
SLOWEST = 2_000  # bytes a second at least, on average: the slowest telephone line is twice as fast
GONE = frozenset({401, 403, 404, 410})
"""Statuses of a link that has died: the provider is asked for a fresh one."""


class LinkGoneError(Exception):
    """The link gives no clip any more; the provider may give another one.

    sure  the storage says that the file is not there (404, 410, NoSuchKey). A refusal (401, 403, an address that is
          not public) may as well come from something between us and the storage.
    """

    def __init__(self, message: str, *, sure: bool = False) -> None:
        super().__init__(message)
        self.sure = sure


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
    root: Path,
    trust_loopback: bool = False,
    mounted: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Downloaded:
    """Fetch `link` to `target`. Raises LinkGoneError or DownloadError; leaves no half file under either name.

    A file that is there already is never overwritten: a whole clip is taken as it is (its name is ours alone, so it
    was left by a process that ended before it could say so), anything else is an error.

    root            the home folder of the target: no folder from there to the target may be a link
    trust_loopback  plain http and loopback addresses are accepted (the provider itself is on this machine)
    mounted         the client reaches only an app in this process, so addresses are not looked at
    clock           monotonic seconds, for the speed of the transfer
    """
    promised = _Promised()
    try:
        files.drop_parts(target, root)
        with files.NewFile(target, root=root) as new:
            async with asyncio.timeout(LONGEST):
                response = await _open(client, link, trust_loopback=trust_loopback, mounted=mounted)
                try:
                    digest = await _stream(response, new.file, promised, clock)
                finally:
                    await response.aclose()
            facts = await asyncio.to_thread(_accept, new, promised.length)
        if facts is None:
            return await asyncio.to_thread(_found, target)
        return Downloaded(target, facts.bytes, digest, facts)
    except (httpx2.RequestError, ConnectionError, TimeoutError) as error:
        raise DownloadError(f"the transfer broke off: {type(error).__name__}: {error}") from None
    except OSError as error:
        needed = f"; it has {promised.length / 1e6:.1f} MB" if promised.length else ""
        raise DownloadError(
            f"the clip cannot be written to {target.parent}: {error.strerror or error}{needed}"
        ) from None


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
            raise LinkGoneError(
                f"the link answered {response.status_code}", sure=response.status_code in {404, 410}
            )
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


@dataclass
class _Promised:
    """The length that the server promised, once it has."""

    length: int | None = None


async def _stream(
    response: httpx2.Response, file: BinaryIO, promised: _Promised, clock: Callable[[], float]
) -> str:
    """Write the body to `file`. Returns the SHA-256 of what came."""
    said = response.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and "content-encoding" not in response.headers:
        promised.length = int(said)
        if promised.length > MAX_BYTES:
            raise DownloadError(f"the clip is larger than {MAX_BYTES >> 20} MiB")
    digest = hashlib.sha256()
    written, begun = 0, clock()
    async for piece in bodies.pieces(response):
        written += len(piece)
        if written > MAX_BYTES:
            raise DownloadError(f"the clip is larger than {MAX_BYTES >> 20} MiB")
        passed = clock() - begun
        if passed > PATIENCE and written < SLOWEST * passed:
            raise DownloadError(f"the transfer is too slow: {written / passed / 1000:.1f} kB a second")
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest()


def _accept(new: files.NewFile, expected: int | None) -> media.ClipFacts | None:
    """Verify the file and give it its name, or None if something has that name already."""
    new.sync()
    try:
        facts = media.verify(new.path, expected)
    except media.MediaError as error:
        if code := _storage_error(new.path):
            raise LinkGoneError(f"the link answered {code}", sure=code == "NoSuchKey") from None
        raise DownloadError(f"what arrived is not the whole clip: {error}") from None
    fault_point("download.before_rename")
    return facts if new.keep(overwrite=False) else None


def _found(target: Path) -> Downloaded:
    """The clip that has this name already. Raises DownloadError for anything that is not a whole one."""
    taken = f"{target} is in the way and is not the clip: move it to another place"
    if target.is_symlink() or not target.is_file():
        raise DownloadError(taken)
    try:
        facts = media.verify(target)
    except media.MediaError:
        raise DownloadError(taken) from None
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Downloaded(target, facts.bytes, digest, facts)


def _storage_error(part: Path) -> str:
    """The code in an object store's XML error ("AccessDenied"), which some send with status 200; "" if it is none."""
    try:
        with part.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return ""
    found = (
        re.search(rb"<Error>.*?<Code>(\w{1,60})</Code>", head, re.S) if head.lstrip()[:1] == b"<" else None
    )
    return found[1].decode("ascii", "replace") if found else ""
