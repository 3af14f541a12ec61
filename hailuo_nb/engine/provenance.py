"""Puts into a clip's file how it was made, before the file gets its name."""

from __future__ import annotations

import logging
import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import MediaError
from hailuo_nb.media import xmp
from hailuo_nb.requests import manifest
from hailuo_nb.requests.manifest import Manifest
from hailuo_nb.requests.redaction import redact

VARIABLE = "HAILUO_NB_NO_MANIFEST"
"""If set to anything, clips are stored as they came."""
_log = logging.getLogger(__name__)


def stamp(job: TrackedJob, clip: Path, sha256: str) -> bytes:
    """Appends the manifest to a whole clip. Returns what was added: nothing where that is switched
    off, or where the file cannot take it; then it stays as it came. Raises OSError.

    sha256  of the file as it came

    The same job gives the same bytes, however often it is fetched.
    """
    if os.environ.get(VARIABLE):
        return b""
    try:
        packet = manifest_of(job, sha256).to_packet()
        return xmp.append(clip, packet)
    except (MediaError, ValueError) as error:  # the clip is paid, and worth more than a note in it
        _log.warning("no manifest in the file of clip %s: %s", job.row.id, error)
        return b""


def manifest_of(job: TrackedJob, sha256: str) -> Manifest:
    """How the clip of a job was made; `sha256` as in `Manifest`."""
    row, account = job.row, job.spec.account
    return Manifest(
        provider=account.name,
        simulated=account.simulated,
        request=manifest.public(job.spec.request),
        take=row.take,
        task_id=None if row.task_id is None else redact(row.task_id),
        job_id=row.id,
        submitted_at=row.submitted_at or row.created_at,
        tool=_tool(),
        sha256=sha256,
    )


@cache
def _tool() -> str:
    try:
        return f"hailuo_nb {version('hailuo_nb')}"
    except PackageNotFoundError:  # run from its source
        return "hailuo_nb"
