"""`hn.doctor()`: collects what is needed to report a problem.

It opens no connection, starts no thread, changes no file and prints no key. `import hailuo_nb`
loads this file, so that `hailuo_nb.doctor` is the function; each part imports what it needs.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hailuo_nb.engine.ledger.sqlite import Inspection, OpenJob
    from hailuo_nb.requests.redaction import Credentials

_DISTRIBUTIONS = (
    "ipykernel",
    "jupyterlab",
    "ipywidgets",
    "anywidget",
    "httpx2",
    "av",
    "numpy",
    "pandas",
    "pillow",
)
_NETWORK = re.compile(
    r"^(nfs|cifs|smb|9p|afs|ceph|gluster|lustre|beegfs|gpfs|ncp|fuse\.(?!fuseblk|ntfs|exfat)|drvfs)"
)
_CONNECTION_VARIABLES = ("NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")
_MAX_JOBS = 50
_MIN_FREE = 1e9  # bytes, about forty clips of 1080P


class Report(NamedTuple):
    """The result of `hn.doctor()`: the whole text, and the warnings in it."""

    text: str
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Report: {len(self.warnings)} warnings; .text holds all of it>"


def doctor() -> Report:
    """Prints and returns a report of this installation. Sends and changes nothing; shows no key."""
    from hailuo_nb.engine import session

    home = session.home()
    warnings: list[str] = []
    parts = [
        _versions(),
        _kernel(warnings),
        _ledger(home, warnings),
        _providers(warnings),
        _prices(),
        _connections(warnings),
    ]
    summary = [f"! {warning}" for warning in warnings] or ["Nothing here asks for attention."]
    text = "\n\n".join(["\n".join(lines) for lines in [*parts, summary]])
    sys.stdout.write(text + "\n")
    return Report(text, tuple(warnings))


def _versions() -> list[str]:
    import platform

    version = sys.modules["hailuo_nb"].__version__  # that of this code, whatever pip has noted

    lines = [f"hailuo_nb {version}, Python {platform.python_version()}, {platform.platform()}"]
    found = [f"{name} {_version(name)}" for name in _DISTRIBUTIONS]
    return [*lines, "  " + ", ".join(found), f"  OpenCV (full-size simulated clips): {_opencv()}"]


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _opencv() -> str:
    from importlib.util import find_spec

    if find_spec("cv2") is None:
        return "not installed; pip install 'hailuo-nb[video]'"
    names = (
        "opencv-python-headless",
        "opencv-python",
        "opencv-contrib-python-headless",
        "opencv-contrib-python",
    )
    return next(
        (version for version in map(_version, names) if version != "not installed"), "installed"
    )


def _kernel(warnings: list[str]) -> list[str]:
    from hailuo_nb.engine import loop

    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    where = (
        "a Jupyter kernel"
        if getattr(shell, "kernel", None) is not None
        else "no kernel: tables are plain text"
    )
    patched = loop.nested()
    if patched == "nest_asyncio":
        warnings.append(
            "nest_asyncio 1.6 has patched asyncio: on ipykernel 7 it loses cells of a Run All. "
            "hn.allow_nested() uses "
            "its maintained successor."
        )
    return [f"Runs in {where}; nested loops: {patched or 'not patched'}"]


def _ledger(home: Path, warnings: list[str]) -> list[str]:
    import shutil

    from hailuo_nb.engine.ledger import FILE_NAME
    from hailuo_nb.engine.ledger.sqlite import inspect
    from hailuo_nb.errors import LedgerError

    path = home / FILE_NAME
    kind = file_system(home)
    free = shutil.disk_usage(_existing(home)).free
    lines = [
        f"Ledger: {path}",
        f"  on {kind or 'a file system of unknown type'}, {free / 1e9:.1f} GB free",
    ]
    if kind and _NETWORK.match(kind):
        warnings.append(
            f"The ledger lies on a network file system ({kind}), where its locks may fail. Set "
            "HAILUO_NB_HOME to a "
            "folder on a local disk."
        )
    if free < _MIN_FREE:
        warnings.append(f"Only {free / 1e6:.0f} MB are free for clips in {home}.")
    if not path.exists():
        return [*lines, "  there is none yet; it is made with the first clip"]
    try:
        return lines + _contents(inspect(path), warnings)
    except LedgerError as error:
        cut = path.with_name(path.name + "-journal").exists()
        warnings.append(
            f"The ledger cannot be read: {error}. "
            + (
                "A process ended in the middle of a write, or writes now: hn.history() puts that "
                "right. "
                if cut
                else ""
            )
            + "Do not delete it while clips are open; keep a copy and report this."
        )
        return [*lines, f"  cannot be read: {error}"]


def _contents(found: Inspection, warnings: list[str]) -> list[str]:
    from hailuo_nb.engine.states import STATES

    if found.integrity != "ok":
        warnings.append(
            f"The ledger is damaged: {found.integrity}. Keep a copy of it and report this."
        )
    counts = [f"{found.states[state]} {state}" for state in STATES if found.states[state]]
    lines = [f"  integrity check: {found.integrity}; {', '.join(counts) or 'no clips'}"]
    lines += [line for job in found.open_jobs[:_MAX_JOBS] for line in _job(job)]
    warnings += dict.fromkeys(filter(None, map(_doubled_version, found.open_jobs)))
    if len(found.open_jobs) > _MAX_JOBS:
        lines.append(f"  and {len(found.open_jobs) - _MAX_JOBS} more that are not over")
    if found.states["unknown"]:
        warnings.append(
            f"{found.states['unknown']} clips may have been paid and wait for a person: see above."
        )
    return lines


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


def _job(job: OpenJob) -> list[str]:
    """Describes an unfinished job and what to do about it."""
    from hailuo_nb.engine.logs import hidden
    from hailuo_nb.media.text import visible

    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(job.created_at))
    prompt = job.prompt if len(job.prompt) <= 60 else job.prompt[:60] + "…"
    # Without queries of links, because reports are shared.
    message = f" It said: {hidden(job.error)[:300]}" if job.error else ""
    head = (
        f"{job.id} {job.provider} take {job.take} of {made}, {job.state}, task {job.task_id or '-'}"
    )
    return [visible(f"  {head}: {prompt}"), visible(f"      {_what_to_do(job.state)}{message}")]


def _what_to_do(state: str) -> str:
    from hailuo_nb.results.advice import advice_for

    if state == "unknown":
        return (
            f"{advice_for('unknown', None)} hn.resume() looks in the provider's list, where it has "
            "one; "
            "job.send_again() sends it once more, which may be paid twice."
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


def _providers(warnings: list[str]) -> list[str]:
    from hailuo_nb.providers import credentials, registry

    lines = ["Providers:"]
    holders: dict[Credentials, str] = {}
    for name in registry.names():
        adapter = registry.get(name)
        found = credentials.find(adapter.key_variables)
        sources = [
            f"{variable} {_where(source, variable in found.trimmed)}"
            for variable, source in zip(adapter.key_variables, found.sources, strict=True)
        ]
        wrong = (
            found.credentials.find_malformed(adapter.key_variables) if found.credentials else None
        )
        if wrong:
            warnings.append(credentials.malformed(wrong) + ".")
        warnings += [f"{hint}." for hint in found.hints]
        if found.credentials:
            warnings += _key_notes(name, found.credentials)
            if (first := holders.setdefault(found.credentials, name)) != name:
                warnings.append(f"{first} and {name} have the same key, good for one of them.")
        state = "key present" if found.credentials else "no key"
        lines.append(f"  {name:<12} {state} ({', '.join(sources)})")
    warnings += [f"{reason}." for reason in registry.broken()]
    return [*lines, "  simulated:*  need no key"]


def _key_notes(name: str, credentials: Credentials) -> list[str]:
    """What the provider's page says of such keys."""
    from hailuo_nb import catalog

    about = catalog.facts(name)
    notes = about.key_notes if about else ()
    return [f"{name}: {note.text}" for note in notes if credentials.begin_with(note.prefix)]


