"""Measures one clip as a task for any executor: picklable arguments, a JSON text as result.

The result depends only on the file's hash, the frame sent and the version.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from hailuo_nb.measure.measurement import VERSION, Measurement
from hailuo_nb.media.files import open_regular

_MAX_MEMORY = 2 << 30
_MAX_THREAD_STACK = 16 << 20


class FileChangedError(ValueError):
    """The file is gone, or not the one that should be measured."""


def measure_file(path: str, sha256: str, first_frame: bytes | None = None) -> str:
    """Returns the measurement as JSON, or `{"error": "..."}` if the file cannot be measured.

    Raises FileChangedError if the file is gone or its hash is not `sha256`.
    """
    from hailuo_nb.errors import MeasureError
    from hailuo_nb.measure.analysis import measure_clip

    check_file(Path(path), sha256)
    _check_opencv()
    try:
        return measure_clip(path, first_frame=first_frame).to_json()
    except MeasureError as error:
        return error_result(str(error))


def check_file(path: Path, sha256: str) -> None:
    """Raises FileChangedError if the file is gone or its hash is not `sha256`."""
    try:
        with open_regular(path, follow=True) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileChangedError(f"{path.name} cannot be read: {error.strerror or error}") from None
    if digest != sha256:
        raise FileChangedError(f"{path.name} is no longer the file that was saved")


def limit_memory() -> None:
    """Limits a worker process to 2 GiB of data beyond what its libraries need (Linux only).

    To measure a clip within the limits of `media` takes 0.3 GB; this is against decoder bugs.
    """
    if sys.platform != "linux":
        return
    import os
    import resource

    _check_opencv()
    import hailuo_nb.measure.analysis  # noqa: F401 - loads all its libraries

    held = (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
        * resource.getpagesize()
    )
    stacks = (os.cpu_count() or 1) * _MAX_THREAD_STACK
    limit = held + stacks + _MAX_MEMORY
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def error_result(reason: str) -> str:
    """Returns the result for a clip that cannot be measured."""
    return json.dumps({"error": reason})


def parse_result(text: str) -> Measurement | str:
    """Parses `measure_file`'s result: a measurement, or why there is none. Raises ValueError."""
    data = json.loads(text)
    if isinstance(data, dict) and "error" in data:
        return str(data["error"])
    return Measurement.from_json(text)


def is_result(text: object) -> bool:
    """Whether `parse_result` accepts it; a ledger is untrusted."""
    try:
        return isinstance(text, str) and bool(parse_result(text))
    except (ValueError, RecursionError):
        return False


def cache_version(frame: str = "") -> str:
    """Returns the version to store a result under; the result depends on the frame's identity."""
    return f"{VERSION}+{frame}" if frame else VERSION


def _check_opencv() -> None:
    """Raises MeasureError if OpenCV is missing, which must not be recorded as the clip's result."""
    from hailuo_nb.measure.decode import require_opencv

    require_opencv()
