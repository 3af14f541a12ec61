"""What a piece of work touches outside the folders that it may use: files, programs, hosts. By
Python's audit events.

C libraries that open files by themselves (SQLite, FFmpeg) are seen only where Python opens the file
for them.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

# The arguments of an event that are paths, and whether what is meant is a link itself rather than
# what it leads to.
_FILES: dict[str, tuple[tuple[int, ...], bool]] = {
    "open": ((0,), False), "os.remove": ((0,), True), "os.rename": ((0, 1), True), "os.link": ((0,
    1), True),
    "os.symlink": ((1,), True), "os.mkdir": ((0,), True), "os.rmdir": ((0,), True),
    "os.truncate": ((0,), False),
    "os.chmod": ((0,), False), "os.chown": ((0,), False), "os.utime": ((0,), False),
    "shutil.rmtree": ((0,), True),
    "shutil.move": ((0, 1), True), "sqlite3.connect": ((0,), False),
}  # fmt: skip
_NEVER = frozenset({
    "os.system", "os.exec", "os.posix_spawn", "os.startfile", "subprocess.Popen", "webbrowser.open",
    "pty.spawn",
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "urllib.Request",
})  # fmt: skip
_OURS = tuple(
    str(Path(one).resolve())
    for one in (sys.prefix, sys.base_prefix, Path(__file__).parents[2] / "hailuo_nb")
)
"""Python, its packages and our own files: they are read as modules load."""


class Watch:
    """What was touched that should not have been, one line each."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = (*_OURS, *(root.resolve() for root in roots))
        self.touched: list[str] = []

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _NEVER:
            self.touched.append(f"{event} {arguments!r:.200}")
        elif event in _FILES:
            places, of_link = _FILES[event]
            if event == "open" and isinstance(flags := arguments[2], int) and flags & os.O_NOFOLLOW:
                of_link = True
            for place in places:
                self._file(event, arguments[place], of_link)

    def _file(self, event: str, path: Any, of_link: bool) -> None:
        if not isinstance(path, str | bytes | os.PathLike) or path == ":memory:":
            return  # a descriptor, which an open has given; a database that is no file
        given = Path(os.fsdecode(path))
        meant = given.parent.resolve() / given.name if of_link else given.resolve()
        if not any(meant.is_relative_to(root) for root in self.roots):
            self.touched.append(f"{event} {meant}")


class _Hook:
    """The one audit hook, which cannot be taken away again, and what it tells, if anything."""

    def __init__(self) -> None:
        self.watch: Watch | None = None
        sys.addaudithook(self.see)

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        watch, self.watch = self.watch, None  # what looking touches is not looked at
        if watch is None:
            return
        try:
            watch.see(event, arguments)
        except ValueError:  # a path that no file can have
            pass
        finally:
            self.watch = watch


@cache
def _hook() -> _Hook:
    return _Hook()


@contextmanager
def watching(*roots: Path) -> Iterator[None]:
    """Fails where anything but these folders and Python itself was touched, even where the attempt
    was caught."""
    # What earlier tests left behind stays until after: its finalizers would be seen as this work.
    gc.disable()
    watch = _hook().watch = Watch(roots)
    try:
        yield
    finally:
        _hook().watch = None
        gc.enable()
    assert not watch.touched, "touched outside its folders:\n  " + "\n  ".join(watch.touched)
