"""What is asked for, through every entrance: odd prompts, numbers, switches and limits are refused
by name.

No entrance may get as far as the ledger: `session.runner` refuses. What is taken must come out as
plain values.
"""

from __future__ import annotations

import enum
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
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.draft import Draft
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


SEVERAL: dict[str, Call] = {
    "compare": lambda prompt: hn.compare(prompt, provider=FREE),
    "compare skip_invalid": lambda prompt: hn.compare(prompt, provider=FREE, skip_invalid=True),
    "dry_run": lambda prompt: hn.dry_run(prompt, provider=FREE),
    "plan": lambda prompt: hn.plan(prompt, provider=FREE),
}
ONE: dict[str, Call] = {
    "generate": lambda prompt: hn.generate(prompt, provider=FREE),
    "Studio": lambda prompt: hn.Studio(prompt, provider=FREE),
    "preview": lambda prompt: hn.preview(prompt, size=(64, 64), seconds=0.2),
    "draft of a page": lambda prompt: Draft.of(
        {
            "prompt": prompt,
            "targets": [],
            "resolution": "768P",
            "duration": 6,
            "options": {},
            "takes": 1,
        },
        None,
        None,
    ),
}


def table(prompt: Any) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"prompt": ["A cat", "A dog"], "provider": FREE}, index=["bad", "good"], dtype=object
    )
    rows.at["bad", "prompt"] = prompt  # as it is: an array is one value
    return rows


class Word(str, enum.Enum):  # noqa: UP042 - `str()` of a StrEnum is its text, of this one it is not
    CAT = "A cat"


def generator() -> Iterator[str]:
    yield "A cat"


NO_TEXT: dict[str, Any] = {
    "None": None,
    "nan": float("nan"),
    "numpy nan": np.float64("nan"),
    "NA": pd.NA,
    "NaT": pd.NaT,
    "decimal nan": Decimal("nan"),
    "signalling nan": Decimal("snan"),
    "int": 3,
    "huge int": 10**5000,
    "float": 2.5,
    "numpy int": np.int64(3),
    "bool": True,
    "numpy bool": np.bool_(False),
    "complex": 1j,
    "bytes": b"A cat",
    "bytearray": bytearray(b"A cat"),
    "memoryview": memoryview(b"A cat"),
    "numpy bytes": np.bytes_(b"A cat"),
    "dict": {"prompt": "A cat"},
    "dict view": {"A cat": 1}.keys(),
    "path": Path("A cat"),
    "object": object(),
    "class": str,
    "function": len,
    "request": VideoRequest("A cat", "MiniMax-Hailuo-02"),
    "date": pd.Timestamp(0),
    "numpy time": np.timedelta64(6, "ns"),
    "array of two dimensions": np.array([["A cat"]]),
    "structured": np.array([("A cat", 1)], dtype=[("a", "U9"), ("b", "i4")])[0],
}
NO_LIST: dict[str, tuple[Any, str]] = {
    "a gap": (["A cat", None], "prompt[1] is None"),
    "NaN": (["A cat", float("nan")], "prompt[1] is NaN"),
    "numbers": ([1, 2], "prompt[0] is 1"),
    "a list in a list": ([["A cat"]], "prompt[0] is a list"),
    "dicts": ([{"prompt": "A cat"}], "prompt[0] is a dict"),
    "bytes in it": (("A cat", b"A dog"), "prompt[1] is bytes"),
    "a set of numbers": ({7}, "prompt[0] is 7"),
    "numbers of numpy": (np.arange(3), "prompt[0] is 0"),
    "a range": (range(2), "prompt[0] is 0"),
    "an endless range": (range(10**30), "prompt is a list of more than 10,000"),
    "a Series with a gap": (pd.Series(["A cat", None], index=["x", "y"]), "prompt['y'] is"),
    "a Series of numbers": (pd.Series([1.5], index=[(1, "x")]), "prompt[(1, 'x')] is 1.5"),
    "an Index of numbers": (pd.Index([4]), "prompt[0] is 4"),
    "times": (pd.Series(pd.to_datetime(["2026-01-01"])), "prompt[0] is a Timestamp"),
    "many": ([None] * 9, "and 4 more"),
    "half an emoji": (["A cat", "A dog \ud83d"], "prompt[1] holds half an emoji"),
    "an empty list": ([], "prompt is an empty list"),
    "an empty column": (pd.Series([], dtype=object), "prompt is an empty list"),
    "an empty array": (np.array([], dtype="U1"), "prompt is an empty list"),
    "a list of itself": ((loop := [], loop.append(loop), loop)[2], "prompt[0] is a list"),
    "too long": ("x" * 50_000_000, "prompt has 50,000,000 characters"),
}


