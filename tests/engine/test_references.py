"""References from the call to the provider and into the ledger, at a stand-in that takes them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.engine.loop import LOOP
from hailuo_nb.ordering.validation import job_spec
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture
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