def _prices() -> list[str]:
    """The day of each price list, and how old it is where that is too old to trust."""
    import datetime

    from hailuo_nb import catalog
    from hailuo_nb.catalog import prices

    own = os.environ.get(prices.PRICES_VARIABLE)
    lines = [f"  {prices.PRICES_VARIABLE}={own}"] if own else []
    for name in catalog.providers():
        about = catalog.facts(name)
        if about is None or not about.prices.rows:
            lines.append(f"  {name:<12} none that its page states")
            continue
        listed = prices.Price(None, date=about.prices.date or "")
        lines.append(f"  {name:<12} of {listed.day(datetime.date.today()) or 'an unknown day'}")
    return ["List prices:", *lines]


def _where(source: str, trimmed: bool) -> str:
    """Describes where a key was found, and whether it was stripped."""
    if not source:
        return "not found"
    return (
        f"from {source}, without the quotes, blanks or words around it"
        if trimmed
        else f"from {source}"
    )


def _connections(warnings: list[str]) -> list[str]:
    """Lists proxies and environment variables that affect connections."""
    import httpx2

    from hailuo_nb.engine import routes
    from hailuo_nb.engine.links import FAKE_IP_VARIABLE
    from hailuo_nb.providers import registry

    found: dict[str, list[str]] = {}
    for name in registry.names():
        proxy = routes.proxy_for(httpx2.URL(registry.get(name).base_url))
        if proxy is None:
            continue
        names = found.setdefault(f"{proxy} ({proxy.setting})", [])
        names.append(name)
        try:
            proxy.check()
        except routes.NoRouteError as error:
            warnings += [f"{error}. Nothing can be sent."] if len(names) == 1 else []
    lines = [f"  through the proxy {proxy}: {', '.join(names)}" for proxy, names in found.items()]
    lines = [*lines, "  addresses of this machine go around it"] if lines else ["  no proxy"]
    lines += [
        f"  {name}={os.environ[name]}"
        for name in (*_CONNECTION_VARIABLES, FAKE_IP_VARIABLE)
        if os.environ.get(name)
    ]
    certificates = os.environ.get("SSL_CERT_FILE")
    if certificates and not os.access(certificates, os.R_OK):
        warnings.append(
            f"SSL_CERT_FILE names {certificates}, which cannot be read: nothing can be sent."
        )
    return ["Connections:", *lines]


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
