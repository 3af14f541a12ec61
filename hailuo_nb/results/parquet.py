"""A DataFrame as a Parquet file, with whatever is installed that can write one.

Must not know clips.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.errors import NoParquetError
from hailuo_nb.media import files

if TYPE_CHECKING:
    import pandas as pd

_PANDAS_ENGINES = ("pyarrow", "fastparquet")


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
    """Write the table without its index: with pyarrow or fastparquet if one is there, else with
    duckdb.

    Raises NoParquetError, FileError, OSError.
    """
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
    with import_module("duckdb").connect() as db:
        db.register("clips", table)
        written = str(new.path).replace("'", "''")
        db.execute(f"COPY (SELECT * FROM clips) TO '{written}' (FORMAT parquet)")  # noqa: S608 - our own statement
