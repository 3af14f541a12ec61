"""Half files that a dead process left: swept away by a later one, and never from under a living
download."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from hailuo_nb.engine import download
from tests.engine import fake
from tests.engine.fake import Server


def test_a_new_session_sweeps_away_what_no_download_can_be_writing_any_more(
    tmp_path: Path, server: Server
) -> None:
    now = time.time()
    old, new = now - download.MAX_SECONDS - 1, now - download.MAX_SECONDS / 2
    ages = {
        "videos/a.mp4.part": old,
        "posters/a.jpg.part": old,
        "frames/a.part": old,
        "videos/b.mp4.part": new,
        "videos/c.mp4": old,
        "notes.part": old,
    }
    for name, age in ages.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
        os.utime(path, (age, age))

    async def main() -> None:
        fake.runner(tmp_path, server).ledger.close()

    asyncio.run(main())
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"videos/b.mp4.part", "videos/c.mp4", "notes.part", "ledger.sqlite"}


def test_nothing_is_swept_away_behind_a_link(tmp_path: Path, server: Server) -> None:
    """`videos -> ~/Downloads` in a project that came from elsewhere: those half files are somebody
    else's."""
    elsewhere = tmp_path / "Downloads"
    elsewhere.mkdir()
    (elsewhere / "large.iso.part").write_bytes(b"half")
    os.utime(elsewhere / "large.iso.part", (0, 0))
    home = tmp_path / "home"
    home.mkdir()
    (home / "videos").symlink_to(elsewhere)

    async def main() -> None:
        fake.runner(home, server).ledger.close()

    asyncio.run(main())
    assert (elsewhere / "large.iso.part").exists()
