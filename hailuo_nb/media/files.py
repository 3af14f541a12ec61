"""Files in folders that a stranger may have filled: read within bounds, written whole, never
through a link.

The one place that turns a path from a ledger, a bundle or a table into a file, and the one atomic
write. Must not know what is in a file.
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import stat
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from hailuo_nb.errors import FileError
from hailuo_nb.media.text import visible

SHARED_VARIABLE = "HAILUO_NB_SHARED"
"""Set to anything, what is made in a home folder is not its user's alone: the umask decides, as for
any program."""
PRIVATE = 0o600
"""Mode of what is the user's alone, unless HAILUO_NB_SHARED is set: folders made for it get
0700."""
PUBLIC = 0o666
"""Mode of what the user asked for as a file (an export, a table): the umask decides, as for any
program."""

CLIP, POSTER = (".mp4",), (".jpg", ".jpeg")
"""The endings of the names under which clips and posters are written."""
_LONGEST = 4096  # characters of a path: what Linux takes


# Reading ------------------------------------------------------------------------------------------


def inside(root: Path, relative: object, endings: tuple[str, ...] = ()) -> Path | None:
    """The file below `root` that a path from data names, absolute; None where it names anything
    else.

    The path is relative in the terms of every system, has no `..`, and leads, after links, to a
    place in `root` (after links too). What is there is a regular file, or nothing (a clip that was
    deleted by hand).

    endings  the name, after links too, has one of these: a private file beside a clip goes out as
             no clip
    """
    if not isinstance(relative, str) or not relative or len(relative) > _LONGEST:
        return None
    # A colon: a drive or a stream of Windows. The first part is empty where the path begins at a
    # root.
    parts = relative.replace("\\", "/").split("/")
    if not parts[0] or ".." in parts or "\0" in relative or ":" in relative:
        return None
    path = root.absolute() / relative
    try:
        found = path if _linked(root.absolute(), path) is None else path.resolve()
        if found is not path and not found.is_relative_to(root.resolve()):
            return None
        if endings and not {path.suffix.lower(), found.suffix.lower()} <= {*endings}:
            return None
        return path if stat.S_ISREG(path.stat().st_mode) else None
    except FileNotFoundError:
        return path
    # A name that no file can have; links in a ring.
    except (OSError, ValueError, RuntimeError):
        return None


def open_regular(path: Path, *, follow: bool = False) -> BufferedReader:
    """A regular file for reading. Raises FileError for a folder, a device, a pipe (which would wait
    for ever), and a link unless `follow`; OSError.
    """
    if not follow and path.is_symlink():
        raise FileError(f"{_shown(path)} is a link; a regular file is needed")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    try:
        _check_regular(os.fstat(descriptor), path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_bounded(path: Path, limit: int, *, follow: bool = False) -> bytes:
    """The bytes of a regular file (see `open_regular`) that has `limit` of them at most. Raises
    FileError, OSError."""
    with open_regular(path, follow=follow) as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > limit else file.read(limit + 1)
    if max(size, len(data)) > limit:
        raise FileError(
            f"{_shown(path)} has {max(size, len(data)):,} bytes; at most {limit:,} are read"
        )
    return data


# Writing ------------------------------------------------------------------------------------------


def chosen(path: str | os.PathLike[str]) -> tuple[Path, Path]:
    """A file (or a folder to write into) that the user named, absolute, and the root for `NewFile`.

    Below the current folder, which may be somebody's project, no link is written through; elsewhere
    the path down to the file is the user's own word, and only the file (or the folder) may be no
    link.
    """
    target = Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve() would follow the links
    here = Path.cwd()
    if target != here and target.is_relative_to(here):
        return target, here
    return target, target.parent


class NewFile:
    """A file that gets its name when it is whole. A context manager: what was not kept is gone
    afterwards.

    path  its name until then, which nobody can foresee, beside the target; ends in `.part` (see
          `drop_parts`)
    file  open for writing; a writer that needs a name closes it and writes to `path`
    """

    def __init__(self, target: Path, *, root: Path | None = None, mode: int = PRIVATE) -> None:
        """Folders from `root` (by default the target's own folder) down to the target are made
        where they are missing.

        Raises FileError where one of them below `root`, or the target, is a link or is no folder,
        no regular file; OSError.
        """
        self.target = target
        self._root = target.parent if root is None else root
        self._check()
        mode = private_mode() if mode == PRIVATE else mode
        _make_folders(self._root, target.parent, _folder_mode(mode))
        self.path = target.with_name(f"{_part_prefix(target)}{secrets.token_hex(8)}.part")
        self._synced = False
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL  # EXCL follows no link
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self.file: BinaryIO = os.fdopen(os.open(self.path, flags, mode), "wb")

    def sync(self) -> None:
        """Everything that was written is on disk, and the file closed. Raises OSError."""
        if self._synced:
            return
        # Closed: it was written by its name.
        with self.path.open("rb+") if self.file.closed else self.file as written:
            written.flush()
            os.fsync(written.fileno())
        self._synced = True

    def keep(self, *, overwrite: bool = True, durable: bool = True) -> bool:
        """Sync, give the file its name, and sync the folder, so that it survives a power cut (if it
        is to: `durable`).

        Without `overwrite` False where something, a link too, has the name already. Raises
        FileError, OSError.
        """
        if durable:
            self.sync()
        else:
            self.file.close()
        if overwrite:
            self._check()
            self.path.replace(self.target)
        elif not _name(self.path, self.target):
            return False
        if durable:
            _sync_folder(self.target.parent)
        return True

    def _check(self) -> None:
        if (
            not self.target.is_relative_to(self._root)
            or ".." in self.target.relative_to(self._root).parts
        ):
            raise FileError(
                f"{_shown(self.target)} is not in {_shown(self._root)}, and is not written"
            )
        linked = _linked(self._root, self.target)
        if linked is not None:
            raise FileError(
                f"{_shown(linked)} is a link, and nothing is written through one: move it away"
            )
        with contextlib.suppress(FileNotFoundError):
            _check_regular(self.target.lstat(), self.target)

    def __enter__(self) -> NewFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):  # a full disk fails again when the rest is flushed
            self.file.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def write_atomic(
    target: Path,
    data: bytes | Callable[[BinaryIO], object],
    *,
    root: Path | None = None,
    mode: int = PRIVATE,
    overwrite: bool = True,
    durable: bool = True,
) -> bool:
    """Write the whole file or nothing, see `NewFile`; `data` may be a function that writes to the
    open file.

    True once it is there; False where something has the name already and `overwrite` is off. Raises
    FileError, OSError.
    """
    with NewFile(target, root=root, mode=mode) as new:
        if isinstance(data, bytes):
            new.file.write(data)
        else:
            data(new.file)
        return new.keep(overwrite=overwrite, durable=durable)


def drop_parts(target: Path, root: Path) -> None:
    """Delete the half files that processes which died left of this target, in no linked folder.
    Raises OSError."""
    if _linked(root, target.parent) is None:
        for part in target.parent.glob(f"{glob.escape(_part_prefix(target))}*.part"):
            part.unlink(missing_ok=True)


def _part_prefix(target: Path) -> str:
    return f".{target.name[:40]}."  # a name has 255 bytes at most, and a character up to 4


def private_mode() -> int:
    """The mode of a file in a home folder."""
    return PUBLIC if os.environ.get(SHARED_VARIABLE) else PRIVATE


def make_folder(folder: Path) -> None:
    """A folder in a home, or the home itself, with those above that are missing; what is there
    keeps its mode.

    Raises OSError.
    """
    missing = [at for at in (folder, *folder.parents) if not at.exists()]
    for at in reversed(missing):
        at.mkdir(_folder_mode(private_mode()), exist_ok=True)


def is_plain_folder(folder: Path) -> bool:
    """Whether this is a folder, and no link to one."""
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except OSError:
        return False


def _linked(root: Path, path: Path) -> Path | None:
    """The first link on the way from `root`, which may be one itself, down to `path`, its end
    included."""
    at = root
    for part in path.relative_to(root).parts:
        at /= part
        if at.is_symlink():
            return at
    return None


def _folder_mode(mode: int) -> int:
    return 0o777 if mode & 0o077 else 0o700


def _make_folders(root: Path, folder: Path, mode: int) -> None:
    root.mkdir(mode, parents=True, exist_ok=True)
    at = root
    for part in folder.relative_to(root).parts:
        at /= part
        at.mkdir(mode, exist_ok=True)


def _check_regular(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a device or a pipe"
        raise FileError(f"{_shown(path)} is {kind}; a regular file is needed")


def _name(part: Path, target: Path) -> bool:
    """Rename without overwriting: a link fails where a name is taken, which a rename does not."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links (FAT, some network drives)
        if os.path.lexists(target):
            return False
        part.rename(target)
    else:
        part.unlink()
    return True


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _shown(path: Path) -> str:
    return visible(str(path))
