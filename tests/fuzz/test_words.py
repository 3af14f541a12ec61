"""Fuzz: what people write, or paste from strangers: prompts with moves and alternatives, links to a
studio."""

from __future__ import annotations

import base64
import json
import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from hailuo_nb import catalog
from hailuo_nb.errors import LinkError, VariantsError
from hailuo_nb.media.text import visible
from hailuo_nb.prompts import camera, variants
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets import share_link
from hailuo_nb.widgets.draft import Draft
from tests.fuzz.documents import body, changed, changes, seeds, text
from tests.fuzz.profile import target

T = TypeVar("T")
LANGUAGES: tuple[camera.Language, ...] = ("en", "zh")
PIECES = (
    "[", "]", "［", "］", "【", "】", ",", "，", "、", "{", "}", "|", "\\", " ", "\n", "$", "Push "
                                                                                      "in", "推进",
    "Pann "
    "left", "Sony "
            "A7", "[Push in]", "[推进,左摇]", "[Static shot,Push in]", "[]", "[Push in,Push in,x]",
    "{dawn|dusk}", "{|}", "A cat ", "push_in", "slow push in", "缓慢推进", "推進", "(Pan left)", "「左移」",
    "[tilt left]", "[Pan left/right]", "The camera pushes in", "，镜头推进", ", then pans left", ". ", ";",
    "[Truck left]", "[Pan right]", "(", "）", "\\[Shake\\]", " and ", "/",
)  # fmt: skip
MOVES = camera.moves()
SECONDS = 3.0
"""CPU seconds for one text of 20,000 characters at most: many times what is needed, far from what
is endless."""


def _prompt(many: list[int], mass: int) -> str:
    """A prompt of pieces, odd texts between them, now and then one piece many times over."""
    rng = random.Random(mass)
    found = [
        PIECES[one % len(PIECES)] if one % 9 else text(random.Random(one))[:200] for one in many
    ]
    if found and mass % 5 == 0:
        found[mass % len(found)] *= rng.choice((30, 1000, 8000))
    return "".join(found)[:20_000]


prompts = st.builds(_prompt, st.lists(st.integers(0, 2**32), max_size=14), st.integers(0, 2**32))


def timed(work: Callable[..., T], *args: Any) -> T:
    began = time.thread_time()
    found = work(*args)
    assert time.thread_time() - began < SECONDS
    return found


@target(250)
@given(prompt=prompts)
def test_moves_are_read_where_they_stand_and_written_for_each_provider(prompt: str) -> None:
    steps = timed(camera.parse, prompt)
    at = 0
    for step in steps:
        assert at <= step.start < step.end <= len(prompt)
        if not step.prose:
            assert (prompt[step.start] in "[［【\\") and (prompt[step.end - 1] in "]］】")
        assert step.moves
        at = step.end
    for language in LANGUAGES:
        written = timed(camera.render, prompt, language)
        assert [step.moves for step in camera.parse(written)] == [step.moves for step in steps]
        assert camera.render(written, language) == written
        assert _outside(written) == _outside(prompt), (
            "the text between the brackets is sent as it stands"
        )


def _outside(prompt: str) -> list[str]:
    ends = [(0, 0), *((step.start, step.end) for step in camera.parse(prompt)), (len(prompt), 0)]
    return [prompt[before[1] : after[0]] for before, after in pairwise(ends)]


@target(150)
@given(prompt=prompts, at=st.integers(-5, 20_005), which=st.integers(0, len(MOVES) - 1))
def test_a_move_is_put_where_it_is_read_again(prompt: str, at: int, which: int) -> None:
    # Beside a bracket, words of anybody about the camera are no step any more.
    before = [move for step in camera.parse(f"{prompt}\n[Shake]")[:-1] for move in step.moves]
    for language in LANGUAGES:
        after, caret = timed(camera.insert, prompt, [MOVES[which]], at, language)
        assert 0 <= caret <= len(after)
        found = [move for step in camera.parse(after) for move in step.moves]
        assert MOVES[which] in found
        assert len(found) in {len(before), len(before) + 1}


