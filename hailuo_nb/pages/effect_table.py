"""The verdict of a comparison as HTML, once in each language: the page's style shows the board's.

Every text that a person or a provider wrote is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from hailuo_nb.pages import words
from hailuo_nb.pages.effect_rows import FAILED, UNDECIDED, VOTES, Effect, Effects, verdict_text
from hailuo_nb.pages.markup import escape_short as escape
from hailuo_nb.pages.words import Translate

MAX_ROWS = 100
_UNFOLDED_ROWS = 6  # more are folded: the clips stay in sight
_LANGUAGES = ("en", "zh")
_HEADS = ("outcome", "item", "other", "difference", "pairs", "verdict")
_OUTCOMES = {
    VOTES: "summary.head.strength",
    FAILED: "verdict.failed",
    "stars": "summary.head.stars",
    "seconds": "verdict.time",
}

Label = Callable[[str], str]
"""What an item is called, as HTML."""


def render(effects: Effects | None) -> str:
    """A section for each language; "" where there was nothing to ask."""
    if effects is None:
        return ""
    return "".join(
        f'<section class="verdict" lang="{language}">{_inner(effects, words.translator(language))}'
        "</section>\n"
        for language in _LANGUAGES
    )


def _inner(effects: Effects, t: Translate) -> str:
    axis = _axis(effects.by, t)
    if effects.missing:
        return f'<p class="still-line">{escape(t(f"verdict.none.{effects.missing}", by=axis))}</p>'
    items = {item for row in effects.rows for item in (row.item, row.other)}
    simulated = items <= effects.simulated
    badge = (
        f' <span class="still-badge">{escape(t("common.simulated"))}</span>' if simulated else ""
    )
    label = _labels(effects, t, marked=not simulated)
    said = [*_sentences(effects, label, t)] or [_undecided(effects.rows, t)]
    shown = effects.rows
    if len(shown) > MAX_ROWS:
        shown = sorted(shown, key=lambda row: row.verdict == UNDECIDED)[:MAX_ROWS]
    more = len(effects.rows) - len(shown)
    hints = [
        t("verdict.more", count=more) if more else "",
        t("verdict.race", count=effects.rounds) if effects.rounds else "",
        t("verdict.hint"),
        t("verdict.hint.votes") if any(row.outcome == VOTES for row in shown) else "",
    ]
    apart = ", ".join(map(label, effects.apart))
    return (
        f"<h2>{escape(t('verdict.title', by=axis))}{badge}</h2>"
        + "".join(f"<p>{line}</p>" for line in said)
        + (f'<p class="still-line">{t("verdict.apart", items=apart)}</p>' if apart else "")
        + f"<details{' open' if len(effects.rows) <= _UNFOLDED_ROWS else ''}>"
        f"<summary>{escape(t('verdict.all', count=len(effects.rows)))}</summary>"
        f'<div class="still-scroll" tabindex="0">{_table(shown, label, t)}</div>'
        f'<p class="still-line">{escape(" ".join(filter(None, hints)))}</p></details>'
    )


def _axis(by: str, t: Translate) -> str:
    """What the question is called; a column of a person's own has no other name."""
    keys = (f"column.{by}", f"verdict.by.{by}")
    return next((t(key).lower() for key in keys if t(key) != key), by)


def _labels(effects: Effects, t: Translate, *, marked: bool) -> Label:
    """marked  whether the simulated items say so: else the head says it of all"""

    def label(item: str) -> str:
        text = effects.labels.get(item, item) or t("summary.no_move")
        beside = f" ({t('common.simulated')})" if item in effects.simulated and marked else ""
        return f'<b title="{escape(item)}"><bdi>{escape(text + beside)}</bdi></b>'

    return label


def _sentences(effects: Effects, label: Label, t: Translate) -> Iterator[str]:
    """What is decided: who is better than whom, by what."""
    if effects.winner is not None and len(effects.rows) > 1:
        outcome = _inside(effects.rows[0].outcome, t)
        yield t("verdict.winner", item=label(effects.winner), outcome=escape(outcome))
        return
    decided = [
        ((row.item, row.other) if row.verdict == "better" else (row.other, row.item), row.outcome)
        for row in effects.rows
        if row.verdict != UNDECIDED
    ]
    alike: dict[tuple[str, str], list[str]] = {}
    for pair in dict.fromkeys(pair for pair, _ in decided):
        named = ", ".join(_inside(outcome, t) for one, outcome in decided if one == pair)
        alike.setdefault((pair[0], named), []).append(label(pair[1]))
    for (better, named), worse in alike.items():
        others = ", ".join(worse)
        yield t("verdict.said", item=label(better), other=others, outcome=escape(named))


def _undecided(rows: Sequence[Effect], t: Translate) -> str:
    """That nothing is decided, and what is nearest to it."""
    missing = [(row.more, row.outcome) for row in rows if row.more is not None]
    if not missing:
        return escape(t("verdict.open"))
    more, outcome = min(missing, key=itemgetter(0))
    nearest = t("verdict.nearest", count=more, outcome=_inside(outcome, t))
    return escape(f"{t('verdict.open')} {nearest}")


def _outcome(name: str, t: Translate) -> str:
    if name.startswith("cost "):
        return t("verdict.cost", currency=name.removeprefix("cost "))
    key = _OUTCOMES.get(name, f"column.{name}")
    found = t(key)
    return name if found == key else found


def _inside(name: str, t: Translate) -> str:
    """The same within a sentence. A scorer's name stays as it is."""
    text = _outcome(name, t)
    return text if text == name else text[:1].lower() + text[1:]


def _table(rows: Sequence[Effect], label: Label, t: Translate) -> str:
    heads = "".join(f'<th scope="col">{escape(t(f"verdict.head.{name}"))}</th>' for name in _HEADS)
    groups = []
    for outcome, group in groupby(rows, key=lambda row: row.outcome):
        same = list(group)
        first = f'<th scope="rowgroup" rowspan="{len(same)}">{escape(_outcome(outcome, t))}</th>'
        lines = [f"{first if not at else ''}{_cells(row, label, t)}" for at, row in enumerate(same)]
        groups.append("<tbody>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</tbody>")
    return f"<table><thead><tr>{heads}</tr></thead>{''.join(groups)}</table>"


def _cells(row: Effect, label: Label, t: Translate) -> str:
    difference = "" if row.difference is None else with_sign(row.difference)
    if row.low is not None and row.high is not None:
        difference += f" ({with_sign(row.low)} … {with_sign(row.high)})"
    of = f" {t('verdict.requests', count=row.requests)}" if row.requests < row.pairs else ""
    return (
        f"<td>{label(row.item)}</td><td>{label(row.other)}</td>"
        f"<td>{escape(difference)}</td><td>{row.pairs}{escape(of)}</td>"
        f'<td class="verdict-{row.verdict.split()[0]}">{escape(verdict_text(row, t))}</td>'
    )


def with_sign(value: float) -> str:
    """A difference with its sign, to about three figures."""
    value = round(value, 12)  # no 1e-17 for 0, as in the table
    size = abs(value)
    if not size:
        return "0"
    if size == math.inf:
        return "+∞" if value > 0 else "−∞"
    if not 0.01 <= size < 1e6:
        return f"{value:+.2g}".replace("-", "−")
    places = 2 if size < 10 else 1 if size < 100 else 0
    return f"{value:+.{places}f}".replace("-", "−")
