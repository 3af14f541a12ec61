"""Temporary folders that the process which made them deletes, and no child of it."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path


class ScratchFolder:
    """A temporary folder: deleted with this object, at the end of its `with` block, and at exit at
    the latest. A forked child leaves it alone when it exits, as `tempfile.TemporaryDirectory` does
    not."""

    def __init__(self, prefix: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._delete = weakref.finalize(self, _delete, self.path, os.getpid())

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self._delete()


def _delete(folder: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
