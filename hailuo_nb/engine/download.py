"""Downloads a link to a verified file, or nothing: a clip under its final name is whole.

Streams to a `.part` file beside the target, syncs, checks length, boxes and the number of frames,
renames. The client carries no key; a clip that lies behind one has it in its first request alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import httpx2

from hailuo_nb.engine import decoding, links, network_faults
from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.errors import MediaError
from hailuo_nb.media import clips, files
from hailuo_nb.media.text import shortened, visible

MAX_BYTES = 512 * 1024 * 1024
MAX_HOPS = 5
MAX_SECONDS = 1800.0  # of one transfer
MAX_HEADER_SECONDS = 60.0  # to the end of an answer's headers, for each hop
MIN_SPEED = 2_000  # bytes a second on average: the slowest telephone line is twice as fast
SPEED_CHECKED_AFTER = 30.0  # seconds
GONE_STATUSES = frozenset({401, 403, 404, 410})
"""Statuses of a link that has died: the provider is asked for a fresh one."""
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
CLIP_STATUSES = frozenset({200, 203, 206})
"""Statuses that come with the clip. 203: a proxy has a hand in it. 206: some stores send a whole
file as a range from its first to its last byte."""
_RANGE = re.compile(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\s*", re.ASCII | re.IGNORECASE)

Stamp = Callable[[Path, str], bytes]
"""(path of the whole clip, its SHA-256) -> the bytes that it has appended."""


class _FetchError(Exception):
    """Its message is stored and shown, and quotes a server: shortened, without invisible
    characters."""

    def __init__(self, message: str) -> None:
        super().__init__(shortened(visible(message)))


class LinkGoneError(_FetchError):
    """The link gives no clip; the provider may give another one that does."""


class DownloadError(_FetchError):
    """This attempt failed; the same link may work later."""


@dataclass(frozen=True, slots=True)
class AuthenticatedRequest:
    """The first request for a clip that lies behind its provider's key. It follows no redirect: the
    key must not go where an answer leads."""

    client: httpx2.AsyncClient
    request: httpx2.Request
    auth: httpx2.Auth

    async def send(self) -> httpx2.Response:
        return await self.client.send(
            self.request, auth=self.auth, stream=True, follow_redirects=False
        )


@dataclass(frozen=True, slots=True)
class Downloaded:
    path: Path
    bytes: int
    sha256: str
    facts: clips.ClipFacts


async def download(
    client: httpx2.AsyncClient,
    link: str,
    target: Path,
    *,
    root: Path,
    first_request: AuthenticatedRequest | None = None,
    stamp: Stamp | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Downloaded:
    """Fetch `link` to `target`. Raises LinkGoneError or DownloadError; leaves no half file under
    either name.

    A file that is there already is never overwritten: a whole clip is taken as it is (its name is
    ours alone, so it was left by a process that ended before it could say so), anything else is an
    error.

    client         decides which links it follows (`links.PublicOnly`)
    root           the home folder of the target: no folder from there to the target may be a link
    first_request  what is sent first, in place of a request for the link
    stamp          appends to the whole clip before it has its name; sha256 and size are those of
                   the file as it is then
    clock          monotonic seconds, for the speed of the transfer
    """
    promised = _Promised()
    try:
        files.remove_partial_files(target, root)
        with files.AtomicFile(target, root=root) as new:
            try:
                async with asyncio.timeout(MAX_SECONDS):
                    response = await _open(client, link, first_request)
                    try:
                        digest = await _stream(response, new.file, promised, clock)
                    finally:
                        await _close(response)
            except TimeoutError:
                raise DownloadError(
                    f"the transfer broke off: TimeoutError after {MAX_SECONDS:.0f} s"
                ) from None
            facts = await asyncio.to_thread(_accept, new, promised.length, digest, stamp)
        if facts is None:
            return await asyncio.to_thread(_existing, target)
        return Downloaded(target, facts.bytes, digest.hexdigest(), facts)
    except (OSError, RuntimeError) as error:  # RuntimeError: no thread can be started
        needed = f"; it has {promised.length / 1e6:.1f} MB" if promised.length else ""
        reason = getattr(error, "strerror", None) or error
        raise DownloadError(
            f"the clip cannot be written to {target.parent}: {reason}{needed}"
        ) from None


async def _open(
    client: httpx2.AsyncClient, link: str, first_request: AuthenticatedRequest | None
) -> httpx2.Response:
    """The answer behind a link, with the file or the start of it. Raises LinkGoneError,
    DownloadError."""
    try:
        url = first_request.request.url if first_request else links.parsed(link)
        for hop in range(MAX_HOPS + 1):
            response = await _get(client, url, None if hop else first_request)
            status, location = response.status_code, response.headers.get("location")
            if status in CLIP_STATUSES:
                return response
            await _close(response)
            if status in GONE_STATUSES:
                raise LinkGoneError(f"the link answered {status}")
            if status not in REDIRECT_STATUSES or not location:
                raise DownloadError(f"the link answered {status}")
            url = links.joined(url, location)
    except links.LinkRefusedError as error:
        raise LinkGoneError(str(error)) from None
    raise DownloadError(f"the link was passed on more than {MAX_HOPS} times")


async def _get(
    client: httpx2.AsyncClient, url: httpx2.URL, first_request: AuthenticatedRequest | None
) -> httpx2.Response:
    """Raises LinkRefusedError, and DownloadError for every fault of the network."""
    try:
        async with asyncio.timeout(MAX_HEADER_SECONDS):
            if first_request is not None:
                return await first_request.send()
            return await client.send(client.build_request("GET", url), stream=True)
    except links.LinkRefusedError:
        raise
    except Exception as error:  # whatever a library makes of what came
        raise DownloadError(network_faults.describe(error, url)) from None


async def _close(response: httpx2.Response) -> None:
    with contextlib.suppress(Exception):  # the response is not needed any more
        await response.aclose()


@dataclass
class _Promised:
    """The length that the server's headers promise, once they are here."""

    length: int | None = None


