"""The table of a comparison, as a DataFrame and as a CSV or Parquet file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailuo_nb.errors import NoParquetError
from hailuo_nb.measure.report import COLUMNS
from hailuo_nb.measure.score_store import STORE
from hailuo_nb.media import files
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.results import columns, dataframes
from hailuo_nb.results.columns import FIELDS
from hailuo_nb.results.job import Job

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = tuple("=+-@\t\r\n")
_PANDAS_ENGINES = ("pyarrow", "fastparquet")


def records(jobs: Sequence[Job], skipped: Sequence[Skipped]) -> list[dict[str, Any]]:
    """One record a clip, by the names of `FIELDS`."""
    return [job.to_dict() for job in jobs] + [columns.of_skipped(skip) for skip in skipped]


def to_frame(jobs: Sequence[Job], skipped: Sequence[Skipped]) -> pd.DataFrame:
    """See `Comparison.to_frame`."""
    STORE.load(jobs)
    scores = {job.id: STORE.get(job.id) for job in jobs}
    clips: list[Job | Skipped] = [*jobs, *skipped]
    shapes = [columns.shape_of(clip.request.to_json()) for clip in clips]
    table = [
        {
            **scores.get(row["id"], {}),
            **dataframes.prompt_columns(row["prompt"], clip.own_columns),
            **row,
            **shape,
        }
        for row, clip, shape in zip(records(jobs, skipped), clips, shapes, strict=True)
    ]
    shown = [name for name in columns.SHAPE if any(name in shape for shape in shapes)]
    names = [*dataframes.columns_of(FIELDS), *shown]
    names += dataframes.own_names((clip.own_columns for clip in clips), names)
    found = dict.fromkeys(name for one in scores.values() for name in one)
    names += COLUMNS if "measure_notes" in found else ()
    return dataframes.frame(table, dict.fromkeys([*names, *(n for n in found if n not in COLUMNS)]))


def write_csv(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """See `Comparison.to_csv`."""
    table = table.assign(tags=table["tags"].map(lambda tags: ", ".join(_tags(tags))))
    for name in table.select_dtypes("datetimetz"):
        table[name] = table[name].dt.floor("s")
    table[dataframes.TOOK] = table[dataframes.TOOK].map(_clock, na_action="ignore")
    text = table.map(_no_formula).rename(columns=_no_formula).to_csv(index=False)
    return write(path, text.encode("utf-8-sig", "backslashreplace"))


def _clock(took: timedelta) -> str:
    """ "0:01:23", which spreadsheets and pandas read as a time that passed."""
    seconds = round(took.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _tags(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA else value


def write(path: str | os.PathLike[str], data: bytes | Callable[[files.AtomicFile], None]) -> Path:
    """Write a file that the user named, see `files.user_target`; `data` may be a function. Raises
    FileError, OSError."""
    target, root = files.user_target(path)
    with files.AtomicFile(target, root=root, mode=files.PUBLIC) as new:
        if isinstance(data, bytes):
            new.file.write(data)
        else:
            data(new)
        new.commit()
    return Path(path).expanduser()


def write_parquet(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write the table without its index, tags as lists: with pyarrow or fastparquet if one is
    there, else with duckdb, whose `took` is in seconds, as its intervals are no durations of
    pandas.

    A column of one's own with values of several kinds is text. Raises NoParquetError, FileError,
    OSError.
    """
    import pandas as pd

    table = table.assign(tags=table["tags"].map(lambda tags: list(_tags(tags))))
    for name in table.columns.drop("tags"):
        if pd.api.types.infer_dtype(table[name], skipna=True).startswith("mixed"):
            table[name] = table[name].map(str, na_action="ignore")
    return write(path, lambda new: _fill(table, new))


def _fill(table: pd.DataFrame, new: files.AtomicFile) -> None:
    new.file.close()  # the engines write to a name
    for engine in _PANDAS_ENGINES:
        if find_spec(engine) is not None:
            table.to_parquet(new.path, engine=engine, index=False)  # type: ignore[call-overload]
            return
    if find_spec("duckdb") is None:
        raise NoParquetError(
            "writing Parquet needs pyarrow, fastparquet or duckdb, and none is installed: %pip "
            "install pyarrow, "
            "or use to_csv or to_json, which need nothing"
        )
    table = table.assign(**{dataframes.TOOK: table[dataframes.TOOK].dt.total_seconds()})
    with import_module("duckdb").connect() as db:
        db.register("clips", table)
        written = str(new.path).replace("'", "''")
        db.execute(f"COPY (SELECT * FROM clips) TO '{written}' (FORMAT parquet)")  # noqa: S608 - our own statement
