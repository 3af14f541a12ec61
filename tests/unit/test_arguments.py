"""What is asked for, through every entrance: odd numbers, switches, names and limits are refused by
name. Prompts are in `test_prompt_arguments`.

No entrance may get as far as the ledger: `session.runner` refuses. What is taken must come out as
plain values.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.core.error import UsageError

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.errors import HailuoError
from hailuo_nb.ordering import budget, requested
from hailuo_nb.requests import arguments
from hailuo_nb.requests.redaction import holds_key
from hailuo_nb.widgets.magics import _Magics

FREE = "simulated:ppinfra"

Call = Callable[..., Any]


class TriedToSendError(BaseException):
    """No `except Exception` of the house may swallow it."""


@pytest.fixture(autouse=True)
def no_ledger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("HAILUO_NB_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def refuse() -> Any:
        raise TriedToSendError

    monkeypatch.setattr(session, "runner", refuse)
    yield
    assert not list(tmp_path.rglob("*.sqlite"))


def magic(line: str, cell: str = "A cat") -> Any:
    return _Magics(None).hailuo(line, cell)


CALLS: dict[str, Call] = {
    "generate": lambda **given: hn.generate("A cat", **{"provider": FREE, **given}),
    "compare": lambda **given: hn.compare("A cat", **{"provider": FREE, **given}),
    "dry_run": lambda **given: hn.dry_run("A cat", **{"provider": FREE, **given}),
    "table": lambda **given: hn.compare(
        pd.DataFrame({"prompt": ["A cat"]}), **{"provider": FREE, **given}
    ),
    "plan": lambda **given: hn.plan("A cat", **{"provider": FREE, **given}),
}

NO_NUMBER = [
    float("nan"), np.float32("nan"), pd.NA, pd.NaT, Decimal("nan"), Decimal("snan"), float("inf"),
    -float("inf"),
    Decimal("inf"), "6", b"6", True, np.bool_(True), 1j, -1, 6.5, np.float64(6.5), Decimal("6.5"),
    Fraction(13, 2), {},
    [], [[6]], np.array([[6]]), np.timedelta64(6, "ns"), 10**400, -(10**5000),
    Decimal("1e999999999"), 1e300, object(),
]  # fmt: skip

SIX = [
    6,
    6.0,
    np.int64(6),
    np.uint8(6),
    np.float32(6),
    np.float64(6),
    np.longdouble(6),
    Decimal(6),
    Fraction(6),
    np.array(6),
    Decimal("6.00"),
]


def parameters(call: str) -> set[str]:
    return set(inspect.signature(getattr(hn, {"table": "compare"}.get(call, call))).parameters)


NUMBERS = [
    (call, name)
    for call in CALLS
    for name in ("duration", "take", "takes")
    if name in parameters(call)
]


@pytest.mark.parametrize("value", [None, *NO_NUMBER], ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(("call", "name"), NUMBERS)
def test_what_is_no_number_is_refused_by_name(call: str, name: str, value: Any) -> None:
    with pytest.raises(HailuoError, match=name) as caught:
        CALLS[call](**{name: value})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("value", SIX, ids=lambda value: type(value).__name__)
def test_a_whole_number_in_any_box_is_one(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requested, "known_job", lambda _: None)
    rows = [
        hn.dry_run(
            "A cat", provider=FREE, duration=value, take=value, max_clips=value, max_cost=value
        ),
        hn.plan("A cat", provider=FREE, duration=[value], take=value),
        hn.dry_run(
            pd.DataFrame(
                {"prompt": ["A cat"], "provider": [FREE], "duration": [value], "take": [value]}
            )
        ),
    ]
    for found in rows:
        assert found[["duration", "take"]].to_numpy().tolist() == [[6, 6]]
    assert len(hn.plan("A cat", provider=FREE, takes=value)) == 6


SWITCHES = ("prompt_optimizer", "fast_pretreatment", "watermark", "skip_invalid")


def takes_one(call: str, name: str) -> bool:
    """Whether a call has this argument; `hn.plan` takes lists of options."""
    known = parameters(call)
    return name in known or ("options" in known and call != "plan" and name != "skip_invalid")


def test_takes_are_bounded_before_anything_is_made() -> None:
    for call in ("compare", "dry_run", "plan", "table"):
        with pytest.raises(HailuoError, match="takes"):
            CALLS[call](takes=10**9)
        with pytest.raises(HailuoError, match="take is a number of some 401 digits"):
            CALLS[call](take=10**400)
    with pytest.raises(HailuoError, match=r"takes come to 20,000 clips"):
        hn.compare(["A", "B"], provider=FREE, takes=10_000)


@pytest.mark.parametrize(
    "value", ["yes", "no", "True", "", 1.5, 2, -1, Decimal(1), b"1", [True], {}, np.array([True])]
)
@pytest.mark.parametrize(
    ("call", "name"),
    [(call, name) for call in CALLS for name in SWITCHES if takes_one(call, name)],
)
def test_what_is_no_switch_is_refused_by_name(call: str, name: str, value: Any) -> None:
    with pytest.raises(hn.ArgumentError, match=name):
        CALLS[call](**{name: value})


@pytest.mark.parametrize(
    ("value", "meant"),
    [(True, True), (np.bool_(True), True), (np.bool_(False), False), (1, True), (0.0, False), (None,
    None),
     (float("nan"), None), (pd.NA, None), (np.nan, None)],
)  # fmt: skip
def test_switches(value: Any, meant: bool | None) -> None:
    assert arguments.as_bool("watermark", value) is meant


NO_PROVIDER = [
    3,
    float("nan"),
    pd.NA,
    b"ppinfra",
    {},
    {"ppinfra": 1},
    [],
    [None],
    [["ppinfra"]],
    np.arange(2),
    True,
    object(),
    "half \ud83d",
    "x" * 60_000,
]


@pytest.mark.parametrize("value", NO_PROVIDER, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("call", [*CALLS, "Studio", "resume"])
def test_what_is_no_provider_is_refused_by_name(call: str, value: Any) -> None:
    calls = {**CALLS, "Studio": lambda **given: hn.Studio("A cat", **given), "resume": hn.resume}
    with pytest.raises(HailuoError, match="provider"):
        calls[call](provider=value)


@pytest.mark.parametrize(
    "value", [3, float("nan"), pd.NA, b"02", {}, True, object(), "half \ud83d"]
)
@pytest.mark.parametrize("name", ["model", "resolution"])
@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_model_or_resolution_is_refused_by_name(
    call: str, name: str, value: Any
) -> None:
    with pytest.raises(HailuoError, match=name):
        CALLS[call](**{name: value})


@pytest.mark.parametrize(
    "value", [768, 768.0, np.int64(768), Decimal(768), "768p", " 768P ", np.str_("768P")]
)
def test_a_resolution_is_read_in_any_box(value: Any) -> None:
    assert hn.plan("A cat", provider=FREE, resolution=value)["resolution"].tolist() == ["768P"]


NO_LIMIT = [
    float("nan"), np.float32("nan"), pd.NA, pd.NaT, Decimal("nan"), Decimal("snan"), float("inf"),
    Decimal("inf"), -1,
    np.int64(-1), -0.5, "3", b"3", True, np.bool_(False), 1j, [], {}, object(), 10**400,
    Decimal("1e999999999"),
]  # fmt: skip

LIMITED: dict[str, Call] = {
    **{name: CALLS[name] for name in ("compare", "dry_run", "table")},
    "check": lambda **given: budget.check([(1.0, "CNY")], **given),
    "Studio": lambda **given: hn.Studio("A cat", provider=FREE, **given),
    "from_link": lambda **given: hn.Studio.from_link("hailuo1.x", **given),
}


@pytest.mark.parametrize("value", NO_LIMIT, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", ["max_cost", "max_clips"])
@pytest.mark.parametrize("entrance", LIMITED)
def test_a_limit_that_is_none_guards_nothing(entrance: str, name: str, value: Any) -> None:
    with pytest.raises(hn.ArgumentError, match=name):
        LIMITED[entrance](**{name: value})


@pytest.mark.parametrize("entrance", LIMITED)
def test_there_is_no_half_a_clip(entrance: str) -> None:
    with pytest.raises(hn.ArgumentError, match=r"max_clips is 2\.5"):
        LIMITED[entrance](max_clips=2.5)


@pytest.mark.parametrize(
    "line",
    ["--max-cost "
     "nan", "--max-cost "
            "inf", "--max-cost=-1", "--max-clips -1", "--max-clips 2.5", "--max-clips nan",
     "--max-cost "
     "-inf", "--duration 0", "--take 0", "--takes 0", f"--take {10**400}", "--duration nan"],
)  # fmt: skip
def test_a_limit_of_the_magic_that_is_none(line: str) -> None:
    name = line.split(maxsplit=1)[0].partition("=")[0].removeprefix("--")
    with pytest.raises(UsageError, match=name.replace("-", "[-_]")) as caught:
        magic(f"--provider {FREE} {line}")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "limit", [3, 3.0, np.int64(3), np.float64(3), Decimal(3), Decimal("3.5"), np.float32(3.25)]
)
def test_finite_numbers_are_limits(limit: Any) -> None:
    budget.check([(3.0, "CNY")], max_cost=limit)
    with pytest.raises(hn.BudgetError):
        budget.check([(3.6, "CNY")], max_cost=limit)
    with pytest.raises(hn.BudgetError):
        budget.check([(0.0, "")] * 4, max_clips=int(limit))


def test_a_key_among_what_is_asked_for_is_refused_and_not_repeated() -> None:
    key = "sk-marked-0123456789abcdef"
    paid = hn.provider("ppinfra", api_key=key)
    text = f"A cat {key} runs"
    plain = pd.DataFrame({"prompt": ["A cat"], "provider": FREE, "idea": [text]})
    calls: dict[str, Callable[[], object]] = {
        "prompt": lambda: hn.generate(text, provider=paid),
        "in a table": lambda: hn.compare(pd.DataFrame({"prompt": [text]}), provider=paid),
        "at a stand-in": lambda: hn.compare([text], provider=FREE),
        "left out": lambda: hn.compare([text], provider=paid, skip_invalid=True),
        "dry run": lambda: hn.dry_run([text], provider=paid),
        "in a chain": lambda: hn.chain(["A cat", text], provider=paid),
        "own column": lambda: hn.compare(plain),
        "own column of a race": lambda: hn.tune(plain, by="idea", max_clips=9),
        "note, tag or name": lambda: arguments.as_text_without_key("note", text),
    }
    for name, call in calls.items():
        with pytest.raises(HailuoError, match=r"holds one of your keys, which would be") as told:
            call()
        assert key not in str(told.value), name
    word = hn.provider("ppinfra", api_key="anything")
    assert word.credentials and holds_key("anything goes")
    assert arguments.as_text_without_key("note", "anything goes") == "anything goes"
