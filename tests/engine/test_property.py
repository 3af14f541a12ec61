"""Any order of asks, submits, faults, crashes, sleeps and takeovers, by two kernels on one ledger.

The ledger, the table of states, submitting and reconciling are the real ones; the provider is a model that keeps its
own books. Hypothesis looks for an order that breaks a promise, and shrinks it to the shortest.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hailuo_nb.engine import faultpoints, reconcile, states, submitting
from hailuo_nb.engine.ledger import JobRow, Ledger
from hailuo_nb.engine.live import Asked, Live, Steps
from hailuo_nb.engine.reconcile import Reconciler
from hailuo_nb.engine.runner import _new_job
from hailuo_nb.engine.submitting import NotOursError, Submitter
from hailuo_nb.engine.transport import Access, Transport
from hailuo_nb.providers.base import Call
from hailuo_nb.providers.finding import Find
from hailuo_nb.request import VideoRequest
from tests.engine import fake

T = TypeVar("T")

SEED = settings(
    max_examples=100, stateful_step_count=30, derandomize=True, deadline=None, print_blob=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip

# A folder in memory, where there is one: a crash here drops a process, not the power, so that nothing need be synced.
MEMORY = Path("/dev/shm")
PROMPTS = ("a cat", "a dog")
EDGES = {(before, after) for (before, _), after in states.TRANSITIONS.items()}
SLEPT = 2 * submitting.LEASE
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
    "CREATE TABLE moves (before TEXT, after TEXT)",
    "CREATE TABLE made (before TEXT, state TEXT, attempt INTEGER)",
    """CREATE TRIGGER moved AFTER UPDATE OF state ON jobs WHEN OLD.state != NEW.state
    BEGIN INSERT INTO moves VALUES (OLD.state, NEW.state); END""",
    """CREATE TRIGGER begun AFTER INSERT ON jobs BEGIN INSERT INTO made VALUES (
    (SELECT state FROM jobs WHERE identity = NEW.identity AND take = NEW.take AND attempt = NEW.attempt - 1),
    NEW.state, NEW.attempt); END""",
)
"""The ledger's file itself records every change of state and every new job, whoever makes it."""


PLACES = ("submit.before_claim", "submit.before_send", "submit.after_send", "submit.after_commit")


@dataclass(frozen=True)
class Mishaps:
    """What happens around one charging call.

    sleeps   where the process sleeps for `seconds`, and may find that the other kernel woke first; "the call":
             while the provider answers
    dies     where it ends
    """

    fault: str
    sleeps: str | None
    seconds: float
    other_wakes_first: bool
    dies: str | None


KERNELS = st.integers(0, 1)
PICKS = st.integers(0, 7)
CLIPS = st.tuples(st.sampled_from(PROMPTS), st.integers(0, 1), st.sampled_from([1, 1, 2, None]))
CALLS = st.builds(
    Mishaps, st.sampled_from([*["none"] * 4, *FAULTS]), st.sampled_from([*[None] * 4, *PLACES, "the call"]),
    st.sampled_from([SLEPT, LONG]), st.sampled_from([True, True, False]), st.sampled_from([*[None] * 6, *PLACES]),
)  # fmt: skip


class CrashError(BaseException):
    """The process ends here: nothing of it runs on, not even what handles errors."""


class ListingProvider(fake.FakeProvider):
    """A provider with a list of its tasks, newest first, as Chanjing has one."""

    name = "chanjing"

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        reply = yield Call("GET", "/list", params={"prompt": request.prompt})
        found: list[str] = reply.at("ids")
        return found[::-1]


