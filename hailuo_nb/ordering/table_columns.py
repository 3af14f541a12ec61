"""Which columns of a person's table are a clip's, and which are their own; typos are refused."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from hailuo_nb import catalog
from hailuo_nb.errors import TableError
from hailuo_nb.requests import arguments, own_columns

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

MEANT = MappingProxyType(
    {
        "text": "prompt",
        "prompt_text": "prompt",
        "takes": "take",
        "samples": "take",
        "n": "take",
        "seconds": "duration",
        "size": "resolution",
        "image": "first_frame",
        "first_image": "first_frame",
        "start_frame": "first_frame",
        "start_image": "first_frame",
        "last_image": "last_frame",
        "end_frame": "last_frame",
        "end_image": "last_frame",
        "aspect_ratio": "ratio",
        "audio": "sound",
        "optimizer": "prompt_optimizer",
    }
)
"""Other words for a clip's column: as a column of one's own such a one would be paid for, and not
be sent."""

OF_A_CLIP = frozenset(
    {
        "id", "state", "progress", "task_id", "path", "error", "charged_cost", "charged_currency",
        "spent", "submitted_at", "finished_at", "took", "rating", "note", "tags", "version",
        "parent", "changes", "would", "job", "source", "pool", "simulated",
        "kind", "item", "first", "second", "narrower", "why",
    }
)  # fmt: skip
"""Columns that a clip has by itself, in `to_frame()` and elsewhere."""

_SIMILAR = 0.8  # of difflib: "modle" is, "wording" and "warning" are not


def settings() -> tuple[str, ...]:
    """The names of the option columns."""
    return (*catalog.options(), *catalog.SHAPE)


def known() -> tuple[str, ...]:
    """The columns of a clip, and those that are read over."""
    return (*COLUMNS, *settings(), *INFORMATION)


def check(table: pd.DataFrame, has_providers: bool) -> tuple[str, ...]:
    """The columns that are the person's own. Raises TableError."""
    found = own_names(table.columns, known())
    if "prompt" not in table.columns:
        raise TableError("the table needs a column 'prompt'")
    if "provider" not in table.columns and not has_providers:
        raise TableError(
            "the table needs a column 'provider', or pass provider=[...] for all its rows"
        )
    return found


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
    for name in own:
        try:
            if name in cells:
                found[name] = own_columns.parse_value(cells[name])
        except ValueError as error:
            raise TableError(f"{row}: its column {name!r} {error}") from None
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
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in MEANT or plain in known():
        return MEANT.get(plain, plain)
    for close in difflib.get_close_matches(plain, known(), n=1, cutoff=_SIMILAR):
        ratio = difflib.SequenceMatcher(None, plain, close).ratio()
        if ratio > _SIMILAR or sorted(plain) == sorted(close):
            return close
    return ""
