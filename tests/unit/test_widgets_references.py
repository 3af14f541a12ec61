"""PromptStudio's references on the Python side: what is added, refused, said of each, and sent."""

from __future__ import annotations

from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.media.images import MAX_INPUT_BYTES
from hailuo_nb.providers import registry
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.widgets import studio_catalogue
from hailuo_nb.widgets.draft import Draft, option_names
from hailuo_nb.widgets.draft_checks import find_problems, taken_references
from hailuo_nb.widgets.prompt_studio import PromptStudio
from tests.unit import clips
from tests.unit.pictures import PLAIN
from tests.unit.sounds import mp3, wav
from tests.unit.widget_wire import Wire

AT = "simulated:minimax/MiniMax-H3"
NONE = "simulated:modelverse/MiniMax-Hailuo-2.3"
PNG = PLAIN["image/png"]


def studio_at(*targets: str, sent: list[Draft] | None = None) -> PromptStudio:
    names = {target.partition("/")[0].removeprefix("simulated:") for target in targets}
    accounts = [
        Account(registry.get(name), registry.get(name).base_url, Credentials(), True)
        for name in sorted(names)
    ]
    studio = PromptStudio(
        studio_catalogue.entries(accounts),
        prompt="Image 1 dances",
        targets=targets,
        generate=(sent if sent is not None else []).append,
    )
    studio.resolution = "768P"
    return studio


def add(wire: Wire, data: bytes, name: str = "cat.png") -> list[dict[str, Any]]:
    head = {"id": 4, "kind": "reference", "name": name, "seq": 0, "last": True, "size": len(data)}
    return wire.ask(head, data)


def test_each_kind_stands_together_under_its_name_in_the_prompt() -> None:
    studio = studio_at(AT)
    wire = Wire(studio)
    for data, name in (
        (mp3(), "a.mp3"),
        (PNG, "cat.png"),
        (clips.clip(frames=60, size=(640, 360)), "walk.mp4"),
    ):
        assert add(wire, data, name) == [{"id": 4, "kind": "ok"}]
    url = "https://x.example/dog.png"
    assert wire.ask({"id": 5, "kind": "reference_url", "url": url}) == [{"id": 5, "kind": "ok"}]
    assert [(one["called"], one["name"]) for one in studio.references] == [
        ("Image 1", "cat.png"),
        ("Image 2", "dog.png"),
        ("Video 1", "walk.mp4"),
        ("Audio 1", "a.mp3"),
    ]
    first, _, clip, sound = studio.references
    assert (first["width"], clip["seconds"], sound["thumbnail"]) == (320, 2.5, "")
    assert clip["thumbnail"].startswith("data:image/jpeg")
    assert studio.problems == []
    (_, request) = studio.draft().requests()[0]
    assert [one.name for one in request.references] == ["cat.png", "dog.png", "walk.mp4", "a.mp3"]
    assert wire.ask({"id": 6, "kind": "reference_remove", "at": 0}) == [{"id": 6, "kind": "ok"}]
    assert [one["called"] for one in studio.references] == ["Image 1", "Video 1", "Audio 1"]
    assert wire.ask({"id": 7, "kind": "reference_remove"}) == [{"id": 7, "kind": "ok"}]
    assert studio.references == []


def test_a_file_that_is_refused_is_shown_with_its_reason_and_not_sent() -> None:
    studio = studio_at(AT)
    wire = Wire(studio)
    [answer] = add(wire, b"junk", "notes.txt")
    assert answer["kind"] == "error"
    add(wire, PNG)
    assert [(one["name"], one.get("code")) for one in studio.references] == [
        ("cat.png", None),
        ("notes.txt", "format"),
    ]
    assert len(studio.draft().references) == 1
    [gone] = wire.ask({"id": 5, "kind": "reference_remove", "at": 7})
    assert gone["kind"] == "error"
    wire.ask({"id": 6, "kind": "reference_remove", "at": 1})
    assert [one["name"] for one in studio.references] == ["cat.png"]


def test_a_file_that_is_too_large_is_refused_at_its_first_piece() -> None:
    studio = studio_at(AT)
    head = {"id": 4, "kind": "reference", "name": "film.mp4", "seq": 0, "last": False}
    [answer] = Wire(studio).ask({**head, "size": MAX_INPUT_BYTES + 1}, b"x")
    assert answer["kind"] == "error"
    assert [(one["name"], one["code"]) for one in studio.references] == [("film.mp4", "size")]
    assert studio.draft().references == ()


def test_what_is_wrong_with_each_and_one_click_that_keeps_the_others() -> None:
    studio = studio_at(AT)
    wire = Wire(studio)
    add(wire, PNG)
    add(wire, clips.clip(frames=12, size=(640, 360)), "short.mp4")
    add(wire, wav(20), "long.wav")
    [wrong] = [one for one in studio.problems if one["code"] == "reference_seconds"]
    assert [text["values"]["at"] for text in wrong["texts"]] == [1, 2]
    assert wrong["changes"] == {"references": "fitted"}
    wire.ask({"id": 5, "kind": "reference_fit"})
    assert [one["name"] for one in studio.references] == ["cat.png"]
    assert studio.problems == []


def test_a_provider_that_takes_none_leaves_them_to_the_others() -> None:
    studio = studio_at(AT, NONE)
    studio.set_references([PNG])
    (problem,) = [one for one in studio.problems if one["severity"] == "error"]
    assert (problem["targets"], problem["code"]) == ([NONE], "references_not_taken")
    assert problem["changes"] == {"model": None}, "the others keep them"
    assert studio.plan["rest"]["targets"] == [AT]
    studio.targets = [NONE]
    assert [one["changes"] for one in studio.problems] == [{"references": None}]
    studio.targets = [AT, NONE]
    draft = studio.draft()
    assert taken_references(draft) == draft.references


def test_ratio_and_sound_are_among_the_options_where_a_model_has_them() -> None:
    entry = studio_at(AT, NONE).catalogue
    models = {model["name"]: model for one in entry for model in one["models"]}
    h3, plain = models["MiniMax-H3"], models["MiniMax-Hailuo-2.3"]
    assert "16:9" in next(one for one in h3["options"] if one["name"] == "ratio")["values"]
    assert "ratio" not in {one["name"] for one in plain["options"]}
    assert h3["sound"] == "always"
    assert h3["references"] == {"picture": 9, "clip": 3, "sound": 3, "total": 12}
    assert plain["references"] is None
    assert set(option_names()) >= {"ratio", "sound", "prompt_optimizer"}


def test_a_ratio_is_sent_and_one_that_nobody_takes_is_reset() -> None:
    studio = studio_at(AT)
    studio.options = {**studio.options, "ratio": "1:1"}
    (_, request) = studio.draft().requests()[0]
    assert (request.ratio, dict(request.options)) == ("1:1", {})
    studio.options = {**studio.options, "ratio": "2:1"}
    (problem,) = find_problems(studio.draft())
    assert (problem["code"], problem["changes"]) == ("ratio_not_sold", {"ratio": None})


def test_settings_with_references_are_put_back_or_nothing_is_changed() -> None:
    studio = studio_at(AT)
    studio.load({"prompt": "B", "references": [PNG, mp3()]})
    assert [one["called"] for one in studio.references] == ["Image 1", "Audio 1"]
    with pytest.raises(hn.FrameError):
        studio.load({"prompt": "C", "references": [b"junk"]})
    assert studio.prompt == "B"
    studio.load({"prompt": "D"})
    assert len(studio.references) == 2
    studio.load({"references": []})
    assert studio.references == []