class Kernel:
    """One process on the ledger: what it holds in memory, and the engine's parts that spend money."""

    def __init__(self, name: str, path: Path, world: World) -> None:
        self.name = name
        self._world = world
        self.lives: dict[str, Live] = {}
        self.ledger = Ledger(path, world.clock)
        self.steps = Steps(self.ledger)
        self.submitter = Submitter(self.steps, name, clock=world.clock, rng=lambda: 0.5)
        self.reconciler = Reconciler(self.steps, clock=world.clock)

    def transport(self, access: Access) -> Transport:
        mount = httpx2.MockTransport(partial(self._world.answer, access.provider.name))
        return Transport(access, gate=asyncio.Semaphore(), verify=True, mount=mount, clock=self._world.clock)

    async def ask(self, asked: Asked) -> Live:
        row, _ = await asyncio.wrap_future(self.ledger.open_job(_new_job(asked)))
        return self.lives.setdefault(row.id, Live(row, asked))

    async def lease(self, live: Live) -> bool:
        now = self._world.now
        mine = self.ledger.lease([live.row.id], self.name, now, now + submitting.LEASE)
        found = await asyncio.wrap_future(mine)
        await self.steps.refresh(live)
        return bool(found)

    async def take_over(self, live: Live) -> None:
        """What a kernel does first with a job that somebody else has begun."""
        if not await self.lease(live):
            return
        if live.at("submitting"):
            await self.steps.take(live, "unclear")
        if live.at("downloading"):
            await self.steps.take(live, "fetch_failed")
        await self.look(live)

    async def look(self, live: Live) -> None:
        if live.at("unknown") and isinstance(live.asked.access.provider, ListingProvider):
            await self.reconciler._look(live, self.transport(live.asked.access))

    async def step(self, live: Live, event: states.Event) -> None:
        """A step that costs nothing. If another kernel was there first, this one reads what it did."""
        try:
            await self.steps.take(live, event)
        except states.ImpossibleEventError:
            await self.steps.refresh(live)


