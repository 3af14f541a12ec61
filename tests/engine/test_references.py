"""References from the call to the provider and into the ledger, at a stand-in that takes them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.loop import LOOP
from hailuo_nb.ordering.validation import job_spec
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture
from tests.unit import clips
from tests.unit.pictures import PLAIN, encoded, picture
from tests.unit.sounds import mp3

AT = "simulated:openrouter/MiniMax-H3"
H3: dict[str, Any] = {"provider": AT, "resolution": "2K", "duration": 6}
LINK = "https://pictures.example/cat.png"


@pytest.fixture(autouse=True)
def place(stand: Stand) -> Stand:
    """Every test has a ledger of its own."""
    return stand


@pytest.fixture
def cat(tmp_path: Path) -> str:
    path = tmp_path / "cat.png"
    path.write_bytes(PLAIN["image/png"])
    return str(path)


def test_a_plan_and_its_table(cat: str) -> None:
    table = hn.plan("Image 1", references=[[cat, LINK], []], ratio=["16:9", "1:1"], **H3)
    assert table["references"].tolist() == [[cat, LINK], [cat, LINK], None, None]
    assert table["length"].tolist() == [158 / 24] * 4
    assert table["problem"].isna().all()
    told = hn.dry_run(table)
    assert told["length"].tolist() == [158 / 24] * 4
    assert told["would"].tolist() == ["send"] * 4
    assert math.isnan(hn.dry_run("A cat", provider="simulated:ppinfra")["length"][0])


def test_a_table_that_went_through_a_csv_file(cat: str, tmp_path: Path) -> None:
    table = hn.plan("Image 1", references=[[cat, LINK], []], **H3)
    table.to_csv(tmp_path / "plan.csv", index=False)
    again = hn.dry_run(pd.read_csv(tmp_path / "plan.csv"))
    assert again["problem"].isna().all()
    jobs = hn.compare(pd.read_csv(tmp_path / "plan.csv"))
    assert [len(job.request.references) for job in jobs] == [2, 0]
    for text in ("[cat.png]", "[1, 2]", "[" * 99_999, "['x'] + ['y']"):
        with pytest.raises(hn.FrameError):
            hn.plan("Image 1", references=text, **H3)


def test_one_is_a_list_of_one(cat: str) -> None:
    for given in (cat, [cat], PLAIN["image/png"], hn.Reference.of(cat), picture()):
        assert hn.plan("Image 1", references=given, **H3)["problem"].isna().all()


def test_what_is_none_is_named_by_its_place(cat: str) -> None:
    with pytest.raises(hn.FrameError, match=r"references\[1\]: .*there is no such file"):
        hn.generate("Image 1", references=[cat, "/nowhere.png"], **H3)
    with pytest.raises(hn.FrameError, match=r"references\[1\]\[0\]"):
        hn.plan("Image 1", references=[[cat], ["/nowhere.png"]], **H3)
    with pytest.raises(hn.FrameError, match="at most 50"):
        hn.plan("Image 1", references=[LINK] * 51, **H3)
    table = pd.DataFrame({"prompt": ["Image 1"], "references": [[cat, "/nowhere.png"]]})
    told = hn.dry_run(table, **H3)
    assert "references[1]" in told["problem"][0]


def test_a_provider_that_takes_none(cat: str) -> None:
    with pytest.raises(hn.InvalidRequestError, match="takes no references") as caught:
        hn.compare("A cat", provider="simulated:modelverse", references=[cat])
    assert "MiniMax-Hailuo" in str(caught.value)
    with pytest.raises(hn.InvalidRequestError, match="takes no sounds") as caught:
        hn.compare("A cat", references=[cat, mp3()], **H3)
    assert "Nearest: MiniMax-H3, 2K, 6 s with 1 reference." in str(caught.value)


def test_they_are_sent_kept_and_told(cat: str, stand: Stand) -> None:
    other = encoded(picture().resize((400, 400)), "PNG")
    board = hn.compare("Image 1 meets Image 2", references=[cat, other], ratio="1:1", **H3)
    (job,) = board.wait(END)
    assert job.state == "saved", job.error
    assert [one.kind for one in job.request.references] == ["picture"] * 2
    frame = board.to_frame()
    assert (frame["references"][0], frame["ratio"][0]) == (2, "1:1")
    assert list(frame).count("sound") == 1
    assert hn.history()["references"].tolist() == [2]
    again = hn.generate("Image 1 meets Image 2", references=[cat, other], ratio="1:1", **H3)
    assert again.id == job.id
    swapped = hn.generate("Image 1 meets Image 2", references=[other, cat], ratio="1:1", **H3)
    assert swapped.id != job.id
    swapped.wait(END)
    assert stand.charged == {"openrouter": 2}
    kept = [*(stand.home / "frames").iterdir()]
    assert len(kept) == 2


def test_one_whose_bytes_are_gone_is_not_sent(cat: str, stand: Stand) -> None:
    request = hn.VideoRequest("Image 1", "MiniMax-H3", references=[hn.Reference.of(cat)])
    bare = replace(request.references[0], data=None)
    lost = request.but(references=[bare])
    spec = job_spec(hn.provider(AT.partition("/")[0]), lost, 1)
    with pytest.raises(hn.IncompleteJobError, match="no longer in"):
        LOOP.run(session.runner().ask([spec]))
    assert hn.history().empty


# At the maker, and in later sessions ---------------------------------------------------------------

MINIMAX: dict[str, Any] = {
    "provider": "simulated:minimax/MiniMax-H3",
    "resolution": "768P",
    "duration": 4,
}
EVERY = [PLAIN["image/png"], clips.clip(frames=60, size=(640, 360), sound="aac"), mp3()]


def test_a_clip_of_every_kind_is_asked_for_again_in_another_session(stand: Stand) -> None:
    (job,) = hn.compare("Image 1 dances to Audio 1", references=EVERY, **MINIMAX).wait(END)
    assert job.state == "saved", job.error
    hn.Comparison([job]).save("with references")
    session._runners.clear()
    (again,) = hn.Comparison.load("with references")
    assert again.request == job.request
    assert [one.data for one in again.request.references] == [None] * 3
    assert hn.generate(
        "Image 1 dances to Audio 1", references=again.request.references, **MINIMAX
    ).id == (job.id)
    retaken = again.retake().wait(END)
    assert retaken.state == "saved"
    assert [one.data for one in retaken.request.references] == EVERY
    assert stand.charged == {"minimax": 2}


def test_a_paid_clip_is_fetched_although_its_references_are_gone(stand: Stand) -> None:
    (job,) = hn.compare("Image 1", references=EVERY, **MINIMAX).wait(END)
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    ledger.work(
        lambda db: db.execute("UPDATE jobs SET state='submitted', path=NULL, finished_at=NULL")
    ).result()
    ledger.close()
    job.path.unlink()
    for stored in (stand.home / "frames").iterdir():
        stored.unlink()
    session._runners.clear()
    (again,) = hn.resume().wait(END)
    assert (again.id, again.state) == (job.id, "saved")
    with pytest.raises(ValueError, match="no longer in"):
        again.retake()
    assert stand.charged == {"minimax": 1}


def test_a_ledger_that_names_a_private_file_sends_nothing(stand: Stand, tmp_path: Path) -> None:
    private = tmp_path / "private.mp4"
    private.write_bytes(EVERY[1])
    (job,) = hn.compare("Image 1", references=EVERY, **MINIMAX).wait(END)
    theirs = [{"kind": "clip", "identity": str(private)}]
    data = json.dumps({**job.request.to_json(), "references": theirs})
    hn.Comparison([job]).save("theirs")
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    for state in ("planned", "saved"):
        change = ("UPDATE jobs SET state=?, request=?", (state, data))
        ledger.work(lambda db, change=change: db.execute(*change)).result()
        session._runners.clear()
        (again,) = hn.Comparison.load("theirs").wait(END)
        assert again.state == state
        with pytest.raises(ValueError, match="no longer in"):
            again.retake()
    ledger.close()
    assert stand.charged == {"minimax": 1}


def test_an_export_holds_no_bytes_of_them(stand: Stand, tmp_path: Path) -> None:
    board = hn.compare("Image 1", references=EVERY, ratio="1:1", **MINIMAX).wait(END)
    folder = board.export(tmp_path / "out")
    text = (folder / "comparison.json").read_text("utf-8")
    assert '"kind": "sound"' in text
    assert len(text) < 20_000
    (job,) = hn.Comparison.load(folder)
    assert [one.kind for one in job.request.references] == ["picture", "clip", "sound"]
    with pytest.raises(ValueError, match="only its name was kept"):
        job.request.references[0].to_url()
