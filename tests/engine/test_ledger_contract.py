"""What every implementation of `Ledger` does with jobs. A new one is added to `PLACES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from hailuo_nb.engine.ledger.annotations import Annotation, Opinion
from hailuo_nb.engine.ledger.jobs import JobRow, NewJob
from hailuo_nb.engine.ledger.protocol import DuplicateTaskError, Ledger
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.states import EVENTS, FINAL, TRANSITIONS, Event, ImpossibleEventError, State
from hailuo_nb.errors import JobNotFoundError, LedgerClosedError, LedgerError
from tests.engine.memory_ledger import Memory, MemoryLedger

CLIP = NewJob(
    identity="ppinfra:f00",
    provider="ppinfra",
    base_url="https://x.invalid",
    model="MiniMax-Hailuo-02",
    prompt="A cat",
    resolution="768P",
    duration=6,
    request="{}",
    cost=2.0,
    currency="CNY",
)

OLD = replace(CLIP, identity="ppinfra:old")

NEW = replace(CLIP, identity="ppinfra:v2-new", aliases=("ppinfra:v2-old", "ppinfra:old"))

SAVED: tuple[Event, ...] = ("claimed", "accepted", "succeeded", "fetching", "verified")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


class Place(Protocol):
    """Where ledgers keep what they are told. `open` gives another ledger, as another process has;
    `take_away` removes what they keep."""

    def open(self) -> Ledger: ...

    def take_away(self) -> None: ...


class SqlitePlace:
    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._path = folder / "ledger.sqlite"
        self._clock = clock

    def open(self) -> Ledger:
        return SqliteLedger(self._path, self._clock)

    def take_away(self) -> None:
        self._path.rename(self._path.with_name("away"))


class MemoryPlace:
    def __init__(self, _folder: Path, clock: Callable[[], float]) -> None:
        self._memory = Memory()
        self._clock = clock

    def open(self) -> Ledger:
        return MemoryLedger(self._memory, self._clock)

    def take_away(self) -> None:
        self._memory.is_there = False


PLACES = (SqlitePlace, MemoryPlace)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Place:
    made: Place = request.param(tmp_path, clock)
    return made


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture
def second(place: Place, ledger: Ledger) -> Iterator[Ledger]:
    """Another process on the same ledger."""
    opened = place.open()
    yield opened
    opened.close()


def created(ledger: Ledger, new: NewJob = CLIP) -> JobRow:
    row, made = ledger.get_or_create(new).result()
    assert made
    return row


def walked(ledger: Ledger, new: NewJob, *events: Event) -> JobRow:
    """A new job after these steps; what is accepted has a task id of its own."""
    row = created(ledger, new)
    for event in events:
        if event == "accepted":
            row = ledger.move(row.id, event, task_id=f"task-{row.id}", submitted_at=10.0).result()
        else:
            row = ledger.move(row.id, event).result()
    return row


def test_a_new_job_is_what_was_asked_for(ledger: Ledger) -> None:
    row = created(ledger)
    assert (row.state, row.take, row.attempt, row.task_id) == ("planned", 1, 1, None)
    assert (row.provider, row.base_url, row.model) == (CLIP.provider, CLIP.base_url, CLIP.model)
    assert (row.prompt, row.resolution, row.duration) == ("A cat", "768P", 6)
    assert (row.request, row.cost, row.currency) == ("{}", 2.0, "CNY")
    assert row.created_at > 1000
    assert ledger.is_ours(row)
    assert ledger.get(row.id).result() == row


def test_one_job_a_clip_whoever_asks(ledger: Ledger, second: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda n: (ledger, second)[n % 2].get_or_create(CLIP), range(50)))
    rows = [future.result() for future in asked]
    assert len({row.id for row, _ in rows}) == 1
    assert [made for _, made in rows].count(True) == 1


@pytest.mark.parametrize("event", ["refused", "cancelled"])
def test_what_no_provider_took_is_made_anew(ledger: Ledger, event: Event) -> None:
    walked(ledger, CLIP, event)
    assert ledger.find(CLIP.identities, 1).result() is None
    again = created(ledger)
    assert (again.take, again.attempt) == (1, 2)


@pytest.mark.parametrize(
    "events",
    [(), ("claimed",), ("claimed", "accepted"), ("claimed", "unclear")]
    + [("claimed", "accepted", end) for end in ("task_failed", "link_lost")]
    + [SAVED, (*SAVED, "deleted")],
)
def test_what_may_be_paid_is_never_made_anew(ledger: Ledger, events: tuple[Event, ...]) -> None:
    row = walked(ledger, CLIP, *events)
    assert ledger.get_or_create(CLIP).result() == (row, False)


def test_a_person_sends_an_ended_job_once_more(ledger: Ledger) -> None:
    row = walked(ledger, CLIP, "claimed", "accepted")
    by_hand = replace(CLIP, replaces=row.id)
    assert ledger.get_or_create(by_hand).result() == (row, False), "it is not over"
    ledger.move(row.id, "task_failed").result()
    again = created(ledger, by_hand)
    assert again.attempt == 2
    assert ledger.get_or_create(by_hand).result() == (again, False), "once"


def test_what_another_kernel_has_saved_is_not_sent_once_more(ledger: Ledger) -> None:
    """Whoever asks saw it fail; its provider had it after all."""
    row = walked(ledger, CLIP, *SAVED)
    by_hand = replace(CLIP, replaces=row.id)
    assert ledger.get_or_create(by_hand).result() == (row, False)


def test_takes_are_numbered(ledger: Ledger) -> None:
    takes = [created(ledger, replace(CLIP, take=take)).take for take in (1, 3, None, None)]
    assert takes == [1, 3, 4, 5]
    assert ledger.count_takes([CLIP.identity]).result() == 4
    assert ledger.count_takes(["another"]).result() == 0


def test_a_clip_is_found_under_every_identity_of_it(ledger: Ledger, second: Ledger) -> None:
    old = walked(ledger, OLD, "claimed", "accepted")
    assert [one.get_or_create(NEW).result() for one in (ledger, second)] == [(old, False)] * 2
    assert second.find(NEW.identities, 1).result() == old
    assert ledger.find(NEW.identities, 2).result() is None
    newer = created(second, replace(NEW, take=None))
    assert (newer.take, newer.identity) == (2, NEW.identity)
    assert ledger.count_takes(NEW.identities).result() == 2
    assert ledger.count_takes([OLD.identity]).result() == 1


def test_a_new_attempt_follows_the_old_one_under_another_identity(ledger: Ledger) -> None:
    walked(ledger, OLD, "cancelled")
    new = walked(ledger, NEW, "claimed", "accepted")
    assert new.attempt == 2
    third = replace(CLIP, identity="ppinfra:v2-third", aliases=(NEW.identity, OLD.identity))
    assert ledger.get_or_create(third).result()[0].id == new.id


def test_a_job_that_is_not_there(ledger: Ledger) -> None:
    calls: list[Callable[[], object]] = [
        lambda: ledger.get("nobody").result(),
        lambda: ledger.move("nobody", "claimed").result(),
        lambda: ledger.claim("nobody", "a", 2000.0, CLIP).result(),
        lambda: ledger.save_board("cats", ["nobody"]).result(),
    ]
    for call in calls:
        with pytest.raises(JobNotFoundError, match="nobody"):
            call()
    assert ledger.find(["nobody"], 1).result() is None
    assert ledger.lease(["nobody"], "a", now=0, until=60).result() == []
    assert not ledger.release("nobody", "a").result()


def test_what_is_planned_answers_only_while_it_is_driven(ledger: Ledger, clock: Clock) -> None:
    row = created(ledger)
    assert ledger.find(CLIP.identities, 1).result() is None
    ledger.lease([row.id], "a", now=clock.now, until=clock.now + 60).result()
    found = ledger.find(CLIP.identities, 1).result()
    assert found is not None
    assert found.id == row.id
    clock.now += 61
    assert ledger.find(CLIP.identities, 1).result() is None
    ledger.lease([row.id], "a", now=clock.now, until=clock.now + 1e9).result()
    assert ledger.find(CLIP.identities, 1).result() is None, "no kernel leases for so long"


def test_lists_of_jobs(ledger: Ledger) -> None:
    """In the order in which they were made."""
    ends: dict[str, tuple[Event, ...]] = {
        "planned": (),
        "submitted": ("claimed", "accepted"),
        "unknown": ("claimed", "unclear"),
        "saved": SAVED,
        "cancelled": ("cancelled",),
        "failed": ("claimed", "accepted", "task_failed"),
    }
    made = {
        state: walked(ledger, replace(CLIP, identity=state), *events)
        for state, events in ends.items()
    }
    assert [row.state for row in made.values()] == list(ends)
    assert ledger.history().result() == list(made.values())
    open_states = ["planned", "submitted", "unknown"]
    assert [row.state for row in ledger.open_jobs().result()] == open_states
    charged = ["submitted", "unknown", "saved", "failed"]
    assert [row.state for row in ledger.charged_jobs().result()] == charged
    tasks = {made[state].task_id for state in ("submitted", "failed")}
    assert ledger.task_ids("ppinfra", without=made["saved"].id).result() == tasks
    assert ledger.task_ids("chanjing", without="").result() == set()


def test_how_long_clips_of_a_kind_take(ledger: Ledger, clock: Clock) -> None:
    clock.now = 0.0
    row = created(ledger, replace(CLIP, identity="next"))
    assert ledger.usual_seconds(row).result() is None
    assert ledger.task_seconds(row).result() == []
    for number, seconds in enumerate((30.0, 90.0, 40.0)):
        one = created(ledger, replace(CLIP, identity=f"clip-{number}"))
        begun = clock.now
        ledger.move(one.id, "claimed").result()
        ledger.move(one.id, "accepted", task_id=f"{number}", submitted_at=begun).result()
        ledger.move(one.id, "succeeded", ready_at=begun + seconds - 5).result()
        ledger.move(one.id, "fetching").result()
        clock.now = begun + seconds - 1
        ledger.move(one.id, "verified").result()
    walked(ledger, replace(CLIP, identity="other", duration=10), *SAVED)
    assert ledger.usual_seconds(row).result() == 40
    assert ledger.task_seconds(row).result() == [35, 85, 25]


@pytest.mark.parametrize("event", EVENTS)
def test_a_state_moves_only_along_an_edge(ledger: Ledger, event: Event) -> None:
    row = created(ledger)
    wanted: State | None = TRANSITIONS.get(("planned", event))
    if wanted is None:
        with pytest.raises(ImpossibleEventError):
            ledger.move(row.id, event).result()
        assert ledger.get(row.id).result() == row
    else:
        assert ledger.move(row.id, event).result().state == wanted


def test_a_step_writes_what_became_known(ledger: Ledger, second: Ledger) -> None:
    row = walked(ledger, CLIP, "claimed")
    row = ledger.move(row.id, "accepted", task_id="t", submitted_at=5.0).result()
    assert (row.state, row.task_id, row.submitted_at) == ("submitted", "t", 5.0)
    row = ledger.move(row.id, "succeeded", link="https://x/1", link_expires_at=99.0).result()
    row = ledger.move(row.id, "fetching").result()
    facts = {"path": "videos/1.mp4", "bytes": 10, "sha256": "ab", "width": 64, "height": 36}
    row = ledger.move(row.id, "verified", **facts, fps=24.0, frames=12).result()  # type: ignore[arg-type]
    assert {name: getattr(row, name) for name in facts} == facts
    assert (row.fps, row.frames, row.link, row.link_expires_at) == (24.0, 12, "https://x/1", 99.0)
    assert row.finished_at is not None
    assert second.get(row.id).result() == row
    assert second.is_ours(row)


def test_an_end_gives_the_lease_back_and_has_a_time(ledger: Ledger) -> None:
    row = created(ledger)
    assert ledger.claim(row.id, "a", 2000.0, CLIP).result() is not None
    row = ledger.move(row.id, "refused", error="no", error_kind="auth", error_code="1").result()
    assert row.state in FINAL
    assert (row.owner, row.lease_until) == (None, None)
    assert row.finished_at is not None
    assert (row.error, row.error_kind, row.error_code) == ("no", "auth", "1")
    row = ledger.move(row.id, "found", task_id="t").result()
    assert row.finished_at is None, "it came back from its end"


@pytest.mark.parametrize(
    ("before", "event", "is_kept"),
    [
        (("claimed",), "accepted", False),
        (("claimed", "unclear"), "found", False),
        (("claimed", "accepted", "succeeded", "fetching"), "verified", False),
        (("claimed", "accepted", "task_failed"), "succeeded", False),
        (("claimed", "accepted", "task_failed"), "found", False),
        (("claimed", "accepted", "succeeded"), "fetching", True),
        (("claimed", "unclear"), "unclear", True),
    ],
)
def test_a_step_forward_leaves_no_error(
    ledger: Ledger, before: tuple[Event, ...], event: Event, is_kept: bool
) -> None:
    *first, last = before
    row = walked(ledger, CLIP, *first)
    error = {"error": "it broke", "error_kind": "server", "error_code": "1"}
    ledger.move(row.id, last, task_id=row.task_id, **error).result()  # type: ignore[arg-type]
    row = ledger.move(row.id, event).result()
    assert (row.error, row.error_kind, row.error_code) == (
        tuple(error.values()) if is_kept else (None, None, None)
    )


def test_one_of_two_claims_wins(ledger: Ledger, second: Ledger) -> None:
    row = created(ledger)
    assert second.get_or_create(CLIP).result() == (row, False)
    claims = [
        one.claim(row.id, owner, 2000.0, CLIP).result()
        for one, owner in ((ledger, "a"), (second, "b"))
    ]
    assert claims[0] is not None
    assert claims[1] is None
    assert (claims[0].state, claims[0].owner) == ("submitting", "a")
    assert claims[0].lease_until == 2000.0
    assert claims[0].claimed_at is not None


def test_a_claim_says_what_is_sent(ledger: Ledger) -> None:
    """Whoever planned it, and in whatever words; its identity stays."""
    row = created(ledger)
    sent = replace(NEW, prompt="A cat, anew", base_url="https://y.invalid", cost=None)
    claimed = ledger.claim(row.id, "a", 2000.0, sent).result()
    assert claimed is not None
    assert (claimed.prompt, claimed.base_url, claimed.cost) == (sent.prompt, sent.base_url, None)
    assert claimed.identity == CLIP.identity
    assert ledger.is_ours(claimed)


def test_a_row_that_somebody_changed_is_not_ours(ledger: Ledger) -> None:
    row = created(ledger)
    assert not ledger.is_ours(replace(row, prompt="A dog"))
    sent = walked(ledger, replace(CLIP, take=2), "claimed", "accepted")
    assert ledger.is_ours(sent)
    assert not ledger.is_ours(replace(sent, state="planned")), "what was sent is not planned again"


def test_two_tasks_of_one_provider_never_share_an_id(ledger: Ledger, second: Ledger) -> None:
    rows = [walked(ledger, replace(CLIP, take=take), "claimed") for take in (1, 2)]
    ledger.move(rows[0].id, "accepted", task_id="t").result()
    with pytest.raises(DuplicateTaskError):
        second.move(rows[1].id, "accepted", task_id="t").result()
    assert ledger.get(rows[1].id).result() == rows[1]
    other = walked(ledger, replace(CLIP, identity="c", provider="chanjing"), "claimed")
    assert ledger.move(other.id, "accepted", task_id="t").result().task_id == "t"


def test_a_fault_in_one_call_leaves_the_others(ledger: Ledger) -> None:
    row = created(ledger)
    good, bad = ledger.move(row.id, "claimed"), ledger.move("nobody", "claimed")
    assert good.result().state == "submitting"
    with pytest.raises(JobNotFoundError):
        bad.result()


def test_a_lease_is_taken_over_only_when_it_has_run_out(ledger: Ledger, second: Ledger) -> None:
    row = created(ledger)
    assert ledger.lease([row.id], "a", now=0, until=60).result() == [row.id]
    assert second.lease([row.id], "b", now=59, until=120).result() == []
    assert ledger.lease([row.id], "a", now=59, until=120).result() == [row.id]
    assert second.lease([row.id], "b", now=121, until=180).result() == [row.id]
    assert ledger.lease([row.id], "c", now=122, until=1e12).result() == []
    assert second.lease([row.id], "b", now=122, until=1e12).result() == [row.id]
    assert ledger.lease([row.id], "c", now=122, until=180).result() == [row.id], (
        "no kernel leases for ever"
    )
    assert not ledger.release(row.id, "b").result()
    assert ledger.release(row.id, "c").result()
    assert second.lease([row.id], "b", now=122, until=180).result() == [row.id]


def test_everything_is_there_after_opening_again(place: Place) -> None:
    ledger = place.open()
    row = walked(ledger, CLIP, "claimed", "accepted")
    ledger.annotate(row.id, note="good").result()
    ledger.close()
    again = place.open()
    assert again.history().result() == [row]
    assert again.annotations([row.id]).result() == {
        row.id: Annotation((("me", Opinion(note="good")),))
    }
    again.close()


def test_a_closed_ledger_says_so(place: Place) -> None:
    ledger = place.open()
    waiting = ledger.get_or_create(CLIP)
    ledger.close()
    assert waiting.result()[1], "what was asked for before is done"
    with pytest.raises(LedgerClosedError):
        ledger.history()


def test_a_ledger_that_was_taken_away_takes_no_more(place: Place, ledger: Ledger) -> None:
    row = created(ledger)
    ledger.check()
    place.take_away()
    with pytest.raises(LedgerError):
        ledger.check()
    with pytest.raises(LedgerError):
        ledger.claim(row.id, "a", 2000.0, CLIP).result()
