"""The public functions up to the point where something would be sent: names, keys, addresses, what
cannot be made."""

from __future__ import annotations

import pickle
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.providers import registry

VARIABLES = [variable for name in registry.names() for variable in registry.get(name).key_variables]
KEY = "sk-marked-key-1234567890"


@pytest.fixture(autouse=True)
def no_keys_and_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HAILUO_NB_HOME", str(tmp_path))

    def refuse() -> Any:
        raise AssertionError("nothing may be sent here")

    monkeypatch.setattr(session, "runner", refuse)


@pytest.mark.parametrize("everyone", ["all", " ALL ", "simulated:all"])
def test_what_makes_one_clip_does_not_pay_everyone(everyone: str) -> None:
    with pytest.raises(hn.ArgumentError, match=r"several.* hn\.compare several"):
        hn.generate("A cat", provider=everyone)
    with pytest.raises(hn.ArgumentError, match="several"):
        hn.chain(["A cat", "It runs"], provider=everyone)


def test_what_others_planned_is_not_sent_for_a_word() -> None:
    with pytest.raises(hn.ArgumentError, match="send_planned is 'no'"):
        hn.resume(send_planned="no")  # type: ignore[arg-type]  # the word


def test_skip_invalid_is_named_where_it_helps() -> None:
    with pytest.raises(hn.InvalidRequestError) as caught:
        hn.generate("A cat", provider="simulated:ppinfra", duration=99)
    assert "skip_invalid" not in str(caught.value)


@pytest.mark.parametrize("windows", [None, 5, "abc", [None]])
def test_adherence_is_of_a_measurement(windows: Any) -> None:
    with pytest.raises(hn.ArgumentError, match=r"hn\.measure"):
        hn.adherence("A cat [Push in]", windows)


@pytest.mark.parametrize("name", registry.names())
def test_without_a_key_the_error_names_the_variable_and_the_stand_in(name: str) -> None:
    with pytest.raises(hn.MissingKeyError) as caught:
        hn.generate("A cat", provider=name)
    for variable in registry.get(name).key_variables:
        assert variable in str(caught.value)
    assert f"simulated:{name}" in str(caught.value)


def test_all_missing_keys_are_told_at_once() -> None:
    with pytest.raises(hn.MissingKeyError) as caught:
        hn.compare("A cat", provider=list(registry.names()))
    assert all(variable in str(caught.value) for variable in VARIABLES)


def test_half_of_chanjings_credentials_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANJING_APP_ID", "app")
    with pytest.raises(hn.MissingKeyError, match="CHANJING_SECRET_KEY"):
        hn.provider("chanjing")
    monkeypatch.setenv("CHANJING_SECRET_KEY", "secret")
    assert hn.provider("chanjing").name == "chanjing"


@pytest.mark.parametrize(
    ("name", "near"), [("ppinfa", "ppinfra"), ("simulated:modelvers", "modelverse")]
)
def test_an_unknown_provider_is_told_with_the_known_ones(name: str, near: str) -> None:
    with pytest.raises(hn.UnknownNameError, match=near) as caught:
        hn.generate("A cat", provider=name)
    assert all(known in str(caught.value) for known in registry.names())


@pytest.mark.parametrize(
    "how", [{"provider": "simulated:xcompute/Hailuo-2.4"}, {"model": "Hailuo-2.4"}]
)
def test_an_unknown_model_is_told_with_the_known_ones(how: dict[str, str]) -> None:
    with pytest.raises(hn.UnknownNameError, match=r"MiniMax-Hailuo-2\.3-Fast"):
        hn.generate("A cat", **{"provider": "simulated:xcompute", **how})  # type: ignore[arg-type]


def test_one_error_lists_every_problem_with_its_nearest() -> None:
    with pytest.raises(hn.InvalidRequestError) as caught:
        hn.compare(
            "A cat",
            provider=["simulated:ppinfra", "simulated:xcompute/MiniMax-Hailuo-2.3-Fast"],
            resolution="1080P",
            duration=10,
        )
    problems = caught.value.problems
    assert {name for name, _ in problems} == {"simulated:ppinfra", "simulated:xcompute"}
    assert {problem.field for _, problem in problems} >= {"duration", "first_frame"}
    assert str(caught.value).count("Nearest: ") == len([p for _, p in problems if p.nearest])
    assert "1080P, 6 s" in str(caught.value)
    assert "skip_invalid=True" in str(caught.value)


