"""board.suggest: which votes, or which takes at which price, would tell most about a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from hailuo_nb import catalog
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.engine.states import FINAL
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure import paired, racing
from hailuo_nb.measure.axes import AXES, axis_of, item_of
from hailuo_nb.ordering.validation import job_spec
from hailuo_nb.pages.effect_rows import MAX_MORE, VOTES, Effect
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results import effects, matching
from hailuo_nb.results.effects import ClipOutcomes
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import account_of
from hailuo_nb.results.voting import votes_of
from hailuo_nb.results.wanted import TakeWanted, VoteWanted, takes_wanted, votes_wanted

if TYPE_CHECKING:
    import pandas as pd

_REQUEST = (
    "prompt", "provider", "model", "resolution", "duration", "first_frame", "last_frame",
    "references", "ratio", "sound",
)  # fmt: skip
_IN_PROMPT = frozenset({"wording", "camera"})


# The question ------------------------------------------------------------------------------------


def open_axis(jobs: Sequence[Job]) -> str:
    """The first of prompt, provider and the rest of `axes.AXES` in which clips differ that agree in
    everything else, else the first in which any differ: as a vote on the board asks (`axisOf` of
    js/pairing.js). Raises ArgumentError."""
    varying = ""
    for axis in dict.fromkeys(("prompt", *AXES)):
        items = (item_of(job, axis) for job in jobs)
        placed = set(zip(items, matching.keys(jobs, axis), strict=True))
        if len({item for item, _ in placed}) > 1:
            varying = varying or axis
            if len({same for _, same in placed}) < len(placed):
                return axis
    if not varying:
        raise ArgumentError(
            f"there is nothing to compare: the {len(jobs)} clips differ in nothing but their take"
        )
    return varying


def questions(
    clips: Sequence[ClipOutcomes], votes: Sequence[Vote], axis: str, outcome: str
) -> list[Effect]:
    """What is known of each two items; [] where nothing is. Raises ArgumentError for one item, and
    for an outcome that no clip has, but votes."""
    if outcome == VOTES and not votes and len({clip.item for clip in clips}) > 1:
        return []
    return effects.effects(clips, votes, axis, outcome)


def undecided(clips: Sequence[ClipOutcomes], votes: Sequence[Vote], outcome: str) -> list[str]:
    """The items that are not surely worse than another one, in this outcome.

    Who votes as is suggested looks after each vote, and stops where it says "decided": the verdict
    of `effect` is for one look, and would name a winner among equals on one board in eight. This is
    the test of a race, which holds however often one looks.
    """
    items = list(dict.fromkeys(clip.item for clip in clips))
    find = effects.pairs_by(outcome, clips, votes)
    sign = -1 if effects.less_is_better(outcome) else 1

    def rounds(item: str, other: str) -> racing.Rounds:
        return [[sign * pair.difference] for pair in find(item, other)]

    worse = racing.beaten(items, len(items), rounds)
    return [item for item in items if item not in worse]


# The table ---------------------------------------------------------------------------------------


def suggest(
    jobs: Sequence[Job], count: int, by: str | None = None, outcome: str | None = None
) -> pd.DataFrame:
    """See `Comparison.suggest`."""
    return _frame([_at_its_address(one) for one in records(jobs, count, by, outcome)])


def _at_its_address(record: dict[str, Any]) -> dict[str, Any]:
    """A provider's name stands for its own address: a take at another one names the account."""
    account = record.pop("account", None)
    if account is None or account.base_url == account.provider.base_url or account.simulated:
        return record
    return {**record, "provider": account}


def records(
    jobs: Sequence[Job], count: int, by: str | None = None, outcome: str | None = None
) -> list[dict[str, Any]]:
    """The rows of `suggest`; one of the kind "none", with the winner as `item`, where nothing would
    help."""
    axis = open_axis(jobs) if by is None else axis_of(by, jobs)
    jobs = [job for job in jobs if item_of(job, axis) is not None]
    asked = VOTES if outcome is None else arguments.as_text("outcome", outcome)
    clips, votes = effects.outcomes_of(jobs, axis), votes_of(jobs)
    found = questions(clips, votes, axis, asked)
    left = undecided(clips, votes, asked)
    if len(left) < 2:
        why = f"decided: {left[0]!r} is better than the others by {asked}"
        return [{"kind": "none", "why": why, "item": left[0]}]
    saved = {job.id for job in jobs if job.state == "saved"}
    rows: list[dict[str, Any]] = []
    if asked == VOTES:
        rows += map(_vote_record, islice(votes_wanted(clips, votes, left, saved), count))
    if len(rows) < count:
        coming = {job.id for job in jobs if job.state == "saved" or job.state not in FINAL}
        cells = _Cells(jobs, clips, axis)
        wanted = takes_wanted(cells.clips_for(left), found, left, coming)
        more = _more(found, left)
        rows += [cells.record(take, more) for take in islice(wanted, count - len(rows))]
    why = f"no clip that can be asked for differs in {axis} alone"
    return rows or [{"kind": "none", "why": why, "item": ""}]