def refused(call: Call, *given: Any) -> str:
    with pytest.raises(HailuoError) as caught:
        call(*given)
    told = str(caught.value)
    assert len(told) < 1000
    assert "prompt" in told
    return told


@pytest.mark.parametrize("value", NO_TEXT.values(), ids=NO_TEXT)
@pytest.mark.parametrize("entrance", {**ONE, **SEVERAL})
def test_what_is_no_text_is_no_prompt(entrance: str, value: Any) -> None:
    refused({**ONE, **SEVERAL}[entrance], value)


@pytest.mark.parametrize("entrance", {**ONE, **SEVERAL})
def test_a_generator_is_no_prompt(entrance: str) -> None:
    refused({**ONE, **SEVERAL}[entrance], generator())


@pytest.mark.parametrize(("value", "said"), NO_LIST.values(), ids=NO_LIST)
@pytest.mark.parametrize("entrance", SEVERAL)
def test_a_list_names_what_is_no_prompt_in_it(entrance: str, value: Any, said: str) -> None:
    assert said in refused(SEVERAL[entrance], value)


@pytest.mark.parametrize("value", [value for value, _ in NO_LIST.values()], ids=NO_LIST)
def test_one_clip_is_of_one_prompt(value: Any) -> None:
    refused(ONE["generate"], value)


@pytest.mark.parametrize(
    "value", [["A cat"], ["A cat", "A dog"], ("A",), pd.Series(["A"]), np.array(["A"]), table("A")]
)
def test_generate_takes_one_prompt_and_says_who_takes_several(value: Any) -> None:
    assert "hn.compare" in refused(ONE["generate"], value)
    with pytest.raises(hn.ArgumentError, match=r"provider is .*hn\.compare several"):
        hn.generate("A cat", provider=value)


@pytest.mark.parametrize("value", NO_TEXT.values(), ids=NO_TEXT)
def test_a_row_without_a_prompt_is_named(value: Any) -> None:
    with pytest.raises(hn.InvalidRequestError, match=r"row 'bad' \(.*: prompt is ") as caught:
        hn.compare(table(value))
    assert "row 'good'" not in str(caught.value)
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(requested, "known_job", lambda _: None)
        told = hn.dry_run(table(value))
    assert told["would"].tolist() == ["refuse", "send"]
    assert "prompt is " in told["problem"].iloc[0]


def test_a_table_of_requests_is_no_prompt_of_a_plan() -> None:
    """One of prompts and columns of a person's own is: see test_own_columns."""
    with pytest.raises(hn.TableError, match="prompt is a table with provider"):
        hn.plan(table("A cat"), provider=FREE)


TEXTS: dict[str, tuple[Any, list[str]]] = {
    "text": ("A cat", ["A cat"]),
    "numpy": (np.str_("A cat"), ["A cat"]),
    "enum": (Word.CAT, ["A cat"]),
    "array of one": (np.array("A cat"), ["A cat"]),
    "list": (["A", "B"], ["A", "B"]),
    "tuple": (("A",), ["A"]),
    "set": ({"B", "A", "C"}, ["A", "B", "C"]),
    "array": (np.array(["A", "B"]), ["A", "B"]),
    "Series": (pd.Series(["A", "B"], index=["x", "y"]), ["A", "B"]),
    "Index": (pd.Index(["A", "B"]), ["A", "B"]),
    "categories": (pd.Series(["A", "B", "A"], dtype="category"), ["A", "B", "A"]),
}


@pytest.mark.parametrize(("value", "prompts"), TEXTS.values(), ids=TEXTS)
def test_text_in_any_box_is_text(value: Any, prompts: list[str]) -> None:
    assert (found := arguments.as_texts("prompt", value)) == prompts
    assert {type(text) for text in found} == {str}
    assert hn.plan(value, provider=FREE)["prompt"].tolist() == list(dict.fromkeys(prompts))


# -- numbers and switches
# -----------------------------------------------------------------------------------

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


# -- limits
# -------------------------------------------------------------------------------------------------

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
        with pytest.raises(HailuoError, match=r"holds a key of yours, which would be") as told:
            call()
        assert key not in str(told.value), name
    word = hn.provider("ppinfra", api_key="anything")
    assert word.credentials and holds_key("anything goes")
    assert arguments.as_text_without_key("note", "anything goes") == "anything goes"
