"""Odd values in what comes after asking: marks, names, paths, tables of other makers, warnings
beside the result."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.errors import HailuoError
from hailuo_nb.widgets.prompt_templates import TemplateFile
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture
from tests.unit.pictures import PLAIN

HALF = "half an emoji \ud83d"
FREE = SIMULATED[0]


@pytest.fixture
def board(stand: Stand) -> hn.Comparison:
    return hn.compare(PROMPT, provider=FREE).wait(END)


# -- marks
# --------------------------------------------------------------------------------------------------

NO_MARKS: list[dict[str, Any]] = [
    *(
        {"rating": value}
        for value in (float("nan"), pd.NA, 4.5, 6, -1, True, "4", [4], 10**400, Decimal("nan"))
    ),
    *({"note": value} for value in (HALF, 3, float("nan"), b"x", ["x"], "x" * 60_000)),
    *(
        {"tags": value}
        for value in (
            HALF,
            ["keep", None],
            [3],
            3,
            float("nan"),
            {"a": 1},
            [["keep"]],
            iter("ab"),
            "x" * 300,
            b"keep",
            pd.NA,
        )
    ),
]
TAGS: list[tuple[Any, tuple[str, ...]]] = [
    ("keep", ("keep",)), (np.str_("keep"), ("keep",)), (["b", "a", "b"], ("b", "a")), (("keep",),
    ("keep",)),
    (pd.Series(["x", "y"]), ("x", "y")), (np.array(["x"]), ("x",)), ([], ()), ("", ()), ({"b", "a"},
    ("a", "b")),
]  # fmt: skip


def test_stars_in_any_box_are_kept_as_a_whole_number(board: hn.Comparison) -> None:
    for rating in (4, 4.0, np.int64(4), np.float32(4), Decimal(4), np.array(4)):
        board[0].annotate(rating=0).annotate(rating=rating)  # type: ignore[arg-type]
        assert board[0].rating == 4
        assert type(board[0].rating) is int
        assert hn.history()["rating"].tolist() == [4]


def test_marks_that_are_none_are_told_and_change_nothing(board: hn.Comparison) -> None:
    board[0].annotate(rating=2, note="before", tags=["kept"])
    for marks in NO_MARKS:
        with pytest.raises(HailuoError, match=next(iter(marks))):
            board[0].annotate(**marks)
    assert (board[0].rating, board[0].note, board[0].tags) == (2, "before", ("kept",))


def test_tags_are_a_tuple_of_text_everywhere(board: hn.Comparison, tmp_path: Path) -> None:
    for given, tags in TAGS:
        job = board[0].annotate(tags=given)
        assert job.tags == tags
        for found in (job.to_dict()["tags"], board.to_frame()["tags"][0], hn.history()["tags"][0]):
            assert found == tags
            assert type(found) is tuple
        written = json.loads(board.to_json(tmp_path / "a.json").read_text(encoding="utf-8"))
        assert written["clips"][0]["tags"] == list(tags)
        assert hn.Comparison.load(tmp_path / "a.json")[0].tags == tags
        read = pd.read_csv(board.to_csv(tmp_path / "a.csv"), keep_default_na=False)
        assert read["tags"][0] == ", ".join(tags)


def test_a_clip_that_is_left_out_has_tags_of_the_same_type(stand: Stand) -> None:
    board = hn.compare(
        PROMPT, provider=[FREE, "simulated:xcompute/2.3-Fast"], skip_invalid=True
    ).wait(END)
    assert [type(tags) for tags in board.to_frame()["tags"]] == [tuple, tuple]


# -- names
# --------------------------------------------------------------------------------------------------


def test_a_name_that_is_none_is_told(board: hn.Comparison) -> None:
    for name in (HALF, 3, None, float("nan"), b"cats", ["cats"], pd.NA, "x" * 60_000):
        with pytest.raises(HailuoError, match="name"):
            board.save(name)  # type: ignore[arg-type]
        with pytest.raises(HailuoError):
            hn.Comparison.load(name)  # type: ignore[arg-type]
    assert len(hn.boards()) == 0


def test_a_title_that_is_no_text_is_told(board: hn.Comparison) -> None:
    board.title = HALF
    with pytest.raises(HailuoError, match="title holds half an emoji"):
        board.save()


@pytest.mark.parametrize(
    ("name", "prompt"), [(HALF, "A cat"), ("cats", HALF), (3, "A cat"), ("cats", None)]
)
def test_a_template_that_is_no_text_is_told(tmp_path: Path, name: Any, prompt: Any) -> None:
    with pytest.raises(HailuoError):
        TemplateFile(tmp_path / "templates.json").save(name, prompt)
    assert not list(tmp_path.iterdir())


def test_templates_that_are_nested_without_end_are_told(tmp_path: Path) -> None:
    (tmp_path / "templates.json").write_text("[" * 100_000)
    with pytest.raises(ValueError, match=r"templates\.json cannot be read"):
        TemplateFile(tmp_path / "templates.json").all()


# -- paths
# --------------------------------------------------------------------------------------------------


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "me"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


def test_the_tilde_is_a_persons_own_folder(board: hn.Comparison, own_home: Path) -> None:
    (own_home / "a.png").write_bytes(PLAIN["image/png"])
    assert board.to_html("~/cats.html") == own_home / "cats.html"
    assert board.to_html("~/cats") == own_home / "cats.html"
    assert board.to_html("~/page", mode="folder") == own_home / "page" / "index.html"
    assert board.to_csv("~/cats.csv") == own_home / "cats.csv"
    assert board.to_json(Path("~/cats.json")) == own_home / "cats.json"
    assert board.export("~/export") == own_home / "export"
    assert board.snapshot(folder=Path("~")) is not None
    assert (own_home / "cats.csv").is_file()
    for place in ("~/cats.json", "~/export", Path("~/export")):
        assert [job.id for job in hn.Comparison.load(place)] == [board[0].id]
    assert hn.plan("A cat", provider=FREE, first_frame="~/a.png")["problem"].isna().all()
    table = pd.DataFrame({"prompt": ["A cat"], "provider": [FREE], "first_frame": ["~/a.png"]})
    assert hn.dry_run(table)["would"].tolist() == ["send"]
    assert not list(Path.cwd().glob("~*"))


def test_a_page_gets_its_ending(board: hn.Comparison, tmp_path: Path) -> None:
    for name, written in {
        "cats": "cats.html",
        "cats.v1": "cats.v1.html",
        "cats.HTM": "cats.HTM",
        "cats.html": "cats.html",
    }.items():
        assert board.to_html(tmp_path / name) == tmp_path / written
        assert (tmp_path / written).is_file()


def test_a_path_that_is_none_is_told(board: hn.Comparison) -> None:
    for write in (board.to_html, board.to_csv, board.to_json, board.to_parquet, board.export):
        for path in (
            None,
            3,
            float("nan"),
            b"cats",
            "",
            "a\0b",
            "~nobody-of-this-name/x",
            ["cats"],
            pd.NA,
        ):
            with pytest.raises(HailuoError, match=r"path|folder"):
                write(path)  # type: ignore[arg-type]


# -- tables of other makers
# ---------------------------------------------------------------------------------


class Arrow:
    """A table as pyarrow shows itself: columns are arrays, rows come as dicts."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows
        self.schema = type("Schema", (), {"names": list(rows[0])})()
        self.columns = [np.array([row[name] for row in rows], dtype=object) for name in rows[0]]

    def __len__(self) -> int:
        return len(self._rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        raise NotImplementedError

    def to_pylist(self) -> list[dict[str, Any]]:
        return self._rows


class Polars(Arrow):
    """A table as polars shows itself: it has the names of its columns, and no `to_pylist`."""

    to_pylist = property()  # type: ignore[assignment]

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__(rows)
        self.columns = list(rows[0])

    def __iter__(self) -> Any:
        raise AssertionError("its columns are no prompts")

    def to_dicts(self) -> list[dict[str, Any]]:
        return self._rows


class Exchanged:
    """A table that shows itself by the interchange protocol alone."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._table = pd.DataFrame(rows)
        self.columns = list(self._table.columns)

    def __dataframe__(self, *given: Any, **named: Any) -> object:
        return self._table.__dataframe__(*given, **named)


ROWS = [
    {"prompt": "A cat", "provider": FREE, "duration": 6},
    {"prompt": "A dog", "provider": FREE, "duration": 10},
]


@pytest.mark.filterwarnings("ignore:The Dataframe Interchange Protocol")
@pytest.mark.parametrize("kind", [Arrow, Polars, Exchanged])
def test_a_table_of_another_maker_is_a_table(stand: Stand, kind: Any) -> None:
    told = hn.dry_run(kind(ROWS))
    assert told[["prompt", "duration"]].to_numpy().tolist() == [["A cat", 6], ["A dog", 10]]
    board = hn.compare(kind(ROWS)).wait(END)
    assert [(job.prompt, job.duration) for job in board] == [("A cat", 6), ("A dog", 10)]


@pytest.mark.parametrize("kind", [Arrow, Polars])
def test_its_gaps_are_named(stand: Stand, kind: Any) -> None:
    gap = [*ROWS, {"prompt": None, "provider": FREE, "duration": None}]
    with pytest.raises(hn.InvalidRequestError, match=r"row 2 .*prompt is None"):
        hn.compare(kind(gap))
    assert hn.dry_run(kind(gap))["would"].tolist() == ["send", "send", "refuse"]


def test_a_table_that_cannot_be_read_is_refused_and_not_its_columns(stand: Stand) -> None:
    class Stream:
        columns = ("prompt", "provider")
        itertuples = None

        def __len__(self) -> int:
            return 2

        def __getitem__(self, name: str) -> str:
            return name

    for table in (Stream(), pd.DataFrame({"prompt": []}), pd.DataFrame()):
        with pytest.raises(HailuoError, match="table"):
            hn.compare(table, provider=FREE)  # type: ignore[arg-type]
    assert len(hn.history()) == 0


# -- what is said beside the result
# -------------------------------------------------------------------------


def test_a_bracket_that_is_no_move_is_told_where_the_result_is_shown(stand: Stand) -> None:
    said = "[Teleport] is no camera command"
    board = hn.compare("A cat [Teleport]", provider=SIMULATED[:2])
    assert all(said in " ".join(job.notes) for job in board)
    assert repr(board).count(said) == 1
    for face in (board._repr_mimebundle_()["text/html"], board[0]._repr_html_()):
        assert said in face
    assert "note: " not in repr(hn.compare(PROMPT, provider=FREE))


def test_waiting_for_nan_seconds_is_told(board: hn.Comparison) -> None:
    for timeout in (float("nan"), pd.NA, "5", True):
        for thing in (board, board[0]):
            with pytest.raises(hn.ArgumentError, match="timeout"):
                thing.wait(timeout)  # type: ignore[arg-type]
    assert board.wait(np.float64(5)) is board
    assert board[0].wait(Decimal(5)) is board[0]
