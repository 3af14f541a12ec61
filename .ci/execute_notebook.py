"""Execute a notebook from its first to its last cell and say how it goes, cell by cell.

    python .ci/execute_notebook.py NOTEBOOK --cwd DIR [--out FILE] [--timeout SECONDS]

Used by `make demo` and by the tests of the notebooks. The notebook itself is only read: what it
printed goes to `--out`, if that is given. The kernel is this Python; a user's own Jupyter
configuration does not reach it. Exit code 1 if a cell failed, after the cell and its error. Must
not know what any notebook is about.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbclient import NotebookClient

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_WIDTH = 64
_TICK = 5


def main(argv: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    if not options.notebook.is_file():
        print(f"There is no notebook {options.notebook}.", file=sys.stderr)
        return 1
    out = options.out.resolve() if options.out else None
    with tempfile.TemporaryDirectory(prefix="hailuo-nb-") as scratch:
        os.environ.update(_own_jupyter(Path(scratch)))
        connection = Path(scratch, "kernel.json")
        return execute(
            options.notebook.resolve(), options.cwd.resolve(), out, options.timeout, connection
        )


def execute(notebook: Path, cwd: Path, out: Path | None, timeout: float, connection: Path) -> int:
    """Run every code cell in `cwd` (made if missing). Returns the exit code. `timeout` is seconds a
    cell; `connection` is a file that the kernel is told its sockets by, which lie beside it."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    cwd.mkdir(parents=True, exist_ok=True)
    book = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        book,
        kernel_name="python3",
        timeout=timeout,
        resources={"metadata": {"path": str(cwd)}},
        # A TCP port that is free when it is chosen may be taken when the kernel binds it.
        config=Config(KernelManager={"transport": "ipc", "connection_file": str(connection)}),
    )
    cells = [(index, cell) for index, cell in enumerate(book.cells) if _is_code(cell)]
    print(f"{notebook.name}: {len(cells)} cells", flush=True)
    begun = time.monotonic()
    try:
        with client.setup_kernel(cwd=str(cwd)):
            _follow_updates(client, book)
            for number, (index, cell) in enumerate(cells, start=1):
                with _progress(number, len(cells), cell.source):
                    client.execute_cell(cell, index)
            client.set_widgets_metadata()
    except CellExecutionError as error:
        return _failed(f"{error.ename}: {error.evalue}", str(error))
    except CellTimeoutError:
        return _failed(f"not done after {timeout:.0f} s", cell.source)
    except DeadKernelError:
        return _failed("the kernel died", cell.source)
    finally:
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(book, out)  # type: ignore[no-untyped-call]
    print(f"All {len(cells)} cells ran in {time.monotonic() - begun:.1f} s.", flush=True)
    return 0


def _follow_updates(client: NotebookClient, book: Any) -> None:
    """Keep what changes an output of an earlier cell: a clip that arrives says so from a thread,
    outside of the cell that runs, and nbclient reads the messages of that cell alone."""
    channel = client.kc.iopub_channel
    get = channel.get_msg

    async def get_msg(*arguments: Any, **settings: Any) -> Any:
        message = await get(*arguments, **settings)
        if message["msg_type"] == "update_display_data":
            client.process_message(message, book.cells[0], 0)
        return message

    channel.get_msg = get_msg


@contextmanager
def _progress(number: int, count: int, source: str) -> Iterator[None]:
    """Print the cell's first line when it starts, a sign of life while it runs, and its seconds
    when it ends."""
    print(
        f"  [{number:>{len(str(count))}}/{count}] {_title(source):<{_WIDTH}} ", end="", flush=True
    )
    start = time.monotonic()
    over = threading.Event()
    ticks = threading.Thread(target=_tick, args=(over,), daemon=True)
    ticks.start()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    finally:
        over.set()
        ticks.join()
    print(f"{time.monotonic() - start:5.1f} s", flush=True)


def _tick(over: threading.Event) -> None:
    """A long cell: its seconds, each five of them."""
    seconds = 0
    while not over.wait(_TICK):
        seconds += _TICK
        print(f"{seconds} … ", end="", flush=True)


def _failed(error: str, details: str) -> int:
    print(_ANSI.sub("", details).rstrip(), file=sys.stderr)
    print(f"\nThe notebook stopped at this cell: {_ANSI.sub('', error)}", file=sys.stderr)
    return 1


def _title(source: str) -> str:
    """The first line of a cell, cut to one line of the terminal."""
    first = next(line.strip() for line in source.splitlines() if line.strip())
    return first if len(first) <= _WIDTH else first[: _WIDTH - 1] + "…"


def _is_code(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and cell.source.strip())


def _own_jupyter(scratch: Path) -> dict[str, str]:
    """Jupyter's and IPython's folders, all below `scratch`."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {name: str(scratch / name.lower()) for name in names} | {"JUPYTER_PREFER_ENV_PATH": "1"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Execute a notebook from its first to its last cell."
    )
    parser.add_argument("notebook", type=Path)
    parser.add_argument(
        "--cwd", type=Path, required=True, help="the folder that the kernel works in"
    )
    parser.add_argument("--out", type=Path, help="where to write the executed notebook")
    parser.add_argument("--timeout", type=float, default=300, help="seconds that one cell may take")
    return parser


if __name__ == "__main__":
    sys.exit(main())
