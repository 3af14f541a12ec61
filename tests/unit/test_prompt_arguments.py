"""Prompts through every entrance: what is no text is refused by name, and text in any box is text.

No entrance may get as far as the ledger, see `test_arguments.no_ledger`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.errors import HailuoError
from hailuo_nb.ordering import requested
from hailuo_nb.requests import arguments
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.draft import Draft
from tests.unit.test_arguments import FREE, Call, no_ledger  # noqa: F401 - a fixture

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
