"""A summary with something of everything: a clear best, a tie, unknown prices, two currencies, pools
that do not mix."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.engine.states import State
from hailuo_nb.ordering.budget import Cost
from hailuo_nb.pages.summary_rows import Pool, plain
from hailuo_nb.results.summary import ClipFacts, summarise
from tests.browser.board_clips import PROMPTS, PROVIDERS, TITLES

_MEAN = {"ppinfra": 4.7, "modelverse": 3.0, "chanjing": 3.1, "xcompute": 2.4}
_PRICE: dict[str, Cost] = {
    "ppinfra": (0.28, "USD"),
    "modelverse": (2.0, "CNY"),
    "chanjing": (None, ""),
    "xcompute": (0.0, ""),
}


def sample() -> dict[str, Any]:
    """What `CompareBoard.summary` holds, always the same."""
    clips = _clips(random.Random(3), "768P")
    ids = [clip.id for clip in clips]
    votes = [Vote(ids[number % 12], ids[12 + number % 36], "first") for number in range(40)]
    by_provider = summarise(clips, votes)
    mixed = [*clips, *_clips(random.Random(4), "1080P")[:3]]
    return plain({
        "provider": by_provider,
        "prompt": summarise([_by(clip, clip.id.split()[1]) for clip in mixed], votes),
        "model": summarise([_by(clip, "MiniMax-Hailuo-2.3") for clip in clips], votes),
        "camera": summarise([_by(clip, "") for clip in clips], votes),
    })  # fmt: skip


def _clips(chance: random.Random, resolution: str) -> list[ClipFacts]:
    found = []
    for place, provider in enumerate(PROVIDERS):
        pool = Pool(resolution, 6, frame=False, sound=False, simulated=provider == "xcompute")
        for number in range(12):
            state: State = "saved"
            if number > 9:
                state = "failed" if place else "saved"
            if number == 11 and place == 1:
                state = "unknown"
            rating = min(5, max(1, round(chance.gauss(_MEAN[provider], 0.5))))
            rated = state == "saved"
            found.append(
                ClipFacts(
                    id=f"{provider} {number % 3} {number} {resolution}",
                    item=provider,
                    label=TITLES[place],
                    state=state,
                    seconds=chance.lognormvariate(4 + place * 0.3, 0.2) if rated else None,
                    spent=_PRICE[provider],
                    rating=rating if rated else 0,
                    kept=rated and rating >= 4,
                    adherence=chance.choice([0.5, 0.75, 1.0]) if rated and place < 3 else None,
                    pool=pool,
                )
            )
    return found


def of_rows(rows: list[dict[str, Any]], votes: list[Vote]) -> dict[str, Any]:
    """The summaries of a board's rows and these votes between them."""

    def clip(row: dict[str, Any], by: str) -> ClipFacts:
        pool = Pool(row["resolution"], row["duration"], False, False, row["simulated"])
        return ClipFacts(
            row["id"], row[by], row[by], row["state"], None, (None, ""), 0, False, None, pool
        )

    return plain({
        by: summarise([clip(row, by) for row in rows], votes)
        for by in ("provider", "prompt", "model")
    })  # fmt: skip


def _by(clip: ClipFacts, item: str) -> ClipFacts:
    name = PROMPTS[int(item)] if item.isdigit() else item
    return replace(clip, item=name, label=name)