@target(200)
@given(prompt=prompts)
def test_what_is_said_of_a_prompt_names_a_place_and_its_cure_cures(prompt: str) -> None:
    findings = timed(camera.lint, prompt)
    rules = Counter(finding.rule for finding in findings)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(prompt)
        assert finding.message
    for finding in [*findings[:3], *findings[-1:]]:
        if finding.replacement is not None:
            cured = prompt[: finding.start] + finding.replacement + prompt[finding.end :]
            left = Counter(one.rule for one in camera.lint(cured))
            assert left[finding.rule] < rules[finding.rule] or len(cured) < len(prompt), (
                "it comes to an end"
            )


@target(200)
@given(prompt=prompts)
def test_alternatives_are_bounded_and_every_text_can_be_written_as_one(prompt: str) -> None:
    try:
        found = timed(variants.expand, prompt)
    except VariantsError as error:
        assert 0 <= error.at < len(prompt)
        assert str(error)
    else:
        assert 1 <= len(found) <= variants.MAX_PROMPTS
        assert len(set(found)) == len(found)
    assert variants.expand(re.sub(r"[{}|\\]", r"\\\g<0>", prompt)) == [prompt]


@target(120)
@given(prompt=prompts, seed=seeds)
def test_what_is_wrong_with_a_request_is_told_and_the_nearest_has_nothing_wrong(
    prompt: str, seed: int
) -> None:
    plain: dict[str, Any] = {
        "model": catalog.default_model("chanjing"),
        "resolution": "768P",
        "duration": 6,
    }
    request = VideoRequest(prompt, **{**plain, **_odd_fields(plain, seed)})
    for provider in random.Random(seed).sample(catalog.providers(), 3):
        problems = timed(catalog.check, request, provider)
        assert all(problem.message for problem in problems)
        nearest = dict.fromkeys(problem.nearest for problem in problems if problem.nearest)
        for one in [*nearest][:5]:
            assert "error" not in {problem.severity for problem in catalog.check(one, provider)}


def _odd_fields(plain: dict[str, Any], seed: int) -> dict[str, Any]:
    """One field with another value, as a table of a user or a ledger may hold it."""
    found = changed(plain, [seed])
    return (
        {name: value for name, value in found.items() if name in plain}
        if isinstance(found, dict)
        else {}
    )


@target(150)
@given(words=prompts)
def test_what_nobody_sees_is_written_out(words: str) -> None:
    shown = visible(words)
    assert visible(shown) == shown
    shown.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


LINKED = json.loads(
    zlib.decompress(
        base64.urlsafe_b64decode(
            share_link.to_link(
                Draft(
                    prompt="A cat at {dawn|dusk}",
                    targets=("simulated:ppinfra/MiniMax-Hailuo-02", "chanjing"),
                    options={"watermark": True},
                )
            ).removeprefix(share_link.PREFIX)
            + "=="
        )
    )
)


@target(250)
@given(odd=changes, broken=seeds)
def test_a_link_to_a_studio_is_read_whole_or_told(odd: list[int], broken: int) -> None:
    packed = base64.urlsafe_b64encode(zlib.compress(body(LINKED, odd))).decode().rstrip("=")
    if broken % 8 == 0:
        at = broken % len(packed)
        packed = packed[:at] + text(random.Random(broken)) + packed[at + 1 :]
    try:
        found = timed(share_link.from_link, share_link.PREFIX + packed)
    except LinkError as error:
        assert 0 < len(str(error)) < 3000
        return
    assert isinstance(found["prompt"], str)
    assert isinstance(found["targets"], list)
    for frame in (found["first_frame"], found["last_frame"]):
        assert frame is None or (frame.data is None and frame.url.startswith("https://"))
    again = share_link.from_link(
        share_link.to_link(Draft(**{**found, "targets": tuple(found["targets"])}))
    )
    assert again == found
