"""Where the ledger lies, and the one Runner of each home folder in this process.

Knows the environment and the loop; must not know providers. The home is beside the notebook, because the Jupyter
server then serves the clips by relative path; `HAILUO_NB_HOME` names another folder.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import warnings
from pathlib import Path

from hailuo_nb.engine.loop import LOOP, nested, wait
from hailuo_nb.engine.runner import Runner

HOME_VARIABLE = "HAILUO_NB_HOME"
_FOLDER = "hailuo_runs"
_LAST_ANSWERS = 20.0  # seconds that the end of the process waits for the answers of charging calls

_lock = threading.Lock()
_runners: dict[tuple[int, Path], Runner] = {}


def home() -> Path:
    """The folder of ledger, clips and posters for whoever asks now. Nothing is made by asking."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else Path.cwd() / _FOLDER


def runner() -> Runner:
    """The Runner of `home()`, made on first use. Raises LedgerError if its ledger cannot be opened."""
    key = (os.getpid(), home())  # a forked child never drives its parent's jobs
    with _lock:
        if key not in _runners:
            _runners[key] = LOOP.run(_make(key[1]))
            if len(_runners) == 1:
                atexit.register(_drain)
                if hasattr(os, "register_at_fork"):
                    os.register_at_fork(after_in_child=_in_child)
                _warn_of_nest_asyncio()
        return _runners[key]


async def _make(folder: Path) -> Runner:
    return Runner(folder)


def _in_child() -> None:
    """A forked child has none of the threads: its parent's jobs go on over there, and here nobody waits for them."""
    global _lock  # noqa: PLW0603 - whoever held it is not in this process
    _lock = threading.Lock()
    LOOP.forked()
    for (pid, _), found in _runners.items():
        if pid != os.getpid():
            found.orphan()


def _warn_of_nest_asyncio() -> None:
    if nested() == "nest_asyncio":
        warnings.warn(
            "nest_asyncio 1.6 has patched asyncio here: on ipykernel 7 it loses cells of a Run All. Take it out, or "
            "call hn.allow_nested() instead, which uses its maintained successor nest-asyncio2.",
            stacklevel=3,
        )


def _drain() -> None:
    """A charging call under way when the process ends: wait for its answer, so that its task id is kept."""
    for (pid, _), found in list(_runners.items()):
        if pid == os.getpid():
            with contextlib.suppress(Exception):
                wait(LOOP.start(found.drained()), _LAST_ANSWERS)
