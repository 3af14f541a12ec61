"""Files in folders that a stranger filled: what is read, what is written, and that no link is
followed."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb.errors import FileError, HailuoError
from hailuo_nb.media import files

SECRET = b"a private key"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one clip, and something private beside it."""
    (tmp_path / "key").write_bytes(SECRET)
    home = tmp_path / "home"
    (home / "videos").mkdir(parents=True)
    (home / "videos" / "a.mp4").write_bytes(b"clip")
    return home


@pytest.mark.parametrize(
    "relative",
    [
        "../key", "videos/../../key", "videos/../videos/a.mp4", "..\\key", "videos\\..\\..\\key",
        "/etc/passwd",
        "//host/share/x",
        "\\\\host\\share\\x", "C:\\key", "C:key", "videos/a.mp4:stream", "a\0b", "", ".", "videos",
        "x" * 5000, 7, None,
        b"videos/a.mp4", ["videos/a.mp4"],
    ],
)  # fmt: skip
def test_what_is_no_file_inside(home: Path, relative: object) -> None:
    assert files.resolve_below(home, relative) is None


def test_an_absolute_path_is_refused_even_into_the_home(home: Path) -> None:
    assert files.resolve_below(home, str(home / "videos" / "a.mp4")) is None


def test_a_file_inside(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = home / "videos" / "a.mp4"
    assert files.resolve_below(home, "videos/a.mp4") == clip
    assert files.resolve_below(home, "videos/gone.mp4") == home / "videos" / "gone.mp4"
    monkeypatch.chdir(home)
    assert files.resolve_below(Path(), "videos/a.mp4") == clip


def test_links_are_judged_by_where_they_lead(home: Path, tmp_path: Path) -> None:
    (home / "videos" / "out.mp4").symlink_to(tmp_path / "key")
    (home / "videos" / "chain.mp4").symlink_to("out.mp4")
    (home / "videos" / "dangling.mp4").symlink_to(tmp_path / "nothing")
    (home / "videos" / "ring.mp4").symlink_to("ring.mp4")
    (home / "outside").symlink_to(tmp_path)
    (home / "videos" / "in.mp4").symlink_to("a.mp4")
    for name in (
        "videos/out.mp4",
        "videos/chain.mp4",
        "videos/dangling.mp4",
        "videos/ring.mp4",
        "outside/key",
    ):
        assert files.resolve_below(home, name) is None, name
    assert files.resolve_below(home, "videos/in.mp4") == home / "videos" / "in.mp4"


def test_a_home_that_is_a_link_itself_is_a_home(home: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(home)
    assert files.resolve_below(link, "videos/a.mp4") == link / "videos" / "a.mp4"


def _odd_ones(folder: Path) -> list[Path]:
    os.mkfifo(folder / "pipe")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "socket"))
    server.close()
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "linked").symlink_to(folder / "key")
    return [
        folder / "pipe",
        folder / "socket",
        folder / "zero",
        folder / "linked",
        folder,
        Path("/dev/zero"),
    ]


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices as files")
def test_only_regular_files_are_read(home: Path, tmp_path: Path) -> None:
    for odd in _odd_ones(tmp_path):
        with pytest.raises(OSError):
            files.read_bounded(odd, 1000)
        if odd.name != "socket":
            with pytest.raises(HailuoError, match=odd.name):
                files.read_bounded(odd, 1000)
    assert files.resolve_below(tmp_path, "pipe") is None
    assert files.read_bounded(tmp_path / "linked", 1000, follow=True) == SECRET


def test_reading_is_bounded(home: Path) -> None:
    clip = home / "videos" / "a.mp4"
    assert files.read_bounded(clip, 4) == b"clip"
    with pytest.raises(FileError, match=r"4 bytes; at most 3"):
        files.read_bounded(clip, 3)
    with (home / "large").open("wb") as large:
        large.truncate(1 << 40)  # a file with a hole: a read of all of it would end this process
    with pytest.raises(FileError, match=r"at most 1,000"):
        files.read_bounded(home / "large", 1000)


def test_an_error_is_told_and_an_os_error(home: Path) -> None:
    with pytest.raises(OSError) as caught:
        files.read_bounded(home, 1)
    assert isinstance(caught.value, HailuoError)
    assert caught.value.strerror == str(caught.value)