def _vote_record(vote: VoteWanted) -> dict[str, Any]:
    one, other = vote.items
    return {
        "kind": "vote",
        "first": vote.first,
        "second": vote.second,
        "cost": 0.0,
        "currency": "",
        "narrower": vote.narrower,
        "why": f"nobody has voted between these two clips of {one!r} and {other!r}",
    }


def _more(found: Sequence[Effect], left: Sequence[str]) -> str:
    asked = [one for one in found if {one.item, one.other} <= set(left)]
    if not asked:
        return f"at least {paired.more_pairs([], 1.0)} pairs are needed"
    known = [one.more for one in asked if one.more is not None]
    if len(known) < len(asked):
        return f"more than {MAX_MORE} more pairs are needed"
    more = max(known)
    if not more:
        return "a verdict at one look; some more pairs make it sure for who looks after each"
    return f"about {more} more pair{'' if more == 1 else 's'} would tell"


class _Cells:
    """The requests of a board by item and by what they share, and those that lack in it."""

    def __init__(self, jobs: Sequence[Job], clips: Sequence[ClipOutcomes], axis: str) -> None:
        self._axis, self._clips = axis, clips
        self._jobs: dict[tuple[str, Hashable], Job] = {}
        self._of_item: dict[str, Job] = {}
        self._of_rest: dict[Hashable, Job] = {}
        self._takes: Counter[tuple[str, Hashable]] = Counter()
        for job, clip in zip(jobs, clips, strict=True):
            cell = (clip.item, clip.same)
            self._jobs.setdefault(cell, job)
            self._of_item.setdefault(clip.item, job)
            self._of_rest.setdefault(clip.same, job)
            self._takes[cell] = max(self._takes[cell], clip.take)

    def clips_for(self, items: Sequence[str]) -> list[ClipOutcomes]:
        """Those that share with others what each of the items has, or can be asked for with."""
        rests = dict.fromkeys(clip.same for clip in self._clips)
        whole = {
            same
            for same in rests
            if all((item, same) in self._jobs or self._lacking(item, same) for item in items)
        }
        return [clip for clip in self._clips if clip.same in whole]

    def record(self, take: TakeWanted, more: str) -> dict[str, Any]:
        """A row for the next take of a cell, with the columns that `hn.compare` reads."""
        cell = (take.item, take.same)
        job = self._jobs.get(cell)
        found = (account_of(job), job.request) if job is not None else self._lacking(*cell)
        assert found is not None  # by `clips_for`
        account, request = found
        self._takes[cell] += 1
        spec = job_spec(account, request, self._takes[cell])
        why = "its pair lacks this clip" if take.alone else "it and the others make pairs"
        return {
            **(job.own_columns if job is not None else {}),
            "kind": "take",
            "item": take.item,
            "narrower": take.narrower,
            "why": f"{why}; {more}",
            "cost": spec.cost,
            "currency": spec.currency,
            **{name: request.get(name) for name in _REQUEST if name != "provider"},
            "provider": account.name,
            "account": account,
            "references": list(request.references) or None,
            **request.options,
            "take": spec.take,
        }

    def _lacking(self, item: str, same: Hashable) -> tuple[Account, VideoRequest] | None:
        """(account, request) of an item that was never asked for there; None where nobody can say
        it or make it."""
        own = any(self._axis in job.own_columns for job in self._jobs.values())
        if own or self._axis in _IN_PROMPT:
            return None
        given, rest = self._of_item[item], self._of_rest[same]
        if self._axis == "provider":
            account, request = account_of(given), rest.request
        else:
            account = account_of(rest)
            request = rest.request.but(**{self._axis: given.request.get(self._axis)})
        refused = catalog.errors_of(request, account.provider.name)
        return None if refused else (account, request)


def _frame(records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    head = ["kind", "first", "second", "cost", "currency", "narrower", "why"]
    there = {name for one in records for name, value in one.items() if value is not None}
    rest = [name for one in records for name in one if name in there and name != "item"]
    names = dict.fromkeys([*head, *_REQUEST[:5], *(name for name in rest if name != "take")])
    table = pd.DataFrame(records, columns=[*names, "take"])
    whole = dict.fromkeys(("duration", "take"), "Int64")
    return table.astype({"cost": float, "narrower": float, **whole})
