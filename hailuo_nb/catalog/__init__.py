"""What is sold, as data: models, resolutions, durations, frames, limits, prices; `check` holds a
request against it."""

from hailuo_nb.catalog.compatibility import (
    Problem,
    cell_for,
    check,
    default_model,
    models,
    providers,
    resolve_model,
    row_for,
    unknown_provider,
)
from hailuo_nb.catalog.rows import Cell, Row, SwitchState, rows

__all__ = [
    "Cell",
    "Problem",
    "Row",
    "SwitchState",
    "cell_for",
    "check",
    "default_model",
    "models",
    "providers",
    "resolve_model",
    "row_for",
    "rows",
    "unknown_provider",
]
