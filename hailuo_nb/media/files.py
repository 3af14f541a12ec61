"""File access in folders with untrusted content: bounded reads, atomic writes, no symlinks.

Every path from a ledger, a bundle or a table becomes a file here.
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from hailuo_nb.errors import FileError, HailuoError
from hailuo_nb.media.text import visible

SHARED_VARIABLE = "HAILUO_NB_SHARED"
"""If set to anything, files in a home folder get the mode that the umask allows, not `PRIVATE`."""
PRIVATE = 0o600
"""Mode of the user's own files, unless HAILUO_NB_SHARED is set; their folders get 0700."""
PUBLIC = 0o666
"""Mode of files that the user asked for (an export, a table): the umask applies."""

CLIP_SUFFIXES, POSTER_SUFFIXES = (".mp4",), (".jpg", ".jpeg")
MAX_PATH_LENGTH = 4096
"""Characters; the limit of Linux."""


# Reading ------------------------------------------------------------------------------------------


def resolve_below(root: Path, relative: object, suffixes: tuple[str, ...] = ()) -> Path | None:
    """Returns the absolute path of the file below `root` that an untrusted path names, or None.

    The path must be relative on every operating system, without `..`, and stay below `root` after
    symlinks are resolved. It names a regular file, or nothing (a clip that was deleted by hand).

    suffixes  the path, also with symlinks resolved, must end in one of these, so that no private
              file beside a clip is served as a clip
    """
    if not isinstance(relative, str) or not relative or len(relative) > MAX_PATH_LENGTH:
        return None
    # A colon is a drive or a stream on Windows. An absolute path has an empty first part.
    parts = relative.replace("\\", "/").split("/")
    if not parts[0] or ".." in parts or "\0" in relative or ":" in relative:
        return None
    path = root.absolute() / relative
    try:
        found = path if _first_symlink(root.absolute(), path) is None else path.resolve()
        if found is not path and not found.is_relative_to(root.resolve()):
            return None
        if suffixes and not {path.suffix.lower(), found.suffix.lower()} <= {*suffixes}:
            return None
        return path if stat.S_ISREG(path.stat().st_mode) else None
    except FileNotFoundError:
        return path
    # An invalid file name, or a symlink loop.
    except (OSError, ValueError, RuntimeError):
        return None


def open_regular(path: Path, *, follow: bool = False) -> BufferedReader:
    """Opens a regular file for reading.

    Raises FileError for a folder, a device, a pipe (opening one could block for ever) and, unless
    `follow`, a symlink; OSError.
    """
    if not follow and path.is_symlink():
        raise FileError(f"{_display(path)} is a symbolic link; a regular file is needed")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    try:
        _check_regular(os.fstat(descriptor), path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_bounded(path: Path, limit: int, *, follow: bool = False) -> bytes:
    """Reads a regular file of at most `limit` bytes. Raises FileError, OSError."""
    with open_regular(path, follow=follow) as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > limit else file.read(limit + 1)
    if max(size, len(data)) > limit:
        raise FileError(
            f"{_display(path)} has {max(size, len(data)):,} bytes; at most {limit:,} are read"
        )
    return data


# Writing ------------------------------------------------------------------------------------------


@contextlib.contextmanager
def written_to(path: Path) -> Iterator[None]:
    """What a person's file cannot be written for is a FileError that names it."""
    try:
        yield
    except HailuoError:
        raise
    except OSError as error:
        why = error.strerror or str(error)
        raise FileError(f"{visible(str(path))} cannot be written: {why}") from None


def user_target(path: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Returns the absolute path of a file (or folder) that the user named, and `AtomicFile`'s root.

    Below the current folder, which may be a cloned project, no part of the path may be a symlink.
    Elsewhere the user is trusted, and only the last part may not be one.
    """
    target = Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve() would follow symlinks
    here = Path.cwd()
    if target != here and target.is_relative_to(here):
        return target, here
    return target, target.parent


class AtomicFile:
    """A file that appears under its name when it is complete.

    A context manager: without `commit` the file is deleted on exit.

    path  its temporary, unpredictable name beside the target, ending in `.part` (see
          `remove_partial_files`)
    file  open for writing; a writer that needs a path closes it and writes to `path`
    """

    def __init__(self, target: Path, *, root: Path | None = None, mode: int = PRIVATE) -> None:
        """Creates the missing folders from `root` (default: the target's folder) to the target.

        Raises FileError if a folder below `root` or the target is a symlink, or the target is not
        a regular file; OSError.
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
        """Closes the file and flushes it to disk. Raises OSError."""
        if self._synced:
            return
        # A closed file was written by path.
        with self.path.open("rb+") if self.file.closed else self.file as written:
            written.flush()
            os.fsync(written.fileno())
        self._synced = True

    def commit(self, *, overwrite: bool = True, durable: bool = True) -> bool:
        """Renames the file to its target. If `durable`, syncs file and folder against power loss.

        Returns False if the name is taken (by a symlink too) and `overwrite` is off. Raises
        FileError, OSError.
        """
        if durable:
            self.sync()
        else:
            self.file.close()
        if overwrite:
            self._check()
            self.path.replace(self.target)
        elif not _rename_exclusive(self.path, self.target):
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
                f"{_display(self.target)} is not in {_display(self._root)}, and is not written"
            )
        symlink = _first_symlink(self._root, self.target)
        if symlink is not None:
            raise FileError(
                f"{_display(symlink)} is a symbolic link, and nothing is written through one: move "
                "it away"
            )
        with contextlib.suppress(FileNotFoundError):
            _check_regular(self.target.lstat(), self.target)

    def __enter__(self) -> AtomicFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):  # on a full disk the final flush fails again
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
    """Writes the complete file or nothing (see `AtomicFile`). `data` may write to the open file.

    Returns False if the name is taken and `overwrite` is off. Raises FileError, OSError.
    """
    with AtomicFile(target, root=root, mode=mode) as new:
        if isinstance(data, bytes):
            new.file.write(data)
        else:
            data(new.file)
        return new.commit(overwrite=overwrite, durable=durable)


def remove_partial_files(target: Path, root: Path) -> None:
    """Deletes the partial files of this target that killed processes left. Raises OSError."""
    if _first_symlink(root, target.parent) is None:
        for part in target.parent.glob(f"{glob.escape(_part_prefix(target))}*.part"):
            part.unlink(missing_ok=True)


def _part_prefix(target: Path) -> str:
    return f".{target.name[:40]}."  # file names have at most 255 bytes, characters up to 4


def private_mode() -> int:
    """Returns the mode of a file in a home folder."""
    return PUBLIC if os.environ.get(SHARED_VARIABLE) else PRIVATE


def make_folder(folder: Path) -> None:
    """Creates a home folder, or a folder in it, with its missing parents. Raises OSError."""
    missing = [at for at in (folder, *folder.parents) if not at.exists()]
    for at in reversed(missing):
        at.mkdir(_folder_mode(private_mode()), exist_ok=True)


def is_real_folder(folder: Path) -> bool:
    """Whether this is a folder and not a symlink to one."""
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except OSError:
        return False


def _first_symlink(root: Path, path: Path) -> Path | None:
    """Returns the first symlink below `root` on the way to `path`, inclusive. `root` may be one."""
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
        raise FileError(f"{_display(path)} is {kind}; a regular file is needed")


def _rename_exclusive(part: Path, target: Path) -> bool:
    """Renames without overwriting: unlike rename(), link() fails if the name is taken."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:  # no hard links on this file system (FAT, some network drives)
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


def _display(path: Path) -> str:
    return visible(str(path))
