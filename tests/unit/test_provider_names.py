"""Names that are no providers, keys that slipped into their place, and the face that the entrances
share."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.error import UsageError

import hailuo_nb as hn
from hailuo_nb.errors import HailuoError
from hailuo_nb.ordering import requested
from tests.unit.test_arguments import CALLS, FREE, Call, magic, no_ledger  # noqa: F401 - a fixture


def test_a_dry_run_takes_the_arguments_of_compare() -> None:
    compare, dry = (inspect.signature(function).parameters for function in (hn.compare, hn.dry_run))
    assert list(compare.values()) == list(dry.values())
    assert "providers" in compare
    one = inspect.signature(hn.generate).parameters
    shared = [name for name in one if name not in ("prompt", "provider")]
    assert [one[name] for name in shared] == [compare[name] for name in shared]
    assert {"prompt", "provider"} <= set(inspect.signature(hn.plan).parameters) & set(one)


@pytest.mark.parametrize("call", ["compare", "dry_run", "table", "plan", "generate"])
@pytest.mark.parametrize("name", ["provders", "resolutoin", "sead_of_luck", "aspect_ratio"])
def test_an_argument_that_is_not_there_is_a_type_error(call: str, name: str) -> None:
    with pytest.raises(TypeError, match=name):
        CALLS[call](**{name: "x"})


@pytest.mark.parametrize("call", ["plan", "generate"])
def test_one_clip_has_one_provider(call: str) -> None:
    """`providers` is a word of those that take several prompts to several."""
    with pytest.raises(TypeError, match="providers"):
        CALLS[call](providers="x")


def test_a_dry_run_holds_the_limits_of_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requested, "known_job", lambda _: None)
    for prompt in (["A", "B"], pd.DataFrame({"prompt": ["A", "B"]})):
        with pytest.raises(hn.BudgetError, match="2 clips"):
            hn.dry_run(prompt, provider=FREE, max_clips=1)
        assert len(hn.dry_run(prompt, provider=FREE, max_clips=2, skip_invalid=True)) == 2


@pytest.mark.parametrize("word", ["[Push left]", "[推左]", "[Pann left]"])
def test_a_bracket_that_is_no_move_is_warned_of(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requested, "known_job", lambda _: None)
    for found in (
        hn.plan([f"A cat {word}", "A cat [Push in]"], provider=FREE, prompt_optimizer=False),
        hn.dry_run([f"A cat {word}", "A cat [Push in]"], provider=FREE, prompt_optimizer=False),
    ):
        assert word.strip("[]") in found["warning"].iloc[0]
        assert found["warning"].isna().tolist() == [False, True]
        assert found["problem"].isna().all()


@pytest.mark.parametrize(
    ("name", "offered"),
    [("simulated:ppinfa", "simulated:ppinfra"), ("simulate:ppinfra", "simulated:ppinfra"),
     ("sim:xcompute", "simulated:xcompute"), ("SIMULATED:ppinfra", "simulated:ppinfra"),
     ("simulated-ppinfra", "simulated:ppinfra"), ("simulated: "
                                                  "ppinfa", "simulated:ppinfra"), ("ppinfa",
                                                  "ppinfra")],
)  # fmt: skip
@pytest.mark.parametrize("call", ["compare", "plan", "table", "generate", "provider", "enter_key"])
def test_who_meant_a_free_clip_is_offered_no_paid_name(call: str, name: str, offered: str) -> None:
    calls: dict[str, Call] = {
        **CALLS,
        "provider": lambda provider: hn.provider(name=provider),
        "enter_key": lambda provider: hn.enter_key(name=provider),
    }
    with pytest.raises(HailuoError, match=f"did you mean '{offered}'") as caught:
        calls[call](provider=name)
    if offered != "ppinfra":
        assert "'ppinfra'" not in str(caught.value)


KEYS = ["sk-proj-abcdef", "sk_live_12345678", "9f8d7c6b5a4e3d2c1b0a9f8d7c6b5a4e", "Bearer abcdefg",
        "QmFzZTY0S2V5Rm9yVGVzdHM=", "simulated:sk-proj-abcdef", "ppinfra/sk-proj-abcdef",
        "123e4567-e89b-12d3-a456-426614174000", "plain-but-held",
        "plain-in-environment", " sk-proj-abcdef\n"]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "call",
    [
        "compare",
        "dry_run",
        "plan",
        "table",
        "cell",
        "generate",
        "provider",
        "enter_key",
        "Studio",
        "model",
        "magic",
        "resume",
    ],
)
def test_a_key_given_as_a_name_is_not_repeated(
    call: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hn.provider("xcompute", api_key="plain-but-held")
    monkeypatch.setenv("MODELVERSE_API_KEY", "plain-in-environment")
    calls: dict[str, Call] = {
        **{name: lambda key, name=name: CALLS[name](provider=key) for name in CALLS},
        "cell": lambda key: hn.compare(pd.DataFrame({"prompt": ["A cat"], "provider": [key]})),
        "provider": hn.provider,
        "enter_key": hn.enter_key,
        "Studio": lambda key: hn.Studio(provider=[key]),
        "model": lambda key: CALLS["compare"](model=key),
        "magic": lambda key: magic(f"--provider '{key}'"),
        "resume": lambda key: hn.resume(provider=key),
    }
    with pytest.raises((HailuoError, UsageError)) as caught:
        calls[call](key)
    told = str(caught.value)
    secret = key.removeprefix("simulated:").removeprefix("ppinfra/").removeprefix("Bearer ").strip()
    assert secret not in told
    assert secret[:6] not in told
    assert held


def test_a_long_name_is_shortened() -> None:
    with pytest.raises(hn.UnknownNameError) as caught:
        hn.compare("A cat", provider="no provider " * 100)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("name", "offered"),
    [("ucloud", "'modelverse'"), ("simulated:UCloud", "'simulated:modelverse'"),
     ("fal-ai", "'fal'"), ("simulated:海螺", ""), ("simulated:蝉镜", ""), ("simulated", "")],
)  # fmt: skip
def test_what_is_offered_is_near_to_the_name_and_not_to_the_prefix(name: str, offered: str) -> None:
    with pytest.raises(hn.UnknownNameError) as caught:
        hn.plan("A cat", provider=name)
    said = str(caught.value)
    assert f"did you mean {offered}?" in said if offered else "did you mean" not in said


@pytest.mark.parametrize(
    "given", [["all", FREE], ["simulated:all", FREE], pd.Series(["all", FREE])]
)
def test_all_is_given_alone_and_no_paid_name_is_offered_for_it(given: object) -> None:
    with pytest.raises(hn.UnknownNameError, match="it stands for every one, and is given alone"):
        hn.plan("A cat", provider=given)


@pytest.mark.parametrize("given", [iter([FREE]), {FREE: 1}.keys(), map(str, [FREE])])
def test_what_comes_one_by_one_says_how_to_list_it(given: object) -> None:
    with pytest.raises(hn.ArgumentError, match=r"which is no text: list\(\.\.\.\) makes a list"):
        hn.plan("A cat", provider=given)


def test_a_set_may_be_all() -> None:
    assert set(hn.plan("A cat", provider={"simulated:all"})["provider"]) > {FREE}


@pytest.mark.parametrize(
    ("name", "model"),
    [("Hailuo 2.3 Standard", "MiniMax-Hailuo-2.3"), ("hailuo-02-pro", "MiniMax-Hailuo-02"),
     ("hailuo-02 text-to-video", "MiniMax-Hailuo-02"),
     ("Hailuo 2.3 768p", "MiniMax-Hailuo-2.3")],
)  # fmt: skip
def test_a_sellers_word_behind_a_model_offers_that_model(name: str, model: str) -> None:
    """For "hailuo-02-standard" another model was offered: 2.3-Fast."""
    with pytest.raises(hn.UnknownNameError, match=f"did you mean '{model}'"):
        hn.plan("A cat", provider=FREE, model=name)


@pytest.mark.parametrize("name", ["MiniMax‑Hailuo‑2.3", "Hailuo–2.3", "hailuo − 2.3"])
def test_any_dash_is_one(name: str) -> None:
    assert set(hn.plan("A cat", provider=FREE, model=name)["model"]) == {"MiniMax-Hailuo-2.3"}


@pytest.mark.parametrize(
    ("name", "words"),
    [("first_frame_image", "mean 'first_frame'"), ("image_url", "mean 'first_frame'"),
     ("end_image_url", "mean 'last_frame'"), ("generate_audio", "mean 'sound'"),
     ("aspect_ratio", "mean 'ratio'"), ("video_length", "mean 'duration'"),
     ("reference_images", "mean 'references'"), ("expand_prompt", "mean 'prompt_optimizer'"),
     ("num_videos", "mean 'takes'"), ("api_key", r"hn\.provider"), ("camera", r"hn\.plan\(camera"),
     ("max_cost", "argument of hn.compare")],
)  # fmt: skip
def test_other_peoples_arguments_are_known(name: str, words: str) -> None:
    """For `generate_audio` it was 'regenerate', for `start_frame` 'fast_pretreatment'."""
    with pytest.raises(hn.UnknownOptionError, match=words):
        hn.generate("A cat", provider=FREE, **{name: 1})


@pytest.mark.parametrize("size", [None, True, (1920, 1080), b"2K", float("nan"), "1920x1080", "4K"])
def test_a_resolution_that_is_none_is_told_with_those_that_are(size: object) -> None:
    with pytest.raises(hn.ArgumentError, match="is not one of 512P, 720P") as caught:
        hn.plan("A cat", provider=FREE, resolution=size)
    said = str(caught.value)
    assert "•" not in said
    assert ("did you mean '1080P'" in said) is (size == "1920x1080")


@pytest.mark.parametrize("size", ["768Ｐ", " 768 p", "768-P", 768.0])
def test_a_resolution_in_other_signs_is_the_same(size: object) -> None:
    assert set(hn.plan("A cat", provider=FREE, resolution=size)["resolution"]) == {"768P"}


@pytest.mark.parametrize(
    ("table", "words"),
    [({"prompt;duration": ["A cat;6"]}, r"read it with sep=';'"),
     ({"prompt\tduration": ["A cat\t6"]}, r"sep='\\t'"), ({"prompt|x": ["A cat|6"]}, r"sep='\|'"),
     ({"ï»¿prompt": ["A cat"]}, "encoding='utf-8-sig'"), ({"\ufeffprompt": ["A cat"]}, "mean 'prompt'"),
     ({"提示词": ["猫"]}, "and has '提示词'"), ({"prompt": ["A cat"], "duration (s)": [6]}, "mean 'duration'"),
     ({"prompt": ["A cat"], "first_frame_image": ["a.png"]}, "mean 'first_frame'"),
     ({"prompt": ["A cat"], "api_key": ["sk-api-1234567890abcdef"]}, "holds a key"),
     ({"prompt": [None, ""], "idea": [None, None]}, "without rows")],
)  # fmt: skip
def test_a_table_that_was_read_wrongly_says_how_to_read_it(
    table: dict[str, list[object]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requested, "known_job", lambda _: None)
    with pytest.raises(hn.TableError, match=words) as caught:
        hn.dry_run(pd.DataFrame(table), provider=FREE)
    assert "1234567890" not in str(caught.value)


def test_an_empty_row_of_a_spreadsheet_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requested, "known_job", lambda _: None)
    table = pd.DataFrame({"prompt": ["A cat", None, "A dog"], "duration": [6, None, 10]})
    found = hn.dry_run(table, provider=FREE)
    assert found.index.tolist() == [0, 2]
    assert found["would"].tolist() == ["send", "send"]


@pytest.mark.parametrize("given", [{"prompt": ["A"]}, [{"prompt": "A"}], Path("plan.csv")])
def test_what_should_be_a_table_says_so(given: Any) -> None:
    with pytest.raises(hn.ArgumentError, match=r"hn\.compare\(pandas\."):
        hn.compare(given, provider=FREE)
