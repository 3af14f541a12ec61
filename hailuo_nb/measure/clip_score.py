"""What was measured on one clip and what scorers said of it, to print and to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from hailuo_nb.measure.measurement import Measurement
from hailuo_nb.measure.report import COLUMNS, Value, columns, plot
from hailuo_nb.measure.scored import NOTES
from hailuo_nb.measure.verdicts import Adherence


@dataclass(frozen=True, slots=True)
class Score:
    """One clip. Where it was measured either `measurement` and `adherence` are there, or `error`
    says why not.

    values  what scorers of one's own gave, by column
    gaps    by scorer: why a value of it is missing
    """

    job_id: str
    provider: str
    measurement: Measurement | None
    adherence: Adherence | None
    error: str = ""
    prompt: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)

    @property
    def measured(self) -> bool:
        """Whether it was, or was tried."""
        return self.measurement is not None or bool(self.error)

    def plot(self, width: int = 480) -> str:
        """Requested and measured motion over time as an inline SVG of `width` pixels; the reason
        where there is none.

        Safe to put into a page: everything written is escaped. See `hailuo_nb.measure.report.plot`.
        """
        if self.measurement is None:
            return f"<p>{escape(self.error or str(self._said()))}</p>"
        return plot(self.prompt, self.measurement, self.adherence, width=width)

    def __repr__(self) -> str:
        # A measurement is thousands of numbers, and a notebook keeps what it shows.
        measured = [self.error or str(self.adherence)] if self.measured else []
        said = [str(one) for one in (self._said(),) if one]
        return f"Score({self.job_id}, {self.provider}: {'; '.join([*measured, *said])})"

    def _said(self) -> dict[str, Value]:
        return {**self.values, **self.gaps}

    def _repr_html_(self) -> str:
        head = f"{self.provider}: {self.adherence}" if self.adherence else self.provider
        return (
            "<figure "
            f"style='margin:0'><figcaption>{escape(head)}</figcaption>{self.plot()}</figure>"
        )

    def columns(self) -> dict[str, Value]:
        """As `hailuo_nb.measure.report.columns` where it was measured (for an error all None but
        `measure_notes`), and the columns of scorers."""
        own: dict[str, Value] = dict(self.values)
        if self.gaps:
            own[NOTES] = "; ".join(f"{name}: {note}" for name, note in self.gaps.items())
        return {**(self.measured_columns() if self.measured else {}), **own}

    def measured_columns(self) -> dict[str, Value]:
        if self.measurement is not None:
            return columns(self.measurement, self.adherence)
        return {name: self.error if name == "measure_notes" else None for name in COLUMNS}