class World(RuleBasedStateMachine):
    """Two kernels, a provider with a list and one without, two prompts, as many takes as are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0
        self.home = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.shops = {name: fake.Server(b"") for name in ("ppinfra", "chanjing")}
        self.charged: dict[tuple[str, str], str] = {}
        """(provider, task id) -> the job whose call made the provider charge."""
        self.charged_at: dict[tuple[str, str], float] = {}
        self.told: set[tuple[str, str]] = set()
        """Tasks whose id came back to a process that lived on."""
        self.sending = ""
        self.meanwhile: Callable[[], Any] = lambda: None
        self.started = 0
        self.loop = asyncio.new_event_loop()
        self.apart = ThreadPoolExecutor(1)
        self.kernels: list[Kernel] = []
        plain, listing = fake.FakeProvider(), ListingProvider()
        self.accesses = [
            fake.QuickAccess(provider, provider.base_url, fake.access().credentials, simulated=True)
            for provider in (plain, listing)
        ]

    def clock(self) -> float:
        return self.now

    def teardown(self) -> None:
        reconcile.SETTLE = SETTLE
        for kernel in self.kernels:
            kernel.ledger.close()
        self.loop.close()
        self.apart.shutdown()
        shutil.rmtree(self.home)

    def answer(self, name: str, request: httpx2.Request) -> httpx2.Response:
        """The provider. Its books say which job's call each charge came from."""
        shop = self.shops[name]
        before = len(shop.charged)
        try:
            reply = shop.handle(request)
            if request.url.path == "/list":  # what is new is listed after a while
                ids = [
                    task for task in reply.json()["ids"] if self.charged_at[name, task] + UNLISTED < self.now
                ]
                return httpx2.Response(200, json={"ids": ids})
            return reply
        finally:
            if len(shop.charged) > before:
                task = name, f"task-{len(shop.charged)}"
                self.charged[task], self.charged_at[task] = self.sending, self.now
            if request.url.path == "/submit":
                self.meanwhile()

    # -- what happens --------------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        # Pauses are real and so a thousandth; the clock is not, and the settle time is counted on it.
        reconcile.SETTLE = SETTLE / self.accesses[0].time_scale
        self.kernels = [self.new_kernel(), self.new_kernel()]
        self.kernels[0].ledger.work(lambda db: [db.execute(statement) for statement in BOOKS]).result()

    def new_kernel(self) -> Kernel:
        self.started += 1
        return Kernel(f"kernel-{self.started}", self.home / "ledger.sqlite", self)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def believed(self, *wanted: states.State) -> list[tuple[int, Live]]:
        """(kernel, job) where a kernel believes the job to be in one of these states. What it believes may be old."""
        return [
            (number, live)
            for number, kernel in enumerate(self.kernels)
            for live in kernel.lives.values()
            if live.at(*wanted)
        ]

    def one_of(self, pick: int, *wanted: states.State) -> tuple[int, Live]:
        found = self.believed(*wanted)
        return found[pick % len(found)]

    def clip(self, prompt: str, access: int, take: int | None) -> Asked:
        return fake.asked(self.accesses[access], prompt, take)

    @rule(kernel=KERNELS, clip=CLIPS)
    def ask(self, kernel: int, clip: tuple[str, int, int | None]) -> None:
        """Asked for and not sent yet, as while other clips are before it."""
        self.run(self.kernels[kernel].ask(self.clip(*clip)))

    @rule(kernel=KERNELS, clip=CLIPS, call=CALLS)
    def generate_again(self, kernel: int, clip: tuple[str, int, int | None], call: Mishaps) -> None:
        """As the runner does it: ask, take the lease, send if it is to be sent."""
        live = self.run(self.kernels[kernel].ask(self.clip(*clip)))
        self.submit(kernel, live, call, leased=True)

    @rule(kernel=KERNELS, prompt=st.sampled_from(PROMPTS), access=st.integers(0, 1), call=CALLS)
    def generate(self, kernel: int, prompt: str, access: int, call: Mishaps) -> None:
        """A new take."""
        live = self.run(self.kernels[kernel].ask(self.clip(prompt, access, None)))
        self.submit(kernel, live, call, leased=True)

    @precondition(lambda self: self.believed("planned"))
    @rule(pick=PICKS, call=CALLS, leased=st.booleans())
    def send(self, pick: int, call: Mishaps, leased: bool) -> None:
        """What was asked for before. Without a look at the lease, as a kernel does whose lease ended just now."""
        kernel, live = self.one_of(pick, "planned")
        self.submit(kernel, live, call, leased=leased)

    def submit(self, kernel: int, live: Live, call: Mishaps, *, leased: bool) -> None:
        """The charging call. The process may sleep on its way, and die a place further on."""
        naps = iter([None])

        def passes(point: str) -> None:
            if point == call.sleeps and next(naps, self) is None:
                self.nap(kernel, live, call)
            if point == call.dies:
                raise CrashError

        for point in PLACES:
            faultpoints.arm(point, partial(passes, point))
        self.meanwhile = partial(passes, "the call")
        shop = self.shops[live.asked.access.provider.name]
        shop.submit_faults.clear()
        shop.lost_faults = int(call.fault == "request lost")
        if FAULTS[call.fault] is not None:
            shop.submit_faults.append(FAULTS[call.fault])
        self.sending = live.row.id
        try:
            before = set(self.charged)
            self.run(self.play(self.kernels[kernel], live, leased))
            if call.fault == "none":
                self.told |= self.charged.keys() - before
        except CrashError:
            self.crash(kernel)
        finally:
            faultpoints.disarm()
            self.meanwhile = lambda: None
            shop.lost_faults = 0

    def nap(self, kernel: int, live: Live, call: Mishaps) -> None:
        self.now += call.seconds
        if call.other_wakes_first:
            other = self.kernels[1 - kernel]
            self.recall(other)
            # In a loop of its own: the first kernel is in the middle of something.
            for theirs in list(other.lives.values()):
                self.apart.submit(asyncio.run, other.take_over(theirs)).result()

    async def play(self, one: Kernel, live: Live, leased: bool) -> None:
        """What the runner does around `Submitter.submit`."""
        if leased and not await one.lease(live):
            return
        one.submitter.close_circuit(live.asked.access)
        try:
            await one.submitter.submit(live, one.transport(live.asked.access))
        except (NotOursError, states.ImpossibleEventError):
            await one.steps.refresh(live)

    def take_over_meanwhile(self, kernel: int, job_id: str) -> None:
        """The other kernel drives, while the first is in the middle of something. In a loop of its own."""
        other = self.kernels[kernel]
        row = other.ledger.get(job_id).result()
        live = other.lives.setdefault(
            job_id, Live(row, fake.asked(self.access_of(row), row.prompt, row.take))
        )
        self.apart.submit(asyncio.run, other.take_over(live)).result()

    @precondition(lambda self: self.believed("submitting", "downloading", "unknown"))
    @rule(pick=PICKS)
    def take_over(self, pick: int) -> None:
        kernel, live = self.one_of(pick, "submitting", "downloading", "unknown")
        self.run(self.kernels[kernel].take_over(live))

    @precondition(lambda self: self.believed("submitted", "ready", "downloading"))
    @rule(pick=PICKS, events=st.lists(st.integers(0, 2), min_size=1, max_size=4), leased=st.booleans())
    def go_on(self, pick: int, events: list[int], leased: bool) -> None:
        """Watching and fetching: whatever may come of it, the good things first."""
        kernel, live = self.one_of(pick, "submitted", "ready", "downloading")
        one = self.kernels[kernel]
        if leased and not self.run(one.lease(live)):
            return
        for event in events:
            possible = [event for state, event in states.TRANSITIONS if state == live.row.state]
            if possible:
                self.run(one.step(live, possible[min(event, len(possible) - 1)]))

    @precondition(lambda self: self.believed("planned", "submitting"))
    @rule(pick=PICKS, rarely=st.integers(0, 3))
    def cancel(self, pick: int, rarely: int) -> None:
        kernel, live = self.one_of(pick, "planned", "submitting")
        if not rarely:
            self.run(self.kernels[kernel].step(live, "cancelled"))

    @precondition(lambda self: self.believed("unknown"))
    @rule(pick=PICKS, rarely=st.integers(0, 3))
    def give_up(self, pick: int, rarely: int) -> None:
        """A person has looked at the provider and decides. Only what is seen to be unknown can be given up."""
        kernel, live = self.one_of(pick, "unknown")
        if not rarely:
            self.run(self.kernels[kernel].step(live, "given_up"))

    @rule(seconds=st.sampled_from([SLEPT, LONG]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(kernel=KERNELS, rarely=st.integers(0, 3))
    def end(self, kernel: int, rarely: int) -> None:
        if not rarely:
            self.crash(kernel)

    def crash(self, kernel: int) -> None:
        """A process ends; another one opens the ledger, which is all that it knows."""
        self.kernels[kernel].ledger.close()
        one = self.kernels[kernel] = self.new_kernel()
        self.recall(one)

    def recall(self, one: Kernel) -> None:
        """`hn.resume()`: what is open in the ledger, for a kernel that does not know it."""
        for row in one.ledger.open_rows().result():
            if row.id not in one.lives:
                one.lives[row.id] = Live(row, fake.asked(self.access_of(row), row.prompt, row.take))

    # -- what always holds ---------------------------------------------------------------------------------

    @invariant()
    def nothing_is_charged_twice(self) -> None:
        twice = [job for job, number in Counter(self.charged.values()).items() if number > 1]
        assert not twice, f"charged twice: {twice}"

    @invariant()
    def what_counts_as_not_taken_was_not_charged(self) -> None:
        """Else asking again would pay again. Takes of one clip look alike, so they are counted together."""
        rows = self.rows()
        for identity in {row.identity for row in rows}:
            same = [row for row in rows if row.identity == identity]
            charged = sum(1 for job in self.charged.values() if job in {row.id for row in same})
            may_be = sum(row.state not in {"planned", "rejected", "cancelled"} for row in same)
            assert charged <= may_be, [(row, row.error) for row in same]

    @invariant()
    def every_charged_task_is_reachable(self) -> None:
        """Its id is in the ledger, or a job of the same clip is waiting for somebody to find or give it up."""
        rows = self.rows()
        known = {(row.provider.removeprefix("simulated:"), row.task_id) for row in rows}
        identity = {row.id: row.identity for row in rows}
        lost = Counter(identity[job] for task, job in self.charged.items() if task not in known)
        waiting = Counter(
            row.identity for row in rows
            if row.state in {"submitting", "unknown"} or (row.state == "failed" and row.task_id is None)
        )  # fmt: skip
        assert lost <= waiting, (lost, rows)

    @invariant()
    def an_id_that_came_back_is_in_the_ledger(self) -> None:
        assert self.told <= {(row.provider.removeprefix("simulated:"), row.task_id) for row in self.rows()}

    @invariant()
    def states_move_only_along_edges(self) -> None:
        moves = set(self.read("SELECT before, after FROM moves"))
        assert moves <= EDGES, moves - EDGES

    @invariant()
    def a_new_attempt_comes_only_after_an_end(self) -> None:
        for before, state, attempt in self.read("SELECT before, state, attempt FROM made"):
            assert state == "planned"
            assert before in {"failed", "rejected", "expired", "cancelled"} if attempt > 1 else before is None

    def rows(self) -> list[JobRow]:
        return self.kernels[0].ledger.rows().result()

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        return self.kernels[0].ledger.work(lambda db: db.execute(sql).fetchall()).result()

    def access_of(self, row: JobRow) -> Access:
        return next(access for access in self.accesses if access.name == row.provider)


TestWorld = World.TestCase
TestWorld.settings = SEED
