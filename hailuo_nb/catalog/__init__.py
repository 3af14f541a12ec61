"""What is sold, as data: models, resolutions, durations, frames, options, limits, prices; `check`
holds a request against it."""

from hailuo_nb.catalog.compatibility import Problem, check, errors_of
from hailuo_nb.catalog.names import (
    MEANT,
    SHAPE,
    canonical_model,
    check_options,
    default_model,
    models,
    options,
    parse_duration,
    parse_option,
    parse_options,
    parse_resolution,
    providers,
    require_known_model,
    resolutions,
    resolve_model,
    settings,
    unknown_provider,
)
from hailuo_nb.catalog.option import Option
from hailuo_nb.catalog.row_choice import cell_for, row_for
from hailuo_nb.catalog.rows import Cell, ProviderFacts, Row, facts, rows

__all__ = [
    "MEANT",
    "SHAPE",
    "Cell",
    "Option",
    "Problem",
    "ProviderFacts",
    "Row",
    "canonical_model",
    "cell_for",
    "check",
    "check_options",
    "default_model",
    "errors_of",
    "facts",
    "models",
    "options",
    "parse_duration",
    "parse_option",
    "parse_options",
    "parse_resolution",
    "providers",
    "require_known_model",
    "resolutions",
    "resolve_model",
    "row_for",
    "rows",
    "settings",
    "unknown_provider",
]