def test_writing(home: Path) -> None:
    target = home / "posters" / "deep" / "a.jpg"
    assert files.write_atomic(target, b"one", root=home)
    assert files.write_atomic(target, lambda file: file.write(b"two"), root=home)
    assert target.read_bytes() == b"two"
    assert [path.name for path in target.parent.iterdir()] == ["a.jpg"]
    assert not files.write_atomic(target, b"three", root=home, overwrite=False)
    assert target.read_bytes() == b"two"


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_modes(home: Path) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    before = os.umask(0o022)
    try:
        files.write_atomic(home / "frames" / "a.png", b"", root=home)
        files.write_atomic(home / "page" / "a.html", b"", root=home, mode=files.PUBLIC)
    finally:
        os.umask(before)
    assert (mode(home / "frames"), mode(home / "frames" / "a.png")) == (0o700, 0o600)
    assert (mode(home / "page"), mode(home / "page" / "a.html")) == (0o755, 0o644)


@pytest.mark.parametrize("overwrite", [True, False])
def test_nothing_is_written_through_a_link(home: Path, tmp_path: Path, overwrite: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (home / "videos" / "b.mp4").symlink_to(tmp_path / "key")
    (home / "videos" / "new.mp4").symlink_to(tmp_path / "new")
    (home / "posters").symlink_to(elsewhere)
    for name in ("videos/b.mp4", "videos/new.mp4", "posters/a.jpg", "posters/deep/a.jpg"):
        with pytest.raises(FileError, match="is a symbolic link"):
            files.write_atomic(home / name, b"ours", root=home, overwrite=overwrite)
    assert (tmp_path / "key").read_bytes() == SECRET
    assert not (tmp_path / "new").exists()
    assert list(elsewhere.iterdir()) == []


def test_a_link_that_comes_while_we_write_is_not_followed(home: Path, tmp_path: Path) -> None:
    target = home / "videos" / "b.mp4"
    with pytest.raises(FileError), files.AtomicFile(target, root=home) as new:
        target.symlink_to(tmp_path / "key")
        new.file.write(b"ours")
        new.commit()
    with files.AtomicFile(home / "videos" / "c.mp4", root=home) as new:
        (home / "videos" / "c.mp4").symlink_to(tmp_path / "key")
        assert not new.commit(overwrite=False)
    assert (tmp_path / "key").read_bytes() == SECRET


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices as files")
def test_only_a_regular_file_is_written_over(home: Path) -> None:
    os.mkfifo(home / "pipe")
    for name in ("pipe", "videos"):
        with pytest.raises(FileError, match="a regular file is needed"):
            files.write_atomic(home / name, b"ours", root=home)
    assert stat.S_ISFIFO((home / "pipe").lstat().st_mode)


def test_the_name_until_then_cannot_be_foreseen(home: Path) -> None:
    names = set()
    for _ in range(3):
        with files.AtomicFile(home / "videos" / ("n" * 250 + ".mp4"), root=home) as new:
            names.add(new.path.name)
            assert new.path.parent == home / "videos"
            assert new.path.match("*.part")
        assert not new.path.exists()
    assert len(names) == 3


def test_a_writer_that_needs_a_name(home: Path) -> None:
    with files.AtomicFile(home / "a.bin", root=home) as new:
        new.file.close()
        new.path.write_bytes(b"by its name")
        assert new.commit()
    assert (home / "a.bin").read_bytes() == b"by its name"


def test_what_fails_leaves_nothing(home: Path) -> None:
    def fails(file: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (home / "a").write_bytes(b"before")
    with pytest.raises(OSError, match="No space"):
        files.write_atomic(home / "a", fails, root=home)
    assert (home / "a").read_bytes() == b"before"
    assert sorted(path.name for path in home.iterdir()) == ["a", "videos"]


def test_a_file_system_without_hard_links(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert files.write_atomic(home / "a", b"one", overwrite=False)
    assert not files.write_atomic(home / "a", b"two", overwrite=False)
    assert (home / "a").read_bytes() == b"one"


def test_a_file_that_cannot_be_written_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    board = hn.Comparison([])
    target = tmp_path / "file" / "table.csv"
    with pytest.raises(FileError, match=r"table\.csv cannot be written: Not a directory"):
        board.to_csv(target)
    with pytest.raises(FileError, match="cannot be written"):
        board.to_json(target)


@pytest.mark.parametrize("path", [".", "/", ".."])
def test_a_page_has_a_name(path: str) -> None:
    with pytest.raises(hn.ArgumentError, match="names no file for a page"):
        hn.Comparison([]).to_html(path)
