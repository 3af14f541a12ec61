"""A comparison that outlives its kernel: kept in the ledger by name, and as a folder on another
machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.errors import (
    BundleError,
    HailuoError,
    NoComparisonError,
    NoParquetError,
    ReadOnlyError,
)
from hailuo_nb.media import xmp
from hailuo_nb.results import bundle, tables
from hailuo_nb.results.comparison import Comparison
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture

TWO = SIMULATED[:2]


def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Another machine: another folder, no ledger, no kernel that knows anything."""
    session._runners.clear()
    away = tmp_path / "elsewhere"
    away.mkdir()
    monkeypatch.chdir(away)
    return away


# In the ledger ------------------------------------------------------------------------------------


def test_a_saved_comparison_comes_back_after_a_restart(stand: Stand) -> None:
    hn.generate("Another clip", provider=TWO[0]).wait(END)
    board = hn.compare(PROMPT, provider=TWO).wait(END)
    board[1].annotate(rating=4, note="the tail", tags=["keep"])
    assert board.save("cats") is board
    session._runners.clear()
    again = hn.Comparison.load("cats")
    assert again.title == "cats"
    assert [job.id for job in again] == [job.id for job in board]
    assert {job.state for job in again} == {"saved"}
    assert (again[1].rating, again[1].note, again[1].tags) == (4, "the tail", ("keep",))
    assert again[0].usual_seconds is not None
    assert again[0].retake().wait(END).take == 2


def test_the_order_is_kept_and_the_name_can_be_used_again(stand: Stand) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED).wait(END)
    hn.Comparison(list(reversed(board.jobs)), title="backwards").save()
    assert [job.id for job in hn.Comparison.load("backwards")] == [
        job.id for job in reversed(board.jobs)
    ]
    hn.Comparison(board.jobs[:1]).save("backwards")
    assert [job.id for job in hn.Comparison.load("backwards")] == [board[0].id]
    listed = hn.boards()
    (found,) = listed.to_dict("records")
    newest = found.pop("newest").timestamp()
    assert found == {"name": "backwards", "n_clips": 1, "n_saved": 1}
    assert newest == pytest.approx(board[0]._tracked.row.created_at, abs=0.001)


def test_a_clip_that_is_not_over_goes_on(stand: Stand) -> None:
    hn.compare(PROMPT, provider=TWO).wait(END).save("cats")
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    ledger.work(lambda db: db.execute("UPDATE jobs SET state='submitted', path=NULL")).result()
    ledger.close()
    session._runners.clear()
    assert {job.state for job in hn.Comparison.load("cats").wait(END)} == {"saved"}
    assert stand.charged == {"ppinfra": 1, "modelverse": 1}


