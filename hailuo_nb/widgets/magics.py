"""`%load_ext hailuo_nb`: %%hailuo, %hailuo_resume and %hailuo_history, with their options completed
by Tab.

One table of options makes parser, help and completion. A mistake of the person is a UsageError,
which IPython shows without a traceback.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from IPython.core.completer import CompletionContext, SimpleCompletion, completion_matcher
from IPython.core.error import UsageError

from hailuo_nb import api, catalog
from hailuo_nb.engine import states
from hailuo_nb.errors import HailuoError
from hailuo_nb.media.text import closest
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import masked
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.history import history

if TYPE_CHECKING:
    import pandas as pd

_PICTURES = {".png", ".jpg", ".jpeg", ".webp"}
Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class _Option:
    """One option: what argparse needs, and which values Tab offers after the words that stand
    before it."""

    name: str
    help: str
    settings: dict[str, Any] = field(default_factory=dict)
    values: Callable[[str, Words], Sequence[str]] = lambda _fragment, _words: ()

    @property
    def flag(self) -> bool:
        return self.settings.get("action") == "store_true"


# What Tab offers ----------------------------------------------------------------------------------


def _providers(fragment: str, _words: Words) -> list[str]:
    ref = ProviderRef.parse(fragment)
    if "/" in fragment and ref.provider in catalog.providers():
        return [str(ref.with_model(model)) for model in catalog.models(ref.provider)]
    return [
        ProviderRef(name, simulated).name
        for simulated in (False, True)
        for name in catalog.providers()
    ]


def _chosen(words: Words) -> list[str]:
    """The plain names of the providers that the line names so far; all where it names none."""
    named = [after for word, after in pairwise(words) if word == "--provider"]
    plain = [ProviderRef.parse(name).provider for name in named]
    return [name for name in plain if name in catalog.providers()] or list(catalog.providers())


def _models(_fragment: str, words: Words) -> list[str]:
    return sorted({model for name in _chosen(words) for model in catalog.models(name)})


def _cells(words: Words) -> list[catalog.Cell]:
    chosen = _chosen(words)
    return [cell for row in catalog.rows() if row.provider in chosen for cell in row.cells]


def _resolutions(_fragment: str, words: Words) -> list[str]:
    sold = {cell.resolution for cell in _cells(words)}
    return [label for label in catalog.resolutions() if label in sold]


def _durations(_fragment: str, words: Words) -> list[str]:
    return [str(seconds) for seconds in sorted({cell.duration for cell in _cells(words)})]


def _pictures(fragment: str, _words: Words) -> list[str]:
    folder, slash, _ = fragment.rpartition("/")
    try:
        found = sorted((Path(folder or slash or ".").expanduser()).iterdir())
    except (OSError, RuntimeError):  # RuntimeError: "~somebody" who is nobody here
        return []
    shown = [path for path in found if not path.name.startswith(".")]
    folders = [f"{folder}{slash}{path.name}/" for path in shown if path.is_dir()]
    return [
        f"{folder}{slash}{path.name}" for path in shown if path.suffix.lower() in _PICTURES
    ] + folders


def _states(_fragment: str, _words: Words) -> Sequence[str]:
    return states.STATES


# The options --------------------------------------------------------------------------------------


def _resolution(text: str) -> str:
    try:
        return catalog.parse_resolution(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


_HELP = _Option("--help", "show this and do nothing", {"action": "store_true"})
_GENERATE = (
    _Option(
        "--provider",
        "who makes it; several are compared. Names as in hn.compare: modelverse, "
        "xcompute/2.3-Fast, simulated:ppinfra",
        {"action": "append", "metavar": "NAME"},
        _providers,
    ),
    _Option(
        "--model",
        "MiniMax's name; each provider's default without it",
        {"metavar": "NAME"},
        _models,
    ),
    _Option(
        "--resolution",
        "768P (default), 1080P, 2K",
        {"type": _resolution, "metavar": "SIZE"},
        _resolutions,
    ),
    _Option("--duration", "seconds, 6 (default)", {"type": int, "metavar": "S"}, _durations),
    _Option("--first-frame", "path or https link", {"metavar": "PICTURE"}, _pictures),
    _Option("--last-frame", "path or https link", {"metavar": "PICTURE"}, _pictures),
    _Option("--reference", "the same", {"action": "append", "dest": "references"}, _pictures),
    _Option("--take", "number of the first sample; 1 without it", {"type": int, "metavar": "N"}),
    _Option("--takes", "how many samples of each", {"type": int, "metavar": "N"}),
    _Option("--skip-invalid", "leave out what a provider cannot make", {"action": "store_true"}),
    _Option(
        "--max-cost",
        "send nothing if it would cost more by list price",
        {"type": float, "metavar": "COST"},
    ),
    _Option("--max-clips", "send nothing if more would be sent", {"type": int, "metavar": "N"}),
    _Option("--wait", "wait until every clip is there", {"action": "store_true"}),
    _Option("--out", "keep the board in this variable too", {"metavar": "VARIABLE"}),
    _HELP,
)


def _clip_options() -> tuple[_Option, ...]:
    """An option of the line for each option of the catalogue: `--prompt-optimizer on`."""
    return tuple(
        _Option(
            f"--{name.replace('_', '-')}",
            _help_of(option),
            {"type": _reader(name, option), "metavar": "VALUE", "dest": name},
            _values_of(option),
        )
        for name, option in catalog.settings().items()
        if not option.essential
    )


def _help_of(option: catalog.Option) -> str:
    if option.type == "bool":
        return "on or off; the provider's default without it"
    values = ", ".join(map(str, option.values))
    return f"{values or option.type}; the provider's default without it"


def _values_of(option: catalog.Option) -> Callable[[str, Words], Sequence[str]]:
    offered = ("on", "off") if option.type == "bool" else tuple(map(str, option.values))
    return lambda _fragment, _words: offered


_SWITCH = {"on": True, "true": True, "off": False, "false": False}


def _reader(name: str, option: catalog.Option) -> Callable[[str], Any]:
    """What argparse calls with the word behind an option."""

    def read(word: str) -> Any:
        try:
            if option.type == "bool":
                return _SWITCH[word.lower()]
            plain = {"int": int, "float": float, "text": str}[option.type](word)
            return catalog.parse_option(name, plain)
        except KeyError:
            raise argparse.ArgumentTypeError(f"{word!r} is neither on nor off") from None
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


_NOT_FOR_COMPARE = {"wait", "out", "help"}
_HISTORY = (
    _Option("--last", "the last so many clips", {"type": int, "metavar": "N"}),
    _Option(
        "--state", "clips in this state", {"choices": states.STATES, "metavar": "STATE"}, _states
    ),
    _HELP,
)
_MAGICS: dict[str, tuple[str, tuple[_Option, ...]]] = {
    "%%hailuo": ("The cell is the prompt; the comparison board is the result.", _GENERATE),
    "%hailuo_resume": (
        "Go on with every clip of the ledger that is not over (hn.resume).",
        (_HELP,),
    ),
    "%hailuo_history": ("The ledger as a table, one row a clip (hn.history).", _HISTORY),
}


def _options_of(magic: str) -> tuple[_Option, ...]:
    found = _MAGICS[magic][1]
    return (*_clip_options(), *found) if found is _GENERATE else found


class _Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would leave the process."""

    def __init__(self, magic: str) -> None:
        description, options = _MAGICS[magic][0], _options_of(magic)
        super().__init__(prog=magic, description=description, add_help=False, allow_abbrev=False)
        self.known = [option.name for option in options]
        for option in options:
            self.add_argument(option.name, help=option.help, **option.settings)

    def error(self, message: str) -> NoReturn:
        message = " ".join(map(masked, message.split()))  # a key in the line is not repeated
        words = message.partition("unrecognized arguments:")[2].split()
        strange = [word for word in words if word.startswith("--")]
        near = closest(strange[0], self.known) if strange else ""
        hint = f"; did you mean {near}?" if near else ""
        raise UsageError(
            f"{self.prog}: {message}{hint} ({self.prog.replace('%%', '%')} --help lists the "
            "options)"
        )


