"""The life of a job as a pure table: (state, event) -> state.

What is not in the table is refused by `after`. `outcome_of_submit` decides which outcome of the
charging call is which event (classification: shared reference on reliability, A3).
"""

from __future__ import annotations

from typing import Literal, get_args

from hailuo_nb.errors import ProviderError

State = Literal[
    "planned",
    "submitting",
    "submitted",
    "ready",
    "downloading",
    "saved",
    "rejected",
    "failed",
    "unknown",
    "expired",
    "cancelled",
]
Event = Literal[
    "claimed",  # this process is about to send the charging call
    "not_sent",  # it surely never arrived, or was surely turned away for now: may be sent again
    "accepted",  # a task id came back: the clip is paid
    "refused",  # the provider said no: not paid
    "unclear",  # nobody can say whether the provider took it
    "succeeded",  # the provider has the clip
    "task_failed",  # the provider gave up on the task
    "task_cancelled",  # the provider cancelled the task, asked from here or from elsewhere
    "fetching",  # a download began
    "fetch_failed",  # it broke off; the link may still be good, or a fresh one can be had
    "verified",  # the file is whole, under its final name
    "link_lost",  # the link died and the provider gives no other
    "doubted",  # somebody else wrote its link down: the provider is asked for its own
    "cancelled",  # the user cancelled it before it was sent
    "found",  # a clip that was unclear, or over, turned up at the provider
    "not_found",  # the provider's list does not hold it, long enough after
    "deleted",  # the user threw the file away
    "given_up",  # the user decided that an unclear submit came to nothing
]

STATES: tuple[State, ...] = get_args(State)
EVENTS: tuple[Event, ...] = get_args(Event)

TRANSITIONS: dict[tuple[State, Event], State] = {
    ("planned", "claimed"): "submitting",
    # Found before the call: no balance known, a frame that cannot be uploaded.
    ("planned", "refused"): "rejected",
    ("planned", "cancelled"): "cancelled",
    ("submitting", "not_sent"): "planned",
    ("submitting", "accepted"): "submitted",
    ("submitting", "refused"): "rejected",
    ("submitting", "unclear"): "unknown",
    ("submitted", "succeeded"): "ready",
    ("submitted", "task_failed"): "failed",
    ("submitted", "task_cancelled"): "cancelled",
    ("submitted", "link_lost"): "expired",
    ("ready", "fetching"): "downloading",
    ("ready", "succeeded"): "ready",  # a fresh link for a clip that could not be fetched
    ("ready", "link_lost"): "expired",
    ("ready", "doubted"): "submitted",
    ("downloading", "fetch_failed"): "ready",
    ("downloading", "verified"): "saved",
    ("downloading", "link_lost"): "expired",
    ("downloading", "doubted"): "submitted",
    ("saved", "deleted"): "expired",
    ("unknown", "found"): "submitted",
    ("unknown", "unclear"): "unknown",  # looked for, and more is known of why it is unclear
    ("unknown", "not_found"): "rejected",
    ("unknown", "given_up"): "failed",
    # Every end has a way back: somebody looked again, and the provider has the clip after all.
    ("rejected", "found"): "submitted",
    ("failed", "found"): "submitted",
    ("failed", "succeeded"): "ready",
    ("failed", "task_failed"): "failed",  # looked at again, and more is known: what it cost
    ("cancelled", "found"): "submitted",
    ("cancelled", "succeeded"): "ready",
    ("cancelled", "task_cancelled"): "cancelled",
    ("expired", "found"): "submitted",
    ("expired", "succeeded"): "ready",
}

FINAL: frozenset[State] = frozenset({"saved", "rejected", "failed", "expired", "cancelled"})
"""Nothing more happens by itself."""

UNSENT: frozenset[State] = frozenset({"planned", "submitting"})
"""May still be sent by itself: a charging call under way can come to nothing."""

SETTLED: frozenset[State] = FINAL | {"unknown"}
"""Waiting for the job ends here: `unknown` waits for a person, not for time."""

LOOKED_FOR: frozenset[State] = frozenset({"rejected", "failed", "expired", "cancelled"})
"""Over, and looked for at the provider once more when a person wants it (see `is_looked_for`)."""


def is_looked_for(state: State, task_id: str | None) -> bool:
    """Whether `look_again` asks the provider for this clip once more.

    A clip that was cancelled before it was sent never reached a provider.
    """
    return state in LOOKED_FOR and (state != "cancelled" or task_id is not None)


def is_sent_anew(state: State, task_id: str | None) -> bool:
    """Whether the same call sends this clip anew: it ended, and no provider ever took it.

    A clip that has a task id may have been paid, whatever became of it: only a person sends such a
    clip once more.
    """
    return state in FINAL and task_id is None


_TURNED_AWAY = frozenset({400, 401, 403, 404, 405, 413, 415, 422})
"""Statuses that say, even without the provider's own words, that nothing ran."""
_MAY_HAVE_RUN = frozenset({409, 499})
"""A conflict, perhaps with the clip itself, and a connection that broke on its way."""


class ImpossibleEventError(RuntimeError):
    """An event that the table does not know for this state: a fault of ours, never of the user."""


def after(state: State, event: Event) -> State:
    """The state after an event. Raises ImpossibleEventError for a pair that is not in the table."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ImpossibleEventError(f"a job that is {state} cannot see {event!r}") from None


def outcome_of_submit(error: ProviderError, *, sent: bool = True, followed: bool = False) -> Event:
    """What a ProviderError raised by the submit flow means for the money.

    sent      the charging call may have reached the provider
    followed  the flow went on to another call after it. The error is then about that one, and
              whatever it is (a rate limit, a refusal, a broken connection), the clip may have been
              paid.

    A refusal with the provider's own words is `refused`; a rate limit, a token that another process
    replaced, or 503 that names a pace, is `not_sent`;
    every server fault and every answer that we cannot read is `unclear`: the clip may have been
    paid. A page in place of an answer that says 403 or 404 is a firewall or a wrong address:
    nothing ran behind it.
    """
    if followed:
        return "unclear"
    if error.status == 503 and error.retry_after is not None:
        return "not_sent"
    if error.kind in {"rate", "token"}:  # a pace inside a server's fault says nothing of this call
        return "unclear" if sent and (error.status or 0) >= 500 else "not_sent"
    if error.kind == "invalid" and error.status in _MAY_HAVE_RUN:
        return "unclear" if sent else "not_sent"
    turned_away = error.kind == "protocol" and error.status in _TURNED_AWAY
    if error.kind in {"server", "protocol"} and not turned_away:
        return "unclear" if sent else "not_sent"  # before the charging call nothing can be unclear
    return "refused"
