"""One clip as one task: plain values in and out, so that any executor on any machine that sees the
file can run it.

A pure function of the file's hash, the frame sent and the version; must not know the ledger or
jobs.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from hailuo_nb.measure.windows import VERSION, Measurement
from hailuo_nb.media.files import open_regular

_MAX_MEMORY = 2 << 30
_MAX_OF_A_THREAD = 16 << 20


class ChangedError(ValueError):
    """The file is not the one that was to be measured."""


def measure_file(path: str, sha256: str, first_frame: bytes | None = None) -> str:
    """The measurement of the file as JSON, or `{"error": "..."}` where it cannot be measured, each
    time the same.

    Raises ChangedError where the file is gone or its content is not `sha256`: that says nothing of
    the clip.
    """
    from hailuo_nb.errors import MeasureError
    from hailuo_nb.measure.passing import measure

    try:
        with open_regular(Path(path), follow=True) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ChangedError(f"{Path(path).name} cannot be read: {error.strerror or error}") from None
    if digest != sha256:
        raise ChangedError(f"{Path(path).name} is no longer the file that was saved")
    _needs_opencv()
    try:
        return measure(path, first_frame=first_frame).to_json()
    except MeasureError as error:
        return failed(str(error))


def limit_memory() -> None:
    """Let this process, which does nothing else, have 2 GiB beyond what its libraries need. On
    Linux; costs nothing.

    A clip within the bounds of `media` takes 0.3 GB to be measured; this is for what a decoder may
    yet do with one.
    """
    if sys.platform != "linux":
        return
    import os
    import resource

    _needs_opencv()
    import hailuo_nb.measure.passing  # noqa: F401 - with all that it needs

    held = (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
        * resource.getpagesize()
    )
    stacks = (os.cpu_count() or 1) * _MAX_OF_A_THREAD
    most = held + stacks + _MAX_MEMORY
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def failed(reason: str) -> str:
    """The result of a clip that cannot be measured."""
    return json.dumps({"error": reason})


def read(text: str) -> Measurement | str:
    """What `measure_file` gave: a measurement, or the reason why there is none. Raises ValueError
    for anything else."""
    data = json.loads(text)
    if isinstance(data, dict) and "error" in data:
        return str(data["error"])
    return Measurement.from_json(text)


def is_result(text: object) -> bool:
    """Whether `read` can read it: a ledger may come from a stranger."""
    try:
        return isinstance(text, str) and bool(read(text))
    except (ValueError, RecursionError):
        return False


def version_for(frame: str = "") -> str:
    """The version under which a result is kept; a frame's identity belongs to it, for its likeness
    is in the result."""
    return f"{VERSION}+{frame}" if frame else VERSION


def _needs_opencv() -> None:
    """A missing library is no property of the clip: raises before anything could be recorded."""
    from hailuo_nb.measure.decode import opencv

    opencv()
