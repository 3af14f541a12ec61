"""The command that serves the simulator: `python -m hailuo_nb simulator`, or `.simulator`.

It serves on 127.0.0.1 only, because it accepts any key. Behind a proxy or a container's port,
`--host` adds the host name.
"""

from __future__ import annotations

from pathlib import Path

import click

from hailuo_nb.simulator.faults import TABLE, parse_fault

HOST = "127.0.0.1"

_FAULTS = "\n".join(f"  {name:18} {words}" for name, words in TABLE.items())


def _fault(_context: click.Context, _option: click.Parameter, specs: tuple[str, ...]) -> list[str]:
    for spec in specs:
        try:
            parse_fault(spec)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    return list(specs)


@click.command(epilog=f"\b\nfaults (name, or name:probability):\n{_FAULTS}")
@click.option("--port", type=click.IntRange(0, 65535), default=8808, show_default=True)
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    help="times faster than real time",
)
@click.option("--fault", multiple=True, metavar="NAME", callback=_fault, help="may be repeated")
@click.option(
    "--folder",
    type=click.Path(file_okay=False),
    help="keep tasks and clips here, to go on after a restart",
)
@click.option(
    "--host",
    multiple=True,
    metavar="NAME",
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
    app = create_app(speed=speed, faults=fault, folder=place, hosts=host)
    base = f"http://{HOST}:{port}"
    click.echo(f"Simulator of {', '.join(titles())}: {base}\n{curl_example(base)}")
    uvicorn.run(app, host=HOST, port=port, log_level="warning")
