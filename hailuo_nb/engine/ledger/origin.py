"""Whether a row of the ledger was written by this user of this machine: the ledger lies in the
project, and a cloned project brings its own.

Every row carries a keyed hash of what would be sent for it. The key is random, lies outside every
project, and only its user can read it; the id of a machine or the name of a user could be written
down by anybody. A user without that key (another account, a new container, a Binder, where the
folder is gone) is a stranger to the ledger, and is asked. That HAILUO_NB_HOME names the folder says
nothing: a shared folder has several writers. A home directory that several hosts share has one key
for all of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.media import files

if TYPE_CHECKING:
    from hailuo_nb.engine.ledger.jobs import JobRow

_BYTES = 32


def key() -> bytes:
    """This user's key, made on first use. Where it can be kept nowhere, one that this process alone
    has."""
    return _key_in(_folder())


def _folder() -> Path:
    """Where programs keep what is theirs between two runs (XDG; Windows has its own place)."""
    given = (
        os.environ.get("XDG_STATE_HOME")
        or (os.name == "nt" and os.environ.get("LOCALAPPDATA"))
        or ""
    )
    return (
        Path(given) if Path(given).is_absolute() else Path("~/.local/state").expanduser()
    ) / "hailuo_nb"


@cache
def _key_in(folder: Path) -> bytes:
    path = folder / "key"
    try:
        # Asked before it is read: the key of a process that is faster is not untrusted.
        untrusted = path.exists()
        if (found := _read(path)) is not None:
            return found
        new = secrets.token_bytes(_BYTES)
        # What cannot be trusted is replaced; where another process was faster, its key is taken.
        files.write_atomic(path, new, mode=0o400, overwrite=untrusted)
        return _read(path) or new
    except (OSError, RuntimeError):  # no home, a full disk, a folder that may not be written
        return secrets.token_bytes(_BYTES)


def _read(path: Path) -> bytes | None:
    """The key; None if there is none, or one that others may know. git brings no file that its
    owner alone can read."""
    try:
        with files.open_regular(path) as file:
            status = os.fstat(file.fileno())
            data = file.read(_BYTES + 1)
    except OSError:
        return None
    private = os.name != "posix" or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)
    return data if private and len(data) == _BYTES else None


def mark(secret: bytes, row: JobRow, *, planned: bool) -> str:
    """What a row carries if the holder of `secret` wrote it. A row that was sent has another one,
    so that a ledger which was published cannot be set back to `planned` by whoever has it.

    The links of its task are covered too: calls to them carry the key.
    """
    what = [
        row.id,
        row.identity,
        row.take,
        row.attempt,
        row.provider,
        row.base_url,
        row.model,
        row.prompt,
        row.resolution,
        row.duration,
        row.request,
        planned,
    ]
    if row.task_links is not None:  # without any the mark is that of earlier formats
        what.append(row.task_links)
    return hmac.new(secret, json.dumps(what).encode("ascii"), hashlib.sha256).hexdigest()


def is_ours(secret: bytes, row: JobRow) -> bool:
    """Whether the holder of `secret` wrote the row as it stands: what is planned in it, or whose
    task it is."""
    as_planned = mark(secret, row, planned=True)
    accepted = (
        [as_planned] if row.state == "planned" else [as_planned, mark(secret, row, planned=False)]
    )
    return any(hmac.compare_digest(row.origin or "", one) for one in accepted)