async def _stream(
    response: httpx2.Response, file: BinaryIO, promised: _Promised, clock: Callable[[], float]
) -> hashlib._Hash:
    """Write the body to `file`. Returns the SHA-256 of what came."""
    promised.length = _promise(response)
    if promised.length is not None and promised.length > MAX_BYTES:
        raise DownloadError(f"the clip is larger than {MAX_BYTES >> 20} MiB")
    digest = hashlib.sha256()
    written, begun = 0, clock()
    async for piece in _pieces(response):
        written += len(piece)
        if written > MAX_BYTES:
            raise DownloadError(f"the clip is larger than {MAX_BYTES >> 20} MiB")
        passed = clock() - begun
        if passed > SPEED_CHECKED_AFTER and written < MIN_SPEED * passed:
            raise DownloadError(
                f"the transfer is too slow: {written / passed / 1000:.1f} kB a second"
            )
        digest.update(piece)
        file.write(piece)
    return digest


async def _pieces(response: httpx2.Response) -> AsyncIterator[bytes]:
    """The body as it comes. Raises DownloadError where it breaks off."""
    try:
        async for piece in decoding.pieces(response):
            yield piece
    except Exception as error:
        raise DownloadError(f"the transfer broke off: {type(error).__name__}: {error}") from None


def _promise(response: httpx2.Response) -> int | None:
    """The length of the file that the server promises. Raises DownloadError where it sends a part
    of it."""
    if "content-encoding" in response.headers:  # what is promised is packed
        return None
    if response.status_code == 206 and (header := response.headers.get("content-range")):
        found = _RANGE.fullmatch(header)
        if (
            found is None
            or int(found[1])
            or (found[3] != "*" and int(found[3]) != int(found[2]) + 1)
        ):
            raise DownloadError(f"the link gave a part of the clip ({header[:60]!r})")
        return int(found[2]) + 1
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _accept(
    new: files.AtomicFile, expected: int | None, digest: hashlib._Hash, stamp: Stamp | None
) -> clips.ClipFacts | None:
    """Verify the file, stamp it and give it its name, or None if something has that name already.

    digest  of what came; then of what is stored
    """
    new.file.close()
    try:
        facts = clips.verify(new.path, expected)
    except MediaError as error:
        if code := _storage_error(new.path):
            raise LinkGoneError(f"the link answered {code}") from None
        raise DownloadError(f"what arrived is not the whole clip: {error}") from None
    if stamp is not None:
        added = stamp(new.path, digest.hexdigest())
        digest.update(added)
        facts = replace(facts, bytes=facts.bytes + len(added))
    new.sync()
    fault_point("download.before_rename")
    return facts if new.commit(overwrite=False) else None


def _existing(target: Path) -> Downloaded:
    """The clip that has this name already. Raises DownloadError for anything that is not a whole
    one."""
    taken = f"{target} is in the way and is not the clip: move it to another place"
    if target.is_symlink() or not target.is_file():
        raise DownloadError(taken)
    try:
        facts = clips.verify(target)
    except MediaError:
        raise DownloadError(taken) from None
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Downloaded(target, facts.bytes, digest, facts)


def _storage_error(part: Path) -> str:
    """The code in an object store's XML error ("AccessDenied"), which some send with status 200; ""
    if it is none."""
    try:
        with part.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return ""
    found = (
        re.search(rb"<Error>.*?<Code>(\w{1,60})</Code>", head, re.S)
        if head.lstrip()[:1] == b"<"
        else None
    )
    return found[1].decode("ascii", "replace") if found else ""
