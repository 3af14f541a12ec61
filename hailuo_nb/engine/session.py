"""The home folder, and the one Runner of this process.

The home is beside the notebook, because the Jupyter server then serves the clips by relative path;
`HAILUO_NB_HOME` names another folder. It is fixed when the ledger is first opened: a second ledger
would not know what the first one has paid.
"""

from __future__ import annotations

import os
import threading
import warnings
from functools import cache
from pathlib import Path

from hailuo_nb.engine import forking, shutdown
from hailuo_nb.engine.ledger.protocol import Ledger
from hailuo_nb.engine.loop import LOOP, nesting_patch
from hailuo_nb.engine.runner import Runner, open_ledger
from hailuo_nb.errors import LedgerError
from hailuo_nb.requests import arguments

HOME_VARIABLE = "HAILUO_NB_HOME"
_FOLDER = "hailuo_runs"

_lock = threading.Lock()
# The one of this process, and in a forked child its parent's beside it. Its home is the place that
# is fixed.
_runners: dict[tuple[int, Path], Runner] = {}
# The value of HAILUO_NB_HOME then; after a warning, the value at that time.
_chosen: str | None = None


def home() -> Path:
    """The folder of ledger, clips and posters, absolute. Nothing is made by asking.

    From the first use of the ledger on it stays where it is, whatever becomes of the current folder
    and of HAILUO_NB_HOME (one warning says so after a change); until then it is where the ledger
    would be made. Raises LedgerError, ArgumentError where there is no such place.
    """
    fixed = next((found.home for found in list(_runners.values())), None)
    if fixed is None:
        chosen = os.environ.get(HOME_VARIABLE)
        try:
            return (
                arguments.as_path(HOME_VARIABLE, chosen).absolute()
                if chosen
                else Path.cwd() / _FOLDER
            )
        except OSError as error:  # the current folder is gone
            raise LedgerError(
                f"there is no place for the ledger ({error}): set {HOME_VARIABLE} to a folder, or "
                "change into one"
            ) from None
    _warn_of_another(fixed)
    return fixed


def runner() -> Runner:
    """The Runner of `home()`, made on first use. Raises LedgerError if its ledger cannot be
    opened."""
    global _chosen  # noqa: PLW0603 - fixed with the place
    with _lock:
        place = home()
        key = (os.getpid(), place)  # a forked child never drives its parent's jobs
        if key not in _runners:
            chosen = os.environ.get(HOME_VARIABLE)
            _check_default(place, chosen)
            # On the caller's thread: one that is locked takes half a minute.
            ledger = open_ledger(place)
            _set_up_process()
            _runners[key] = LOOP.run(_make(place, ledger))
            _chosen = chosen
        return _runners[key]


def _check_default(place: Path, chosen: str | None) -> None:
    if not chosen and place.is_symlink():  # a cloned project can bring one that leads anywhere
        raise LedgerError(
            f"the folder {place} is a symbolic link, and no ledger is opened through one. If it is "
            f"yours, set {HOME_VARIABLE} to the folder itself: {place.resolve()}"
        )


async def _make(place: Path, ledger: Ledger) -> Runner:
    return Runner(place, ledger=ledger)


@cache
def _set_up_process() -> None:
    """What a process needs once, before it drives its first job."""
    shutdown.install_hooks(_own_runners)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=forking.wait_for_imports, after_in_child=_after_fork)
    _warn_of_nest_asyncio()


def _after_fork() -> None:
    """A forked child has none of the threads: its parent's jobs go on over there, and here nobody
    waits for them."""
    global _lock  # noqa: PLW0603 - its holder is not in this process
    _lock = threading.Lock()
    LOOP.forked()
    for (pid, _), found in _runners.items():
        if pid != os.getpid():
            found.orphan()


def _warn_of_another(fixed: Path) -> None:
    global _chosen  # noqa: PLW0603 - one warning a change
    now = os.environ.get(HOME_VARIABLE)
    if now == _chosen:
        return
    _chosen = now
    warnings.warn(
        f"{HOME_VARIABLE} has changed since this process opened its ledger in {fixed}: it stays "
        "with that one, so that nothing is paid twice. To use another, restart the kernel.",
        stacklevel=4,
    )


def _warn_of_nest_asyncio() -> None:
    if nesting_patch() == "nest_asyncio":
        warnings.warn(
            "nest_asyncio 1.6 has patched asyncio here: on ipykernel 7 it loses cells of a Run "
            "All. Take it out, or call hn.allow_nested() instead, which uses its maintained "
            "successor nest-asyncio2.",
            stacklevel=4,
        )


def _own_runners() -> list[Runner]:
    """The runners of this process; those of the parent of a forked one are not."""
    return [found for (pid, _), found in list(_runners.items()) if pid == os.getpid()]
