"""The verdict that a page carries: on the question of a board, on one that is named, of a race."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import comb

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.errors import ArgumentError, MissingExtraError
from hailuo_nb.measure.axes import axis_of, item_of
from hailuo_nb.pages.clip_names import prompt_words, short_model
from hailuo_nb.pages.effect_rows import Effect, Effects, Missing
from hailuo_nb.results import effects
from hailuo_nb.results.effects import ClipOutcomes
from hailuo_nb.results.job import Job
from hailuo_nb.results.suggestions import open_axis

MAX_QUESTIONS = 300
"""Comparisons of two items in one outcome that a page makes: each takes up to a twentieth of a
second."""
_LONG = 40  # characters of a prompt; a longer one is called by what tells it from the others


def effects_of(jobs: Sequence[Job], votes: Sequence[Vote], by: str | None) -> Effects | None:
    """What a page says; None where these clips leave nothing to ask.

    by  the question; by default that of `suggest`

    Raises ArgumentError for what is no axis. Where scipy is missing or there is nothing to
    compare, the page says so.
    """
    try:
        axis = open_axis(jobs) if by is None else axis_of(by, jobs)
    except ArgumentError:
        if by is None:
            return None
        raise
    clips = effects.outcomes_of(jobs, axis)
    if by is None and not votes and not any(clip.outcomes for clip in clips):
        return None
    rows, missing = _rows(clips, votes, axis)
    return with_labels(Effects(axis, rows, missing=missing), jobs)


def with_labels(found: Effects, jobs: Sequence[Job]) -> Effects:
    """With what people call the items of these jobs, and which of them stand apart."""
    of = {item: job for job in jobs if (item := item_of(job, found.by)) is not None}
    real = {item_of(job, found.by) for job in jobs if not job.simulated}
    met = {item for row in found.rows if row.pairs for item in (row.item, row.other)}
    return replace(
        found,
        labels=_labels(of, found.by),
        simulated=frozenset(of.keys() - real),
        apart=[item for item in of if item not in met] if found.rows else (),
    )


def _labels(of: Mapping[str, Job], axis: str) -> Mapping[str, str]:
    if axis == "provider":
        return {item: job.provider_title for item, job in of.items()}
    if axis == "model":
        return {item: short_model(item) for item in of}
    if axis in {"prompt", "wording"} and any(len(item) > _LONG for item in of):
        return prompt_words(of)
    return {}


def _rows(
    clips: Sequence[ClipOutcomes], votes: Sequence[Vote], axis: str
) -> tuple[list[Effect], Missing]:
    """The effects that have a pair, of two items all; or why there are none."""
    items = {clip.item for clip in clips}
    outcomes = {name for clip in clips for name in clip.outcomes}
    if len(items) < 2:
        return [], "same"
    if comb(len(items), 2) * (len(outcomes) + bool(votes)) > MAX_QUESTIONS:
        return [], "many"
    try:
        found = effects.effects(clips, votes, axis)
    except MissingExtraError:
        return [], "scipy"
    if not any(one.pairs for one in found):
        return [], "pairs"
    return [one for one in found if one.pairs or len(items) == 2], ""
