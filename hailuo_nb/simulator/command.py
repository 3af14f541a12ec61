"""The command that serves the simulator: `python -m hailuo_nb simulator`, or `.simulator`.

It serves on 127.0.0.1 only, because it accepts any key. Behind a proxy or a container's port,
`--host` adds the host name.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import socket
from pathlib import Path

import click

from hailuo_nb.simulator.faults import TABLE, parse_fault

HOST = "127.0.0.1"

_HOST_NAME = re.compile(r"[\w.-]+|[\da-f.]*(:[\da-f.]*){2,}", re.ASCII | re.IGNORECASE)

_FAULTS = "\n".join(f"  {name:18} {words}" for name, words in TABLE.items())


def _fault(_context: click.Context, _option: click.Parameter, specs: tuple[str, ...]) -> list[str]:
    for spec in specs:
        try:
            parse_fault(spec)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    return list(specs)


def _speed(_context: click.Context, _option: click.Parameter, speed: float) -> float:
    if not math.isfinite(speed):
        raise click.BadParameter("it is no finite number")
    return speed


def _hosts(
    _context: click.Context, _option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    for name in names:
        if name != "*" and not _HOST_NAME.fullmatch(name):
            raise click.BadParameter(
                f"{name!r} is no host name; give it without http:// and without a port"
            )
    return names


def _listening(port: int) -> socket.socket:
    """A socket of this machine alone. It is opened first, so that a port in use is reported before
    anything else, and the number of port 0 is known."""
    # asyncio sends at once only where the protocol is named; else an answer waits 40 ms for an ACK.
    found = socket.socket(proto=socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would take over a port that is in use
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((HOST, port))
    except OSError as error:
        found.close()
        raise click.UsageError(
            f"port {port} cannot be opened ({error.strerror}): --port names another, 0 any free one"
        ) from None
    return found


@click.command(epilog=f"\b\nfaults (name, or name:probability):\n{_FAULTS}")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8808,
    show_default=True,
    help="0 for any free one",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    callback=_speed,
    help="times faster than real time",
)
@click.option(
    "--fault",
    multiple=True,
    metavar="NAME",
    callback=_fault,
    help="what goes wrong, see below; may be repeated",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False),
    help="keep tasks and clips here, to go on after a restart",
)
@click.option(
    "--host",
    multiple=True,
    metavar="NAME",
    callback=_hosts,
    help="answer to this name too; else only to localhost and 127.0.0.1 ('*': to every name)",
)
def simulator(
    port: int, speed: float, fault: list[str], folder: str | None, host: tuple[str, ...]
) -> None:
    """A stand-in for every provider on 127.0.0.1.

    Takes any key; 'wrong-key' and 'no-balance' are refused.
    """
    try:
        import uvicorn
    except ModuleNotFoundError:
        raise click.UsageError(
            "the simulator needs uvicorn to be served: pip install 'hailuo-nb[simulator]'"
        ) from None
    from hailuo_nb.simulator.app import create_app, curl_example, titles

    place = None if folder is None else Path(folder).expanduser()
    with _listening(port) as listening:
        try:
            app = create_app(speed=speed, faults=fault, folder=place, hosts=host)
        except OSError as error:
            raise click.BadParameter(
                f"{folder} cannot be used ({error.strerror})", param_hint="'--folder'"
            ) from None
        base = f"http://{HOST}:{listening.getsockname()[1]}"
        click.echo(f"Simulator of {', '.join(titles())}: {base}\n{curl_example(base)}")
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])
