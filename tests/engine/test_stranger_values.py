"""Values that a stranger wrote into an exported comparison: refused by the field's name, in bounded
memory and time.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.errors import BundleError
from hailuo_nb.results import bundle
from tests.engine.test_public_functions import Stand, stand  # noqa: F401 - a fixture
from tests.engine.test_stranger import Project, made, project  # noqa: F401 - fixtures

HUGE = 10**400

HALF = "half \ud83d"


@pytest.fixture
def folder(project: Project) -> Path:
    """An exported comparison of two clips."""
    return project.board().export(project.folder / "out")


def content_of(folder: Path) -> Any:
    return json.loads((folder / "comparison.json").read_text())


def put(folder: Path, content: Any) -> None:
    (folder / "comparison.json").write_text(json.dumps(content), encoding="utf-8")


def refused(folder: Path) -> str:
    begun = time.process_time()
    with pytest.raises(BundleError) as caught:
        hn.Comparison.load(folder)
    assert time.process_time() - begun < 30
    assert len(str(caught.value)) < 1000
    assert str(folder / "comparison.json") in str(caught.value)
    return str(caught.value)


NUMBERS = [math.inf, -math.inf, math.nan, HUGE, -HUGE, 1e308, -1e308, -1, "5", [5], {}, True]

FIELDS = [
    "rating", "take", "cost", "created_at", "submitted_at", "finished_at", "generation_seconds",
    "bytes", "fps",
    "frames",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_numbers_out_of_bounds(folder: Path, field: str) -> None:
    good = content_of(folder)
    for value in NUMBERS:
        bad = content_of(folder)
        bad["clips"][1][field] = value
        put(folder, bad)
        assert f"clips[1].{field} must be a number from" in refused(folder), value
    put(folder, good)
    assert len(hn.Comparison.load(folder)) == 2


@pytest.mark.parametrize("value", [6, 5.5, 30_000_000, -1, math.inf, HUGE])
def test_stars(folder: Path, value: Any) -> None:
    bad = content_of(folder)
    bad["clips"][0]["rating"] = value
    put(folder, bad)
    assert "clips[0].rating must be a number from 0 to 5" in refused(folder)


@pytest.mark.parametrize("value", [math.nan, HUGE, 0, -6, 6.5, 10**6, None, "6"])
def test_seconds_of_a_request(folder: Path, value: Any) -> None:
    bad = content_of(folder)
    bad["clips"][0]["request"]["duration"] = value
    put(folder, bad)
    assert "clips[0].request.duration" in refused(folder)


def _clip(change: Callable[[dict[str, Any]], Any]) -> Callable[[Any], None]:
    return lambda content: change(content["clips"][0])


LONG = "x" * 2_000_000

BAD: dict[str, Callable[[Any], Any]] = {
    "clips[0].request.prompt has 2,000,000": _clip(
        lambda clip: clip["request"].update(prompt=LONG)
    ),
    "clips[0].note has 2,000,000": _clip(lambda clip: clip.update(note=LONG)),
    "clips[0].error has 2,000,000": _clip(lambda clip: clip.update(error=LONG)),
    "clips[0].provider has 2,000,000": _clip(lambda clip: clip.update(provider=LONG)),
    "clips[0].id must be": _clip(lambda clip: clip.update(id=LONG)),
    "clips[0].tags[0] has 2,000,000": _clip(lambda clip: clip.update(tags=[LONG])),
    "clips[0].tags has 50,000 entries": _clip(lambda clip: clip.update(tags=["a"] * 50_000)),
    "clips[0].notes has 50,000 entries": _clip(lambda clip: clip.update(notes=["a"] * 50_000)),
    "clips[0].tags must be a list": _clip(lambda clip: clip.update(tags="keep")),
    "clips[0].tags[1] must be a text": _clip(lambda clip: clip.update(tags=["a", 1])),
    "title has 2,000,000": lambda content: content.update(title=LONG),
    "title must be a text": lambda content: content.update(title=["x"]),
    "title is missing": lambda content: content.pop("title"),
    "clips[0].request is missing": _clip(lambda clip: clip.pop("request")),
    "clips[0].request must be an object": _clip(lambda clip: clip.update(request=[[]])),
    "clips must be a list": lambda content: content.update(clips={}),
    "clips[0] must be an object": lambda content: content.update(clips=[3]),
    "clips[0].request.prompt holds half": _clip(lambda clip: clip["request"].update(prompt=HALF)),
    "clips[0].note holds half": _clip(lambda clip: clip.update(note=HALF)),
    "clips[0].tags[0] holds half": _clip(lambda clip: clip.update(tags=[HALF])),
    "clips[0].id must be 1": _clip(lambda clip: clip.update(id=HALF)),
    "clips[0].id must be 1 to": _clip(lambda clip: clip.update(id="../x")),
    "clips[0].id must be 1 to 100": _clip(lambda clip: clip.update(id="")),
    "stands twice": lambda content: content["clips"][1].update(id=content["clips"][0]["id"]),
    "clips[0].state must be a text": _clip(lambda clip: clip.update(state=[])),
    "must be one of planned": _clip(lambda clip: clip.update(state="flying")),
    "clips[0].request.watermark must be true": _clip(
        lambda clip: clip["request"].update(watermark="yes")
    ),
    "clips[0].request.first_frame must be a text": _clip(
        lambda clip: clip["request"].update(first_frame=[1])
    ),
    "votes must be a list": lambda content: content.update(votes=None),
    "votes[0].outcome must be a text": lambda content: content.update(
        votes=[{"first": "a", "second": "b", "outcome": {}}]
    ),
    "votes[0].first must be a text": lambda content: content.update(
        votes=[{"first": [], "second": "b", "outcome": "tie"}]
    ),
    "votes has 200,000": lambda content: content.update(votes=[0] * 200_000),
    "clips has 50,000": lambda content: content.update(clips=[0] * 50_000),
    "skipped has 50,000": lambda content: content.update(skipped=[0] * 50_000),
    "more than 6,000,000 names and values": lambda content: content.update(more=[[]] * 3_100_000),
}


@pytest.mark.parametrize("said", BAD)
def test_a_field_that_is_wrong_is_named(folder: Path, said: str) -> None:
    bad = content_of(folder)
    BAD[said](bad)
    put(folder, bad)
    assert said in refused(folder)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000_000,
        '{"a":' * 1_000_000,
        "9" * 5_000_000,
        '"' + "x" * 1_000_000,
        '{"format": 1e999}',
        "\0" * 9,
    ],
)
def test_a_text_that_is_no_document(tmp_path: Path, text: str) -> None:
    (tmp_path / "comparison.json").write_text(text)
    refused(tmp_path)


def test_a_name_that_stands_twice_is_ambiguous(folder: Path) -> None:
    file = folder / "comparison.json"
    file.write_text(file.read_text().replace('"state"', '"state": "failed", "state"', 1))
    assert "'state' stands twice in one object" in refused(folder)


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices as files")
@pytest.mark.parametrize("what", ["pipe", "device", "link", "folder", "sparse"])
def test_only_a_regular_file_of_a_sensible_size_is_read(folder: Path, what: str) -> None:
    file = folder / "comparison.json"
    other = file.rename(folder / "other.json")
    if what == "pipe":
        os.mkfifo(file)
    elif what == "folder":
        file.mkdir()
    elif what == "sparse":
        with file.open("wb") as large:
            large.truncate(1 << 40)
    else:
        file.symlink_to(other if what == "link" else "/dev/zero")
    said = {
        "pipe": "a device or a pipe",
        "device": "is a symbolic link",
        "link": "is a symbolic link",
        "folder": "is a folder",
        "sparse": "at most 67,108,864 are read",
    }
    assert said[what] in refused(folder)
    with pytest.raises(BundleError):
        hn.Comparison.load(file)
    with pytest.raises(BundleError):
        bundle.read(Path("/dev/zero"))


def test_what_we_write_can_be_read(project: Project) -> None:
    """Half a character and a huge number from an old ledger too."""
    board = project.board()
    board[0].annotate(
        note="note " * 10_000,
        tags=["a tag of a hundred characters".ljust(100, ".")] * 100,
        rating=5,
    )
    board[0]._tracked.note = HALF
    board.title = "a title"
    again = hn.Comparison.load(board.export(project.folder / "out"))
    assert (again[0].note, again[0].rating) == (board[0].note, 5)
    assert "half \\ud83d" in again[0].error if again[0].error else True


_CHILD = """
import resource, sys, time
from pathlib import Path
from hailuo_nb.errors import BundleError; from hailuo_nb.results.bundle import read
import hailuo_nb.results.comparison, pandas
before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    read(Path(sys.argv[1]))
    said = "read"
