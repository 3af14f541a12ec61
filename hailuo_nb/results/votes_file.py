"""`votes.json`, which a ballot gives back: read, checked, and added to the ledger once.

It comes from somebody else's machine: every value is checked, and a text of it stands in a message
only cut and made visible.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hailuo_nb.engine.ledger.annotations import OUTCOMES, Vote
from hailuo_nb.errors import FieldError, VotesError
from hailuo_nb.media import files
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.pages.ballot_page import FORMAT, VERSION
from hailuo_nb.requests import fields
from hailuo_nb.requests.fields import Fields
from hailuo_nb.results import raters
from hailuo_nb.results.ballot import fingerprint
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import source_of

_MAX_BYTES = 2_000_000
_MAX_CLIPS = _MAX_VOTES = 10_000
_EARLIEST = 1.7e9  # Unix seconds: before the first ballot
_DAY = 86_400.0  # for which a rater's clock may be fast
_OTHER_FILE = ". Votes are in the votes.json that the ballot's page saves: have it sent once more"
_SHOWN = 5  # of a list in a message


@dataclass(frozen=True, slots=True)
class AddedVotes:
    """What became of a file of votes.

    added    ids of votes that are in the ledger now, as in the column `id` of `Comparison.votes`
    double   votes that are there already, or stand twice in the file: the last one counts
    refused  votes that are none, each with the reason
    """

    rater: str
    added: tuple[str, ...]
    double: tuple[str, ...]
    refused: tuple[str, ...]

    def __repr__(self) -> str:
        head = f"{self.rater}: {len(self.added)} vote{'s'[: len(self.added) != 1]} added"
        rest = [
            f"{len(found)} {word}: {_listed(found)}"
            for word, found in (("double", self.double), ("refused", self.refused))
            if found
        ]
        return "; ".join([head, *rest])


@dataclass(frozen=True, slots=True)
class _Ballot:
    """The head of the file."""

    title: str
    fingerprint: str
    clips: tuple[str, ...]
    rater: str


def add(jobs: Sequence[Job], title: str, path: Path, rater: str | None) -> AddedVotes:
    """See `Voting.add_votes`."""
    own_name = None if rater is None else raters.rater_name("rater", rater)
    try:
        data = files.read_bounded(path, _MAX_BYTES, follow=True)
        content = fields.parse_document(data, "file of votes", FORMAT, VERSION)
        head = _head(content, own_name)
        entries = list(_entries(content))
    except OSError as error:
        raise VotesError(f"{path.name} cannot be read: {error.strerror or error}") from None
    except VotesError:
        raise
    except ValueError as error:
        said = shortened(visible(str(error)))
        hint = _OTHER_FILE if _is_other(said) else ""
        raise VotesError(
            f"{path.name} is no file of votes that can be read: {said}{hint}"
        ) from None
    _check_board(head, {job.id for job in jobs}, title)
    good: list[Vote] = []
    refused: list[str] = []
    for name, entry in entries:
        try:
            good.append(_vote(entry, head))
        except ValueError as error:
            refused.append(f"{name}: {visible(str(error))[:200]}")
    added = source_of(jobs[0]).add_votes(good) if good else []
    new = {(vote.id, vote.at) for vote in added}
    double = [" and ".join(vote.key[1:]) for vote in _double(good, new)]
    return AddedVotes(head.rater, tuple(vote.id for vote in added), tuple(double), tuple(refused))


def _is_other(said: str) -> bool:
    """Whether it is another file, or broken on its way."""
    return any(words in said for words in ("JSON", "UTF-8", "hailuo_nb wrote"))


def _double(good: Sequence[Vote], new: set[tuple[str, float]]) -> list[Vote]:
    """Those that are not counted; of two that say the same of the same moment one is."""
    found = []
    for vote in reversed(good):
        if (vote.id, vote.at) in new:
            new = new - {(vote.id, vote.at)}
        else:
            found.append(vote)
    return found[::-1]


def _head(content: Fields, rater: str | None) -> _Ballot:
    board = content.object("board")
    clips = board.get("clips")
    if not isinstance(clips, list) or not 2 <= len(clips) <= _MAX_CLIPS:
        raise FieldError(f"board.clips must be a list of 2 to {_MAX_CLIPS:,} ids")
    ids = tuple(fields.parse_id(f"board.clips[{at}]", one) for at, one in enumerate(clips))
    sign = board.text("fingerprint")
    if sign != fingerprint(ids):
        raise FieldError("its fingerprint is not that of its clips: it was changed by hand")
    name = rater or raters.rater_name("rater", content.text("rater"))
    if rater is None and name == raters.own_rater():
        raise VotesError(
            f"the rater of these votes is {name!r}, and so are you in this ledger: say whose they "
            f"are by board.add_votes(path, rater=...), also where they are yours"
        )
    return _Ballot(board.text("title"), sign, ids, name)


def _entries(content: Fields) -> list[tuple[str, Any]]:
    found = content.get("votes")
    if not isinstance(found, list) or len(found) > _MAX_VOTES:
        raise FieldError(f"votes must be a list of at most {_MAX_VOTES:,}")
    return [(f"votes[{at}]", one) for at, one in enumerate(found)]


def _check_board(head: _Ballot, here: set[str], title: str) -> None:
    if here.issuperset(head.clips):
        return
    missing = len(set(head.clips) - here)
    raise VotesError(
        f"these votes are of the board {_named(head.title, head.fingerprint)}, and this is "
        f"{_named(title, fingerprint(here))}: {missing} of its {len(head.clips)} clips are not here"
    )


def _named(title: str, sign: str) -> str:
    known = visible(title)[:80]
    return f"{known!r} ({sign})" if known else f"without a title ({sign})"


def _vote(entry: Any, head: _Ballot) -> Vote:
    """Raises FieldError."""
    vote = Fields(entry)
    first, second = vote.id("first"), vote.id("second")
    for one in (first, second):
        if one not in head.clips:
            raise FieldError(f"{one} is no clip of this ballot")
    if first == second:
        raise FieldError(f"both clips are {first}")
    at = vote.number("at")
    if at is None or not _EARLIEST <= at <= time.time() + _DAY:
        raise FieldError(f"at is no time of a vote: {at}")
    return Vote(first, second, vote.choice("outcome", OUTCOMES), head.rater, at, blind=True)


def _listed(found: Sequence[str]) -> str:
    more = len(found) - _SHOWN
    return ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