def test_what_is_over_needs_no_key(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PPINFRA_API_KEY", raising=False)
    hn.compare(PROMPT, provider=TWO[:1]).wait(END).save("cats")
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    ledger.work(lambda db: db.execute("UPDATE jobs SET provider='ppinfra'")).result()
    ledger.close()
    session._runners.clear()
    (job,) = hn.Comparison.load("cats")
    assert (job.state, job.done, job.error) == ("saved", True, None)
    assert job.path is not None
    assert job.path.exists()


def test_a_name_that_is_not_there_is_told_with_those_that_are(stand: Stand) -> None:
    with pytest.raises(NoComparisonError, match=r"board\.save"):
        hn.Comparison.load("cats")
    assert not stand.home.exists(), "looking makes no ledger"
    hn.compare(PROMPT, provider=TWO[:1]).wait(END).save("cats at dawn")
    with pytest.raises(NoComparisonError, match="did you mean 'cats at dawn'"):
        hn.Comparison.load("cats at dusk")
    with pytest.raises(NoComparisonError, match="Saved are: 'cats at dawn'"):
        hn.Comparison.load("x")


def test_a_comparison_without_name_or_clip_is_not_saved(stand: Stand) -> None:
    with pytest.raises(HailuoError, match="under a name"):
        hn.Comparison([]).save("empty")
    board = hn.Comparison(hn.compare(PROMPT, provider=TWO[:1]).wait(END).jobs)
    with pytest.raises(HailuoError, match="under a name"):
        board.save()


# As a folder --------------------------------------------------------------------------------------


def exported(tmp_path: Path) -> tuple[Comparison, Path]:
    board = hn.compare(
        PROMPT, provider=[*TWO, "simulated:xcompute/2.3-Fast"], skip_invalid=True, first_frame=None
    ).wait(END)
    board[0].annotate(rating=5, note="=HYPERLINK()", tags=["keep"])
    board.vote(board[0], board[1], "first")
    return board, board.export(tmp_path / "out" / "cats")


def test_an_exported_folder_shows_itself_on_another_machine(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    board, folder = exported(tmp_path)
    whole, ranks = board.to_frame(), board.ranks("provider")
    shutil.move(folder, tmp_path / "moved")
    shutil.rmtree(stand.home)
    away = elsewhere(monkeypatch, tmp_path)
    again = hn.Comparison.load(tmp_path / "moved").wait(0)
    pd.testing.assert_frame_equal(
        again.to_frame().drop(columns=["path", "id", "tags"]),
        whole.drop(columns=["path", "id", "tags"]),
    )
    assert [job.id for job in again] == [job.id for job in board]
    for job in again:
        assert job.path is not None
        assert xmp.without_own(job.path.read_bytes()) == stand.clip
        assert job.path.is_relative_to(tmp_path / "moved")
        assert job.poster is not None
        assert job.poster.exists()
    assert [rank.item for rank in again.ranks("provider")] == [rank.item for rank in ranks]
    assert (again[0].rating, again[0].tags) == (5, ("keep",))
    assert [(job.fps, job.frames) for job in again] == [(job.fps, job.frames) for job in board]
    assert [row["state"] for row in again.rows()] == ["saved", "saved", "invalid"]
    assert "<video " in again.to_html("page.html").read_text()
    assert not (away / "hailuo_runs").exists(), "looking makes no ledger"
    second = hn.Comparison.load(again.export("copy"))
    assert [job.to_dict()["task_id"] for job in second] == [job.task_id for job in board]


def test_two_clips_of_one_name_do_not_become_one(stand: Stand, tmp_path: Path) -> None:
    _, folder = exported(tmp_path)

    def spread(content: Any) -> None:
        for index, clip in enumerate(content["clips"][:2]):
            (folder / str(index)).mkdir()
            (folder / str(index) / "a clip.mp4").write_bytes(bytes([index]))
            clip["path"] = f"{index}/a clip.mp4"

    change(folder, spread)
    again = hn.Comparison.load(hn.Comparison.load(folder).export(tmp_path / "again"))
    assert [job.path.read_bytes() for job in again if job.path] == [b"\0", b"\1"]
    assert [job.path.name for job in again if job.path] == ["clip-1.mp4", "clip-3.mp4"]


def test_nothing_is_asked_for_from_an_exported_folder(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, folder = exported(tmp_path)
    elsewhere(monkeypatch, tmp_path)
    again = hn.Comparison.load(folder)
    job, other = again
    for act in (
        job.retake,
        job.again,
        job.look_again,
        job.cancel,
        job.delete,
        lambda: job.annotate(rating=1),
        lambda: again.vote(job, other, "tie"),
        lambda: again.save("x"),
    ):
        with pytest.raises(ReadOnlyError, match="exported comparison"):
            act()
    assert job.path is not None
    assert job.path.exists()


def test_an_export_holds_no_key_no_link_and_no_path_of_this_machine(
    stand: Stand, tmp_path: Path
) -> None:
    board, folder = exported(tmp_path)
    text = (folder / "comparison.json").read_text()
    for written in (text, (folder / "index.html").read_text()):
        assert str(tmp_path) not in written
        assert "simulator.invalid" not in written
        assert "stand-in-key" not in written
    content = json.loads(text)
    assert (content["format"], content["version"]) == ("hailuo_nb.results.comparison", 1)
    assert content["clips"][0]["path"] == f"videos/{board[0].path.name if board[0].path else ''}"
    assert sorted(path.name for path in folder.iterdir()) == [
        "comparison.json",
        "index.html",
        "posters",
        "videos",
    ]


def test_what_was_open_says_so_and_waits_for_nobody(stand: Stand, tmp_path: Path) -> None:
    board, folder = exported(tmp_path)
    change(folder, lambda content: content["clips"][0].update(state="submitted", path=None))
    job = hn.Comparison.load(folder).wait(0)[0]
    assert job.done
    assert "it was submitted" in str(job.error)
    assert board[0].state == "saved"


def test_to_json_reads_again_and_names_clips_below_it(stand: Stand, tmp_path: Path) -> None:
    board = hn.compare(PROMPT, provider=TWO).wait(END)
    beside = board.to_json("board.json")
    assert [job.path for job in hn.Comparison.load("board.json")] == [job.path for job in board]
    assert json.loads(beside.read_text())["clips"][0]["path"].startswith("hailuo_runs/videos/")
    far = board.to_json(tmp_path / "deep" / "board.json")
    loaded = hn.Comparison.load(far)
    assert [job.path for job in loaded] == [None, None]
    assert "not beside comparison.json" in str(loaded[0].error)


def test_a_name_goes_before_a_folder_and_a_path_gets_at_the_folder(
    stand: Stand, tmp_path: Path
) -> None:
    board = hn.compare(PROMPT, provider=TWO).wait(END)
    hn.Comparison(board.jobs[:1]).export("cats")
    board.save("cats")
    assert len(hn.Comparison.load("cats")) == 2
    assert len(hn.Comparison.load("./cats")) == 1
    assert len(hn.Comparison.load(Path("cats"))) == 1


# What a stranger may have written -----------------------------------------------------------------


def change(folder: Path, how: Any) -> None:
    file = folder / "comparison.json"
    content = json.loads(file.read_text())
    how(content)
    file.write_text(json.dumps(content))


@pytest.mark.parametrize(
    "path", ["../secret.mp4", "/etc/hostname", "link.mp4", "videos", "\0", "https://x.example/a"]
)
def test_a_file_outside_the_folder_is_not_read(stand: Stand, tmp_path: Path, path: str) -> None:
    _, folder = exported(tmp_path)
    (folder.parent / "secret.mp4").write_bytes(b"secret")
    (folder / "link.mp4").symlink_to(folder.parent / "secret.mp4")
    change(folder, lambda content: content["clips"][0].update(path=path, poster=path))
    job = hn.Comparison.load(folder)[0]
    assert job.path is None
    assert job.poster is None


def read_back(module: Any, engine: str, target: Path) -> pd.DataFrame:
    if engine == "duckdb":
        found: pd.DataFrame = module.read_parquet(str(target)).df()
        return found
    return pd.read_parquet(target)


def _drop(content: dict[str, Any]) -> None:
    del content["clips"][0]["request"]


@pytest.mark.parametrize(
    ("how", "match"),
    [
        (lambda content: content.update(version=2), "reads 1: update"),
        (lambda content: content.update(format="other"), "no comparison that hailuo_nb wrote"),
        (lambda content: content.update(clips=3), "no comparison that can be read"),
        (_drop, "no comparison that can be read"),
        (lambda content: content["clips"][0].update(state="flying"), "flying"),
        (lambda content: content["clips"][0].update(cost="free"), "cost must be a number"),
        (lambda content: content["clips"][0].update(error=["x"]), "error must be a text"),
        (lambda content: content["clips"][0].update(provider="nobody"), "nobody"),
        (
            lambda content: content["clips"][0]["request"].update(duration="six"),
            "duration must be a number",
        ),
    ],
)
def test_a_file_that_is_none_is_one_clear_error(
    stand: Stand, tmp_path: Path, how: Any, match: str
) -> None:
    _, folder = exported(tmp_path)
    change(folder, how)
    with pytest.raises(BundleError, match=match):
        hn.Comparison.load(folder)


@pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 100_000, "\udcff"])
def test_junk_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, errors="surrogateescape")
    with pytest.raises(BundleError, match=r"x\.json"):
        bundle.read(tmp_path / "x.json")
    with pytest.raises(BundleError, match="cannot be read"):
        bundle.read(tmp_path)


# Parquet ------------------------------------------------------------------------------------------


def test_without_a_writer_of_parquet_it_says_what_to_install(
    stand: Stand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    board = hn.compare(PROMPT, provider=TWO[:1]).wait(END)
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    with pytest.raises(NoParquetError, match="pip install pyarrow"):
        board.to_parquet("clips.parquet")


@pytest.mark.parametrize("engine", ["pyarrow", "fastparquet", "duckdb"])
def test_parquet_holds_the_table(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    module = pytest.importorskip(engine, reason=f"{engine} is no dependency of ours")
    own = pd.DataFrame({"prompt": [PROMPT] * 2, "provider": TWO, "idea": ["a", 1]})
    board = hn.compare(own).wait(END)
    board[0].annotate(tags=["keep", "猫"])
    monkeypatch.setattr(tables, "find_spec", lambda name: name if name == engine else None)
    target = board.to_parquet("it's.parquet")
    again = read_back(module, engine, target)
    assert again["id"].tolist() == [job.id for job in board]
    assert list(again["tags"][0]) == ["keep", "猫"]
    assert again["idea"].tolist() == ["a", "1"], "one kind, as Parquet has it"
