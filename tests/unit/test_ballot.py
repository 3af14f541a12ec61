"""A ballot as pairs and as text, and the file that comes back: whatever a stranger wrote into it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.pages import page
from hailuo_nb.results import ballot
from hailuo_nb.results.ballot import fingerprint, like_for_like
from hailuo_nb.results.comparison import Comparison
from tests.browser.saved_comparison import likes, saved_comparison

NOW = time.time()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Two providers, three takes each."""
    return likes(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def board(shown: Comparison) -> Comparison:
    ledger: Any = shown[0]._source.ledger
    ledger._memory.votes.clear()
    return shown


# What is asked -----------------------------------------------------------------------------------


def test_pairs_agree_in_everything_but_one_thing(board: Comparison) -> None:
    """As `effect` pairs them: the first takes with each other, and so on."""
    pairs = like_for_like(board.jobs)
    takes = {job.id: (job.provider, job.take) for job in board}
    for one, other in pairs:
        (provider, take), (its_provider, its_take) = takes[one], takes[other]
        assert take == its_take and provider != its_provider
    assert len(pairs) == 3
    assert like_for_like(board.jobs, "provider") == pairs, "the same order for all raters"
    for one, other in pairs:
        board.vote(one, other, "first")
    assert board.effect("provider", "votes")["n_pairs"].tolist() == [3]


def test_clips_that_differ_in_two_things_are_not_asked_about(tmp_path: Path) -> None:
    several = saved_comparison(tmp_path, 6)
    pairs = like_for_like(several.jobs, "prompt")
    assert {frozenset(pair) for pair in pairs} == {
        frozenset(("job-0", "job-2")),
        frozenset(("job-3", "job-5")),
    }, "the others differ in duration or provider too"
    assert like_for_like(several.jobs) == pairs
    with pytest.raises(hn.ArgumentError, match=r"no two of the 6 saved clips .* but 'provider'"):
        like_for_like(several.jobs, "provider")
    with pytest.raises(hn.ArgumentError, match="not by 'colour'"):
        several.to_html(tmp_path / "b.html", ballot="colour")
    with pytest.raises(hn.ArgumentError, match="one page"):
        several.to_html(tmp_path / "b.html", "folder", ballot=True)


def test_clips_are_asked_about_about_equally_often() -> None:
    ids = [f"{number:02}" for number in range(30)]
    every = [(one, other) for one in ids for other in ids if one < other]
    chosen = ballot._balanced(every)
    assert len(chosen) == ballot.MAX_PAIRS
    seen = [sum(one in pair for pair in chosen) for one in ids]
    assert max(seen) - min(seen) <= 2
    assert ballot._balanced(every) == chosen


def test_the_page_tells_no_provider_and_model(board: Comparison, tmp_path: Path) -> None:
    board.title = "</script><b>\u202e"
    text = board.to_html(tmp_path / "ballot", ballot=True).read_text("utf-8")
    board.title = "Foxes"
    assert (tmp_path / "ballot.html").exists()
    for word in ("ppinfra", "modelverse", "hailuo-2.3", "hailuo-02", "simulated"):
        assert word not in text.lower(), word
    assert text.count("<script") == 2 + 6 and "<b>" not in text
    (data,) = re.findall(r'id="hn-data">(.*?)</script>', text)
    assert json.loads(data)["fingerprint"] == fingerprint(job.id for job in board)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert "http" not in policy and "connect-src" not in policy and "default-src 'none'" in policy


def test_too_much_for_one_page(
    board: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MAX_INLINE", 10_000)
    with pytest.raises(hn.TooLargeError, match=r"the 6 clips of this ballot .* Ask about fewer"):
        board.to_html(tmp_path / "ballot.html", ballot=True)


# What comes back ---------------------------------------------------------------------------------


def file_of(comparison: Comparison, /, **changes: Any) -> dict[str, Any]:
    clips = [job.id for job in comparison]
    votes = [
        {"first": "job-0", "second": "job-3", "outcome": "first", "at": NOW - 9},
        {"first": "job-4", "second": "job-1", "outcome": "tie", "at": NOW - 8},
    ]
    head = {"title": "Foxes", "fingerprint": fingerprint(clips), "clips": clips}
    content = {"format": "hailuo_nb.votes", "version": 1, "board": head, "rater": "Ann"}
    return content | {"votes": votes} | changes


def written(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_the_same_file_twice_changes_nothing(board: Comparison, tmp_path: Path) -> None:
    heard: list[str] = []
    told = board.on_vote
    told(lambda first, second, outcome: heard.append(f"{first.id} {second.id} {outcome}"))
    path = written(tmp_path / "votes.json", file_of(board))
    added = board.add_votes(path)
    assert (len(added.added), added.double, added.refused) == (2, (), ())
    assert repr(added) == "Ann: 2 votes added"
    votes = board.votes
    assert votes["id"].tolist() == list(added.added)
    assert votes["rater"].tolist() == ["Ann"] * 2 and votes["blind"].all()
    again = board.add_votes(path)
    assert again.added == () and again.double == ("job-0 and job-3", "job-1 and job-4")
    assert repr(again) == "Ann: 0 votes added; 2 double: job-0 and job-3, job-1 and job-4"
    assert board.votes.equals(votes)
    board.add_votes(path, rater="Bo")
    assert board.votes["rater"].tolist() == ["Ann", "Bo", "Ann", "Bo"]


def test_of_double_votes_the_last_counts(board: Comparison, tmp_path: Path) -> None:
    first, second = file_of(board)["votes"]
    later = first | {"first": "job-3", "second": "job-0", "at": NOW - 1}
    path = written(tmp_path / "votes.json", file_of(board, votes=[later, first, second, second]))
    added = board.add_votes(path)
    assert len(added.added) == 2 and added.double == ("job-0 and job-3", "job-1 and job-4")
    assert board.votes.set_index("first")["outcome"].to_dict() == {"job-3": "first", "job-4": "tie"}
    board.vote("job-0", "job-3", "tie", rater="Ann")
    assert board.add_votes(path).added == (), "what was said since then stays"
    assert board.votes["outcome"].tolist() == ["tie", "tie"]


def test_votes_of_another_board_are_refused_and_both_are_named(
    board: Comparison, tmp_path: Path
) -> None:
    clips = ["job-0", "job-3", "else\u202ewhere"[:4]]
    head = {"title": "Cats \u202e", "fingerprint": fingerprint(clips), "clips": clips}
    path = written(tmp_path / "votes.json", file_of(board, board=head))
    here = fingerprint(job.id for job in board)
    with pytest.raises(hn.VotesError) as told:
        board.add_votes(path)
    for part in (r"'Cats \\u202e'", fingerprint(clips), "'Foxes'", here, "1 of its 3 clips"):
        assert part in str(told.value)
    smaller = Comparison(board.jobs[:4], title="Some")
    with pytest.raises(hn.VotesError, match="'Some'"):
        smaller.add_votes(written(path, file_of(board)))
    bigger = Comparison(board.jobs, title="Grown")
    assert (
        len(
            bigger.add_votes(
                written(path, file_of(smaller, votes=file_of(board)["votes"][:1]))
            ).added
        )
        == 1
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"first": "job-9"}, "no clip of this ballot"),
        ({"first": "job-3"}, "both clips are job-3"),
        ({"first": "../../etc"}, "must be 1 to 100 letters"),
        ({"first": 7}, "must be 1 to 100 letters"),
        ({"outcome": "both"}, "one of first, second, tie"),
        ({"outcome": "<b>\u202e"}, r"not '<b>\\\\u202e'"),
        ({"outcome": None}, "must be a text"),
        ({"at": 5}, "no time of a vote"),
        ({"at": NOW + 1e6}, "no time of a vote"),
        ({"at": None}, "no time of a vote"),
        ({"at": "now"}, "must be a number"),
        ({"at": float("nan")}, "must be a number"),
        ({"at": float("inf")}, "must be a number"),
        ({"at": True}, "must be a number"),
    ],
)
def test_one_vote_that_is_none_is_refused_alone(
    board: Comparison, tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    first, second = file_of(board)["votes"]
    added = board.add_votes(
        written(tmp_path / "v.json", file_of(board, votes=[first | changes, second]))
    )
    (refused,) = added.refused
    assert re.search(rf"votes\[0\]: .*{reason}", refused), refused
    assert len(added.added) == 1
    assert len(board.votes) == 1


def huge(board: Comparison) -> object:
    return json.dumps(file_of(board)) + " " * 2_000_001


Change = Callable[[Comparison], object]
BAD: dict[str, tuple[Change, str]] = {
    "no JSON": (lambda board: "{", "no JSON that can be read (line 1, column 2). Votes are in the votes.json"),
    "empty": (lambda board: " ", "no JSON that can be read (it is empty)"),
    "the page": (lambda board: "<html>", "have it sent once more"),
    "no object": (lambda board: [], "must be an object"),
    "deep": (lambda board: "[" * 100_000, "no JSON"),
    "another format": (lambda board: file_of(board, format="x"), "no file of votes that hailuo_nb wrote"),
    "newer": (lambda board: file_of(board, version=2), "another version"),
    "a name twice": (
        lambda board: json.dumps(file_of(board)).replace('"outcome"', '"at": 1, "outcome"', 1),
        "'at' stands twice",
    ),
    "too large": (huge, "at most 2,000,000 are read"),
    "no board": (lambda board: file_of(board, board=None), "must be an object"),
    "no clips": (lambda board: file_of(board, board={"clips": []}), "2 to 10,000 ids"),
    "votes without end": (lambda board: file_of(board, votes=[0] * 10_001), "at most 10,000"),
    "no votes": (lambda board: file_of(board, votes={}), "must be a list"),
    "no rater": (lambda board: file_of(board, rater=""), "rater is a name"),
    "a rater of two lines": (lambda board: file_of(board, rater="a\u2028b\x1b[31m"), "rater is a name"),
    "a long rater": (lambda board: file_of(board, rater="x" * 61), "rater is a name"),
    "half a rater": (lambda board: file_of(board, rater="\ud800"), "half a"),
    "my own name": (lambda board: file_of(board, rater=" me "), "rater=..."),
    "signed anew": (
        lambda board: file_of(board, board=file_of(board)["board"] | {"fingerprint": "0" * 16}),
        "changed by hand",
    ),
    "a key": (lambda board: file_of(board, rater="sk-0123456789abcdef0123456789abcdef"), "like a key"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_file_of_votes_is_refused_whole(
    board: Comparison, tmp_path: Path, name: str
) -> None:
    change, reason = BAD[name]
    path = written(tmp_path / "votes.json", change(board))
    with pytest.raises(hn.VotesError, match=re.escape(reason)) as told:
        board.add_votes(path)
    assert len(str(told.value)) < 2500 and "\x1b" not in str(told.value)
    assert board.votes.empty


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_a_file_in_another_encoding_says_so(
    board: Comparison, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "votes.json"
    text = json.dumps(file_of(board, rater="安娜"), ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    with pytest.raises(hn.VotesError, match=r"no text in UTF-8 \(byte \d+\)\. Votes are in"):
        board.add_votes(path)


def test_places_without_a_file(board: Comparison, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(hn.VotesError, match="cannot be read"):
            board.add_votes(path)
    path = written(tmp_path / "votes.json", file_of(board))
    with pytest.raises(hn.ArgumentError, match="rater"):
        board.add_votes(path, rater="\n")
    with pytest.raises(hn.VotesError, match="without a title"):
        Comparison().add_votes(path)
    exported = Comparison.load(board.to_json(tmp_path / "board.json"))
    with pytest.raises(hn.ReadOnlyError):
        exported.add_votes(path)


def test_my_own_ballot_counts_as_mine(board: Comparison, tmp_path: Path) -> None:
    path = written(tmp_path / "votes.json", file_of(board, rater="me"))
    assert len(board.add_votes(path, rater="me").added) == 2
    assert Vote("job-0", "job-3", "tie").id in board.votes["id"].tolist()
