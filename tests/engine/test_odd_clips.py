"""Clips that are odd and whole: saved at the first try, with a poster, as they are shown, and told
of."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

import hailuo_nb as hn
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture
from tests.unit.clips import clip as made

HEVC = {"codec": "libx265", "options": {"preset": "ultrafast", "x265-params": "log-level=none"}}


@pytest.mark.parametrize("tag", ["hvc1", "hev1"])
def test_hevc_is_saved_and_said(stand: Stand, tmp_path: Path, tag: str) -> None:
    stand.clip = made(frames=12, tag=tag, **HEVC)
    job = hn.generate(PROMPT, provider=SIMULATED[0], prompt_optimizer=False).wait(END)
    assert (job.state, job.size, job.frames) == ("saved", (320, 180), 12)
    assert job.poster is not None
    (note,) = job.notes
    assert "HEVC" in note
    board = hn.Comparison([job])
    assert note in repr(board)
    assert note in board.to_html("page.html").read_text()
    again = hn.Comparison.load(board.export(tmp_path / "out"))
    assert again[0].notes == (note,)


def test_what_plays_is_saved_once(stand: Stand) -> None:
    plain = made(frames=12)
    at = plain.find(b"tkhd") + 44
    turned = plain[:at] + struct.pack(">5i", 0, 65536, 0, -65536, 0) + plain[at + 20 :]
    stand.clip = turned + b"<!-- served by edge-7 -->"
    job = hn.generate(PROMPT, provider=SIMULATED[0], prompt_optimizer=False).wait(END)
    assert (job.state, job.size, job.notes) == ("saved", (180, 320), ())
    assert stand.charged == {"ppinfra": 1}
