"""The end of the process: nothing new is sent, charging calls get a grace, one line says the rest.

Two ways lead here: the main thread ends (a script's end or exception, `sys.exit`, a kernel's
shutdown), or a kernel is asked to shut down while a cell runs.
"""

from __future__ import annotations

import atexit
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from hailuo_nb.engine.loop import LOOP
from hailuo_nb.engine.runner import Runner

GRACE = 20.0
"""Seconds that the end of a process waits for the answers of charging calls. Jupyter kills a kernel
after five."""
_SILENT = 1.0  # seconds of waiting before a message says why the process does not end
_INTERVAL = 0.02  # seconds between two looks at what is under way

Runners = Callable[[], Sequence[Runner]]


def install_hooks(runners: Runners) -> None:
    """Call this once a process, when there is something to leave. `runners` gives those of the
    process that asks."""
    # The interpreter ends in this order: hooks of `_register_atexit`, newest first; join of threads
    # that are no daemons; `atexit`; then daemons, as the loop and the ledger, stop wherever they
    # are. The hook of concurrent.futures ends all executors, and without them no host name is
    # resolved: a clip that was claimed could neither be sent nor be set down as not sent. So ours
    # is registered after that one, and runs before it.
    import concurrent.futures.thread  # noqa: F401

    getattr(threading, "_register_atexit", atexit.register)(_leave, runners)
    atexit.register(_stop, runners)
    _listen_to_kernel(runners)


def _listen_to_kernel(runners: Runners) -> None:
    """A kernel that is asked to shut down while a cell runs comes to no end of its main thread:
    this trait changes."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None and hasattr(shell, "exit_now"):

        def on_change(change: Mapping[str, object]) -> None:
            if change["new"]:
                _close(runners)

        shell.observe(on_change, "exit_now")


def _close(runners: Runners) -> Sequence[Runner]:
    found = runners()
    for runner in found:
        runner.close_admission()
    return found


def _leave(runners: Runners) -> None:
    found = _close(runners)
    # One more Ctrl-C ends the grace.
    with contextlib.suppress(KeyboardInterrupt), _ignoring_sigterm():
        _wait(found)
    unsent = sum(runner.unsent for runner in found)
    _print(" ".join(filter(None, [_unsent(unsent), _unanswered(_under_way(found))])))


def _under_way(found: Sequence[Runner]) -> int:
    return sum(runner.under_way for runner in found)


def _wait(found: Sequence[Runner]) -> None:
    began = time.monotonic()
    explained = False
    while (left := _under_way(found)) and (waited := time.monotonic() - began) < GRACE:
        if waited > _SILENT and not explained:
            explained = True
            _print(
                f"waiting for the answers to {left} paid calls, {GRACE:.0f} s at most; Ctrl-C ends "
                "that."
            )
        time.sleep(_INTERVAL)


@contextlib.contextmanager
def _ignoring_sigterm() -> Iterator[None]:
    """Jupyter sends SIGTERM half way to SIGKILL; at once it would end a process that is about to
    end by itself."""
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _unsent(count: int) -> str:
    if not count:
        return ""
    was, stay, them = ("was", "stays", "it") if count == 1 else ("were", "stay", "them")
    return f"{_clips(count)} {was} not sent and {stay} planned; hn.resume() sends {them}."


def _unanswered(count: int) -> str:
    if not count:
        return ""
    return (
        f"{_clips(count)} may be paid, as no answer came in time; hn.resume() looks for what "
        "became of it."
    )


def _clips(count: int) -> str:
    return f"{count} clip{'' if count == 1 else 's'}"


def _print(line: str) -> None:
    if line and sys.stderr is not None:
        # A terminal that is gone, a stream that is closed.
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"hailuo_nb: {line}\n")
            sys.stderr.flush()


def _stop(runners: Runners) -> None:
    """The threads end before the interpreter does: a daemon would be stopped in the middle of
    whatever it does."""
    found = runners()
    LOOP.stop()
    for runner in found:
        runner.ledger.close()
