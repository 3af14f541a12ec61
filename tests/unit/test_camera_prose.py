"""Camera moves as prose: written for H3 in the place of the brackets, and read back as steps."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from hailuo_nb.prompts import camera
from hailuo_nb.simulator.camera_path import pose_at

KEYS = [move.key for move in camera.moves()]
TEXTS = {"en": ("A cat runs on grass", "then it rests"), "zh": ("一只猫在草地上跑", "然后停下")}


def keys(prompt: str) -> list[list[str]]:
    return [[move.key for move in step.moves] for step in camera.parse(prompt)]


def at_places(steps: list[str], language: str) -> list[str]:
    """The steps at the beginning, in the middle and at the end of a text."""
    one, other = TEXTS[language]
    together = " ".join(steps)
    return [
        together,
        f"{together} {one}",
        f"{one} {together}",
        f"{one}, {other} {together}.",
        f"{one} {together}, {other}",
        f"{one}. {together} {other}",
    ]


@pytest.mark.parametrize(
    ("prompt", "prose"),
    [
        ("A cat runs on grass [Push in]", "A cat runs on grass as the camera pushes in."),
        ("[Push in] A cat runs.", "The camera pushes in. A cat runs."),
        ("[Push in] a cat runs.", "As the camera pushes in, a cat runs."),
        ("[Push in]Close up of a cat.", "The camera pushes in. Close up of a cat."),
        ("A cat. [Static shot]", "A cat. The camera holds a static shot."),
        (
            "A cat [Push in] runs on grass.",
            "A cat — as the camera pushes in — runs on grass.",
        ),
        (
            "A cat runs [Push in,Pan left,Tilt up], then rests. [Static shot]",
            "A cat runs as the camera pushes in while panning left and tilting up, then rests. "
            "The camera holds a static shot.",
        ),
        (
            "A cat runs [Push in] [Pull out][Shake].",
            "A cat runs as the camera pushes in, then pulls out, then shakes slightly.",
        ),
        (
            "A man waits, then [Tracking shot] and [Pan left].",
            "A man waits, then the camera tracks the subject, and the camera pans left.",
        ),
        ("first\n[Push in]\nsecond", "first\nThe camera pushes in.\nsecond"),
        ("一只猫在草地上跑[推进]", "一只猫在草地上跑，镜头推进。"),
        ("[推进]一只猫在草地上跑", "镜头推进，一只猫在草地上跑"),
        (
            "一只猫在草地上跑[推进,左摇,上升], 然后[拉远]",
            "一只猫在草地上跑，镜头推进，同时向左摇并上升, 然后镜头拉远。",
        ),
        ("雨夜【跟随】【固定】。", "雨夜，镜头跟随主体，然后保持固定。"),
        ("雨夜的街道 [Push in]", "雨夜的街道 镜头推进。"),
        ("A street at night [推进]", "A street at night as the camera pushes in."),
        ("[推进]", "镜头推进。"),
        ("[Push in]", "The camera pushes in."),
        ("on [Sony A7] film, [Shot 1]", "on [Sony A7] film, [Shot 1]"),
        ("", ""),
    ],
)
def test_prose_reads_well_in_the_place_of_the_bracket(prompt: str, prose: str) -> None:
    assert camera.render(prompt, "prose") == prose
    assert keys(prose) == keys(prompt)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_set_of_moves_comes_back(size: int, language: camera.Language) -> None:
    sets = list(combinations(KEYS, size))
    for chosen in random.Random(3).sample(sets, min(len(sets), 105)):
        for prompt in at_places([camera.bracket(chosen, language)], language):
            prose = camera.render(prompt, "prose")
            assert keys(prose) == [list(chosen)], prose
            assert "[" not in prose


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sequences_come_back_wherever_they_stand(language: camera.Language) -> None:
    chance = random.Random(13)
    for _ in range(100):
        steps = [chance.sample(KEYS, chance.randint(1, 3)) for _ in range(chance.randint(2, 5))]
        written = [camera.bracket(step, language) for step in steps]
        for prompt in at_places(written, language):
            prose = camera.render(prompt, "prose")
            assert keys(prose) == steps, prose
            back = camera.write_brackets(prose)
            assert keys(back) == steps, back
            assert not any(step.prose for step in camera.parse(back))


def test_text_outside_the_brackets_stays() -> None:
    chance = random.Random(7)
    pieces = [
        "A cat, ",
        "  two  spaces ",
        "\ttab\n",
        "猫，",
        "[Sony A7]",
        "runs",
        "🐱",
        "(a) {b}",
        ".",
    ]
    for _ in range(300):
        texts = ["".join(chance.sample(pieces, 3)) for _ in range(3)]
        moves = [camera.bracket([chance.choice(KEYS)]) for _ in range(2)]
        prose = camera.render(texts[0] + moves[0] + texts[1] + moves[1] + texts[2], "prose")
        at = 0
        for text in texts:
            at = prose.index(text, at) + len(text)


def test_brackets_and_their_prose_leave_the_same_words() -> None:
    prompt = "[Push in] A cat runs [Pan left], then rests [Static shot]"
    prose = camera.render(prompt, "prose")
    for text in (prompt, prose):
        words = "".join(char for char in camera.without_steps(text) if char not in ",.")
        assert words.split() == ["A", "cat", "runs", "then", "rests"]


@pytest.mark.parametrize(
    ("prompt", "steps"),
    [
        # The guide's own examples.
        (
            "The camera pushes in with small amplitude at slow speed toward the folded letter in "
            "her hands.",
            [["push_in"]],
        ),
        (
            "The camera pans right with large amplitude at fast speed, revealing the open doorway.",
            [["pan_right"]],
        ),
        ("The camera holds a static shot as the runner exits the frame.", [["static"]]),
        (
            "The camera slowly pushes in while gently panning left, then pulls out.",
            [["push_in", "pan_left"], ["pull_out"]],
        ),
        (
            "The camera tracks right with small amplitude at slow speed as the dancer turns left.",
            [["truck_right"]],
        ),
        ("The camera shakes strongly. It stops.", [["shake"]]),
        ("the camera follows the red car, then dollies forward", [["tracking"], ["push_in"]]),
        ("镜头跟随一个女孩，然后向上摇", [["tracking"], ["tilt_up"]]),
        ("镜头前的女孩微笑，the camera cuts to a close-up", []),
        ("The camera pans.", []),
        ("雨夜，镜头缓缓推进，露出门口。", [["push_in"]]),
        ("She pushes in the chair. The crane pans left.", []),
        ("The cameras push in.", []),
        ("推进 and Push in without brackets", []),
    ],
)
def test_prose_of_others_is_read_where_there_is_no_bracket(
    prompt: str, steps: list[list[str]]
) -> None:
    assert keys(prompt) == steps


def test_beside_brackets_words_only_describe() -> None:
    prompt = "【推进】一只猫在花园中奔跑，镜头缓缓推进特写"
    assert keys(prompt) == [["push_in"]]
    assert keys("[Pan left] The camera slowly pushes in toward her.") == [["pan_left"]]
    # But what was a bracket before stays a step beside a new one.
    assert keys("The camera pushes in. A cat runs [Pan left]") == [["push_in"], ["pan_left"]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_prose_is_left_alone_where_brackets_are_wanted(language: camera.Language) -> None:
    prompt = "The camera pushes in. 镜头推进。 A cat as the camera pans left."
    assert camera.render(prompt, language) == prompt


def test_a_step_of_prose_knows_its_words() -> None:
    prompt = "🐱 as the camera pushes in, then pans left."
    steps = camera.parse(prompt)
    assert [prompt[step.start : step.end] for step in steps] == [
        "the camera pushes in",
        "pans left",
    ]
    assert all(step.prose for step in steps)


def test_a_caret_in_prose_gets_a_bracket_of_its_own() -> None:
    prompt = "The camera pushes in."
    assert camera.insert(prompt, ["shake"])[0] == "The camera pushes in. [Shake]"


@pytest.mark.parametrize("prompt", ["A street [Push in] [Pan left,Tilt up]", "街道[右移][上升]"])
def test_prose_moves_the_simulated_camera_as_its_brackets_do(prompt: str) -> None:
    prose = camera.render(prompt, "prose")
    poses = [[pose_at(text, t, 6.0) for t in (0, 1, 3, 4.5, 6)] for text in (prompt, prose)]
    assert poses[0] == poses[1]
    assert poses[0][0] != poses[0][-1]
