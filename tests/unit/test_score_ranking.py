"""Scorers' figures rank items: mean, interval and count, a direction, and gaps beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pytest

from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure.axes import Grouped
from hailuo_nb.measure.clip_score import Score
from hailuo_nb.measure.score_ranking import ranking
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.video_request import VideoRequest


@dataclass
class Made:
    provider: str
    request: VideoRequest
    own_columns: OwnColumns = field(default_factory=dict)


def table(values: dict[str, list[Any]], **asked: Any) -> pd.DataFrame:
    scores: dict[str, Score] = {}
    clips: dict[str, Grouped] = {}
    for batch, (provider, given) in enumerate(values.items(), 1):
        for number, value in enumerate(given):
            name = f"{provider}{number}"
            found = value if isinstance(value, dict) else {} if value is None else {"light": value}
            scores[name] = Score(name, provider, None, None, values=found)
            clips[name] = Made(provider, VideoRequest("A cat [Pan left]", "m"), {"batch": batch})
    settings: dict[str, Any] = {"by": "provider", "score": None, "less_is_better": None}
    return ranking(scores, clips, **(settings | asked))


def test_a_scorer_ranks_by_its_mean_with_interval_and_gaps() -> None:
    found = table({"a": [1.0, 2.0, None], "b": [8.0, 9.0]})
    assert found.index.tolist() == ["b", "a"] and found.index.name == "provider"
    assert list(found.columns) == ["light", "low", "high", "n_clips", "n_gaps"]
    assert found["light"].tolist() == [8.5, 1.5]
    assert found[["n_clips", "n_gaps"]].to_numpy().tolist() == [[2, 0], [2, 1]]
    assert (found["low"] < found["light"]).all() and (found["light"] < found["high"]).all()


def test_less_can_be_better() -> None:
    values: dict[str, list[Any]] = {"a": [1.0, 2.0], "b": [8.0, 9.0]}
    assert table(values, less_is_better=True).index.tolist() == ["a", "b"]


def test_one_clip_alone_stands_behind_what_is_sure() -> None:
    found = table({"one": [9.0], "two": [5.0, 5.1], "none": [None]})
    assert found.index.tolist() == ["two", "one", "none"]
    assert found["low"].isna().tolist() == [False, True, True]


def test_any_axis_and_own_columns() -> None:
    values: dict[str, list[Any]] = {"a": [1.0], "b": [2.0]}
    assert table(values, by="camera").index.tolist() == ["Pan left"]
    assert table(values, by="batch").index.tolist() == [2, 1]
    with pytest.raises(ArgumentError, match="not by 'colour'"):
        table(values, by="colour")


def test_several_figures_are_asked_about_by_name() -> None:
    values: dict[str, list[Any]] = {"a": [{"light": 1.0, "dark": 2.0, "said": "grey"}]}
    with pytest.raises(ArgumentError, match="score= names the column to rank by: light, dark"):
        table(values)
    assert table(values, score="dark")["dark"].tolist() == [2.0]
    with pytest.raises(ArgumentError, match="did you mean 'light'"):
        table(values, score="ligth")
    with pytest.raises(ArgumentError, match=r"'said' to rank by\. There are: light, dark"):
        table(values, score="said")
    assert table({}).empty
