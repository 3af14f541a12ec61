"""hn.tune: a sweep in rounds within a budget, where what is surely worse is dropped on the way."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from hailuo_nb.engine import session
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.engine.threads import start_thread
from hailuo_nb.errors import BudgetError, HailuoError, TuneError
from hailuo_nb.measure import racing
from hailuo_nb.measure.decode import require_opencv
from hailuo_nb.measure.scoring import Scoring, check_executor, score
from hailuo_nb.media.text import sentence, visible
from hailuo_nb.ordering import requested
from hailuo_nb.ordering.accounts import Providers
from hailuo_nb.pages.effect_rows import VOTES
from hailuo_nb.pages.progress import Progress
from hailuo_nb.pages.saved_copy import MAX_SHOWN
from hailuo_nb.requests import arguments
from hailuo_nb.results import costs
from hailuo_nb.results.job import Job, ask
from hailuo_nb.results.job_attributes import settled_of
from hailuo_nb.results.race import STARS, Limits, Look, PlannedRace, Round
from hailuo_nb.results.race_arguments import (
    ADHERENCE,
    check_moves,
    limits_of,
    measures,
    outcome_of,
    rows_of,
)
from hailuo_nb.results.race_board import RaceBoard
from hailuo_nb.results.source import LiveSource
from hailuo_nb.results.voting import votes_of
from hailuo_nb.results.waiting import await_thread, progress_of_all, wait_for_thread

if TYPE_CHECKING:
    import pandas as pd

State = Literal[
    "running", "decided", "waiting for votes", "waiting for stars", "budget", "rounds", "cancelled",
    "stopped",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judge:
    """How the clips of a round get their outcome.

    scorers  None for measuring alone
    needed   False where the outcome is there without
    """

    scorers: object
    executor: Executor | None
    needed: bool

    def begin(self, jobs: Sequence[Job]) -> Scoring | None:
        return score(jobs, self.executor, scorers=self.scorers) if self.needed else None


class Tune:
    """A race between the items of a plan, in the background; see `hn.tune`.

    board   all clips so far, as a Comparison; `board.to_html` carries the verdict
    state   "running"; "decided"; "waiting for votes" or "waiting for stars" (give them on the
            board, then `next()`); "budget" and "rounds": the next round would go beyond;
            "cancelled"; "stopped" by a fault, see `error`
    """

    def __init__(self, race: PlannedRace, judge: Judge, bounds: Limits) -> None:
        self._race, self._judge, self._bounds = race, judge, bounds
        self.board = RaceBoard(race, lambda: (self._jobs, [one.look for one in self._rounds]))
        self._jobs: list[Job] = []  # its own; people may add others to the board
        self._rounds: list[Round] = []
        self._left: tuple[str, ...] = race.items
        self._cancelled = threading.Event()
        self._shown: deque[Callable[[], None]] = deque(maxlen=MAX_SHOWN)
        self.state: State = "running"
        self.error = ""
        self._start()

    def _start(self) -> None:
        self.state, self.error = "running", ""
        self._thread = start_thread(self._run, "hailuo_nb-tune")

    # What is known -----------------------------------------------------------------------------

    @property
    def done(self) -> bool:
        """Whether nothing more happens by itself."""
        return not self._thread.is_alive()

    @property
    def left(self) -> tuple[str, ...]:
        """The items that are still in the race."""
        return self._left

    @property
    def winner(self) -> str | None:
        """The one that is surely better than all others; None where there is none."""
        return self._left[0] if len(self._left) == 1 else None

    @property
    def spent(self) -> costs.Spent:
        """What all clips of the race cost, by currency: see `Comparison.spent`."""
        return costs.total(self._jobs)

    @property
    def verdict(self) -> str:
        """ "better: ..." with the winner, else that evidence is missing and about how much."""
        return self.board.verdict

    @property
    def effects(self) -> pd.DataFrame:
        """How the items differ, with intervals that hold at every look: see `RaceBoard.effects`."""
        return self.board.effects

    @property
    def rounds(self) -> pd.DataFrame:
        """The rounds that are over, one row each, the number as index.

        Columns: items (the names of those in the race when it began), n_clips (asked for), n_made,
        n_pairs (compared so far, between those), dropped (what is surely worse), n_left (how many
        go on), spent (on all clips so far; NaN in several currencies or where a cost is unknown)
        and currency.
        """
        import pandas as pd

        records = [one.record() for one in self._rounds]
        index = pd.Index([one.number for one in self._rounds], name="round", dtype="int64")
        table = pd.DataFrame(records, columns=Round.COLUMNS, index=index)
        return table.astype({"spent": float})

    def unjudged(self) -> list[tuple[Job, ...]]:
        """What the race waits for: pairs of clips to vote between, or clips to give stars."""
        return self._race.unjudged(self._jobs, self._votes(self._jobs), self._left)

    def _votes(self, jobs: Sequence[Job]) -> list[Vote]:
        return votes_of(jobs) if self._race.outcome == VOTES else []

    # What one can do ---------------------------------------------------------------------------

    def wait(self, timeout: float | None = None) -> Tune:
        """Wait until nothing more happens by itself. Raises TimeoutError after `timeout` seconds
        (the race goes on), TuneError where it was stopped by a fault. Interrupting it is
        `cancel()`: nothing more is asked for."""
        seconds = arguments.as_timeout(timeout)
        if not wait_for_thread(self._thread, seconds, self._progress, self.cancel):
            raise TimeoutError(
                f"round {len(self._rounds) + 1} is not over after {timeout} s; the race goes on in "
                "the background"
            )
        return self._ended()

    def __await__(self) -> Generator[Any, None, Tune]:
        yield from await_thread(self._thread, self._progress, self.cancel).__await__()
        return self._ended()

    def cancel(self) -> None:
        """Ask for nothing more. Clips that were asked for are made, and stay on the board; `next()`
        goes on."""
        self._cancelled.set()

    def next(self) -> Tune:
        """Go on: after votes or stars were given, after a fault, after `cancel()`. Returns at once.
        The same call of `hn.tune` in another session does the same."""
        if self.done:
            self._cancelled.clear()
            self._start()
        return self

    def _ended(self) -> Tune:
        if self.state == "stopped":
            raise TuneError(self.error)
        return self

    # The thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self.state = self._go()
        except HailuoError as error:
            self.error, self.state = f"{error}", "stopped"
        except Exception as error:  # whatever a scorer or an executor of somebody raises
            self.error, self.state = f"{type(error).__name__}: {error}", "stopped"
        self._tell()

    def _go(self) -> State:
        """From round 1 on, also where it was before: what is in the ledger is not asked for again,
        and each look sees what it saw."""
        jobs: list[Job] = []
        rounds: list[Round] = []
        left = self._race.items
        for number in range(1, self._bounds.rounds + 1):
            wanted = self._race.wanted(number, left)
            try:
                self._bounds.check(wanted, [costs.counted(job) for job in jobs])
            except BudgetError as error:
                self.error = f"round {number}: {error}"
                return "budget"
            if self._cancelled.is_set():
                return "cancelled"
            new = sum(requested.known_job(item) is None for item in wanted)
            asked = self._ask(wanted, jobs)
            if self._cancelled.is_set():
                return "cancelled"
            _check_sent(number, asked)
            self._score(asked)
            votes = self._votes(jobs)
            look = self._race.look(jobs, votes, left)
            made = sum(job.state == "saved" for job in asked)
            rounds.append(Round(number, left, len(asked), made, look, costs.total(jobs)))
            self._rounds, self._left = [*rounds], look.left
            self._tell()
            if len(look.left) == 1:
                return "decided"
            if self._race.unjudged(jobs, votes, look.left):
                return "waiting for stars" if self._race.outcome == STARS else "waiting for votes"
            if new:
                self._check_round(number, asked, look)
            left = look.left
        return "rounds"

    def _ask(self, wanted: Sequence[JobSpec], jobs: list[Job]) -> list[Job]:
        """The jobs of a round, once all of them are over; they are added to those before."""
        asked = ask(LiveSource(session.runner()), wanted)
        jobs += asked
        self._jobs = [*jobs]
        self.board.add(asked)
        for job in asked:
            settled_of(job).result()
        return asked

    def _score(self, jobs: Sequence[Job]) -> None:
        scoring = self._judge.begin(jobs)
        if scoring is not None:
            scoring.wait()

    def _check_round(self, number: int, asked: Sequence[Job], look: Look) -> None:
        """Nobody goes on paying for rounds that tell nothing. Raises TuneError."""
        missing = self._race.without_clip(asked, look.left)
        if missing:
            failed = next(job for job in asked if job.state != "saved")
            raise TuneError(
                f"round {number} made no clip of {', '.join(map(repr, missing))}: at "
                f"{failed.provider_title} one ended as {failed.state}, "
                f"{sentence(failed.error or 'no reason was given')} Nothing more was sent; "
                "next() asks for the round after it."
            )
        if not look.pairs:
            found = ", ".join(self._race.outcomes(asked)) or "none"
            raise TuneError(
                f"round {number} gave no two clips with the outcome {self._race.outcome!r}; there "
                f"are: {found}. Nothing more was sent. Look at scorer_notes and measure_notes in "
                "board.to_frame()."
            )

    # What is shown -----------------------------------------------------------------------------

    def _progress(self) -> Progress:
        found = progress_of_all(self._jobs)
        words = f"round {len(self._rounds) + 1}, {len(self._left)} of {len(self._race.items)} left"
        return replace(found, text=f"{words}: {found.text}")

    def _tell(self) -> None:
        for show in list(self._shown):
            with contextlib.suppress(Exception):  # a broken view must not stop a race
                show()

    def _head(self) -> str:
        sums = self.spent.text
        least = racing.least_pairs(len(self._race.items))
        lines = [
            f"Race by {self._race.axis} on {self._race.outcome}: {self.verdict}",
            f"State: {self.state}; {len(self._jobs)} clips, {sums or 'nothing'} spent; a verdict "
            f"needs at least {least} pairs for each two items",
        ]
        if self.state in {"waiting for votes", "waiting for stars"}:
            lines.append(self._wanted())
        if self.error:
            lines.append(self.error)
        return "\n".join(lines)

    def _wanted(self) -> str:
        count, votes = len(self.unjudged()), self._race.outcome == VOTES
        noun = ("pair" if votes else "clip") + ("" if count == 1 else "s")
        what = f"vote between {count} {noun}" if votes else f"give stars to {count} {noun}"
        if not count:
            return "Nothing is left to judge: call .next()"
        return f"To go on, {what} on its .board, then call .next(); .unjudged() names them"

    def __repr__(self) -> str:
        head = "\n".join(visible(line) for line in self._head().splitlines())
        tables = [self.rounds, self.effects] if self._rounds else []
        return "\n".join([head, *(table.to_string() for table in tables)])

    def _repr_html_(self) -> str:
        lines = "".join(f"<div>{escape(visible(line))}</div>" for line in self._head().splitlines())
        tables = [self.rounds, self.effects] if self._rounds else []
        return lines + "".join(table.to_html(escape=True) for table in tables)

    def _ipython_display_(self) -> None:
        """The verdict, the rounds and the differences, which follow the race, and the board."""
        from IPython.display import display

        shown = uuid.uuid4().hex

        def show(*, update: bool = True) -> None:
            data = {"text/html": self._repr_html_(), "text/plain": repr(self)}
            display(data, raw=True, display_id=shown, update=update)  # type: ignore[no-untyped-call]

        show(update=False)
        self._shown.append(show)
        display(self.board)  # type: ignore[no-untyped-call]


def _check_sent(number: int, asked: Sequence[Job]) -> None:
    """No round follows one that is still to be sent. Raises TuneError."""
    unsent = [job for job in asked if job.state == "planned"]
    if unsent:
        raise TuneError(
            f"{len(unsent)} of {len(asked)} clips of round {number} were not sent: "
            f"{sentence(unsent[0].error or 'no reason was given')} next() sends them."
        )


def tune(
    plan: pd.DataFrame,
    *,
    by: str = "prompt",
    budget: float | None = None,
    max_clips: int | None = None,
    until: str | int = "decided",
    outcome: str | None = None,
    scorers: object = None,
    executor: Executor | None = None,
    provider: Providers | None = None,
) -> Tune:
    """Make a sweep in rounds: each asks for one take more of what is still in the race, judges it,
    and drops what is surely worse. Returns at once and goes on in the background; the same call
    again, also in another session, goes on where it was and pays nothing twice.

    plan       a table as `hn.compare` takes it; its rows are round 1, the takes after them the
               next rounds
    by         what is raced, as in `Comparison.effect`. Items meet in rows that agree in everything
               else
    budget     what all clips of the race may cost by list price, in each currency by itself. Clips
               that the ledger had before count with what they cost. A round is not begun if it
               would go beyond; an unknown price is refused
    max_clips  how many clips the race may have. Without `budget` it is the consent to prices that
               nobody knows. One of the two must be given, unless all is free
    until      "decided": until one is left; a number: at most so many rounds
    outcome    "adherence" (by default), "seconds", the column of a scorer (its own, where there is
               one scorer), or "votes" and "stars": then the race waits for them after each round,
               and `next()` goes on. More is better but of seconds
    scorers, executor   as for `hn.score`
    provider   as for `hn.compare`, for rows that name none, and for accounts

    An item is dropped where it is surely worse than another, by a sequential test of the pairs
    (`hailuo_nb.measure.racing`): in at most one of twenty races any item is dropped for one that is
    not better, however often one looks, and whenever the budget ends. Raises what `hn.compare`
    raises, before anything is sent; BudgetError where the first round goes beyond.
    """
    check_executor(executor)
    rows = rows_of(plan, provider)
    bounds = limits_of(budget, max_clips, until, rows)
    race = PlannedRace(rows, by, outcome := outcome_of(outcome, scorers))
    if outcome == ADHERENCE:
        check_moves(rows)
    needed = scorers is not None or outcome == ADHERENCE
    if needed and executor is None and measures(scorers):
        require_opencv()
    bounds.check(race.wanted(1, race.items), [])
    return Tune(race, Judge(scorers, executor, needed), bounds)
