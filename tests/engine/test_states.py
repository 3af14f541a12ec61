"""The table of states: complete, and as the promise wants it."""

from __future__ import annotations

import itertools

import pytest

from hailuo_nb.engine import states
from hailuo_nb.engine.states import ImpossibleEventError, after, outcome_of_submit
from hailuo_nb.errors import ProviderError

PAIRS = list(itertools.product(states.STATES, states.EVENTS))


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_each_pair_is_an_edge_or_refused(state: states.State, event: states.Event) -> None:
    if (state, event) in states.TRANSITIONS:
        assert after(state, event) in states.STATES
    else:
        with pytest.raises(ImpossibleEventError, match=state):
            after(state, event)


def test_nothing_leaves_a_final_state_but_by_a_persons_hand() -> None:
    leaving = {
        (state, event)
        for (state, event), then in states.TRANSITIONS.items()
        if state in states.FINAL and then != state
    }
    looked_again = {pair for pair in leaving if pair[1] in {"found", "succeeded"}}
    assert leaving - looked_again == {("saved", "deleted")}
    assert {state for state, _ in looked_again} == states.LOOKED_FOR


def test_what_is_over_may_be_told_again_with_what_it_cost() -> None:
    again = {pair for pair, then in states.TRANSITIONS.items() if pair[0] == then}
    assert {pair for pair in again if pair[0] in states.FINAL} == {
        ("failed", "task_failed"),
        ("cancelled", "task_cancelled"),
    }


def test_only_a_provider_cancels_what_was_sent() -> None:
    """A job is cancelled before it is sent, or by its provider's word on the task; never in
    between."""
    ways = {pair for pair, then in states.TRANSITIONS.items() if then == "cancelled"}
    assert ways == {
        ("planned", "cancelled"),
        ("submitted", "task_cancelled"),
        ("cancelled", "task_cancelled"),
    }


@pytest.mark.parametrize("state", states.STATES)
def test_what_never_reached_a_provider_is_not_looked_for(state: states.State) -> None:
    over = state in states.FINAL and state != "saved"
    assert states.is_looked_for(state, "task-1") == over
    assert states.is_looked_for(state, None) == (over and state != "cancelled")


@pytest.mark.parametrize("state", states.STATES)
def test_only_what_ended_and_was_never_taken_is_sent_anew_by_the_same_call(
    state: states.State,
) -> None:
    assert not states.is_sent_anew(state, "task-1")
    assert states.is_sent_anew(state, None) == (state in states.FINAL)
    assert {state for state, _ in states.TRANSITIONS} >= set(states.STATES) - states.FINAL


def test_the_charging_call_is_reached_only_from_planned() -> None:
    assert [pair for pair, then in states.TRANSITIONS.items() if then == "submitting"] == [
        ("planned", "claimed")
    ]


def test_back_to_planned_only_when_it_surely_was_not_taken() -> None:
    assert [pair for pair, then in states.TRANSITIONS.items() if then == "planned"] == [
        ("submitting", "not_sent")
    ]


def test_unknown_waits_for_a_person_or_the_providers_list() -> None:
    leaving = {
        event: then for (state, event), then in states.TRANSITIONS.items() if state == "unknown"
    }
    stays = {"unclear": "unknown"}  # looked for, and told why that proves nothing
    assert leaving == {"found": "submitted", "not_found": "rejected", "given_up": "failed"} | stays


def test_every_open_state_can_end() -> None:
    reach: dict[str, set[str]] = {state: {state} for state in states.STATES}
    for _ in states.STATES:
        for (state, _event), then in states.TRANSITIONS.items():
            reach[state] |= reach[then]
    assert all(reach[state] & states.FINAL for state in states.STATES)


@pytest.mark.parametrize(
    ("error", "event"),
    [
        (ProviderError("invalid", "bad", status=400), "refused"),
        (ProviderError("auth", "key", status=401), "refused"),
        (ProviderError("balance", "empty", status=402), "refused"),
        (ProviderError("permission", "no", status=403), "refused"),
        (ProviderError("moderation", "unfit", status=400), "refused"),
        (ProviderError("rate", "slow", status=429), "not_sent"),
        (ProviderError("token", "AccessToken", code="10400", status=200), "not_sent"),
        (ProviderError("server", "busy", status=503, retry_after=3), "not_sent"),
        (ProviderError("rate", "slow", status=502), "unclear"),
        (ProviderError("rate", "slow"), "not_sent"),
        (ProviderError("invalid", "a conflict", status=409), "unclear"),
        (ProviderError("invalid", "client_disconnected", status=499), "unclear"),
        (ProviderError("server", "busy", status=503), "unclear"),
        (ProviderError("server", "broken", status=500), "unclear"),
        (ProviderError("server", "bad gateway", status=502), "unclear"),
        (ProviderError("server", "no answer"), "unclear"),
        (ProviderError("protocol", "not JSON", status=200), "unclear"),
        (ProviderError("protocol", "not JSON", status=408), "unclear"),
        (ProviderError("protocol", "not JSON", status=502), "unclear"),
        (ProviderError("protocol", "a firewall's page", status=403), "refused"),
        (ProviderError("protocol", "a web site's page", status=404), "refused"),
    ],
)
def test_what_an_answer_means_for_the_money(error: ProviderError, event: states.Event) -> None:
    assert outcome_of_submit(error) == event
