"""What a person thinks of clips: rating, note and tags of one, votes between two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Outcome = Literal["first", "second", "tie"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
MAX_STARS = 5


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody saw two items and preferred one, or neither."""

    first: str
    second: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is said of one clip.

    rating  0 (none) to 5 stars
    hidden  taken off the boards by hand
    """

    rating: int = 0
    note: str = ""
    tags: tuple[str, ...] = ()
    hidden: bool = False


def annotated(
    before: Annotation,
    *,
    rating: int | None = None,
    note: str | None = None,
    tags: Iterable[str] | None = None,
    hidden: bool | None = None,
) -> Annotation:
    """The annotation after a change; what is None stays as it is. Each tag stands once, without
    blanks around it. Raises ValueError."""
    if rating is not None and rating not in range(MAX_STARS + 1):
        raise ValueError(f"a rating is 0 (none) to {MAX_STARS} stars, not {rating!r}")
    if tags is not None:
        tags = tuple(dict.fromkeys(found for tag in tags if (found := str(tag).strip())))
    return Annotation(
        before.rating if rating is None else int(rating),
        before.note if note is None else str(note),
        before.tags if tags is None else tags,
        before.hidden if hidden is None else bool(hidden),
    )


def vote_between(first: str, second: str, outcome: Outcome) -> Vote:
    """A vote between two clips. Raises ValueError."""
    if outcome not in OUTCOMES or first == second:
        raise ValueError(
            f"a vote is first, second or tie between two clips, not {outcome!r} of {first}, "
            f"{second}"
        )
    return Vote(first, second, outcome)
