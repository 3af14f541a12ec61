"""Decodes a response's body in chunks of bounded size: a few bytes can unfold to gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

import httpx2

ACCEPTED = "gzip, deflate"
_PIECE = 256 * 1024  # bytes


async def pieces(response: httpx2.Response) -> AsyncIterator[bytes]:
    """What the server sent, decoded, as it comes, at most 256 KiB at a time.

    A caller that counts the bytes can stop in time. Raises httpx2.DecodingError for an
    encoding that was not asked for, or packed twice, and for what cannot be unpacked; else what
    httpx2 raises.
    """
    if response.is_stream_consumed:  # made in memory, as the transports of tests do
        for start in range(0, len(response.content), _PIECE):
            yield response.content[start : start + _PIECE]
        return
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        async for piece in response.aiter_raw():
            yield piece
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise httpx2.DecodingError(
            f"the answer is packed as {encoding[:40]!r}, which was not asked for"
        )
    packed = zlib.decompressobj(wbits=47)  # 47: gzip or zlib, whichever it is
    try:
        async for piece in response.aiter_raw():
            rest = piece
            while rest:
                yield packed.decompress(rest, _PIECE)
                rest = packed.unconsumed_tail
        if not packed.eof:
            raise httpx2.DecodingError("the packed answer has no end")
    except zlib.error as error:
        raise httpx2.DecodingError(f"the answer cannot be unpacked: {error}") from None
