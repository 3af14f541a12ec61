"""Kept frames: only by the hash of what is in them, never by a path, and two that save one do not
meet."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import frame_store
from hailuo_nb.errors import FrameError
from hailuo_nb.media import images
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture
from tests.unit import kinds
from tests.unit.pictures import PLAIN

REQUEST = VideoRequest(PROMPT, "MiniMax-Hailuo-02", first_frame=Frame.of(PLAIN["image/png"]))
IDENTITY = REQUEST.first_frame.identity if REQUEST.first_frame else ""


def kept(home: Path) -> Path:
    frame_store.save(home, REQUEST)
    (path,) = (home / "frames").iterdir()
    return path


def gone(home: Path, identity: Any) -> str:
    with pytest.raises(FrameError) as caught:
        frame_store.load(home, identity)
    return str(caught.value)


# Reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "identity",
    [
        "{private}", "~/private.png", "file://{private}", "sha256:../../private",
        "sha256:../frames/{hex}",
        "../private.png", "sha256:{private}", "SHA256:{hex}", "sha256:{HEX}", "sha256:{hex}.png",
        "sha256:{hex}\n",
        "sha256:", "{hex}", "", "data:image/png;base64,AAAA", "http://x.example/a.png",
        "ftp://x.example/a.png",
        "\\\\server\\share\\a.png", "sha256:{hex}/../../../private", "sha512:{hex}", 5,
        ["{private}"], {"a": 1},
        True, "x" * 99_999, "\ud800\x1b",
    ],
)  # fmt: skip
def test_no_identity_of_a_stranger_is_a_path(tmp_path: Path, identity: Any) -> None:
    home = tmp_path / "home"
    path = kept(home)
    private = tmp_path / "private.png"
    private.write_bytes(PLAIN["image/png"])
    if isinstance(identity, str):
        for word, value in (
            ("{private}", str(private)),
            ("{hex}", path.stem),
            ("{HEX}", path.stem.upper()),
        ):
            identity = identity.replace(word, value)
    assert "names no frame" in gone(home, identity)
    assert len(gone(home, identity)) < 2500
    name = frame_store.named(home, identity)
    assert name is not None
    assert (name.data, name.url, name.kept) == (None, None, None)
    for use in (name.to_url, name.thumbnail, name.loaded, lambda: Frame.of(name)):
        with pytest.raises(FrameError, match="give the picture again"):
            use()


def test_a_link_is_a_link_and_a_bad_one_breaks_nothing(tmp_path: Path) -> None:
    found = frame_store.load(tmp_path, "https://x.example/a.png")
    assert (
        found
        == frame_store.named(tmp_path, "https://x.example/a.png")
        == Frame.of("https://x.example/a.png")
    )
    assert gone(tmp_path, "https://me:secret@x.example/a.png")
    assert frame_store.named(tmp_path, "https://") is not None


def test_a_kept_frame_is_what_its_name_says(tmp_path: Path) -> None:
    path = kept(tmp_path)
    found = frame_store.load(tmp_path, IDENTITY)
    assert found is not None
    assert (found, found.data, found.media_type) == (
        REQUEST.first_frame,
        PLAIN["image/png"],
        "image/png",
    )
    assert (found.width, found.height) == (320, 400)
    path.write_bytes(PLAIN["image/jpeg"])
    assert "no longer" in gone(tmp_path, IDENTITY)
    path.write_bytes(b"")
    assert "no longer" in gone(tmp_path, IDENTITY)
    path.unlink()
    assert "no longer" in gone(tmp_path, IDENTITY)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
def test_only_a_regular_file_of_the_folder_itself_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path)
    elsewhere = tmp_path / "elsewhere.png"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    assert "no longer" in gone(tmp_path, IDENTITY)
    path.unlink()
    os.mkfifo(path)
    assert "no longer" in gone(tmp_path, IDENTITY)
    path.unlink()
    elsewhere.rename(path)
    assert frame_store.load(tmp_path, IDENTITY) == REQUEST.first_frame
    (tmp_path / "frames").rename(tmp_path / "other")
    (tmp_path / "frames").symlink_to(tmp_path / "other")
    assert "no longer" in gone(tmp_path, IDENTITY)
    with pytest.raises(OSError, match="is a symbolic link"):
        frame_store.save(tmp_path, REQUEST)
    (tmp_path / "frames").unlink()
    (tmp_path / "other").rename(tmp_path / "frames")
    monkeypatch.setattr(images, "MAX_INPUT_BYTES", 100)
    assert "no longer" in gone(tmp_path, IDENTITY)


def test_a_frame_that_an_earlier_release_kept_is_sent_as_it_was_kept(tmp_path: Path) -> None:
    """CMYK was sent as it came; what is kept is what was asked for, and is not made anew."""
    data = kinds.FILES["jpeg cmyk"]
    name = hashlib.sha256(data).hexdigest()
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / f"{name}.jpg").write_bytes(data)
    found = frame_store.load(tmp_path, f"sha256:{name}")
    assert found is not None
    assert found.data == data


# Writing ------------------------------------------------------------------------------------------


def test_a_frame_is_written_whole_and_is_the_users_alone(tmp_path: Path) -> None:
    path = kept(tmp_path / "home")
    assert path.read_bytes() == PLAIN["image/png"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    before = path.stat().st_mtime_ns
    frame_store.save(tmp_path / "home", REQUEST)
    assert path.stat().st_mtime_ns == before
    path.write_bytes(b"cut short by a crash")
    frame_store.save(tmp_path / "home", REQUEST)
    assert path.read_bytes() == PLAIN["image/png"]


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_a_frame_is_not_written_through_a_link(tmp_path: Path) -> None:
    path = kept(tmp_path / "home")
    path.unlink()
    victim = tmp_path / ".bashrc"
    victim.write_text("mine")
    path.symlink_to(victim)
    with pytest.raises(OSError, match="is a symbolic link"):
        frame_store.save(tmp_path / "home", REQUEST)
    assert victim.read_text() == "mine"


def test_many_threads_save_one_frame(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: frame_store.save(tmp_path, REQUEST), range(200)))
    assert kept(tmp_path).read_bytes() == PLAIN["image/png"]


_SAVE = """
import sys
from pathlib import Path
from hailuo_nb.engine import frame_store as framestore
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest

