"""Where keys come from, in which order, and that they show nowhere on the way."""

from __future__ import annotations

import copy
import dataclasses
import os
import pickle
import subprocess
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.errors import HailuoError, KeyFormatError
from hailuo_nb.providers import credentials, registry
from hailuo_nb.requests.redaction import Credentials, redact
from tests.fresh_python import modules_after

KEY = "sk-marked-key-1234567890"

VARIABLES = [variable for name in registry.names() for variable in registry.get(name).key_variables]


@pytest.fixture(autouse=True)
def nothing_there(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No variable set, nothing typed, and neither of the two stores of keys is installed."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for module in ("keyring", "google.colab"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    credentials.forget()
    yield
    credentials.forget()


def colab(monkeypatch: pytest.MonkeyPatch, secrets: dict[str, Any]) -> list[str]:
    """Colab's module as its own source has it: a missing secret raises, a forbidden one raises
    otherwise."""
    asked: list[str] = []
    userdata = types.ModuleType("google.colab.userdata")

    def get(name: str) -> str:
        asked.append(name)
        found = secrets.get(
            name, type("SecretNotFoundError", (Exception,), {})(f"Secret {name} does not exist.")
        )
        if isinstance(found, Exception):
            raise found
        return str(found)

    userdata.get = get  # type: ignore[attr-defined]
    package = types.ModuleType("google.colab")
    package.userdata = userdata  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", package)
    monkeypatch.setitem(sys.modules, "google.colab.userdata", userdata)
    return asked


def keyring(
    monkeypatch: pytest.MonkeyPatch, secrets: dict[tuple[str, str], str], fault: str = ""
) -> list[str]:
    """A keyring that has these; or one whose every answer is a fault of this name."""
    asked: list[str] = []
    module = types.ModuleType("keyring")

    def get_password(service: str, user: str) -> str | None:
        asked.append(user)
        if fault:
            raise type(fault, (Exception,), {})("no")
        return secrets.get((service, user))

    module.get_password = get_password  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    return asked


def found(variable: str = "PPINFRA_API_KEY") -> tuple[tuple[str, ...], tuple[str, ...]]:
    result = credentials.find([variable])
    return result.credentials.reveal(), result.sources


def test_the_order_is_typed_environment_colab_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found() == (("",), ("",))
    keyring(monkeypatch, {("hailuo_nb", "PPINFRA_API_KEY"): "from-keyring"})
    assert found() == (("from-keyring",), ("the keyring",))
    colab(monkeypatch, {"PPINFRA_API_KEY": "from-colab"})
    assert found() == (("from-colab",), ("Colab's secrets",))
    monkeypatch.setenv("PPINFRA_API_KEY", " from-environment\n")
    assert found() == (("from-environment",), ("the environment",))
    monkeypatch.setattr("getpass.getpass", lambda prompt: "from-fingers \n")
    hn.enter_key("ppinfra")
    assert found() == (("from-fingers",), ("hn.enter_key",))
    assert hn.provider("ppinfra").credentials.reveal() == ("from-fingers",)


def test_each_variable_is_looked_for_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANJING_APP_ID", "app")
    colab(monkeypatch, {"CHANJING_SECRET_KEY": "secret"})
    result = credentials.find(["CHANJING_APP_ID", "CHANJING_SECRET_KEY"])
    assert result.credentials.reveal() == ("app", "secret")
    assert result.sources == ("the environment", "Colab's secrets")
    assert hn.provider("chanjing").credentials == Credentials("app", "secret")


def test_a_store_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question may open a dialogue; and what was found stays what it was."""
    asked = colab(monkeypatch, {"PPINFRA_API_KEY": KEY})
    assert [found() for _ in range(3)] == [((KEY,), ("Colab's secrets",))] * 3
    assert asked == ["PPINFRA_API_KEY"]


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        ("NotebookAccessError", "switch on"),
        ("TimeoutException", "did not answer"),
        ("SecretNotFoundError", ""),
    ],
)
def test_what_colab_says_is_understood(
    monkeypatch: pytest.MonkeyPatch, error: str, hint: str
) -> None:
    colab(monkeypatch, {"PPINFRA_API_KEY": type(error, (Exception,), {})("no")})
    result = credentials.find(["PPINFRA_API_KEY"])
    assert not result.credentials
    assert len(result.hints) == bool(hint)
    with pytest.raises(hn.MissingKeyError, match=hint or "needs a key"):
        hn.provider("ppinfra")


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        ("NoKeyringError", ""),
        ("InitError", ""),
        ("KeyringLocked", "locked"),
        ("DBusError", "keyring"),
    ],
)
def test_what_a_keyring_says_is_understood(
    monkeypatch: pytest.MonkeyPatch, fault: str, hint: str
) -> None:
    """A container has no keyring, which is no fault; a locked one is worth a word."""
    keyring(monkeypatch, {}, fault)
    with pytest.raises(hn.MissingKeyError, match=hint or "needs a key") as caught:
        hn.provider("modelverse")
    assert ("keyring could not" in str(caught.value)) == bool(hint)


def test_a_found_key_never_goes_to_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    colab(monkeypatch, {"PPINFRA_API_KEY": KEY})
    with pytest.raises(hn.MissingKeyError, match="own hosts"):
        hn.provider("ppinfra", base_url="https://stranger.example")
    monkeypatch.setattr("getpass.getpass", lambda prompt: KEY)
    hn.enter_key("ppinfra")
    with pytest.raises(hn.MissingKeyError, match=r"with it, as api_key=: .* own hosts"):
        hn.provider("ppinfra", base_url="https://stranger.example")
    with pytest.raises(hn.MissingKeyError, match="as app_id= and secret_key=: "):
        hn.provider("chanjing", base_url="https://stranger.example")
    assert hn.provider("ppinfra").credentials.reveal() == (KEY,)


def test_half_an_entry_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["app", "se cret"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    with pytest.raises(KeyFormatError, match="CHANJING_SECRET_KEY") as caught:
        hn.enter_key("chanjing")
    assert "se cret" not in str(caught.value)
    assert not credentials.find(["CHANJING_APP_ID"]).credentials


def test_where_nobody_can_be_asked_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class StdinNotImplementedError(RuntimeError): ...

    def getpass(prompt: str) -> str:
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests."
        )

    monkeypatch.setattr("getpass.getpass", getpass)
    with pytest.raises(HailuoError, match="set it in the environment"):
        hn.enter_key("ppinfra")


def test_a_terminal_that_would_show_the_key_is_refused() -> None:
    """Without a terminal getpass reads on with the letters shown, after a warning."""
    code = "import hailuo_nb as hn\nhn.enter_key('ppinfra')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=KEY + "\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert "nobody can be asked for PPINFRA_API_KEY" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_on_a_page_for_strangers_the_servers_key_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    monkeypatch.setenv("PPINFRA_API_KEY", KEY)
    with pytest.raises(hn.MissingKeyError, match="served to visitors"):
        hn.provider("ppinfra")
    assert hn.provider("ppinfra", api_key="visitors-own").credentials.reveal() == ("visitors-own",)
    assert hn.provider("ppinfra", allow_public=True).credentials.reveal() == (KEY,)
    assert hn.provider("simulated:ppinfra").simulated


@pytest.mark.parametrize(
    "key", ["sk 12", "sk-1\n2", "sk-键", "sk\0x", "sk\x7f", b"sk-bytes", 12345678, "s\udcffk"]
)
def test_a_malformed_key_is_named_by_its_variable(key: Any) -> None:
    with pytest.raises(KeyFormatError, match="MODELVERSE_API_KEY") as caught:
        hn.provider("modelverse", api_key=key)
    assert str(key) not in str(caught.value)
    assert caught.value.__cause__ is None
    frame = caught.value.__traceback__
    while frame is not None:  # what a traceback in full would print, but for this test's own frame
        if frame.tb_frame.f_code.co_filename != __file__:
            assert repr(key) not in repr(frame.tb_frame.f_locals)
        frame = frame.tb_next


@pytest.mark.parametrize(
    "url",
    ["http://u:secret-word@10.0.0.1", "https://x.example/?key=secret-word", "http://secret-word@127.0.0.1:1",
     "https://[secret-word", "https://x:secret-word/", "ftp://x/secret-word"],
)  # fmt: skip
def test_a_bad_address_is_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="base_url") as caught:
        hn.provider("ppinfra", base_url=url, api_key=KEY)
    assert "secret-word" not in str(caught.value)


def _faces(thing: Any) -> Iterator[str]:
    yield from (
        repr(thing),
        str(thing),
        f"{thing}",
        f"{thing!r}",
        f"{[thing]}",
        f"{ {'a': thing} }",
    )
    yield repr(getattr(thing, "__dict__", ""))
    yield repr(copy.copy(thing))
    yield repr(copy.deepcopy(thing))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        try:
            yield pickle.dumps(thing, protocol).decode("latin-1")
        except TypeError as error:
            yield str(error)


def test_nothing_that_a_user_holds_shows_a_key() -> None:
    account = hn.provider("chanjing", app_id="app-" + KEY, secret_key=KEY)
    held = [
        account,
        account.credentials,
        credentials.FoundKeys(account.credentials, ("",)),
        {"k": account},
        (account,),
    ]
    for thing in held:
        for face in _faces(thing):
            assert KEY not in face, (thing, face)
    assert KEY not in repr(dataclasses.asdict(account))
    assert copy.deepcopy(account).credentials is account.credentials
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(account)


def test_redaction_knows_every_key_that_is_held_and_its_form_in_a_link() -> None:
    held = Credentials("a+b/c=dd", "a+b/c=dd-and-more", "abc")
    assert held.redact("x a+b/c=dd-and-more y a%2Bb%2Fc%3Ddd z abc") == "x ••• y ••• z abc"
    assert redact("x a+b/c=dd y") == "x ••• y"
    again = Credentials("a+b/c=dd")
    del again
    assert redact("x a+b/c=dd y") == "x ••• y", "an equal one that is gone takes nothing with it"
    del held
    assert redact("x a+b/c=dd y") == "x a+b/c=dd y"


def test_looking_for_keys_loads_no_http_client() -> None:
    code = "from hailuo_nb.providers import credentials as keys; keys.find(['X'])"
    assert "httpx2" not in modules_after(code)


@pytest.mark.parametrize("value", [3, float("nan"), None, b"ppinfra", [], {}, "half \ud83d"])
def test_a_provider_that_is_no_name_is_told(value: Any) -> None:
    for call in (hn.provider, hn.enter_key):
        with pytest.raises(HailuoError, match="name"):
            call(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", 3),
        ("base_url", float("nan")),
        ("base_url", b"https://x"),
        ("allow_public", "yes"),
        ("allow_public", 1.5),
    ],
)
def test_an_odd_argument_beside_a_key_is_told(name: str, value: Any) -> None:
    with pytest.raises(HailuoError, match=name):
        hn.provider("ppinfra", api_key=KEY, **{name: value})


def test_a_key_is_found_while_children_are_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPINFRA_API_KEY", "sk-marked-1234567890")
    with credentials.kept_from_children():
        assert os.environ["PPINFRA_API_KEY"] == ""
        assert credentials.find(["PPINFRA_API_KEY"]).credentials.reveal() == (
            "sk-marked-1234567890",
        )
    assert os.environ["PPINFRA_API_KEY"] == "sk-marked-1234567890"
