"""The summaries as small HTML tables, for a notebook or a page that runs no script.

No style sheet, as in `html_table`; every text that a person or a provider wrote is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hailuo_nb.pages.markup import escape_short as escape
from hailuo_nb.pages.summary_rows import (
    MAX_ROWS,
    Figure,
    Summaries,
    SummaryRow,
    notes_of,
    pool_text,
)

_CELL = ' style="text-align:left;vertical-align:top;padding:2px 12px 2px 0"'
_TABLE = ' style="border-collapse:collapse;margin-top:12px"'
_HEADS = {
    "provider": "Provider",
    "prompt": "Prompt",
    "model": "Model",
    "camera": "Camera",
}


def render(summaries: Summaries, *, styled: bool = True) -> str:
    """One table each; none by what all clips share. `styled` puts the styles into the elements."""
    return "".join(
        _table(_HEADS[by], rows[:MAX_ROWS], len(rows) - MAX_ROWS, styled=styled)
        for by, rows in summaries.items()
        if len(rows) > 1 or by == "provider"
        if rows
    )


def _table(head: str, rows: Sequence[SummaryRow], more: int, *, styled: bool) -> str:
    cell, table = (_CELL, _TABLE) if styled else ("", "")
    columns = [(name, make) for name, make in _COLUMNS.items() if any(map(make, rows))]
    names = "".join(f"<th{cell}>{name}</th>" for name in (head, *(name for name, _ in columns)))
    lines = "".join(
        f"<tr><td{cell}>{escape(_label(row))}</td>"
        + "".join(f"<td{cell}>{escape(make(row))}</td>" for _, make in columns)
        + "</tr>"
        for row in rows
    )
    rest = f"<p>{more} more.</p>" if more > 0 else ""
    return (
        f'<table class="tex2jax_ignore mathjax_ignore"{table}><caption{cell}>Summary by '
        f"{head.lower()} (95 % intervals; best where they part)</caption><thead><tr>{names}</tr>"
        f"</thead><tbody>{lines}</tbody></table>{rest}"
    )


def _label(row: SummaryRow) -> str:
    return f"{row.label or 'none'}{' (simulated)' if row.simulated else ''}"


def figure_text(figure: Figure, spell: Callable[[float], str]) -> str:
    """ "4.3 (3.6 … 5.0, n 12) best"; "" where there is none."""
    if figure.value is None:
        return ""
    within = ""
    if figure.low is not None and figure.high is not None:
        within = f"{spell(figure.low)} … {spell(figure.high)}, "
    best = " best" if figure.best else ""
    return f"{spell(figure.value)} ({within}n {figure.n}){best}"


def _made(row: SummaryRow) -> str:
    said = [f"{row.made} of {row.clips} made"]
    said += [f"{row.failed} failed"] if row.failed else []
    said += [f"{row.unknown} unknown"] if row.unknown else []
    return ", ".join(said) + (" best" if row.share.best else "")


def _seconds(row: SummaryRow) -> str:
    text = figure_text(row.seconds, lambda value: f"{value:.0f} s")
    return f"{text}, p90 {row.slow:.0f} s" if row.slow is not None else text


def _costs(row: SummaryRow) -> str:
    said = [
        f"{cost.clip:.2f} {cost.currency} (n {cost.n})"
        for cost in row.costs
        if cost.clip is not None
    ]
    return "; ".join(said)


def _kept(row: SummaryRow) -> str:
    said = [
        f"{figure_text(cost.kept, '{:.2f}'.format)} {cost.currency}"
        for cost in row.costs
        if cost.kept.value is not None
    ]
    return "; ".join(said)


def _strength(row: SummaryRow) -> str:
    text = figure_text(row.strength, "{:+.2f}".format)
    return text and f"{text}, won {row.wins}, lost {row.losses}, tied {row.ties}"


_COLUMNS: dict[str, Callable[[SummaryRow], str]] = {
    "Clips": _made,
    "Seconds": _seconds,
    "Cost of a clip": _costs,
    "Cost of a kept clip": _kept,
    "Stars": lambda row: figure_text(row.stars, "{:.1f}".format),
    "Votes": _strength,
    "Moves as asked": lambda row: figure_text(row.adherence, "{:.0%}".format),
    "Pool": lambda row: "; ".join(map(pool_text, row.pools)),
    "Note": lambda row: "; ".join(notes_of(row)),
}
