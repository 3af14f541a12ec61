"""The plan of `run` as a CSV file: read strictly, as a cell in the wrong column would be paid."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hailuo_nb import catalog
from hailuo_nb.errors import FileError, TableError
from hailuo_nb.media import files
from hailuo_nb.ordering.table_columns import require_prompt
from hailuo_nb.requests import arguments

if TYPE_CHECKING:
    import pandas as pd

STDIN = "-"
_MAX_BYTES = 20 << 20
_SEPARATORS = ",;\t|"
_TEXTS = frozenset(
    {
        "prompt", "provider", "model", "resolution", "first_frame", "last_frame", "references",
        "ratio", "currency", "problem", "nearest", "warning",
    }
)  # fmt: skip
"""Columns that are text whatever stands in them: the prompt "2001" is no number."""


def read(path: str) -> pd.DataFrame:
    """The table of a CSV file, as `hn.plan(...).to_csv()` or a spreadsheet writes it; of standard
    input for "-".

    The index has the numbers of a spreadsheet's rows: 2 below the header. Raises TableError.
    """
    import pandas as pd

    header, rows = _rows(path, _text(path))
    columns = _columns(path, header, rows)
    require_prompt(pd.Index(list(columns.values())))
    if not rows:
        raise TableError(f"the plan {path} has no row below its first line")
    numeric = {name: not _is_text(name) for name in columns.values()}
    cells = [
        {name: _value(row[at], numeric=numeric[name]) for at, name in columns.items()}
        for _, row in rows
    ]
    index = pd.Index([number for number, _ in rows])
    return pd.DataFrame(cells, columns=list(columns.values()), index=index, dtype=object)


def _text(path: str) -> str:
    try:
        if path != STDIN:
            data = files.read_bounded(arguments.as_path("plan", path), _MAX_BYTES, follow=True)
        elif len(data := sys.stdin.buffer.read(_MAX_BYTES + 1)) > _MAX_BYTES:
            raise TableError(f"the plan has more than {_MAX_BYTES:,} bytes")
        if data.startswith(b"PK\x03\x04") or data.lstrip()[:1] in {b"[", b"{"}:
            kind = "JSON" if data[:2] != b"PK" else "a file of Excel, or another archive"
            raise TableError(f"the plan {path} is {kind}: save it as CSV UTF-8")
        return data.decode("utf-8-sig")
    except FileError as error:
        raise TableError(f"the plan cannot be read: {error}") from None
    except OSError as error:
        raise TableError(f"the plan {path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise TableError(
            f"the plan {path} is no text in UTF-8 (byte {error.start}): save it as CSV UTF-8"
        ) from None


def _rows(path: str, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and (number, cells) of each row that is not empty. Raises TableError."""
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        rows = list(_filled(path, header, reader))
    except csv.Error as error:
        raise TableError(f"the plan {path} is no CSV at line {reader.line_num}: {error}") from None
    if not any(header):
        raise TableError(f"the plan {path} is empty: its first line names the columns")
    return header, rows


def _filled(
    path: str, header: Sequence[str], reader: Iterator[list[str]]
) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(reader, 2):
        if len(row) > len(header):
            raise TableError(
                f"row {number} of {path} has {len(row)} cells, and there are {len(header)} "
                'columns: a text with the separator in it is written in quotes, "a cat, running"'
            )
        if any(cell.strip() for cell in row):
            yield number, [*row, *[""] * (len(header) - len(row))]


def _columns(
    path: str, header: Sequence[str], rows: Sequence[tuple[int, list[str]]]
) -> dict[int, str]:
    """Places and names. The first column without a name is an index that pandas wrote; another one
    must be empty."""
    for at, name in enumerate(header):
        if not name and at and any(row[at].strip() for _, row in rows):
            raise TableError(f"column {at + 1} of {path} has no name in the first line")
    named = {at: name for at, name in enumerate(header) if name}
    twice = sorted({name for name in named.values() if list(named.values()).count(name) > 1})
    if twice:
        raise TableError(f"the plan {path} has the column {twice[0]!r} twice")
    return named


def _is_text(name: str) -> bool:
    option = catalog.settings().get(name)
    return name in _TEXTS or (option is not None and option.type == "text")


def _value(cell: str, *, numeric: bool) -> Any:
    if not cell.strip():
        return None
    if not numeric:
        return cell
    word = cell.strip()
    if word.lower() in {"true", "false"}:
        return word.lower() == "true"
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return cell