@pytest.mark.parametrize(
    "bad",
    [
        {"resolution": "4K"},
        {"duration": "6"},
        {"duration": 6.5},
        {"take": 0},
        {"first_frame": b"no image"},
    ],
)
def test_arguments_that_make_no_sense_are_named(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=str(next(iter(bad))).split("_")[0]):
        hn.generate("A cat", provider="simulated:ppinfra", **bad)


def test_a_prompt_of_2001_characters_is_refused_with_the_count() -> None:
    with pytest.raises(hn.InvalidRequestError, match=r"2,?001"):
        hn.generate("猫" * 2001, provider="simulated:modelverse")


def test_a_key_never_shows() -> None:
    account = hn.provider("modelverse", api_key=KEY)
    assert KEY not in repr(account)
    assert KEY not in repr(account.credentials)
    assert KEY not in str(vars(account))
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(account)


@pytest.mark.parametrize("key", ["", "   ", "sk 12", "sk-1\n2", "sk-键"])
def test_a_key_that_is_none_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises((hn.MissingKeyError, ValueError)) as caught:
        hn.provider("xcompute", api_key=key)
    assert key.strip() == "" or key not in str(caught.value)


def test_a_key_from_the_environment_goes_only_to_the_providers_own_hosts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PPINFRA_API_KEY", KEY)
    with pytest.raises(hn.MissingKeyError, match="environment"):
        hn.provider("ppinfra", base_url="https://stranger.example")
    assert hn.provider(
        "ppinfra", base_url="https://stranger.example", api_key=KEY
    ).base_url.endswith("example")
    own = next(iter(hn.provider("ppinfra").provider.hosts))
    assert hn.provider("ppinfra", base_url=f"https://{own}").base_url == f"https://{own}"


@pytest.mark.parametrize(
    "url", ["http://api.ppinfra.com", "http://10.0.0.1", "ftp://x.example", "https://u:p@x.example"]
)
def test_an_address_that_would_show_the_key_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        hn.provider("ppinfra", base_url=url, api_key=KEY)


def test_plain_http_is_for_this_machine() -> None:
    account = hn.provider("ppinfra", base_url="http://127.0.0.1:8808/", api_key=KEY)
    assert account.base_url == "http://127.0.0.1:8808"


def test_every_public_name_is_there_and_typed() -> None:
    assert all(getattr(hn, name) is not None for name in hn.__all__)
    assert set(hn.__all__) <= set(dir(hn))
    with pytest.raises(AttributeError, match="no attribute"):
        _ = hn.generat
    assert pkgutil.resolve_name("hailuo_nb:compare") is hn.compare


@pytest.mark.parametrize("name", ["mine.csv", " ./my plans/plan.CSV", "rows.parquet"])
def test_the_name_of_a_table_is_no_prompt(name: str) -> None:
    """It would be a clip, and paid, at each provider."""
    with pytest.raises(hn.ArgumentError, match="the name of a file: read it first"):
        hn.compare(name, provider="simulated:ppinfra")
    with pytest.raises(hn.MissingKeyError):  # it is a prompt
        hn.compare("A screen that shows mine.csv at dawn", provider="ppinfra", max_cost=9)


def test_the_matrix_is_a_frame_with_sources() -> None:
    frame = hn.matrix()
    assert {"length", "price", "price_date", "cancel", "camera", "sure"} < set(frame.columns)
    priced = frame.query("provider == 'modelverse' and resolution == '768P' and duration == 6")
    assert priced["price"].notna().all()
    assert set(priced["price_date"]) == {"2026-04-15"}
    assert priced["price_source"].str.contains("price page").all()
    unpriced = frame.query("provider == 'ppinfra'")
    assert unpriced["price"].isna().all()
    assert unpriced["price_source"].str.contains("publishes no price").all()
    assert set(frame["provider"]) == set(registry.names())
    assert frame["source"].str.len().min() > 0
    lists = frame.groupby("provider")["list"].any()
    assert {"replicate": True, "minimax": True, "fal": False}.items() <= dict(lists).items()
    assert "chanjing" in set(frame[frame["assumed"]]["provider"])
