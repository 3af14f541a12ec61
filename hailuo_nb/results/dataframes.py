"""Tables of clips with the types that pandas users expect: times, durations, and gaps as NA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hailuo_nb.prompts.camera import moves_text, wording
from hailuo_nb.requests.own_columns import OwnColumns

if TYPE_CHECKING:
    import pandas as pd

_TIMES = ("submitted_at", "finished_at")
_AMOUNTS = ("cost", "charged_cost", "spent", "progress")
PROMPT = ("prompt", "wording", "camera")
"""The prompt whole, without its camera moves, and these."""
TOOK = "took"
"""From submit to the end, a Timedelta."""


def columns_of(names: Iterable[str]) -> list[str]:
    """The columns of a table by the fields of a clip: with those that follow from them."""
    more = {"prompt": PROMPT, "finished_at": ("finished_at", TOOK)}
    return [column for name in names for column in more.get(name, (name,))]


def prompt_columns(prompt: object, own: OwnColumns) -> dict[str, Any]:
    """The columns `PROMPT` beside the prompt, and the person's own, which go before them."""
    text = prompt if isinstance(prompt, str) else ""
    return {"wording": wording(text), "camera": moves_text(text), **own}


def own_names(of: Iterable[OwnColumns], taken: Iterable[str]) -> list[str]:
    """The names of own columns that no column has yet, in the order of their first clip."""
    known = set(taken)
    return [name for name in dict.fromkeys(name for own in of for name in own) if name not in known]


def frame(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    """The table. Times in UTC; stars, and what is unknown, NA; a time that no calendar has, NaT."""
    import pandas as pd

    table = pd.DataFrame(list(rows), columns=list(columns))
    for name in _TIMES:
        table[name] = _times(table[name])
    table[TOOK] = table["finished_at"] - table["submitted_at"]
    table.loc[table[TOOK] < pd.Timedelta(0), TOOK] = pd.Timedelta(0)  # a clock was set back
    rated = pd.to_numeric(table["rating"]).astype("Int64")
    table["rating"] = rated.where(rated != 0)
    return table.astype(dict.fromkeys(_AMOUNTS, float))


def _times(seconds: pd.Series) -> pd.Series:
    import pandas as pd

    found = pd.to_datetime(seconds.astype(float), unit="s", utc=True, errors="coerce")
    return found.dt.as_unit("ms")


def utc_times(seconds: Iterable[float]) -> pd.Series:
    """Unix seconds as a column of times."""
    import pandas as pd

    return _times(pd.Series(list(seconds), dtype=float))