except BundleError as error:
    said = str(error)
print(said)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3, time.process_time() - begun)
"""


@pytest.mark.skipif(os.name != "posix", reason="getrusage")
@pytest.mark.parametrize("kind", ["lists", "a text of 60 MB", "a text of 100 MB", "numbers"])
def test_a_large_document_takes_bounded_memory_and_time(tmp_path: Path, kind: str) -> None:
    """Lists in lists took 1.4 GB."""
    text = {
        "lists": "[" + "[]," * 20_000_000 + "0]",
        "a text of 60 MB": '["' + "x" * 60_000_000 + '"]',
        "a text of 100 MB": '["' + "x" * 100_000_000 + '"]',
        "numbers": "[" + "1.5," * 5_990_000 + "0]",
    }[kind]
    (tmp_path / "comparison.json").write_text(text)
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said, used = run.stdout.splitlines()
    assert said != "read"
    memory, seconds = map(float, used.split())
    assert memory < 500
    assert seconds < 20


def test_a_board_of_many_is_read_in_time(folder: Path) -> None:
    """Each clip without a key took longer than the one before: 20,000 took 92 s."""
    many = content_of(folder)
    many["clips"] = [{**many["clips"][0], "id": f"clip-{number}"} for number in range(4000)]
    put(folder, many)
    begun = time.process_time()
    assert len(bundle.read(folder).jobs) == 4000
    assert time.process_time() - begun < 4
