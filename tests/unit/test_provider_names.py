"""Names that are no providers, keys that slipped into their place, and the face that the entrances
share."""

from __future__ import annotations

import inspect

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