home, source = map(Path, sys.argv[1:])
request = VideoRequest("a", "MiniMax-Hailuo-02", first_frame=Frame.of(source))
for _ in range(50):
    for found in (home / "frames").glob("*.png"):
        found.unlink(missing_ok=True)
    framestore.save(home, request)
"""


def test_many_processes_save_one_frame(tmp_path: Path) -> None:
    source = tmp_path / "cat.png"
    source.write_bytes(PLAIN["image/png"])
    calls = [[sys.executable, "-c", _SAVE, str(tmp_path / "home"), str(source)] for _ in range(3)]
    running = [subprocess.Popen(call, stderr=subprocess.PIPE) for call in calls]
    assert [process.communicate()[1] for process in running] == [b"", b"", b""]
    assert kept(tmp_path / "home").read_bytes() == PLAIN["image/png"]


# Jobs of earlier sessions -------------------------------------------------------------------------


def test_frames_of_clips_that_are_over_are_read_when_they_are_needed(
    stand: Stand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from hailuo_nb.engine import session

    frame = Frame.of(kinds.FILES["png"])
    hn.compare(PROMPT, provider="simulated:ppinfra", first_frame=frame).wait(END).save(
        "with a frame"
    )
    session._runners.clear()

    def untouched(*_: Any, **__: Any) -> None:
        raise AssertionError("a frame was read")

    with monkeypatch.context() as patched:
        patched.setattr("hailuo_nb.requests.frame.read_kept", untouched)
        patched.setattr("PIL.Image.open", untouched)
        (job,) = hn.Comparison.load("with a frame")
        assert job.state == "saved"
        assert job.request.to_json()["first_frame"] == frame.identity
    asked = job.request.first_frame
    assert asked is not None
    assert asked == frame
    assert asked.data is None
    assert asked.thumbnail() == frame.thumbnail()
    assert Frame.of(asked).data == frame.data
    assert job.retake().wait(END).state == "saved"
    assert stand.charged == {"ppinfra": 2}


def test_a_paid_clip_is_fetched_although_its_frame_is_gone(stand: Stand) -> None:
    from hailuo_nb.engine import session
    from hailuo_nb.engine.ledger.sqlite import SqliteLedger

    job = hn.generate(PROMPT, provider="simulated:ppinfra", first_frame=kinds.scene()).wait(END)
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    ledger.work(
        lambda db: db.execute("UPDATE jobs SET state='submitted', path=NULL, finished_at=NULL")
    ).result()
    ledger.close()
    assert job.path is not None
    job.path.unlink()
    for stored in (stand.home / "frames").iterdir():
        stored.unlink()
    session._runners.clear()
    (again,) = hn.resume().wait(END)
    assert (again.id, again.state) == (job.id, "saved")
    assert stand.charged == {"ppinfra": 1}


def test_a_ledger_that_names_a_private_picture_sends_nothing(stand: Stand, tmp_path: Path) -> None:
    from hailuo_nb.engine import session
    from hailuo_nb.engine.ledger.sqlite import SqliteLedger

    private = tmp_path / "private.png"
    private.write_bytes(PLAIN["image/png"])
    job = hn.generate(PROMPT, provider="simulated:ppinfra", first_frame=kinds.scene()).wait(END)
    data = json.dumps({**job.request.to_json(), "first_frame": str(private)})
    hn.Comparison([job]).save("theirs")
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    for state in ("planned", "saved"):
        change = ("UPDATE jobs SET state=?, request=?", (state, data))
        ledger.work(lambda db, change=change: db.execute(*change)).result()
        session._runners.clear()
        (again,) = hn.Comparison.load("theirs").wait(END)
        assert again.state == state
        with pytest.raises(ValueError, match="names no frame"):
            again.retake()
    ledger.close()
    assert stand.charged == {"ppinfra": 1}
