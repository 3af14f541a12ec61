"""The board of a race: its verdict counts the looks in, on a page and after it was saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.pages import words
from hailuo_nb.pages.effect_rows import VOTES, Effects, missing_text
from hailuo_nb.results import effects
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.export import Content
from hailuo_nb.results.job import Job
from hailuo_nb.results.page_effects import with_labels
from hailuo_nb.results.race import Look, Race
from hailuo_nb.results.saved_race import SavedRace
from hailuo_nb.results.voting import votes_if_read, votes_of

if TYPE_CHECKING:
    import pandas as pd

RaceState = Callable[[], tuple[Sequence[Job], Sequence[Look]]]
"""The clips that the race asked for, and what it saw after each round."""


class RaceBoard(Comparison):
    """All clips of a race so far. `effect` is for one look: after each round it would find winners
    among equals too often. The race's own `verdict` and `effects` count the looks in."""

    def __init__(self, race: Race, state: RaceState) -> None:
        super().__init__(title=f"Race by {race.axis}")
        self._race, self._state = race, state

    @classmethod
    def of(
        cls, saved: SavedRace, jobs: Sequence[Job], skipped: Sequence[Skipped], title: str
    ) -> RaceBoard:
        """The board of a race that was saved, with what its clips, votes and stars say now."""
        clips = {*saved.clips}
        its = [job for job in jobs if job.id in clips]

        def state() -> tuple[Sequence[Job], Sequence[Look]]:
            return its, saved.looks(its, votes_if_read(its) if saved.race.outcome == VOTES else [])

        board = cls(saved.race, state)
        board.add(jobs, skipped)
        board.title = title
        return board

    def _saved_race(self) -> SavedRace:
        return SavedRace(self._race, tuple(job.id for job in self._state()[0]))

    @property
    def verdict(self) -> str:
        """ "better: ..." with the winner, else that evidence is missing and about how much."""
        _, looks = self._state()
        look = looks[-1] if looks else Look(self._race.items)
        if len(look.left) == 1:
            return f"better: {look.left[0]}"
        if look.leader is None:
            return f"not enough evidence: {len(look.left)} are left, and no pair is judged yet"
        missing = missing_text(look.more, words.translator())
        order = f"ahead is {look.leader}" if look.lead > 0 else "level so far"
        return f"{missing}; {len(look.left)} are left, {order}"

    @property
    def effects(self) -> pd.DataFrame:
        """What was dropped against what it was dropped for, and each two that are left, the leader
        first: a table with the columns of `Comparison.effect`.

        Its intervals hold at every look: in 95 % of races all of them have the truth within, after
        each round (a confidence sequence, see `hailuo_nb.measure.racing`). Of votes, stars and
        adherence the difference is the mean; of outcomes without bounds the median, whose ends are
        infinite or NaN before there are enough pairs. 0 lies within where nothing was dropped.
        """
        jobs, looks = self._state()
        votes = votes_of(jobs) if self._race.outcome == VOTES else []
        rows = self._race.compared(jobs, votes, looks) if looks else []
        return effects.to_frame(rows, self._race.axis, jobs)

    def _effects(self, effect: bool | str, content: Content) -> Effects | None:
        if effect is not True:
            return super()._effects(effect, content)
        jobs, looks = self._state()
        if not looks:
            return None
        votes = votes_if_read(jobs) if self._race.outcome == VOTES else []
        left = looks[-1].left
        rows = self._race.compared(jobs, votes, looks)
        found = Effects(
            self._race.axis,
            rows,
            rounds=len(looks),
            winner=left[0] if len(left) == 1 else None,
            missing="" if rows else "pairs",
        )
        return with_labels(found, jobs)