def _parse_line(magic: str, line: str) -> argparse.Namespace | None:
    """The options of a line; None after `--help`, which is printed."""
    parser = _Parser(magic)
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    lexer.escape = ""  # a backslash is part of a path
    try:
        words = list(lexer)
    except ValueError:
        raise UsageError(f"{magic}: a quotation mark is never closed") from None
    options = parser.parse_args(words)
    if options.help:
        print(parser.format_help())  # noqa: T201 - the person wants it printed
        return None
    return options


# The magics ---------------------------------------------------------------------------------------


class _Magics:
    """The three functions of one shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def hailuo(self, line: str, cell: str | None = None) -> Comparison | None:
        options = _parse_line("%%hailuo", line)
        if options is None:
            return None
        prompt = (cell or "").strip()
        if not prompt:
            raise UsageError(
                "%%hailuo: the cell below the first line, which has two %, is the prompt; it is "
                "empty"
            )
        if not options.provider:
            known = ", ".join(catalog.providers())
            raise UsageError(
                f"%%hailuo: name at least one --provider: {known}, or "
                f"{ProviderRef('...', simulated=True)} with one of them"
            )
        if options.out is not None and not options.out.isidentifier():
            raise UsageError(f"%%hailuo: --out {options.out!r} is no name of a variable")
        settings = {
            name: value
            for name, value in vars(options).items()
            if value is not None and name not in _NOT_FOR_COMPARE
        }
        with _usage_errors():
            board = api.compare(prompt, **settings)
        if options.out is not None:
            self._shell.user_ns[options.out] = board
        return board.wait() if options.wait else board

    def hailuo_resume(self, line: str) -> Comparison | None:
        if _parse_line("%hailuo_resume", line) is None:
            return None
        with _usage_errors():
            return api.resume()

    def hailuo_history(self, line: str) -> pd.DataFrame | None:
        options = _parse_line("%hailuo_history", line)
        if options is None:
            return None
        with _usage_errors():
            table = history()
        if options.state is not None:
            table = table[table["state"] == options.state]
        return table if options.last is None else table.tail(max(options.last, 0))


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Raise UsageError for what a person has to read."""
    try:
        yield
    except (HailuoError, ValueError) as error:
        raise UsageError(str(error)) from None


