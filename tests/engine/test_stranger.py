"""A project that came from elsewhere brings its own ledger: nothing outside its folder is read,
written or deleted."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session, transport_pool
from hailuo_nb.engine.cleanup import sweep
from hailuo_nb.errors import FileError, TooLargeError
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job
from hailuo_nb.widgets import board_updates
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture

SECRET = b"-----BEGIN OPENSSH PRIVATE KEY-----" + b"s3cr3t" * 20
OUTSIDE = [
    "../key",
    "/abs",
    "videos/../../key",
    "videos/link.mp4",
    "linked/key",
    "..\\key",
    "videos",
    "pipe",
    "\0",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, clip: bytes) -> Path:
    """A home with two saved clips, made once: each test gets a copy."""
    folder = tmp_path_factory.mktemp("made")
    simulated = Stand(folder / "hailuo_runs", clip)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport_pool, "simulator_transport", simulated.mount)
        patch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 200.0)
        patch.chdir(folder)
        hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END).save("cats")
        session.runner().ledger.close()
        session._runners.clear()
    return simulated.home


class Project:
    """Somebody's project with two saved clips, opened on this machine; `key` is a private file
    beside it."""

    def __init__(self, folder: Path, made: Path) -> None:
        self.folder, self.home = folder, folder / "hailuo_runs"
        self.key = folder / "key"
        self.key.write_bytes(SECRET)
        shutil.copytree(made, self.home)
        os.mkfifo(self.home / "pipe")
        (self.home / "videos" / "link.mp4").symlink_to(self.key)
        (self.home / "linked").symlink_to(folder)

    def change(self, sql: str, *values: Any) -> None:
        """What a stranger wrote into the ledger."""
        if session._runners:
            session.runner().ledger.close()
            session._runners.clear()
        with closing(sqlite3.connect(self.home / "ledger.sqlite")) as db, db:
            db.execute(sql, values)

    def smuggle(self, sql: str, *values: Any) -> None:
        """A value of a kind that the tables do not take: they are others while it is written."""
        with closing(sqlite3.connect(self.home / "ledger.sqlite")) as db:
            tables = db.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
        self._rewrite(
            {name: made.replace(") STRICT", ")").replace(" NOT NULL", "") for name, made in tables}
        )
        self.change(sql, *values)
        self._rewrite(dict(tables))

    def _rewrite(self, tables: dict[str, str]) -> None:
        self.change("SELECT 1")
        with closing(sqlite3.connect(self.home / "ledger.sqlite")) as db, db:
            db.execute("PRAGMA writable_schema = ON")
            for name, made in tables.items():
                db.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (made, name))

    def board(self) -> Comparison:
        return hn.Comparison.load("cats")


@pytest.fixture
def project(tmp_path: Path, made: Path, stand: Stand) -> Iterator[Project]:
    yield Project(tmp_path, made)


def texts(board: Comparison, folder: Path) -> Iterator[str]:
    """Everything in which a file of a clip could go out."""
    yield board[0]._repr_html_()
    yield str(board._repr_mimebundle_())
    yield board.to_html(folder / "page.html").read_text()
    yield str(board.rows())
    yield str(board_updates.board_rows(board, folder))
    snapshot = board.snapshot(folder=folder)
    yield snapshot.html + repr(snapshot) + base64.b64encode(snapshot.png).decode()
    out = board.export(folder / "out")
    yield from (path.read_bytes().decode("latin-1") for path in out.rglob("*") if path.is_file())
    yield board.to_json(folder / "board.json").read_text()


@pytest.mark.parametrize("column", ["path", "poster"])
@pytest.mark.parametrize("place", OUTSIDE)
def test_no_file_outside_the_home_comes_into_an_output(
    project: Project, column: str, place: str
) -> None:
    place = str(project.key) if place == "/abs" else place
    project.change(f"UPDATE jobs SET {column} = ?", place)
    board = project.board()
    for job in board:
        assert getattr(job, column) is None
    marks = {SECRET.decode(), base64.b64encode(SECRET)[:40].decode(), project.key.as_posix() + '"'}
    for text in texts(board, project.folder):
        assert not [mark for mark in marks if mark in text]
    assert set(hn.history()["path"]) <= {None} or column == "poster"
    widget, _ = board_updates.new_board(board, project.folder)
    assert widget._read_clip is not None
    assert widget._read_poster is not None
    found = (widget._read_clip if column == "path" else widget._read_poster)(board[0].id)
    assert found is None


@pytest.mark.parametrize("column", ["path", "poster"])
@pytest.mark.parametrize("place", OUTSIDE)
def test_delete_takes_nothing_from_outside(project: Project, column: str, place: str) -> None:
    place = str(project.key) if place == "/abs" else place
    project.change(f"UPDATE jobs SET {column} = ?", place)
    for job in project.board():
        job.delete()
        assert (job.state, job.path, job.poster) == ("expired", None, None)
    assert project.key.read_bytes() == SECRET
    assert (project.home / "videos" / "link.mp4").is_symlink()


@pytest.mark.parametrize(
    "place",
    [
        "ledger.sqlite",
        "notes/{id}.mp4",
        "videos/other.mp4",
        "videos/{id}",
        "videos/{id}x.mp4",
        "videos/deep/{id}.mp4",
    ],
)
def test_delete_takes_only_what_we_wrote(project: Project, place: str) -> None:
    job = project.board()[0]
    place = place.format(id=job.id)
    path = project.home / place
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(b"the user's own")
    project.change("UPDATE jobs SET path = ? WHERE id = ?", place, job.id)
    project.board()[0].delete()
    assert path.exists()


def test_delete_takes_the_clip_and_its_poster(project: Project) -> None:
    job = project.board()[0]
    path, poster = job.path, job.poster
    assert path is not None
    assert poster is not None
    job.delete()
    assert not path.exists()
    assert not poster.exists()


@pytest.mark.parametrize("name", ["videos", "posters"])
def test_delete_follows_no_linked_folder(project: Project, name: str) -> None:
    (project.home / name).rename(project.folder / "mine")
    (project.home / name).symlink_to(project.folder / "mine")
    before = sorted(path.name for path in (project.folder / "mine").iterdir())
    for job in project.board():
        job.delete()
    assert sorted(path.name for path in (project.folder / "mine").iterdir()) == before


@pytest.mark.parametrize(
    "place", ["notes.txt", "ledger.sqlite", "notes", "clip.mp4", "clip.jpg", ".ssh"]
)
def test_a_private_file_in_the_same_folder_is_no_clip(project: Project, place: str) -> None:
    """`poster = ledger.sqlite` lies inside; so does a private file beside a comparison.json in
    ~/Downloads."""
    (project.home / "notes.txt").write_bytes(SECRET)
    for link in ("notes", "clip.mp4", "clip.jpg"):
        (project.home / link).symlink_to("notes.txt")
    project.change("UPDATE jobs SET path = ?, poster = ?", place, place)
    board = project.board()
    assert [(job.path, job.poster) for job in board] == [(None, None)] * 2
    coded = base64.b64encode(SECRET)[:40].decode()
    for text in texts(board, project.folder):
        assert coded not in text
        assert SECRET.decode() not in text


def test_a_poster_of_300_mb_goes_nowhere(project: Project) -> None:
    large = project.home / "posters" / "large.jpg"
    with large.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
        file.truncate(300_000_000)
    project.change("UPDATE jobs SET poster = 'posters/large.jpg'")
    for text in texts(project.board(), project.folder):
        assert len(text) < 5_000_000


def test_one_file_that_many_rows_name_is_copied_once(project: Project) -> None:
    """A sparse file of 500 MB that 20,000 rows name would fill the disk."""
    large = project.home / "videos" / "large.mp4"
    with large.open("wb") as file:
        file.truncate(50_000_000)
    project.change("UPDATE jobs SET path = 'videos/large.mp4', poster = NULL")
    board = project.board()
    out = board.export(project.folder / "out")
    assert [path.name for path in (out / "videos").iterdir()] == ["large.mp4"]
    assert [job.path for job in hn.Comparison.load(out)] == [out / "videos" / "large.mp4"] * 2
    with pytest.raises(TooLargeError):
        board.to_html(project.folder / "page.html")


def test_the_sweep_stays_at_home(project: Project, tmp_path: Path) -> None:
    sweep(project.home, 1e12)
    assert project.key.exists()


def test_the_jobs_path_is_that_of_the_home(project: Project) -> None:
    job: Job = project.board()[0]
    assert job.path is not None
    assert job.path.parent == project.home / "videos"
    assert hn.history()["path"].tolist()[0] in {str(one.path) for one in project.board()}


# Writing ------------------------------------------------------------------------------------------


def test_an_export_into_a_strangers_folder_follows_no_link(
    project: Project, tmp_path: Path
) -> None:
    board = project.board()
    assert board[0].path is not None
    for name in (f"videos/{board[0].path.name}", "comparison.json", "index.html"):
        out = tmp_path / f"out-{name.replace('/', '-')}"
        (out / name).parent.mkdir(parents=True)
        (out / name).symlink_to(project.key)
        with pytest.raises(FileError, match="is a symbolic link"):
            board.export(out)
        assert project.key.read_bytes() == SECRET
        assert (out / name).is_symlink()


@pytest.mark.parametrize("name", ["videos", "posters", "out"])
def test_an_export_follows_no_linked_folder(project: Project, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out = tmp_path / "out"
    if name != "out":
        out.mkdir()
    (out if name == "out" else out / name).symlink_to(elsewhere)
    with pytest.raises(FileError, match="is a symbolic link"):
        project.board().export(out)
    assert list(elsewhere.iterdir()) == []


def test_a_part_that_somebody_foresaw_is_not_written_to(project: Project, tmp_path: Path) -> None:
    board = project.board()
    out = tmp_path / "out"
    (out / "videos").mkdir(parents=True)
    for name in (
        "comparison.json",
        "index.html",
        f"videos/{board[0].path.name if board[0].path else ''}",
    ):
        for part in (f".{Path(name).name}.part", f"{Path(name).name}.part"):
            ((out / name).parent / part).symlink_to(project.key)
    board.export(out)
    assert project.key.read_bytes() == SECRET


@pytest.mark.parametrize("how", ["to_csv", "to_json", "to_parquet", "to_html"])
def test_a_table_is_written_over_no_link(project: Project, tmp_path: Path, how: str) -> None:
    target = tmp_path / "table.html"
    target.symlink_to(project.key)
    with pytest.raises(FileError, match="is a symbolic link"):
        getattr(project.board(), how)(target)
    (tmp_path / "dir").symlink_to(tmp_path)
    with pytest.raises(FileError, match="is a symbolic link"):
        getattr(project.board(), how)("dir/table.html")  # below the folder of the notebook
    assert project.key.read_bytes() == SECRET


def test_a_snapshot_follows_no_link(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = tmp_path / "notebook"
    (notebook / "snapshot_files").mkdir(parents=True)
    board = project.board()
    assert board[0].path is not None
    (notebook / "snapshot_files" / board[0].path.name).symlink_to(project.key)
    with pytest.raises(FileError, match="is a symbolic link"):
        board.snapshot(folder=notebook)
    (notebook / "linked").symlink_to(tmp_path)
    with pytest.raises(FileError, match="is a symbolic link"):
        board.snapshot("linked/files", folder=notebook)
    with pytest.raises(FileError):
        board.snapshot("../files", folder=notebook)
    assert project.key.read_bytes() == SECRET
