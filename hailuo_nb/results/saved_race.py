"""A race as it is kept with its board: what was raced, on what, by which clips; its looks again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.requests.fields import Fields
from hailuo_nb.results.job import Job
from hailuo_nb.results.race import Look, Race

_MAX_CLIPS = 20_000


@dataclass(frozen=True, slots=True)
class SavedRace:
    """clips  the ids of those that the race asked for; a board may have others too"""

    race: Race
    clips: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        race = self.race
        return {
            "by": race.axis,
            "outcome": race.outcome,
            "items": [*race.items],
            "first_take": race.first,
            "takes_a_round": race.span,
            "clips": [*self.clips],
        }

    @classmethod
    def parse(cls, data: Fields) -> SavedRace:
        """Raises FieldError."""
        items = data.texts("items")
        if len(items) < 2:
            raise data.error("items", "must be two or more")
        first, span = data.number("first_take") or 1, data.number("takes_a_round") or 1
        race = Race(data.text("by"), data.text("outcome"), items, first, span)
        return cls(race, data.texts("clips", _MAX_CLIPS))

    def looks(self, jobs: Sequence[Job], votes: Sequence[Vote]) -> list[Look]:
        """What the race saw, or would have seen, after each round that is over, of these clips of
        it."""
        rounds: dict[int, list[Job]] = {}
        for job in jobs:
            rounds.setdefault(self.race.round_of(job.take), []).append(job)
        seen: list[Job] = []
        found: list[Look] = []
        left: Sequence[str] = self.race.items
        for number in sorted(rounds):
            if len(left) < 2 or not all(job.done for job in rounds[number]):
                break
            seen += rounds[number]
            found.append(self.race.look(seen, votes, left))
            left = found[-1].left
        return found
