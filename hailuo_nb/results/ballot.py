"""A ballot: which pairs of clips a page asks others about, blind and like for like."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from hailuo_nb import catalog
from hailuo_nb.errors import ArgumentError, TooLargeError
from hailuo_nb.measure.axes import AXES
from hailuo_nb.media import files
from hailuo_nb.media.metadata import without_metadata
from hailuo_nb.pages import ballot_page, page
from hailuo_nb.results import bundle, effects
from hailuo_nb.results.job import Job

MAX_PAIRS = 60
"""Questions of one ballot: a quarter of an hour. A rater may stop earlier."""

Pair = tuple[str, str]


def fingerprint(ids: Iterable[str]) -> str:
    """A name of these clips, in whatever order they stand."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]


def like_for_like(jobs: Sequence[Job], by: str | None = None) -> list[Pair]:
    """Ids of saved clips that agree in everything but one thing, as `Comparison.effect` pairs them:
    take by take.

    by  what they differ in, see `axes.axis_of`; any one thing by default

    At most `MAX_PAIRS`, in an order that is the same for all raters, so that those who stop early
    have seen the same; clips are asked about as often as each other, about. Raises ArgumentError.
    """
    saved = [job for job in jobs if job.state == "saved" and job.path is not None]
    found: dict[frozenset[str], Pair] = {}
    for axis in (*AXES, *catalog.options()) if by is None else (by,):
        for one, other in effects.like_for_like(effects.outcomes_of(saved, axis)):
            found.setdefault(frozenset((one, other)), (one, other))
    if not found:
        what = "one thing" if by is None else f"{by!r}"
        raise ArgumentError(
            f"no two of the {len(saved)} saved clips agree in everything but {what}, and a ballot "
            "asks like for like. Of several providers ask for one model, resolution and duration"
        )
    return _balanced(sorted(found.values()))


def _balanced(pairs: Sequence[Pair]) -> list[Pair]:
    chance = random.Random(fingerprint(job_id for pair in pairs for job_id in pair))  # noqa: S311
    left = chance.sample(pairs, len(pairs))
    seen: dict[str, int] = {}
    chosen: list[Pair] = []
    while left and len(chosen) < MAX_PAIRS:
        best = min(left, key=lambda pair: sum(seen.get(one, 0) for one in pair))
        left.remove(best)
        chosen.append(best)
        for one in best:
            seen[one] = seen.get(one, 0) + 1
    return chosen


def _bytes_of(clip: Path) -> bytes:
    return files.read_bounded(clip, page.MAX_INLINE, follow=True)


def write(title: str, jobs: Sequence[Job], path: Path, by: str | None) -> Path:
    """See `Exportable.to_html`. Raises ArgumentError, TooLargeError, FileError, OSError."""
    named = page.page_path(path, "inline")
    target, root = files.user_target(named)
    pairs = like_for_like(jobs, by)
    asked = dict.fromkeys(job_id for pair in pairs for job_id in pair)
    by_id = {job.id: job for job in jobs if job.id in asked}
    paths = [(job, job.path) for job in by_id.values()]
    size = sum(found.stat().st_size for _, found in paths if found is not None)
    if size > page.MAX_INLINE:
        raise TooLargeError(
            f"the {len(paths)} clips of this ballot have {size / 1e6:.0f} MB together, and one "
            f"page carries at most {page.MAX_INLINE / 1e6:.0f} MB. Ask about fewer: "
            'ballot="provider", or a comparison of some: hn.Comparison(board.jobs[:6])'
        )
    clips = [
        ballot_page.BallotClip(job.id, job.prompt, without_metadata(_bytes_of(found)))
        for job, found in paths
        if found is not None
    ]
    text = ballot_page.render(title, clips, pairs, fingerprint(by_id))
    bundle.write_whole(target, text, root)
    return named
