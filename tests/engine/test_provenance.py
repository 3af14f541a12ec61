"""A saved clip's file says how it was made; the ledger knows the file as it is stored."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import provenance
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import ManifestError
from hailuo_nb.media import xmp
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_runner import settled


def saved(home: Path, server: Server) -> tuple[TrackedJob, bytes]:
    """A job that has been saved, and its file."""

    async def main() -> TrackedJob:
        (tracked,) = await fake.runner(home, server).ask([fake.spec(fake.account())])
        await settled(tracked)
        return tracked

    job = asyncio.run(main())
    data = (home / str(job.row.path)).read_bytes()
    assert job.row.state == "saved"
    assert job.row.sha256 == hashlib.sha256(data).hexdigest()
    assert job.row.bytes == len(data)
    return job, data


def test_the_file_says_how_it_was_made(tmp_path: Path, server: Server) -> None:
    job, data = saved(tmp_path, server)
    found = hn.inspect(tmp_path / str(job.row.path))
    assert (found.prompt, found.model) == ("A cat [Push in]", "MiniMax-Hailuo-02")
    assert (found.provider, found.simulated) == (job.row.provider, True)
    assert (found.task_id, found.job_id, found.take) == ("task-1", job.row.id, 1)
    assert found.submitted_at == job.row.submitted_at
    assert found.sha256 == hashlib.sha256(server.clip).hexdigest()
    assert found.unchanged
    added = data.removeprefix(server.clip)
    assert len(added) < 3000
    for secret in (fake.KEY, "fake.invalid", "sign=", str(tmp_path)):
        assert secret.encode() not in added


def test_a_second_transfer_gives_the_same_bytes(tmp_path: Path, server: Server) -> None:
    """So that a picture of the clip keeps its name, and a chain its clips."""
    job, data = saved(tmp_path, server)
    again = tmp_path / "again.mp4"
    again.write_bytes(server.clip)
    provenance.stamp(job, again, hashlib.sha256(server.clip).hexdigest())
    assert again.read_bytes() == data


def test_it_can_be_switched_off(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(provenance.VARIABLE, "1")
    _, data = saved(tmp_path, server)
    assert data == server.clip
    with pytest.raises(ManifestError, match=provenance.VARIABLE):
        hn.inspect(data)


def test_a_clip_is_worth_more_than_its_manifest(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> bytes:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(xmp, "compose", fault)
    assert saved(tmp_path, server)[1] == server.clip


def test_a_disk_that_is_full_at_its_manifest_leaves_no_half_file(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, left = xmp.append, 2

    def full(path: Path, packet: bytes) -> bytes:
        nonlocal left
        added = append(path, packet)
        if left:
            left -= 1
            os.truncate(path, path.stat().st_size - 100)
            raise OSError(28, "No space left on device")
        return added

    monkeypatch.setattr(xmp, "append", full)
    job, data = saved(tmp_path, server)
    assert xmp.without_own(data) == server.clip
    assert [path.name for path in (tmp_path / "videos").iterdir()] == [Path(str(job.row.path)).name]
    assert len(server.charged) == 1