# Tab ----------------------------------------------------------------------------------------------


@completion_matcher(identifier="hailuo_nb", priority=200, api_version=2)  # type: ignore[untyped-decorator]
def complete(context: CompletionContext) -> Any:
    """Options and values on the line of one of these magics; nothing anywhere else."""
    command, space, rest = context.text_until_cursor.lstrip().partition(" ")
    command = "%%hailuo" if command == "%hailuo" else command
    if not space or command not in _MAGICS:
        return {"completions": [], "suppress": False}
    fragment, found = _candidates(_options_of(command), rest)
    return {
        "completions": [SimpleCompletion(text=text, type="magic option") for text in found],
        "matched_fragment": fragment,
        "suppress": True,
        "ordered": True,
    }


def _candidates(options: Sequence[_Option], rest: str) -> tuple[str, list[str]]:
    """The word that is being typed, and what it could become."""
    words = rest.split()
    fragment = "" if not rest or rest[-1].isspace() else words.pop()
    by_name = {option.name: option for option in options}
    before = by_name.get(words[-1]) if words else None
    name, equals, value = fragment.partition("=")
    if equals and name in by_name:
        before, fragment = by_name[name], value
    if before is not None and not before.flag:
        found = list(before.values(fragment, words))
    else:
        found = [
            option.name
            for option in options
            if option.name not in words or option.name == "--provider"
        ]
    return fragment, [text for text in found if text.lower().startswith(fragment.lower())]


# Loading ------------------------------------------------------------------------------------------


def load(shell: Any) -> None:
    """Register the magics and the completion. Loading again changes nothing."""
    for magic, kinds, function in _functions(_Magics(shell)):
        function.__func__.__doc__ = _Parser(magic).format_help()  # what `%%hailuo?` shows
        for kind in kinds:
            shell.register_magic_function(function, kind, magic.strip("%"))
    if complete not in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.append(complete)


def unload(shell: Any) -> None:
    """Take away what `load` registered."""
    for magic, kinds, _ in _functions(_Magics(shell)):
        for kind in kinds:
            shell.magics_manager.magics[kind].pop(magic.strip("%"), None)
    if complete in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(complete)


def _functions(magics: _Magics) -> list[tuple[str, tuple[str, ...], Any]]:
    """Each magic with the kinds it is registered as. IPython runs no cell magic without a body, so
    `%hailuo --help` is a line magic too."""
    return [
        ("%%hailuo", ("cell", "line"), magics.hailuo),
        ("%hailuo_resume", ("line",), magics.hailuo_resume),
        ("%hailuo_history", ("line",), magics.hailuo_history),
    ]
