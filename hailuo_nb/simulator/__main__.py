"""`python -m hailuo_nb.simulator --port 8808 [--speed 20] [--fault NAME]...`

Serves on 127.0.0.1 only, because it accepts any key. Behind a proxy or a container's port, `--host`
adds the host name.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hailuo_nb.simulator.faults import TABLE, parse_fault

HOST = "127.0.0.1"


def _fault(spec: str) -> str:
    try:
        parse_fault(spec)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return spec


def _parser() -> argparse.ArgumentParser:
    faults = "\n".join(f"  {name:18} {words}" for name, words in TABLE.items())
    parser = argparse.ArgumentParser(
        prog="python -m hailuo_nb.simulator",
        description="A stand-in for every provider on 127.0.0.1. "
        "Takes any key; 'wrong-key' and 'no-balance' are refused.",
        epilog=f"faults (name, or name:probability):\n{faults}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8808)
    parser.add_argument(
        "--speed", type=float, default=20.0, help="times faster than real time (default 20)"
    )
    parser.add_argument("--fault", action="append", default=[], type=_fault, metavar="NAME")
    parser.add_argument(
        "--folder",
        type=lambda name: Path(name).expanduser(),
        help="keep tasks and clips here, to go on after a restart",
    )
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer to this name too; else only to localhost and 127.0.0.1 ('*': to every name)",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        import uvicorn
    except ModuleNotFoundError:
        sys.stderr.write(
            "The simulator needs uvicorn to be served: pip install 'hailuo-nb[simulator]'\n"
        )
        return 1
    from hailuo_nb.simulator.app import create_app, curl_example, titles

    if not options.speed > 0:
        sys.stderr.write("--speed must be above 0\n")
        return 2
    app = create_app(
        speed=options.speed, faults=options.fault, folder=options.folder, hosts=options.host
    )
    base = f"http://{HOST}:{options.port}"
    sys.stdout.write(f"Simulator of {', '.join(titles())}: {base}\n{curl_example(base)}\n")
    sys.stdout.flush()
    uvicorn.run(app, host=HOST, port=options.port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
