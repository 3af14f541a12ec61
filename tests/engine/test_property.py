"""Any order of asks, submits, faults, crashes, sleeps and takeovers, by two kernels on one ledger.

The ledger, the table of states, submitting and reconciling are the real ones; the provider is a
model that keeps its own books. Hypothesis looks for an order that breaks a promise, and shrinks it
to the shortest.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hailuo_nb.engine import fault_points, leases, reconcile, states
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.tracked_job import TrackedJob
from tests.engine import fake
from tests.engine.kernels import Clock, Kernel, ListingProvider, PlainProvider, Shop

Clip = tuple[str, str, int | None]
"""(prompt, provider, take); take None asks for another one."""
T = TypeVar("T")

SEED = settings(
    max_examples=100,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

# A folder in memory, where there is one: a crash here drops a process, not the power, so that
# nothing need be synced.
MEMORY = Path("/dev/shm")
PROMPTS = ("a cat", "a dog")
EDGES = {(before, after) for (before, _), after in states.TRANSITIONS.items()}
SLEPT = 2 * leases.LEASE
SETTLE = reconcile.SETTLE
LONG = 2 * SETTLE
UNLISTED = SETTLE / 2  # seconds before a new task is in the provider's list

# What may become of a charging call: (taken and charged, what comes back)
FAULTS: dict[str, Any] = {
    "none": None,
    "never sent": httpx2.ConnectError("no route"),
    "too fast": (429, {}),
    "no balance": (402, {}),
    "answer lost": httpx2.ReadTimeout("slow"),
    "broken gateway": 502,
    "a web page": b"<html>",
    "request lost": None,
}
BOOKS = (
    "CREATE TEMP TABLE moves (before TEXT, after TEXT)",
    "CREATE TEMP TABLE made (before TEXT, task_id TEXT, state TEXT, attempt INTEGER)",
    """CREATE TEMP TRIGGER moved AFTER UPDATE OF state ON main.jobs WHEN OLD.state != NEW.state
    BEGIN INSERT INTO moves VALUES (OLD.state, NEW.state); END""",
    """CREATE TEMP TRIGGER begun AFTER INSERT ON main.jobs BEGIN INSERT INTO made VALUES (
    (SELECT state FROM jobs WHERE identity = NEW.identity AND take = NEW.take AND attempt = NEW.attempt - 1),
    (SELECT task_id FROM jobs WHERE identity = NEW.identity AND take = NEW.take AND attempt = NEW.attempt - 1),
    NEW.state, NEW.attempt); END""",
)
"""Each kernel's connection records every change of state and every new job (a ledger with triggers
in its file is refused)."""

PLACES = ("submit.before_claim", "submit.before_send", "submit.after_send", "submit.after_commit")


@dataclass(frozen=True)
class Mishaps:
    """What happens around one charging call.

    sleeps   where the process sleeps for `seconds`, and may find that the other kernel woke first;
             "the call": while the provider answers
    dies     where it ends
    """

    fault: str
    sleeps: str | None
    seconds: float
    other_wakes_first: bool
    dies: str | None


KERNELS = st.integers(0, 1)
PICKS = st.integers(0, 7)
NAMES = st.sampled_from(["simulated:ppinfra", "simulated:chanjing"])
CLIPS = st.tuples(st.sampled_from(PROMPTS), NAMES, st.sampled_from([1, 1, 2, None]))
NEW_TAKES = st.tuples(st.sampled_from(PROMPTS), NAMES, st.none())
CALLS = st.builds(
    Mishaps,
    st.sampled_from([*["none"] * 4, *FAULTS]),
    st.sampled_from([*[None] * 4, *PLACES, "the call"]),
    st.sampled_from([SLEPT, LONG]),
    st.sampled_from([True, True, False]),
    st.sampled_from([*[None] * 6, *PLACES]),
)


class CrashError(BaseException):
    """The process ends here: nothing of it runs on, not even what handles errors."""


class World(RuleBasedStateMachine):
    """Two kernels, a provider with a list and one without, two prompts, as many takes as are asked
    for."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.home = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        shops = [
            Shop(provider, self.clock, UNLISTED)
            for provider in (PlainProvider(), ListingProvider())
        ]
        self.shops = {shop.account.name: shop for shop in shops}
        self.told: set[tuple[str, str]] = set()
        """(provider, task id) of the tasks whose id came back to a process that lived on."""
        self.started = 0
        self.loop = asyncio.new_event_loop()
        self.apart = ThreadPoolExecutor(1)
        self.kernels: list[Kernel] = []
        self.moves: set[tuple[str, str]] = set()
        """(state before, state after), as every kernel recorded them."""
        self.made: set[tuple[str | None, str | None, str, int]] = set()
        """(state and task id of the attempt before, state, attempt) of every new job."""

    def teardown(self) -> None:
        reconcile.SETTLE = SETTLE
        for kernel in self.kernels:
            kernel.ledger.close()
        self.loop.close()
        self.apart.shutdown()
        shutil.rmtree(self.home)

    # -- what happens
    # --------------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        # Pauses are real and so a thousandth; the clock is not, and the settle time is counted on
        # it.
        reconcile.SETTLE = SETTLE / fake.QuickAccess.time_scale
        self.kernels = [self.new_kernel(), self.new_kernel()]

    def new_kernel(self) -> Kernel:
        self.started += 1
        kernel = Kernel(
            f"kernel-{self.started}", self.home / "ledger.sqlite", self.clock, self.shops
        )
        kernel.ledger.work(lambda db: [db.execute(statement) for statement in BOOKS]).result()
        return kernel

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def believed(self, *wanted: states.State) -> list[tuple[int, TrackedJob]]:
        """(kernel, job) where a kernel believes the job to be in one of these states. What it
        believes may be old."""
        return [
            (number, tracked)
            for number, kernel in enumerate(self.kernels)
            for tracked in kernel.lives.values()
            if tracked.at(*wanted)
        ]

    def one_of(self, pick: int, *wanted: states.State) -> tuple[int, TrackedJob]:
        found = self.believed(*wanted)
        return found[pick % len(found)]

    def asked(self, kernel: int, clip: Clip) -> TrackedJob:
        prompt, name, take = clip
        return self.run(self.kernels[kernel].ask(fake.spec(self.shops[name].account, prompt, take)))

    @rule(kernel=KERNELS, clip=CLIPS)
    def ask(self, kernel: int, clip: Clip) -> None:
        """JobSpec for and not sent yet, as while other clips are before it."""
        self.asked(kernel, clip)

    @rule(kernel=KERNELS, clip=CLIPS, call=CALLS)
    def generate(self, kernel: int, clip: Clip, call: Mishaps) -> None:
        """As the runner does it: ask, take the lease, send if it is to be sent."""
        self.submit(kernel, self.asked(kernel, clip), call, leased=True)

    @rule(kernel=KERNELS, clip=NEW_TAKES, call=CALLS)
    def generate_another(self, kernel: int, clip: Clip, call: Mishaps) -> None:
        self.submit(kernel, self.asked(kernel, clip), call, leased=True)

    @precondition(lambda self: self.believed("planned"))
    @rule(pick=PICKS, call=CALLS, leased=st.booleans())
    def send(self, pick: int, call: Mishaps, leased: bool) -> None:
        """What was asked for before. Without a look at the lease, as a kernel does whose lease
        ended just now."""
        kernel, tracked = self.one_of(pick, "planned")
        self.submit(kernel, tracked, call, leased=leased)

    def submit(self, kernel: int, tracked: TrackedJob, call: Mishaps, *, leased: bool) -> None:
        """The charging call. The process may sleep on its way, and die a place further on."""
        awake = iter([True])

        def passes(point: str) -> None:
            if point == call.sleeps and next(awake, False):
                self.sleep(kernel, call)
            if point == call.dies:
                raise CrashError

        for point in PLACES:
            fault_points.arm(point, partial(passes, point))
        shop = self.shops[tracked.row.provider]
        shop.meanwhile = partial(passes, "the call")
        shop.next_fault(FAULTS[call.fault], lost=call.fault == "request lost")
        shop.sending, before = tracked.row.id, set(shop.charged)
        try:
            self.run(self.kernels[kernel].submit(tracked, leased=leased))
        except CrashError:
            self.crash(kernel)
        else:
            if call.fault == "none":
                self.told |= {(tracked.row.provider, task) for task in shop.charged.keys() - before}
        finally:
            fault_points.disarm()
            shop.meanwhile = lambda: None

    def sleep(self, kernel: int, call: Mishaps) -> None:
        self.clock.now += call.seconds
        if call.other_wakes_first:
            other = self.kernels[1 - kernel]
            other.recall()
            # In a loop of its own: the first kernel is in the middle of something.
            for theirs in list(other.lives.values()):
                self.apart.submit(asyncio.run, other.take_over(theirs)).result()

    @precondition(lambda self: self.believed("submitting", "downloading", "unknown"))
    @rule(pick=PICKS)
    def take_over(self, pick: int) -> None:
        kernel, tracked = self.one_of(pick, "submitting", "downloading", "unknown")
        self.run(self.kernels[kernel].take_over(tracked))

    @precondition(lambda self: self.believed("submitted", "ready", "downloading"))
    @rule(
        pick=PICKS, events=st.lists(st.integers(0, 3), min_size=1, max_size=4), leased=st.booleans()
    )
    def go_on(self, pick: int, events: list[int], leased: bool) -> None:
        """Watching and fetching: whatever may come of it, the good things first."""
        kernel, tracked = self.one_of(pick, "submitted", "ready", "downloading")
        one = self.kernels[kernel]
        if leased and not self.run(one.lease(tracked)):
            return
        for event in events:
            possible = [event for state, event in states.TRANSITIONS if state == tracked.row.state]
            if possible:
                self.run(one.step(tracked, possible[min(event, len(possible) - 1)]))

    @precondition(lambda self: self.believed("planned", "submitting"))
    @rule(pick=PICKS, rarely=st.integers(0, 3))
    def cancel(self, pick: int, rarely: int) -> None:
        kernel, tracked = self.one_of(pick, "planned", "submitting")
        if not rarely:
            self.run(self.kernels[kernel].step(tracked, "cancelled"))

    @precondition(lambda self: self.believed("unknown"))
    @rule(pick=PICKS, rarely=st.integers(0, 3))
    def give_up(self, pick: int, rarely: int) -> None:
        """A person has looked at the provider and decides. Only what is seen to be unknown can be
        given up."""
        kernel, tracked = self.one_of(pick, "unknown")
        if not rarely:
            self.run(self.kernels[kernel].step(tracked, "given_up"))

    @rule(seconds=st.sampled_from([SLEPT, LONG]))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule(kernel=KERNELS, rarely=st.integers(0, 3))
    def end(self, kernel: int, rarely: int) -> None:
        if not rarely:
            self.crash(kernel)

    def crash(self, kernel: int) -> None:
        """A process ends; another one opens the ledger, which is all that it knows."""
        self.read_books(self.kernels[kernel])
        self.kernels[kernel].ledger.close()
        self.kernels[kernel] = self.new_kernel()
        self.kernels[kernel].recall()

    # -- what always holds
    # ---------------------------------------------------------------------------------

    @invariant()
    def nothing_is_charged_twice(self) -> None:
        twice = [job for job, number in Counter(self.charges().values()).items() if number > 1]
        assert not twice, f"charged twice: {twice}"

    @invariant()
    def what_counts_as_not_taken_was_not_charged(self) -> None:
        """Else asking again would pay again. Takes of one clip look alike, so they are counted
        together."""
        rows = self.rows()
        identity = {row.id: row.identity for row in rows}
        charged = Counter(identity[job] for job in self.charges().values())
        free = {"planned", "rejected"}
        may_be = Counter(
            row.identity
            for row in rows
            if row.state not in free and (row.state != "cancelled" or row.task_id)
        )
        assert charged <= may_be, [(row, row.error) for row in rows]

    @invariant()
    def every_charged_task_is_reachable(self) -> None:
        """Its id is in the ledger, or a job of the same clip waits to be found, or a person gave
        one up."""
        rows = self.rows()
        known = {(row.provider, row.task_id) for row in rows}
        identity = {row.id: row.identity for row in rows}
        lost = Counter(identity[job] for task, job in self.charges().items() if task not in known)
        waiting = Counter(
            row.identity
            for row in rows
            if row.state in {"submitting", "unknown"}
            or (row.state == "failed" and row.task_id is None)
        )
        assert lost <= waiting, (lost, rows)

    @invariant()
    def an_id_that_came_back_is_in_the_ledger(self) -> None:
        assert self.told <= {(row.provider, row.task_id) for row in self.rows()}

    @invariant()
    def states_move_only_along_edges(self) -> None:
        for kernel in self.kernels:
            self.read_books(kernel)
        assert self.moves <= EDGES, self.moves - EDGES

    @invariant()
    def the_same_call_sends_anew_only_what_ended_and_was_never_taken(self) -> None:
        for kernel in self.kernels:
            self.read_books(kernel)
        for before, task_id, state, attempt in self.made:
            assert (state, task_id) == ("planned", None)
            assert (
                before in {"failed", "rejected", "expired", "cancelled"}
                if attempt > 1
                else before is None
            )

    def rows(self) -> list[JobRow]:
        return self.kernels[0].ledger.history().result()

    def read_books(self, kernel: Kernel) -> None:
        def read(db: sqlite3.Connection) -> tuple[list[Any], list[Any]]:
            moves = db.execute("SELECT before, after FROM moves").fetchall()
            return moves, db.execute("SELECT before, task_id, state, attempt FROM made").fetchall()

        moves, made = kernel.ledger.work(read).result()
        self.moves.update(moves)
        self.made.update(made)

    def charges(self) -> dict[tuple[str, str], str]:
        """(provider, task id) -> the job whose call made the provider charge, by the providers'
        books."""
        return {
            (name, task): job
            for name, shop in self.shops.items()
            for task, job in shop.charged.items()
        }


TestWorld = World.TestCase
TestWorld.settings = SEED
