"""The ledger: its place, what is in it, and what to do about each clip that is not over."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.doctor.report import Check, Section

if TYPE_CHECKING:
    from hailuo_nb.engine.ledger.sqlite import Inspection, OpenJob

_NETWORK = re.compile(
    r"^(nfs|cifs|smb|9p|afs|ceph|gluster|lustre|beegfs|gpfs|ncp|fuse\.(?!fuseblk|ntfs|exfat)|drvfs)"
)
_MAX_JOBS = 50
_MIN_FREE = 1e9  # bytes, about forty clips of 1080P


def check(home: Path) -> Section:
    from hailuo_nb.engine.ledger import FILE_NAME

    path = home / FILE_NAME
    return Section("Ledger", (Check("file", str(path)), *_place(home), *_contents(path)))


def _place(home: Path) -> list[Check]:
    import shutil

    kind = file_system(home)
    free = shutil.disk_usage(_existing(home)).free
    slow = (
        f"The ledger lies on a network file system ({kind}), where its locks may fail. Set "
        "HAILUO_NB_HOME to a folder on a local disk."
    )
    full = f"Only {free / 1e6:.0f} MB are free for clips in {home}."
    network = bool(kind and _NETWORK.match(kind))
    return [
        Check(
            "file system",
            kind or "of unknown type",
            "ok" if kind else "info",
            warnings=(slow,) if network else (),
        ),
        Check("free", f"{free / 1e9:.1f} GB", "ok", warnings=(full,) if free < _MIN_FREE else ()),
    ]


def _contents(path: Path) -> list[Check]:
    from hailuo_nb.engine.ledger.sqlite import inspect
    from hailuo_nb.errors import LedgerError

    if not path.exists():
        return [Check("contents", "there is none yet; it is made with the first clip")]
    try:
        found = inspect(path)
    except LedgerError as error:
        cut = path.with_name(path.name + "-journal").exists()
        warning = (
            f"The ledger cannot be read: {error}. "
            + (
                "A process ended in the middle of a write, or writes now: hn.history() puts that "
                "right. "
                if cut
                else ""
            )
            + "Do not delete it while clips are open; keep a copy and report this."
        )
        return [Check("integrity check", f"cannot be read: {error}", warnings=(warning,))]
    return [_integrity(found), _clips(found), *_jobs(found)]


def _integrity(found: Inspection) -> Check:
    damaged = f"The ledger is damaged: {found.integrity}. Keep a copy of it and report this."
    sound = found.integrity == "ok"
    return Check("integrity check", found.integrity, "ok", warnings=() if sound else (damaged,))


def _clips(found: Inspection) -> Check:
    from hailuo_nb.engine.states import STATES

    counts = [f"{found.states[state]} {state}" for state in STATES if found.states[state]]
    unknown = found.states["unknown"]
    many = (
        "1 clip may have been paid and waits"
        if unknown == 1
        else f"{unknown} clips may have been paid and wait"
    )
    warning = f"{many} for a person: what to do stands beside it."
    return Check("clips", ", ".join(counts) or "no clips", warnings=(warning,) if unknown else ())


def _jobs(found: Inspection) -> list[Check]:
    """The clips that are not over."""
    checks = [_job(job) for job in found.open_jobs[:_MAX_JOBS]]
    if len(found.open_jobs) > _MAX_JOBS:
        more = f"{len(found.open_jobs) - _MAX_JOBS} more that are not over"
        doubled = dict.fromkeys(filter(None, map(_doubled_version, found.open_jobs[_MAX_JOBS:])))
        checks.append(Check("and", more, warnings=tuple(doubled)))
    return checks


def _doubled_version(job: OpenJob) -> str:
    """What is wrong with the address of a job; "" for nothing."""
    from hailuo_nb.engine.logs import hidden
    from hailuo_nb.ordering.accounts import doubled_version
    from hailuo_nb.providers import registry
    from hailuo_nb.requests.provider_ref import ProviderRef

    name = ProviderRef.parse(job.provider).provider
    version = doubled_version(registry.get(name), job.base_url) if name in registry.names() else ""
    return version and (
        f"Clips of {name} were asked for at {hidden(job.base_url)}: its calls bring {version} "
        "themselves, so it stands there twice and nothing is found. Leave it off the base_url."
    )


def _job(job: OpenJob) -> Check:
    """Describes an unfinished job and what to do about it."""
    from hailuo_nb.engine.logs import hidden
    from hailuo_nb.media.text import one_line, visible

    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(job.created_at))
    prompt = one_line(job.prompt, 60)
    # Without queries of links, because reports are shared.
    message = f" It said: {hidden(job.error)[:300]}" if job.error else ""
    task = f"task {job.task_id or '-'}"
    found = f"{job.provider} take {job.take} of {made}, {job.state}, {task}: {prompt}"
    doubled = _doubled_version(job)
    return Check(
        visible(job.id),
        visible(found),
        "attention" if job.state == "unknown" else "info",
        advice=visible(f"{_what_to_do(job)}{message}"),
        warnings=(doubled,) if doubled else (),
    )


def _what_to_do(job: OpenJob) -> str:
    state = job.state
    if state == "unknown":
        return (
            f"{_where_to_look(job)}; job.send_again() sends it once more, which may be paid twice."
        )
    if state == "planned":
        return (
            "Not sent and not paid yet. hn.resume() sends it, if it was planned by you on this "
            "machine."
        )
    if state == "submitting":
        return (
            "On its way to the provider, or its kernel died on the way: hn.resume() finds out. "
            "It is not sent twice."
        )
    return "Paid. hn.resume() goes on with it."


def _where_to_look(job: OpenJob) -> str:
    """For a clip that may have been paid: by what the catalogue says of the provider's list."""
    from hailuo_nb import catalog
    from hailuo_nb.requests.provider_ref import ProviderRef
    from hailuo_nb.results.advice import advice_for

    name = ProviderRef.parse(job.provider).provider
    listed = {row.tasks.list for row in catalog.rows() if row.provider == name}
    if listed == {False}:
        look = "hn.resume() cannot look for it without a list of tasks: only the console can tell"
    else:
        where = "" if listed == {True} else ", where it has one"
        look = f"hn.resume() looks in the provider's list{where}"
    return f"{advice_for('unknown', None, name)} {look}"


def file_system(folder: Path, mounts: str | None = None) -> str:
    """Returns the type of a folder's file system ("ext4", "nfs4", "fuse.sshfs"); "" if unknown.

    mounts  the text of /proc/self/mountinfo (Linux); read if None
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace")
        except OSError:
            return ""
    path = str(_existing(folder).resolve())
    best, kind = -1, ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields, after = left.split(), right.split()
        if len(fields) < 5 or not after:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:  # a later mount on a point hides the earlier
            best, kind = len(point), after[0]
    return kind


def _existing(folder: Path) -> Path:
    """Returns the folder or its nearest existing parent."""
    return next((place for place in (folder, *folder.parents) if place.exists()), Path.cwd())
