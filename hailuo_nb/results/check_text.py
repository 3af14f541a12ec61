"""The text of a check, "adherence >= 0.8": a column, a sign and a number, read without eval."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hailuo_nb.errors import ArgumentError
from hailuo_nb.media.text import closest
from hailuo_nb.requests import arguments


def _same(value: float, limit: float) -> bool:
    """Means and sums of decimals are not exact."""
    return math.isclose(value, limit, rel_tol=1e-9, abs_tol=1e-12)


_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda value, limit: value >= limit or _same(value, limit),
    "<=": lambda value, limit: value <= limit or _same(value, limit),
    "==": _same,
    "!=": lambda value, limit: not _same(value, limit),
    ">": lambda value, limit: value > limit and not _same(value, limit),
    "<": lambda value, limit: value < limit and not _same(value, limit),
}
_ALIKE = {"≥": ">=", "≤": "<=", "≠": "!="}
_CHECK = re.compile(
    r"\s*(?P<name>\w+)\s*(?P<sign>>=|<=|==|!=|[<>≥≤≠])\s*"
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>%|[^\W\d_]+)?\s*",
)
_SECONDS = {
    word: seconds
    for seconds, words in {
        1: "s sec secs second seconds 秒",
        60: "min mins minute minutes 分 分钟",
        3600: "h hour hours 小时",
    }.items()
    for word in words.split()
}
_MAX_LENGTH = 300  # characters of a check

SHORT = {
    "seconds": "seconds_p50",
    "rating": "stars",
    "clips": "n_clips",
    "made": "n_made",
    "failed": "n_failed",
    "unknown": "n_unknown",
    "votes": "n_votes",
}
"""Other words for columns of the summary."""

_ENDS = re.compile("_(low|high|n)$")
"""Of an interval and of a count: read, and left out where columns are listed."""
SPENT = "spent"
"""The sum of what an item's clips cost: a column of checks alone."""
_MONEY = ("cost", SPENT)


@dataclass(frozen=True, slots=True)
class Check:
    """One expression: `text` as it was given, `column` of the summary or of a scorer.

    currency  that the limit is in; "" where none was named
    """

    text: str
    column: str
    sign: str
    limit: float
    currency: str = ""

    def holds(self, value: float) -> bool:
        return _OPERATORS[self.sign](value, self.limit)


def read(expressions: Iterable[object]) -> list[Check]:
    """The checks of texts like "adherence >= 0.8". Raises ArgumentError."""
    found = [
        _read(one)
        for given in expressions
        for one in (given if isinstance(given, list | tuple) else [given])
    ]
    if not found:
        raise ArgumentError('give at least one check, as in board.check("adherence >= 0.8")')
    return found


def _read(expression: object) -> Check:
    given = arguments.as_text("a check", expression, _MAX_LENGTH)
    text = unicodedata.normalize("NFKC", given).strip("\ufeff\u200b")
    found = _CHECK.fullmatch(text)
    if found is None:
        raise ArgumentError(f"the check {arguments.describe(text)} cannot be read: {_why(text)}")
    name, unit = found["name"], found["unit"] or ""
    column = SHORT.get(name, name)
    times, currency = _unit(text, column, unit)
    limit = float(found["number"]) * times
    if not math.isfinite(limit):
        raise ArgumentError(f"the check {arguments.describe(text)} has a number without an end")
    sign = _ALIKE.get(found["sign"], found["sign"])
    return Check(" ".join(text.split()), column, sign, limit, currency)


def _why(text: str) -> str:
    if re.search(r"[^<>=!]=[^=]", text) and not re.search(r"[<>=!]=", text):
        return "one = is none of the signs: write == for equal"
    if len(re.findall(r"[<>=!≥≤≠]+", text)) > 1 or re.search(r"\b(and|or|not)\b|[&|,;]", text):
        return "one check is one comparison: give several as texts of their own"
    return 'it is a column, a sign (>= <= > < == !=) and a number, as in "failed == 0"'


def _unit(text: str, column: str, unit: str) -> tuple[float, str]:
    """What the number is multiplied by, and its currency."""
    if not unit:
        return 1, ""
    seconds = column.startswith("seconds")
    if unit == "%":
        if column.startswith(("n_", "stars")) or seconds or is_money(column):
            raise ArgumentError(
                f"the check {arguments.describe(text)} has %, and {column} is no share; made_share "
                "is that of the clips that were made"
            )
        return 0.01, ""
    if seconds and unit.lower() in _SECONDS:
        return _SECONDS[unit.lower()], ""
    if is_money(column) and re.fullmatch("[A-Za-z]{3}", unit):
        return 1, unit.upper()
    raise ArgumentError(
        f"the check {arguments.describe(text)} has the unit {unit!r}: there are %, of seconds "
        f"s, min, h, and of cost and spent a currency such as CNY"
    )


def require_known(checks: Iterable[Check], columns: Iterable[str]) -> None:
    """Raises ArgumentError for a column that is none of these, with the nearest."""
    known = sorted({*columns, *SHORT, SPENT})
    for one in checks:
        if one.column in known:
            continue
        listed = ", ".join(name for name in known if not _ENDS.search(name))
        near = closest(one.column, known, cutoff=0.5)
        meant = f"did you mean {near!r}? " if near else ""
        raise ArgumentError(
            f"the check {arguments.describe(one.text)} asks for a column that is not there: "
            f"{meant}Known: {listed}. A scorer's columns are there after "
            "hn.score(board, scorers=[...])."
        )


def is_money(column: str) -> bool:
    return column.split("_", maxsplit=1)[0] in _MONEY and not column.endswith("_n")
