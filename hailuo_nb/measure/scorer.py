"""A scorer: a person's own function of a clip, with its name and version; run as a task."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import pickle
import re
import sys
import textwrap
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hailuo_nb.engine.ledger.protocol import ScoreKey
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure.clip import Clip
from hailuo_nb.measure.clip_view import ClipView
from hailuo_nb.measure.scored import Scored, read
from hailuo_nb.measure.task import check_file
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.requests.redaction import redact

Function = Callable[[ClipView], object]
"""Takes a clip; gives a number, a dict or a row of pandas, or an awaitable of one."""
PREFIX = "scorer:"
"""Keys of scores in the ledger begin so; those of measurements do not."""
_NAME = re.compile(r"[^\W\d]\w{0,59}")
_LATE = object()
_SIMPLE = (str, bytes, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Scorer:
    """name        of its column
    version     a score of another version is not taken for this one
    in_threads  it holds what no other process may have, such as a key
    """

    name: str
    version: str
    function: Function
    in_threads: bool = False

    def key(self, clip: Clip) -> ScoreKey:
        """Under which its result is kept: file, name, version, and what the clip was asked to be.
        Two prompts may have given the same file."""
        return clip.sha256, f"{PREFIX}{self.name}@{self.version}{subject(clip)}"


def subject(clip: Clip) -> str:
    """The end of a key: of the prompt and the first frame."""
    frame = clip.first_frame
    return "#" + digest(clip.prompt, "" if frame is None else frame.identity)


def name_of(version: str) -> str:
    """The scorer's name in the second half of a key."""
    return version.removeprefix(PREFIX).partition("@")[0]


def scorers_of(scorers: object) -> list[Scorer]:
    """From one callable, a list of them, or a dict of names and callables. Raises ArgumentError."""
    if isinstance(scorers, Mapping):
        named = list(scorers.items())
    else:
        given = [scorers] if callable(scorers) else scorers
        if not isinstance(given, list | tuple):
            raise ArgumentError("scorers is a function, a list of functions, or a dict of them")
        named = [(_own_name(one, place), one) for place, one in enumerate(given, 1)]
    if not named:
        raise ArgumentError("scorers is empty: name a function, or leave it out")
    known: set[str] = set()
    found: list[Scorer] = []
    for name, function in named:
        if not callable(function):
            raise ArgumentError(f"the scorer {name!r} is no function that takes a clip")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ArgumentError(
                f"{name!r} is no name of a scorer: it is letters, digits and _, and names a column"
            )
        if name in known:
            raise name_taken(name)
        known.add(name)
        in_threads = bool(getattr(function, "in_threads", False))
        found.append(Scorer(name, version_of(function), function, in_threads))
    return found


def name_taken(name: str) -> ArgumentError:
    return ArgumentError(
        f"there is a column {name!r} already: give the scorer another name, as in "
        f"scorers={{'my_{name}': function}}"
    )


def _own_name(function: object, place: int) -> str:
    """Its `__name__`, or that of its class; a lambda and what has none is named by its place."""
    inner = function.func if isinstance(function, partial) else function
    name = getattr(inner, "name", None) or getattr(inner, "__name__", "")
    if not isinstance(name, str) or not name.isidentifier():
        name = "" if inspect.isfunction(inner) else type(inner).__name__
    return name or f"scorer_{place}"


# The version -------------------------------------------------------------------------------------


def version_of(function: object) -> str:
    """`function.__version__` where there is one; else a digest of its qualified name, its source,
    its defaults and the plain values that it closes over or was made with.

    So a changed body is a new version, and a helper, model or global that it uses is not seen:
    `__version__` is for those.
    """
    given = getattr(function, "__version__", None)
    if isinstance(given, str | int | float) and str(given):
        return re.sub(r"[#\s]+", "_", str(given))[:80]
    return digest(*_parts(function))


def _parts(function: Any) -> list[str]:
    if isinstance(function, partial):
        held = {"args": list(function.args), **function.keywords}
        return [*_parts(function.func), _plain(held)]
    if inspect.ismethod(function):
        return [*_parts(function.__func__), _plain(getattr(function.__self__, "__dict__", {}))]
    if inspect.isfunction(function):
        cells = function.__closure__ or ()
        closed = dict(zip(function.__code__.co_freevars, map(_cell, cells), strict=True))
        defaults = [function.__defaults__, function.__kwdefaults__]
        name = f"{function.__module__}.{function.__qualname__}"
        return [name, _source(function), _plain(closed), _plain(defaults)]
    kind = function if inspect.isclass(function) else type(function)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return [name, _source(kind), _plain(getattr(function, "__dict__", {}))]


def _source(thing: Any) -> str:
    try:
        return textwrap.dedent(inspect.getsource(thing))
    except (OSError, TypeError):  # typed in where nothing keeps it, or not written in Python
        code = getattr(thing, "__code__", None)
        return "" if code is None else f"{code.co_code.hex()} {_plain(code.co_consts)}"


def _cell(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _plain(value: object) -> str:
    """The same text for the same value in every session: an address in memory is none."""
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{key}:{_plain(held)}' for key, held in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_plain, value))}]"
    if isinstance(value, _SIMPLE):
        return repr(value)
    if inspect.isfunction(value):
        return f"{value.__qualname__} {_source(value)}"
    return type(value).__qualname__


def digest(*parts: str) -> str:
    """A short name of some texts, the same in every session."""
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:16]


# One run -----------------------------------------------------------------------------------------


def travels(function: object) -> bool:
    """Whether another process can be handed it by pickle. What a notebook defines cannot: the
    other process has no such notebook."""
    try:
        text = pickle.dumps(function)
    except Exception:  # whatever its `__reduce__` raises
        return False
    return b"__main__" not in text or hasattr(sys.modules["__main__"], "__file__")


def run_scorer(
    clip: ClipView, name: str, function: Function, taken: frozenset[str], timeout: float
) -> str:
    """One scorer on one clip, as a task for any executor. Returns `Scored` as JSON: what it raised,
    or that it took longer than `timeout` seconds, is its note.

    Raises FileChangedError where the file is not the one that was saved.
    """
    check_file(Path(clip.path), clip.sha256)
    found: list[Scored] = []
    late = Scored(note=f"it took longer than {timeout:g} s (timeout=)")

    def work() -> None:
        try:
            returned = function(clip)
            if inspect.isawaitable(returned):
                returned = asyncio.run(_awaited(returned, timeout))
            found.append(late if returned is _LATE else read(name, returned, taken))
        except BaseException as error:  # a scorer that ends the interpreter ends its thread
            found.append(Scored(note=_raised(error)))

    # A thread of its own, since a function cannot be ended from outside: the worker goes on.
    thread = threading.Thread(target=work, name=f"hailuo_nb-{name}", daemon=True)
    thread.start()
    thread.join(timeout)
    return (found[0] if found else late).to_json()


async def _awaited(returned: Awaitable[object], seconds: float) -> object:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await returned
    except TimeoutError:
        if limit.expired():
            return _LATE
        raise


def _raised(error: BaseException) -> str:
    try:
        words = str(error)
    except Exception:  # its __str__ is the scorer's too
        words = ""
    said = " ".join(visible(redact(words)).split())
    return shortened(f"it raised {type(error).__name__}{f': {said}' if said else ''}")
