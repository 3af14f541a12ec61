"""Keys as they are pasted: what a paste brings along is taken off; what is no key is refused by the
name of its variable."""

from __future__ import annotations

import pytest

import hailuo_nb as hn
from hailuo_nb.errors import HailuoError, KeyFormatError
from hailuo_nb.ordering.accounts import expanded
from hailuo_nb.providers import credentials, registry
from tests.unit.test_credentials import KEY, colab, found, keyring, nothing_there  # noqa: F401


def test_white_space_around_a_key_is_taken_off() -> None:
    assert hn.provider("modelverse", api_key=f" {KEY}\r\n").credentials.reveal() == (KEY,)


PASTED = [
    f'"{KEY}"',
    f"'{KEY}'",
    f"‘{KEY}’",
    f"“{KEY}”",
    f"「{KEY}」",
    f"`{KEY}`",
    f" {KEY}\n",
    f"\ufeff{KEY}",
    f"\u200b{KEY}\u200b",
    f"\xa0{KEY}\u3000",
    f"Bearer {KEY}",
    f"bearer  {KEY}",
    f"Authorization: Bearer {KEY}",
    f"PPINFRA_API_KEY={KEY}",
    f"export PPINFRA_API_KEY='{KEY}'",
    f'API_KEY = "{KEY}";',
    f"“Bearer ‘{KEY}’”\r\n",
    f"'{KEY}",
    f'{KEY}"',
]


@pytest.mark.parametrize("pasted", PASTED)
def test_what_a_paste_brings_along_is_taken_off_wherever_a_key_comes_from(
    monkeypatch: pytest.MonkeyPatch, pasted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hn.provider("ppinfra", api_key=pasted).credentials.reveal() == (KEY,)
    with monkeypatch.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt: pasted)
        hn.enter_key("ppinfra")
    assert found() == ((KEY,), ("hn.enter_key",))
    credentials.forget()
    keyring(monkeypatch, {("hailuo_nb", "PPINFRA_API_KEY"): pasted})
    assert found() == ((KEY,), ("the keyring",))
    credentials.forget()
    colab(monkeypatch, {"PPINFRA_API_KEY": pasted})
    assert found() == ((KEY,), ("Colab's secrets",))
    monkeypatch.setenv("PPINFRA_API_KEY", pasted)
    assert found() == ((KEY,), ("the environment",))
    hn.doctor()
    told = capsys.readouterr().out
    assert (
        "PPINFRA_API_KEY from the environment, without the quotes, blanks or words around it"
        in told
    )
    assert KEY not in told


def test_a_key_that_stands_alone_is_not_said_to_be_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PPINFRA_API_KEY", KEY)
    hn.doctor()
    assert "without the quotes" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "key", ["QUJD_REVG=", "QUJD_REVG==", "A_B", "bearer", "Bearer", "a=b", "ab=="]
)
def test_what_belongs_to_a_key_stays(key: str) -> None:
    assert hn.provider("ppinfra", api_key=key).credentials.reveal() == (key,)


@pytest.mark.parametrize(
    "key",
    [f'{KEY[:9]}"{KEY[9:]}', "sk-’x", "sk-“x”-y", "a'b", "x" * 5000, '" "', "''", "\ufeff", " \n"],
)
def test_quotes_inside_a_key_and_nothing_at_all_are_refused_by_the_variable(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    for how in ({"api_key": key}, {}):
        monkeypatch.setenv("PPINFRA_API_KEY", "" if how else key)
        with pytest.raises((KeyFormatError, hn.MissingKeyError), match="PPINFRA_API_KEY") as caught:
            hn.provider("ppinfra", **how)
        assert len(key) < 4 or key not in str(caught.value)


def test_a_megabyte_that_is_no_key_is_refused_at_once() -> None:
    for key in ("Bearer " * 150_000, "' " * 500_000, '"' * 1_000_000 + "x"):
        with pytest.raises(KeyFormatError):
            hn.provider("ppinfra", api_key=key)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("ppinfra", {"api_key": KEY, "app_id": "a"}, "ppinfra has no app_id: it takes api_key"),
        ("ppinfra", {"app_id": "a", "secret_key": "b"}, "has no app_id and secret_key"),
        ("chanjing", {"api_key": KEY}, "chanjing has no api_key: it takes app_id and secret_key"),
        ("chanjing", {"api_key": KEY, "app_id": "a", "secret_key": "b"}, "chanjing has no api_key"),
        ("chanjing", {"app_id": "a"}, "secret_key is missing"),
        ("chanjing", {"secret_key": "b", "app_id": ""}, "app_id is missing"),
        ("simulated:ppinfra", {"app_id": "a"}, "has no app_id"),
    ],
)
def test_a_key_of_the_wrong_name_is_said(name: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(HailuoError, match=said) as caught:
        hn.provider(name, **given)  # type: ignore[arg-type]
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "form",
    [
        "Key {}", "Token {}", "Authorization: Key {}", "Bearer: {}", "FAL_KEY: {}", "fal_key={}",
        "api_key={}", "key = {}", "%env FAL_KEY={}", "{},",
    ],
)  # fmt: skip
def test_a_key_is_taken_out_of_what_was_pasted_with_it(form: str) -> None:
    """fal's own page writes `Authorization: Key`."""
    account = hn.provider("fal", api_key=form.format(KEY))
    assert account.credentials.reveal() == (KEY,)


@pytest.mark.parametrize(
    "example",
    [
        "<YOUR_API_KEY>", "YOUR_API_KEY", "your-api-key", "my_your_key_here", "$FAL_KEY", "${FAL_KEY}",
        "%FAL_KEY%", "sk-xxxxxxxx", "xxx", "********", "sk-...", "None", "null", "changeme",
    ],
)  # fmt: skip
def test_what_stands_for_a_key_is_none(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of variables that nobody filled in makes no provider one that has a key."""
    with pytest.raises(hn.KeyFormatError, match="FAL_KEY stands for a key") as caught:
        hn.provider("fal", api_key=example)
    assert example not in str(caught.value).replace("FAL_KEY", "")
    monkeypatch.setenv("FAL_KEY", example)
    assert expanded("all") == [f"simulated:{name}" for name in registry.names()]
