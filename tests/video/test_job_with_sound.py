"""From a request to the board: the stand-in's H3 clip sounds, and everything that shows it knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session, transport_pool
from hailuo_nb.media import clips
from hailuo_nb.prompts import camera
from hailuo_nb.simulator.sound import RATE, pitch
from tests.video.test_render_sound import heard, tone_at

PROMPT = "A cat in the grass [Push in], it jumps [Pan left]"
END = 60.0


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hn.Comparison]:
    """One clip of H3 and one of 2.3, drawn small."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(transport_pool.SHRINK_VARIABLE, "4")
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 500.0)
    made = hn.compare(
        PROMPT,
        provider=["simulated:minimax/MiniMax-H3", "simulated:ppinfra/MiniMax-Hailuo-2.3"],
        resolution="768P",
        duration=6,
    )
    made.wait(END)
    yield made
    session._runners.clear()


def test_a_sounding_job(board: hn.Comparison, tmp_path: Path) -> None:
    h3, older = board.jobs
    assert (h3.state, older.state) == ("saved", "saved"), [job.error for job in board]
    assert (h3.sound, older.sound) == (True, False)
    assert (len(h3.waveform), older.waveform) == (200, "")
    assert list(board.to_frame()["sound"]) == [True, False]
    assert [row["waveform"] for row in board.rows()] == [h3.waveform, ""]

    # What was sent is prose; the stand-in reads it back, and lets each of its moves be heard.
    assert h3.path is not None
    facts = clips.verify(h3.path)
    sound = heard(h3.path)
    assert facts.frames % 17 == 5
    assert sound.shape[1] / RATE == pytest.approx(facts.duration, abs=0.05)
    assert len(camera.parse(PROMPT)) == 2
    for step in range(2):
        hertz, _ = tone_at(sound, (step + 0.5) * facts.duration / 2)
        assert hertz == pytest.approx(pitch(step), abs=2)

    again = hn.Comparison.load(board.export(tmp_path / "away"))
    assert [job.waveform for job in again] == [h3.waveform, ""]
    assert h3.waveform in board.to_html(tmp_path / "page.html").read_text()


def test_adherence_of_a_sounding_job(board: hn.Comparison) -> None:
    scores = hn.score(board).wait(END)
    verdicts = [scores[job.id].adherence for job in board]
    assert all(verdict is not None and verdict.judged == 2 for verdict in verdicts), verdicts
    assert list(board.to_frame()["audio"]) == ["yes", "no"]
