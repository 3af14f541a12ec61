"""Named places where a crash would cost money or a clip; a test may raise, kill or hold there.

Free when nothing is armed: one look into an empty dictionary. Only tests arm; nothing here reads
the environment.
"""

from __future__ import annotations

from collections.abc import Callable

NAMES = (
    "submit.before_claim",     # the flow is about to make the charging call
    "submit.before_send",      # `submitting` is on disk, the call has not left
    "submit.after_send",       # the answer is here, the task id is not on disk
    "submit.after_commit",     # the task id is on disk
    "poll.after_success",      # the provider has the clip, its link is not on disk
    "download.before_rename",  # the file is whole under its `.part` name
    "download.after_rename",   # it has its name, the ledger does not know
    "ledger.before_commit",    # a group of work is done, its commit is not
)  # fmt: skip

_armed: dict[str, Callable[[], None]] = {}


def fault_point(name: str) -> None:
    """Where a fault may be put. Does nothing unless a test armed it."""
    if _armed and (action := _armed.get(name)) is not None:
        action()


def arm(name: str, action: Callable[[], None]) -> None:
    """Call `action` whenever the place is passed, on whatever thread that is. Raises ValueError for
    no such place."""
    if name not in NAMES:
        raise ValueError(f"no fault point {name!r}; there are {', '.join(NAMES)}")
    _armed[name] = action


def disarm() -> None:
    _armed.clear()
