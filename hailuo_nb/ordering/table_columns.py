"""Which columns of a person's table are a clip's, and which are their own; typos are refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from hailuo_nb import catalog
from hailuo_nb.errors import TableError
from hailuo_nb.requests import arguments, own_columns
from hailuo_nb.requests.redaction import may_be_key

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "prompt",
    "provider",
    "model",
    "resolution",
    "duration",
    "first_frame",
    "last_frame",
    "references",
    "take",
)
"""The columns besides options. Only `prompt` is required."""
INFORMATION = ("length", "cost", "currency", "problem", "nearest", "warning")
"""Columns that `hn.plan` adds for information; ignored."""

OF_A_CLIP = frozenset(
    {
        "id", "state", "progress", "task_id", "path", "error", "charged_cost", "charged_currency",
        "spent", "submitted_at", "finished_at", "took", "rating", "note", "tags", "version",
        "parent", "changes", "would", "job", "source", "pool", "simulated",
        "kind", "item", "first", "second", "narrower", "why",
    }
)  # fmt: skip
"""Columns that a clip has by itself, in `to_frame()` and elsewhere."""

_AROUND = " \t\r\n\"'\ufeff"  # of a name in a header
_UNIT = re.compile(r"\s*[(\[（].*[)\]）]$")
_SEPARATORS = {";": "';'", "\t": "'\\t'", "|": "'|'"}
_SECRET = re.compile(r"(?:^|[\W_]|api)(?:key|secret|token|password)$", re.IGNORECASE)
_SHOWN = 8  # names of columns in a message
_SIMILAR = 0.8  # of difflib: "modle" is, "wording" and "warning" are not


def settings() -> tuple[str, ...]:
    """The names of the option columns."""
    return (*catalog.options(), *catalog.SHAPE)


def known() -> tuple[str, ...]:
    """The columns of a clip, and those that are read over."""
    return (*COLUMNS, *settings(), *INFORMATION)


def check(table: pd.DataFrame, has_providers: bool) -> tuple[str, ...]:
    """The columns that are the person's own. Raises TableError."""
    if len(table.columns) == 1 and set(_SEPARATORS) & set(str(table.columns[0])):
        require_prompt(table.columns)  # a file that was read by the wrong sign
    found = own_names(table.columns, known())
    require_prompt(table.columns)
    if "provider" not in table.columns and not has_providers:
        raise TableError(
            "the table needs a column 'provider', or pass provider=[...] for all its rows"
        )
    return found


def require_prompt(columns: pd.Index) -> None:
    """Raises TableError for a table without a prompt, and where it was read by the wrong sign."""
    if "prompt" in columns:
        return
    names = [str(name) for name in columns]
    joined = next((sign for sign in _SEPARATORS if len(names) == 1 and sign in names[0]), "")
    hint = f"; read it with sep={_SEPARATORS[joined]}" if joined else ""
    if any(name.startswith(("\ufeff", "ï»¿")) for name in names):
        hint = "; read it with encoding='utf-8-sig'"
    shown = f", and has {', '.join(map(arguments.describe, names[:_SHOWN]))}" if names else ""
    raise TableError(f"the table needs a column 'prompt'{shown}{hint}")


def own_names(columns: pd.Index, read: Iterable[str]) -> tuple[str, ...]:
    """The columns that are none of `read`, which are the person's own. Raises TableError for what
    may be a column of a clip, written otherwise, and for a table of `board.suggest`."""
    if {"kind", "narrower"} <= set(columns):
        raise TableError(
            "this is what board.suggest found. Its takes are asked for by "
            "hn.compare(found.loc[found['kind'] == 'take', 'prompt':])"
        )
    own = [column for column in columns if column not in set(read)]
    wrong = [text for column in own if (text := _fault(column))]
    if wrong:
        names = ", ".join([*COLUMNS, *settings()])
        end = (
            f"Read are {names}; {', '.join(INFORMATION)} are read over. Any other name is a column "
            "of your own, which travels with its clips."
        )
        raise TableError("\n".join([*wrong, end]))
    if not columns.is_unique:
        raise TableError("a column of the table stands twice")
    if len(own) > own_columns.MAX_COLUMNS:
        raise TableError(
            f"the table has {len(own)} columns of your own; at most {own_columns.MAX_COLUMNS} "
            "travel with a clip"
        )
    return tuple(own)


def own_cells(cells: Mapping[str, object], own: Iterable[str], row: str) -> own_columns.OwnColumns:
    """The person's own columns of a row, without empty cells. Raises TableError."""
    found: dict[str, own_columns.OwnValue] = {}
    for name in filter(cells.__contains__, own):
        try:
            found[name] = own_columns.parse_value(cells[name])
        except ValueError as error:
            raise TableError(f"{row}: its column {name!r} {error}") from None
        if _SECRET.search(name) and may_be_key(str(found[name])):
            raise TableError(
                f"{row}: its column {name!r} holds a key, which would be stored and shown: leave "
                "it out, and give the key by hn.provider(...)"
            )
    return found


def check_same(one: own_columns.OwnColumns, other: own_columns.OwnColumns, rows: str) -> None:
    """Raises TableError where two rows that ask for the same clip differ in own columns: a clip
    has one value of each, and would silently lose the other row's.

    rows  both rows in a message
    """
    differing = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    if differing:
        raise TableError(
            f"{rows} ask for the same, and differ in your column {differing[0]!r}, of which a "
            "clip has one value. Leave one of them out, or give it another `take`. Nothing was sent"
        )


def _fault(column: object) -> str:
    """What is wrong with a column that is none of a clip; "" for one of the person's own."""
    name = arguments.format_label(column)
    if isinstance(column, str) and column.strip(_AROUND) == "prompt" != column:
        return f"the table has a column {name}; did you mean 'prompt'?"
    try:
        plain = own_columns.parse_name(column)
    except ValueError as error:
        return f"the table has a column {name}, which {error}"
    if plain == "camera":
        return (
            "the table has a column 'camera': a clip's camera is read from the brackets of its "
            "prompt (hn.plan(camera=[...]) writes them). Name the column otherwise, as in "
            "'my_camera'"
        )
    if meant := _meant(plain):
        return (
            f"the table has a column {name}, which is none of a clip; did you mean {meant!r}? A "
            f"column of your own needs another name, as in 'my_{plain.strip()}'"
        )
    if plain in OF_A_CLIP:
        return (
            f"the table has a column {name}, which is none of a request, and every clip has one by "
            f"itself. A column of your own needs another name, as in 'my_{plain}'"
        )
    return ""


def _meant(name: str) -> str:
    """The clip's column that a name may stand for; "" for none."""
    plain = re.sub(r"[\s\-]+", "_", _UNIT.sub("", name.strip(_AROUND).lower()))
    if plain in catalog.MEANT or plain in known():
        # As a column of one's own it would be paid for, and not be sent.
        return catalog.MEANT.get(plain, plain)
    for close in difflib.get_close_matches(plain, known(), n=1, cutoff=_SIMILAR):
        ratio = difflib.SequenceMatcher(None, plain, close).ratio()
        if ratio > _SIMILAR or sorted(plain) == sorted(close):
            return close
    return ""
