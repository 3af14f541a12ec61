"""The grammar of camera moves: reading, writing, inserting, checking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.prompts import camera

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "camera.json").read_text(encoding="utf-8")
)

# Typed from the two official lists (providers.md, section 10), not read from moves.json.
PAIRS = {
    "左移": "Truck left",
    "右移": "Truck right",
    "左摇": "Pan left",
    "右摇": "Pan right",
    "推进": "Push in",
    "拉远": "Pull out",
    "上升": "Pedestal up",
    "下降": "Pedestal down",
    "上摇": "Tilt up",
    "下摇": "Tilt down",
    "变焦推近": "Zoom in",
    "变焦拉远": "Zoom out",
    "晃动": "Shake",
    "跟随": "Tracking shot",
    "固定": "Static shot",
}
OPPOSITES = [
    ("Truck left", "Truck right"),
    ("Pan left", "Pan right"),
    ("Push in", "Pull out"),
    ("Pedestal up", "Pedestal down"),
    ("Tilt up", "Tilt down"),
    ("Zoom in", "Zoom out"),
]


def rules(prompt: str) -> list[str]:
    return [finding.rule for finding in camera.lint(prompt)]


def cured(prompt: str, finding: camera.Finding) -> str:
    assert finding.replacement is not None
    return prompt[: finding.start] + finding.replacement + prompt[finding.end :]


# The fifteen --------------------------------------------------------------------------------------


def test_the_fifteen_moves_pair_as_the_two_lists_do() -> None:
    assert {move.chinese: move.english for move in camera.moves()} == PAIRS
    assert [move.chinese for move in camera.moves()] == list(PAIRS)


def test_opposites_point_at_each_other() -> None:
    by_key = {move.key: move for move in camera.moves()}
    found = {
        tuple(sorted((move.english, by_key[move.opposite].english)))
        for move in camera.moves()
        if move.opposite is not None
    }
    assert found == {tuple(sorted(pair)) for pair in OPPOSITES}
    assert all(
        by_key[move.opposite].opposite == move.key for move in camera.moves() if move.opposite
    )


def test_both_of_a_pair_are_in_one_group() -> None:
    for one, other in OPPOSITES:
        assert camera.move(one).group == camera.move(other).group


@pytest.mark.parametrize("chinese", PAIRS)
def test_either_language_and_the_key_name_the_same_move(chinese: str) -> None:
    found = camera.move(chinese)
    assert camera.move(PAIRS[chinese]) is found
    assert camera.move(PAIRS[chinese].upper()) is found
    assert camera.move(found.key) is found


def test_an_unknown_move_suggests_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"'Push out'.*did you mean 'Pull out'"):
        camera.move("Push out")
    with pytest.raises(ValueError, match="none of the fifteen") as caught:
        camera.move("a purple cow")
    assert "did you mean" not in str(caught.value)


# Vectors shared with the JavaScript ---------------------------------------------------------------


@pytest.mark.parametrize(
    "vector", VECTORS, ids=[vector["prompt"] or "(empty)" for vector in VECTORS]
)
def test_vectors(vector: dict[str, Any]) -> None:
    prompt = vector["prompt"]
    steps = [
        {"keys": [move.key for move in step.moves], "start": step.start, "end": step.end}
        for step in camera.parse(prompt)
    ]
    assert steps == vector["steps"]
    findings = [
        {"rule": f.rule, "start": f.start, "end": f.end, "replacement": f.replacement}
        for f in camera.lint(prompt)
    ]
    assert findings == vector["lint"]
    assert camera.render(prompt, "zh") == vector["zh"]
    assert camera.render(prompt, "en") == vector["en"]


def test_vectors_hold_every_rule_and_every_move() -> None:
    seen = {finding["rule"] for vector in VECTORS for finding in vector["lint"]}
    assert seen == {
        "unknown_command",
        "plain_bracket",
        "too_many",
        "opposites",
        "static_with_move",
        "duplicate",
        "empty_bracket",
        "escaped_bracket",
        "nested_bracket",
        "no_separator",
        "other_bracket",
        "split_orbit",
        "unclosed_bracket",
    }
    keys = {key for vector in VECTORS for step in vector["steps"] for key in step["keys"]}
    assert keys == {move.key for move in camera.moves()}


# Reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opening", "[［【")
@pytest.mark.parametrize("closing", "]］】")
@pytest.mark.parametrize("comma", [",", "，", "、", " , "])
@pytest.mark.parametrize(
    "pair", [("左摇", "上升"), ("Pan left", "Pedestal up"), ("左摇", "pedestal up")]
)
def test_full_width_and_half_width_read_alike(
    opening: str, closing: str, comma: str, pair: tuple[str, str]
) -> None:
    prompt = f"猫{opening}{pair[0]}{comma}{pair[1]}{closing}跑"
    (step,) = camera.parse(prompt)
    assert [move.key for move in step.moves] == ["pan_left", "pedestal_up"]
    assert prompt[step.start : step.end] == prompt[1:-1]


def test_steps_come_in_the_order_of_the_text() -> None:
    steps = camera.parse("一只猫在草地上跑[推进], 然后[拉远]")
    assert [[move.key for move in step.moves] for step in steps] == [["push_in"], ["pull_out"]]


def test_offsets_are_code_points_beyond_the_basic_plane() -> None:
    prompt = "🐱𠮷👩‍👧 [Push in] 🌅[左移]"
    assert [prompt[step.start : step.end] for step in camera.parse(prompt)] == [
        "[Push in]",
        "[左移]",
    ]


def test_a_bracket_of_ordinary_words_is_no_step() -> None:
    assert camera.parse("shot on [Sony A7] with [soft light]") == []


def test_words_among_commands_are_remembered() -> None:
    (step,) = camera.parse("[Push in, warm light]")
    assert step.unknown == ("warm light",)


# Writing ------------------------------------------------------------------------------------------


def test_render_goes_both_ways() -> None:
    english = "A cat 🐱 runs [Push in,Pan left], then rests. [Static shot]"
    chinese = "A cat 🐱 runs [推进,左摇], then rests. [固定]"
    assert camera.render(english, "zh") == chinese
    assert camera.render(chinese, "en") == english
    assert camera.render(chinese, "zh") == chinese


@pytest.mark.parametrize("chinese", PAIRS)
def test_every_move_renders_both_ways(chinese: str) -> None:
    assert camera.render(f"a [{PAIRS[chinese]}] b", "zh") == f"a [{chinese}] b"
    assert camera.render(f"a 【{chinese}】 b", "en") == f"a [{PAIRS[chinese]}] b"


@pytest.mark.parametrize(
    "text",
    [
        "A cat，草地、阳光。  two  spaces ",
        "推进 and Push in without brackets",
        "[Sony A7]，【夕阳】",
        "tab\there\nnew line",
        "(Push in) {推进} <Pan left>",
    ],
)
def test_text_outside_commands_is_untouched(text: str) -> None:
    for language in ("en", "zh"):
        written = camera.render(f"{text}[左移]{text}", language)
        step = "[Truck left]" if language == "en" else "[左移]"
        assert written == f"{text}{step}{text}"


def test_bracket_writes_one_step() -> None:
    assert camera.bracket(["push_in", "左摇"]) == "[Push in,Pan left]"
    assert camera.bracket([camera.move("Push in"), "Pan left"], "zh") == "[推进,左摇]"


# Inserting ----------------------------------------------------------------------------------------


def test_insert_lands_at_the_caret() -> None:
    prompt, caret = camera.insert("A cat runs on grass", ["push_in"], at=5)
    assert prompt == "A cat [Push in] runs on grass"
    assert prompt[:caret] == "A cat [Push in]"


def test_insert_without_a_caret_goes_to_the_end() -> None:
    assert camera.insert("A cat", ["Push in", "Pan left"]) == ("A cat [Push in,Pan left]", 24)
    assert camera.insert("", ["Push in"]) == ("[Push in]", 9)


def test_insert_counts_code_points() -> None:
    prompt, caret = camera.insert("🐱🐶 run", ["static"], at=2, language="zh")
    assert prompt == "🐱🐶[固定] run"
    assert caret == 6


@pytest.mark.parametrize(("at", "expected"), [(-5, "[Shake]cat"), (99, "cat [Shake]")])
def test_a_caret_outside_the_text_is_brought_back(at: int, expected: str) -> None:
    assert camera.insert("cat", ["shake"], at=at)[0] == expected


@pytest.mark.parametrize("at", range(5, 15))
def test_a_caret_inside_a_step_adds_to_that_step(at: int) -> None:
    prompt = "cat [Push in ] end"
    inside = 4 < at < 14
    written, caret = camera.insert(prompt, ["pan_left"], at=at)
    if inside:
        assert written == "cat [Push in,Pan left] end"
        assert written[:caret] == "cat [Push in,Pan left]"
    else:
        assert written == "cat [Push in ] [Pan left] end"


def test_a_step_does_not_get_the_same_move_twice() -> None:
    assert camera.insert("[Push in]", ["push_in", "shake"], at=3)[0] == "[Push in,Shake]"


def test_a_step_keeps_its_other_words() -> None:
    assert (
        camera.insert("[Push in, warm light] cat", ["shake"], at=3)[0]
        == "[Push in,Shake,warm light] cat"
    )


def test_a_caret_inside_a_plain_bracket_moves_behind_it() -> None:
    assert camera.insert("on [Sony A7] film", ["shake"], at=6)[0] == "on [Sony A7] [Shake] film"


def test_insert_of_an_unknown_move_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean 'Pull out'"):
        camera.insert("cat", ["Push out"])


# Checking -----------------------------------------------------------------------------------------


def test_a_sound_prompt_has_no_findings() -> None:
    assert camera.lint("A cat [Push in,Pan left,Tilt up] then [Static shot], 【左移】") == []
    assert camera.lint("") == []


def test_push_out_of_the_official_page_is_corrected() -> None:
    prompt = "A cat [Push out]"
    (finding,) = camera.lint(prompt)
    assert finding.rule == "unknown_command"
    assert prompt[finding.start : finding.end] == "Push out"
    assert "Pull out" in finding.message
    assert cured(prompt, finding) == "A cat [Pull out]"


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Pann left", "Pan left"),
        ("Zoom  inn", "Zoom in"),
        ("tilt-up", "Tilt up"),
        ("Truk right", "Truck right"),
        ("变焦推进", "变焦推近"),
        ("Dolly in", "Push in"),
    ],
)
def test_slips_are_cured_by_their_replacement(slip: str, meant: str) -> None:
    prompt = f"𠮷 cat [{slip}] 🐱"
    (finding,) = camera.lint(prompt)
    assert (finding.rule, finding.replacement) == ("unknown_command", meant)
    assert camera.lint(cured(prompt, finding)) == []


@pytest.mark.parametrize("text", ["[Sony A7]", "[Sony A7, f/2.8]", "[a cat]", "【夕阳】", "[1]"])
def test_a_plain_bracket_is_one_finding_and_has_no_replacement(text: str) -> None:
    (finding,) = camera.lint(f"on {text} film")
    assert (finding.rule, finding.start, finding.end) == ("plain_bracket", 3, 3 + len(text))
    assert finding.replacement is None
    assert text in finding.message


def test_words_among_commands_are_unknown_commands() -> None:
    (finding,) = camera.lint("[Push in, warm light]")
    assert (finding.rule, finding.start, finding.end) == ("unknown_command", 10, 20)


def test_the_same_word_twice_is_found_in_both_places() -> None:
    prompt = "[Pann left, Pann left]"
    assert [(f.start, f.end) for f in camera.lint(prompt)] == [(1, 10), (12, 21)]


def test_four_moves_in_one_bracket_are_too_many_and_three_are_not() -> None:
    three = "[Push in,Pan left,Tilt up]"
    four = "[Push in,Pan left,Tilt up,Shake]"
    assert rules(three) == []
    (finding,) = camera.lint(four)
    assert finding.rule == "too_many"
    assert "4" in finding.message
    assert cured(four, finding) == three


@pytest.mark.parametrize("pair", OPPOSITES)
def test_opposites_in_one_bracket_are_found_and_in_two_are_not(pair: tuple[str, str]) -> None:
    assert rules(f"[{pair[0]},{pair[1]}]") == ["opposites"]
    assert rules(f"[{pair[1]},{pair[0]}]") == ["opposites"]
    assert rules(f"[{pair[0]}] [{pair[1]}]") == []


@pytest.mark.parametrize("english", [e for e in PAIRS.values() if e != "Static shot"])
def test_static_contradicts_every_move(english: str) -> None:
    prompt = f"[Static shot,{english}]"
    (finding,) = camera.lint(prompt)
    assert finding.rule == "static_with_move"
    assert camera.lint(cured(prompt, finding)) == []


@pytest.mark.parametrize("empty", ["[]", "[ ]", "【】", "[，]"])
def test_an_empty_bracket_is_cured_by_taking_it_away(empty: str) -> None:
    prompt = f"a cat {empty}runs"
    (finding,) = camera.lint(prompt)
    assert finding.rule == "empty_bracket"
    assert cured(prompt, finding) == "a cat runs"


def test_a_move_twice_in_one_bracket_is_a_duplicate() -> None:
    prompt = "[推进，推进] 猫"
    (finding,) = camera.lint(prompt)
    assert finding.rule == "duplicate"
    assert cured(prompt, finding) == "[推进] 猫"


def test_a_replacement_keeps_the_other_words_of_its_bracket() -> None:
    prompt = "[Push in, Push in, warm light]"
    finding = next(f for f in camera.lint(prompt) if f.rule == "duplicate")
    assert cured(prompt, finding) == "[Push in,warm light]"


@pytest.mark.parametrize(
    "vector", VECTORS, ids=[vector["prompt"] or "(empty)" for vector in VECTORS]
)
def test_a_replacement_removes_its_finding(vector: dict[str, Any]) -> None:
    prompt = vector["prompt"]
    before = rules(prompt)
    for finding in camera.lint(prompt):
        if finding.replacement is not None:
            after = rules(cured(prompt, finding))
            assert after.count(finding.rule) == before.count(finding.rule) - 1
