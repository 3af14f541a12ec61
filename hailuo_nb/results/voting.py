"""Votes between the clips of a comparison: given, shown, taken back, and compared by rater."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.engine.ledger.annotations import Outcome, Vote
from hailuo_nb.errors import ArgumentError, LedgerError
from hailuo_nb.requests import arguments
from hailuo_nb.results import agreement, raters, votes_file
from hailuo_nb.results.callbacks import Callbacks
from hailuo_nb.results.clip_choice import job_of, jobs_of
from hailuo_nb.results.dataframes import utc_times
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import annotation_of, notify, source_of
from hailuo_nb.results.ranking import implied
from hailuo_nb.results.votes_file import AddedVotes

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("id", "rater", "first", "second", "outcome", "time", "blind")


def votes_of(jobs: Sequence[Job]) -> list[Vote]:
    """The votes between these jobs that count, in the order in which they were given: of each rater
    on each two clips the last."""
    return source_of(jobs[0]).votes([job.id for job in jobs]) if jobs else []


def votes_if_read(jobs: Sequence[Job]) -> list[Vote]:
    """The same; none where the ledger cannot be read: the clips are there all the same."""
    try:
        return votes_of(jobs)
    except LedgerError:
        return []


class Voting:
    """The voting part of `Comparison`."""

    title: str
    _on_vote: Callbacks

    @property
    def jobs(self) -> list[Job]:
        raise NotImplementedError

    def on_vote(self, callback: Callable[[Job, Job, str], object], *, remove: bool = False) -> None:
        """Call `callback(first, second, outcome)` after each vote between these clips: here, or on
        the widget. Runs as `on_saved`'s do."""
        self._on_vote.register(callback, remove=remove)

    def vote(
        self,
        first: Job | str,
        second: Job | str,
        outcome: Outcome,
        *,
        blind: bool = False,
        rater: str | None = None,
    ) -> None:
        """Store a vote between two clips: outcome "first", "second" or "tie". Raises
        ArgumentError.

        first, second  jobs of this comparison, or their ids
        blind          whether the voter did not see the names
        rater          who votes; by default you, see `raters.own_rater`

        A rater has one vote on two clips: another takes its place.
        """
        one, other = job_of(self.jobs, first), job_of(self.jobs, second)
        arguments.as_text("outcome", outcome)
        hidden = bool(arguments.as_bool("blind", blind))
        who = raters.given_or_own(rater)
        source_of(one).vote(Vote(one.id, other.id, outcome, who, time.time(), hidden))
        self._on_vote.call(one, other, outcome)
        notify(one)

    def vote_best_worst(
        self,
        shown: Iterable[Job | str],
        best: Job | str,
        worst: Job | str,
        *,
        blind: bool = False,
        rater: str | None = None,
    ) -> None:
        """Store what the best and the worst of three or more clips say: the best is better than
        each other one, each other one better than the worst. Five votes of four clips. Raises
        ValueError.

        shown, best, worst, blind, rater  as for `vote`
        """
        ids = [job.id for job in jobs_of(self.jobs, shown)]
        top, last = job_of(self.jobs, best).id, job_of(self.jobs, worst).id
        for winner, loser in implied(ids, top, last):
            self.vote(winner, loser, "first", blind=blind, rater=rater)

    @property
    def votes(self) -> pd.DataFrame:
        """The votes between these clips that count, in the order in which they were given: of each
        rater on each two clips the last.

        Columns: id (of the vote, for `remove_vote`), rater, first, second (ids of clips), outcome,
        time (UTC), blind.
        """
        import pandas as pd

        rows = [
            (vote.id, vote.rater, vote.first, vote.second, vote.outcome, vote.at, vote.blind)
            for vote in votes_of(self.jobs)
        ]
        table = pd.DataFrame(rows, columns=[*_COLUMNS]).astype({"time": float, "blind": bool})
        known = table["time"].where(table["time"].between(1, 1e10))  # as of an old folder
        return table.assign(time=utc_times(known))

    def remove_vote(self, vote: str) -> None:
        """Take one vote back. Raises ArgumentError for one that is not here.

        vote  its id, as in the column `id` of `votes`
        """
        wanted = arguments.as_text("vote", vote)
        jobs = self.jobs
        found = next((one for one in votes_of(jobs) if one.id == wanted), None)
        if found is None:
            raise ArgumentError(
                f"{arguments.describe(wanted)} is no vote between these clips: ids stand in the "
                "column `id` of board.votes"
            )
        source_of(jobs[0]).remove_vote(found)
        notify(job_of(jobs, found.first))

    def add_votes(self, path: str | os.PathLike[str], *, rater: str | None = None) -> AddedVotes:
        """Take the votes of a file that a ballot (`to_html(ballot=True)`) gave back.

        rater  whose votes these are, in place of the name in the file

        What is in the ledger already is not counted twice, so that the same file twice changes
        nothing; of a rater's votes on the same two clips the last counts. Returns what was added,
        double and refused. Raises VotesError for what is no such file and for the votes of another
        board, ArgumentError for a rater's name that is none.
        """
        jobs = self.jobs
        found = votes_file.add(jobs, self.title, arguments.as_path("path", path), rater)
        by_id = {vote.id: vote for vote in votes_of(jobs)} if found.added else {}
        for vote in (by_id[one] for one in found.added):
            self._on_vote.call(job_of(jobs, vote.first), job_of(jobs, vote.second), vote.outcome)
        if found.added:
            notify(jobs[0])
        return found

    def agreement(self) -> pd.DataFrame:
        """How far the raters agree on the pairs that several of them saw; the rater as index.

        Columns: n_votes, n_pairs (on which another voted too), agreement (with the mean of the
        others: 1 always the same, 0 as chance, -1 always the other way round; ties half-way), low
        and high (95 %), verdict: "agrees with the others", "as chance", "against the others", "not
        enough evidence: about N more pairs", "no pair in common" or "no other rater"; alpha
        (Krippendorff's, of all raters together, the same in each row).

        Of two raters who differ nobody can say which one votes at random. Raises MissingExtraError
        without the extra `raters`.
        """
        return agreement.to_frame(votes_of(self.jobs))

    @property
    def opinions(self) -> pd.DataFrame:
        """Stars and notes by rater. Columns: id (of the clip), rater, rating (NA without stars),
        note."""
        import pandas as pd

        rows = [
            (job.id, rater, said.rating or None, said.note or "")
            for job in self.jobs
            for rater, said in annotation_of(job).opinions
            if said.rating or said.note
        ]
        table = pd.DataFrame(rows, columns=["id", "rater", "rating", "note"])
        return table.astype({"rating": "Int64"})
