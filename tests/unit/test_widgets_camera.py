"""What the studio's page is told about the camera: findings with their places, prose, brackets."""

from __future__ import annotations

import json

import pytest

from hailuo_nb.pages.assets import messages
from hailuo_nb.widgets.camera_notes import CameraNotes, camera_notes
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.draft_checks import find_problems
from tests.unit.test_camera_words import FOUND

H3 = "simulated:minimax/MiniMax-H3"
H23 = "simulated:minimax/MiniMax-Hailuo-2.3"


def notes(prompt: str, *targets: str) -> CameraNotes:
    return camera_notes(Draft(prompt, targets=targets or (H23,)))


def test_places_count_as_javascript_does() -> None:
    prompt = "🐱𠮷 [Pann left] 🌅 [Zom in]"
    found = notes(prompt)["findings"]
    units = prompt.encode("utf-16-le")
    words = [units[2 * one["start"] : 2 * one["end"]].decode("utf-16-le") for one in found]
    assert words == ["Pann left", "Zom in"]
    assert [one["cures"] for one in found] == [["Pan left"], ["Zoom in"]]
    assert notes("half a \ud83d [Pann left]")["findings"][0]["start"] == 10


def test_alternatives_are_read_as_they_stand() -> None:
    assert notes("A {red|blue} cat [{Push in|Pann left}]")["findings"] == []
    (found,) = notes("A {red|blue} cat [Pann left]")["findings"]
    assert found["code"] == "unknown_command"


def test_a_choice_has_a_cure_for_each() -> None:
    (found,) = notes("A cat [Pan left/right]")["findings"]
    assert found["cures"] == ["Pan left", "Pan right"]
    (plain,) = notes("on [Sony A7]")["findings"]
    assert plain["cures"] == []


def test_brackets_and_sentences_are_offered_both_ways() -> None:
    found = notes("A cat runs [Push in,Pan left]")
    assert found["prose"] == "A cat runs as the camera pushes in while panning left."
    assert found["brackets"] == ""
    assert not found["sent_as_prose"]
    assert notes("A cat [Push in]", H3)["sent_as_prose"]
    assert not notes("A cat [Push in]", H3, H23)["sent_as_prose"]
    assert not notes("A cat", H3)["sent_as_prose"]
    back = notes(found["prose"])
    assert (back["brackets"], back["prose"]) == ("A cat runs [Push in,Pan left].", "")
    assert notes("A cat")["prose"] == notes("A cat")["brackets"] == ""
    assert notes("猫跑[推进]")["brackets"] == ""
    assert notes("猫跑，镜头推进。")["brackets"] == "猫跑[推进]"


@pytest.mark.parametrize(
    ("targets", "rules"),
    [
        ((H23,), ["plain_bracket", "bare_move"]),
        ((H3,), []),
        ((H3, H23), ["plain_bracket", "bare_move"]),
    ],
)
def test_what_h3_wants_is_no_finding_there(targets: tuple[str, ...], rules: list[str]) -> None:
    found = notes("[Shot 1] A cat. The camera pushes in.", *targets)
    assert [one["code"] for one in found["findings"]] == rules


def test_the_page_has_words_for_every_rule_in_both_languages() -> None:
    words = messages("studio")
    rules = {rule for _, _, found in FOUND for rule, *_ in found}
    rules |= {"plain_bracket", "empty_bracket", "duplicate", "too_many", "opposites"}
    for language in ("en", "zh"):
        assert {f"studio.lint.{rule}" for rule in rules} <= set(words[language])
    for prompt, _, _ in FOUND:
        for one in notes(prompt)["findings"]:
            for language in ("en", "zh"):
                words[language][f"studio.lint.{one['code']}"].format(**one["values"])
        json.dumps(notes(prompt))


def test_the_switch_of_the_optimizer_is_one_problem_with_one_click() -> None:
    draft = Draft("A [Push in] b [Pan left] c [Pann left]", targets=(H23,))
    problems = [
        one for one in find_problems(draft) if one["field"] in {"prompt", "prompt_optimizer"}
    ]
    assert [(one["code"], one["changes"]) for one in problems] == [
        ("optimizer_with_moves", {"prompt_optimizer": False})
    ]


def test_many_steps_are_one_problem_with_its_numbers() -> None:
    draft = Draft("A " + "[Push in] b [Pan left] " * 4, targets=(H23,), duration=6)
    (found,) = [one for one in find_problems(draft) if one["code"] == "many_steps"]
    assert found["texts"][0]["values"] == {"steps": 8, "duration": 6}
    assert found["changes"] == {"prompt": "A [Push in] b [Pan left] [Push in] b b b "}
