"""The board of a race: its page carries the race's own verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hailuo_nb.pages.effect_rows import VOTES, Effects
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.export import Content
from hailuo_nb.results.job import Job
from hailuo_nb.results.page_effects import with_labels
from hailuo_nb.results.race import Look, Race
from hailuo_nb.results.voting import votes_if_read

RaceState = Callable[[], tuple[Sequence[Job], Sequence[Look]]]
"""The clips that the race asked for, and what it saw after each round."""


class RaceBoard(Comparison):
    """All clips of a race so far. `effect` is for one look: after each round it would find winners
    among equals too often. The race's own verdict counts the looks in."""

    def __init__(self, race: Race, state: RaceState) -> None:
        super().__init__(title=f"Race by {race.axis}")
        self._race, self._state = race, state

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
