"""hn.history and hn.boards: the ledger as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hailuo_nb import catalog
from hailuo_nb.engine import session
from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.loop import wait
from hailuo_nb.results import columns, dataframes

if TYPE_CHECKING:
    import pandas as pd


def boards() -> pd.DataFrame:
    """The comparisons that `Comparison.save` keeps in the ledger, the newest first.

    Columns: name, n_clips, n_saved (how many of them have arrived), newest (when its newest clip
    was asked for, in UTC).
    """
    import pandas as pd

    found = wait(session.runner().ledger.boards())
    rows = [(board.name, board.clips, board.saved) for board in found]
    table = pd.DataFrame(rows, columns=["name", "n_clips", "n_saved"])
    table = table.astype({"n_clips": "int64", "n_saved": "int64"})
    return table.assign(newest=dataframes.utc_times(board.newest for board in found))


def history() -> pd.DataFrame:
    """The whole ledger, one row a clip, columns as in `Comparison.to_frame`: times in UTC, `took` a
    Timedelta, unrated NA, tags a tuple of text; then a column for each of ratio, references (how
    many) and the options that any of them has, and those of your own tables.

    Behind those of a clip stand `version`, the number of the clip's prompt in the order in which
    prompts were first sent from here; `parent`, the version sent before it, of a sweep the nearest;
    and `changes`, the words in which it differs from that: "dusk → dawn; + slowly".
    """
    runner = session.runner()
    known = wait(runner.ledger.history())
    ids = [row.id for row in known]
    marks, own = wait(runner.ledger.annotations(ids)), wait(runner.ledger.own_columns(ids))
    versions = columns.of_versions(known)
    options = {row.id: columns.options_of(row) for row in known}
    rows = [
        columns.of_row(row, marks.get(row.id, Annotation()), runner.home, runner.percent(row.id))
        | versions[row.prompt]
        | options[row.id]
        | dataframes.prompt_columns(row.prompt, own.get(row.id, {}))
        for row in known
    ]
    settings = (*columns.SHAPE, *catalog.options())
    shown = [name for name in settings if any(name in one for one in options.values())]
    names = [*dataframes.columns_of(columns.FIELDS), *columns.VERSION, *shown]
    found = dataframes.frame(rows, [*names, *dataframes.own_names(own.values(), names)])
    return found.astype({"version": "Int64", "parent": "Int64"})
