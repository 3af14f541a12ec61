"""What people think of clips: stars, notes and tags of one, votes between two; and who said it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal, get_args

from hailuo_nb.errors import ArgumentError
from hailuo_nb.requests import arguments

Outcome = Literal["first", "second", "tie"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
MAX_STARS = 5
ME = "me"
"""The rater of the ledger's own user, and of all ratings in ledgers that name no rater."""
MAX_RATER = 60  # characters of a name


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody saw two items and preferred one, or neither.

    at     Unix seconds
    blind  whether the names were hidden
    """

    first: str
    second: str
    outcome: Outcome
    rater: str = ME
    at: float = 0.0
    blind: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Who votes on which two, in whatever order they stood: one such vote counts."""
        one, other = sorted((self.first, self.second))
        return self.rater, one, other

    @property
    def id(self) -> str:
        """A name of `key`."""
        return sha256("\0".join(self.key).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def last_of_each(votes: Iterable[Vote]) -> list[Vote]:
    """Of the votes of one rater on the same two clips the last alone, in the order given."""
    found: dict[tuple[str, str, str], Vote] = {}
    for vote in votes:
        found.pop(vote.key, None)
        found[vote.key] = vote
    return list(found.values())


def check_vote(vote: Vote) -> None:
    """Raises ArgumentError where it is no vote between two clips."""
    if vote.outcome not in OUTCOMES:
        raise ArgumentError(
            f"a vote is first, second or tie between two clips, not "
            f"{arguments.describe(vote.outcome[:80])}"
        )
    if vote.first == vote.second:
        raise ArgumentError(f"a vote is between two clips, and both are {vote.first}")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one rater says of one clip; None for what they have not said.

    rating  0 (none) to 5 stars
    """

    rating: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is said of one clip.

    opinions  by rater; who spoke last stands last
    hidden    taken off the boards by hand
    """

    opinions: tuple[tuple[str, Opinion], ...] = ()
    tags: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def rating(self) -> int:
        """The stars given last, 0 for none."""
        return next((one.rating for _, one in self.opinions[::-1] if one.rating is not None), 0)

    @property
    def note(self) -> str:
        """The note written last."""
        return next((one.note for _, one in self.opinions[::-1] if one.note is not None), "")

    @property
    def stars(self) -> float | None:
        """The mean of what the raters gave; None where none gave a star."""
        given = [one.rating for _, one in self.opinions if one.rating]
        return sum(given) / len(given) if given else None


def annotated(
    before: Annotation,
    *,
    rater: str = ME,
    rating: int | None = None,
    note: str | None = None,
    tags: Iterable[str] | None = None,
    hidden: bool | None = None,
) -> Annotation:
    """The annotation after a change by a rater; what is None stays as it is. Each tag stands once,
    without blanks around it. Raises ValueError."""
    if rating is not None and rating not in range(MAX_STARS + 1):
        raise ValueError(f"a rating is 0 (none) to {MAX_STARS} stars, not {rating!r}")
    if tags is not None:
        tags = tuple(dict.fromkeys(found for tag in tags if (found := str(tag).strip())))
    opinions = dict(before.opinions)
    if rating is not None or note is not None:
        said = opinions.pop(rater, Opinion())
        opinions[rater] = _changed(said, rating, note)
    return Annotation(
        tuple(opinions.items()),
        before.tags if tags is None else tags,
        before.hidden if hidden is None else bool(hidden),
    )


def _changed(before: Opinion, rating: int | None, note: str | None) -> Opinion:
    if rating is not None:
        before = replace(before, rating=int(rating))
    return before if note is None else replace(before, note=str(note))
