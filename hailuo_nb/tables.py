"""A DataFrame as a Parquet file, with whatever is installed that can write one.

Must not know clips.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.told import ToldError

if TYPE_CHECKING:
    import pandas as pd

_PANDAS_ENGINES = ("pyarrow", "fastparquet")


class NoParquetError(ToldError, ImportError):
    """Nothing here writes Parquet; the message says what to install."""


def write_parquet(table: pd.DataFrame, target: Path) -> None:
    """Write the table without its index: with pyarrow or fastparquet if one is there, else with duckdb.

    Raises NoParquetError, OSError.
    """
    for engine in _PANDAS_ENGINES:
        if find_spec(engine) is not None:
            table.to_parquet(target, engine=engine, index=False)  # type: ignore[call-overload]
            return
    if find_spec("duckdb") is None:
        raise NoParquetError(
            "writing Parquet needs pyarrow, fastparquet or duckdb, and none is installed: %pip install pyarrow, "
            "or use to_csv or to_json, which need nothing"
        )
    with import_module("duckdb").connect() as db:
        db.register("clips", table)
        written = str(target).replace("'", "''")
        db.execute(f"COPY (SELECT * FROM clips) TO '{written}' (FORMAT parquet)")  # noqa: S608 - our own statement
