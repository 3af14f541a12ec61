"""Raw servers on loopback: a provider's socket that does anything, proxies that refuse, TLS."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

TLS = Path(__file__).parent / "tls"
CERTIFICATE = TLS / "cert.pem"
"""Self-signed, for localhost, 127.0.0.1, ::1, clips.example, api.example."""

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter, "Wire"], Awaitable[None]]


@dataclass
class Wire:
    """One server. `heads`: the head of each request, as text; `bodies`: what came after it."""

    port: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    targets: dict[str, int] = field(default_factory=dict)
    """Where a proxy leads: "host:port" -> a port on loopback. Any other target is refused with
    502."""


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, TLS / "key.pem")
    return context


@contextlib.asynccontextmanager
async def serving(talk: Talk, *, tls: bool = False) -> AsyncIterator[Wire]:
    """A server on 127.0.0.1 that talks like this on each connection, and closes it then."""
    wire = Wire()
    tasks: set[asyncio.Task[None] | None] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire.connections += 1
        tasks.add(asyncio.current_task())
        try:
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError
            ):
                await talk(reader, writer, wire)
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    server = await asyncio.start_server(
        connected, "127.0.0.1", 0, ssl=server_tls() if tls else None
    )
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        for task in tasks:
            if task is not None and not task.done():
                task.cancel()


async def request(reader: asyncio.StreamReader, wire: Wire) -> str:
    """Read one request whole; its head as text."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    wire.heads.append(head)
    length = next(
        (
            int(line.split(":")[1])
            for line in head.lower().splitlines()
            if line.startswith("content-length:")
        ),
        0,
    )
    wire.bodies.append(await reader.readexactly(length))
    return head


def answers(*pieces: bytes, pause: float = 0.0, once: bool = False) -> Talk:
    """Reads a request and sends these bytes, with a pause before each piece; then closes, or waits
    for the next."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
        while True:
            await request(reader, wire)
            for piece in pieces:
                await asyncio.sleep(pause)
                writer.write(piece)
                await writer.drain()
            if once or b"content-length" not in b"".join(pieces).lower():
                return

    return talk


def reply(status: str = "200 OK", body: bytes = b'{"id": "task-1"}', headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    """Takes what comes and never says a word."""
    while data := await reader.read(65536):
        wire.bodies.append(data)


async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    """Reads nothing."""
    await asyncio.Event().wait()


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    """Reads a request and resets the connection."""
    await request(reader, wire)
    _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    """Closes at once."""


async def babbles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    """Answers whatever comes with garbage."""
    await reader.read(65536)
    writer.write(b"garbage" * 9)
    await reader.read(65536)


async def reads_a_little(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire
) -> None:
    """Takes the start of a request, then resets the connection."""
    await reader.read(65536)
    _reset(writer)


async def opens_and_hangs(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire
) -> None:
    """A proxy that opens a way and lets nothing through."""
    await request(reader, wire)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    await silent(reader, writer, wire)


async def tunnels(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    """A proxy that opens a way to its targets."""
    head = await request(reader, wire)
    port = wire.targets.get(head.split()[1])
    if not head.startswith("CONNECT") or port is None:
        writer.write(reply("502 Bad Gateway", b""))
        return
    there, back = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_pipe(reader, back))
            both.create_task(_pipe(there, writer))
    finally:
        back.close()


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()
