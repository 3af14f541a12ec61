"""How far `board.effect` can be trusted: false verdicts where nothing differs, how many pairs a
difference needs, and whether a rater who guesses is seen.

    .venv/bin/python -m tests.benchmarks.verdicts      writes VERDICTS.md; takes some minutes

Simulated raters with a known truth, one seed. A clip's quality is what its request is like, what
its item adds, and the luck of its take; a rater sees it with noise, and gives stars or votes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hailuo_nb.engine.ledger.annotations import Outcome, Vote
from hailuo_nb.results.agreement import agreements
from hailuo_nb.results.effects import VOTES, ClipOutcomes, effects

HERE = Path(__file__).parent
BOARDS = 2000  # a figure
TIE = 0.3  # deviations between two clips that a rater takes for equal
LAYOUTS = (
    ("1 request, 8 takes", 1, 8), ("4 requests, 2 takes", 4, 2), ("8 requests, 1 take", 8, 1),
    ("12 requests, 1 take", 12, 1), ("3 requests, 4 takes", 3, 4),
)  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """What makes a clip of an item better, in deviations of the luck of a take."""

    adds: dict[str, float]
    luck: float = 1.0
    noise: float = 0.5


def board(
    truth: Truth, requests: int, takes: int, rng: random.Random
) -> tuple[list[ClipOutcomes], list[Vote]]:
    """Clips with stars, and one vote for each take between each two items."""
    quality: dict[str, float] = {}
    clips: list[ClipOutcomes] = []
    for request in range(requests):
        level = rng.gauss(3, 1)
        for take in range(1, takes + 1):
            for item, more in truth.adds.items():
                name = f"{item}-{request}-{take}"
                quality[name] = level + more + rng.gauss(0, truth.luck)
                stars = min(5, max(1, round(quality[name] + rng.gauss(0, truth.noise))))
                clips.append(ClipOutcomes(name, item, request, take, {"stars": stars}))
    votes = [
        _vote(one, other, quality, truth.noise, rng)
        for one in quality
        for other in quality
        if one < other and one.split("-")[1:] == other.split("-")[1:]
    ]
    return clips, votes


def _vote(
    one: str, other: str, quality: dict[str, float], noise: float, rng: random.Random
) -> Vote:
    apart = quality[one] - quality[other] + rng.gauss(0, noise)
    outcome: Outcome = "first" if apart > TIE else "second" if apart < -TIE else "tie"
    return Vote(one, other, outcome)


def _verdicts(
    truth: Truth, layout: tuple[int, int], boards: int, outcome: str | None, seed: int
) -> Sequence[set[str]]:
    """The verdicts that each board came to."""
    rng = random.Random(seed)
    found = []
    for _ in range(boards):
        clips, votes = board(truth, *layout, rng)
        said = effects(clips, votes, "model", outcome)
        found.append({one.verdict for one in said} - {"not enough evidence"})
    return found


def false_verdicts() -> Iterator[str]:
    yield "| board | two items | three items |\n|---|---:|---:|"
    for name, *layout in LAYOUTS:
        shares = []
        for items in ("ab", "abc"):
            truth = Truth(dict.fromkeys(items, 0.0))
            found = _verdicts(truth, (layout[0], layout[1]), BOARDS, None, 1)
            shares.append(f"{sum(map(bool, found)) / BOARDS:.1%}")
        yield f"| {name} | {' | '.join(shares)} |"


def power(outcome: str) -> Iterator[str]:
    sizes = (0.5, 1.0, 1.5, 2.0)
    yield f"| pairs | {' | '.join(f'{size} d' for size in sizes)} | wrong way |"
    yield "|---:|" + "---:|" * (len(sizes) + 1)
    for pairs in (6, 8, 12, 20, 40):
        shares, wrong, count = [], 0, BOARDS // 4
        for size in sizes:
            truth = Truth({"a": size, "b": 0.0})
            found = _verdicts(truth, (pairs, 1), count, outcome, 2)
            shares.append(f"{sum('better' in one for one in found) / count:.0%}")
            wrong += sum("worse" in one for one in found)
        yield f"| {pairs} | {' | '.join(shares)} | {wrong} of {count * len(sizes)} |"


GOOD = ("Ann", "Bo", "Cy", "Di")
AT_RANDOM = "Random"


def raters(pairs: int, right: float, rng: random.Random) -> list[Vote]:
    """Four raters who see the better of two clips so often, and one who guesses; sides by
    chance."""
    votes = []
    for rater, share in (*((name, right) for name in GOOD), (AT_RANDOM, 0.5)):
        for number in range(pairs):
            pair = [f"a-{number}", f"b-{number}"]  # a is better
            seen = rng.random() < share
            if swapped := rng.random() < 0.5:
                pair.reverse()
            outcome: Outcome = "first" if seen != swapped else "second"
            votes.append(Vote(pair[0], pair[1], outcome, rater))
    return votes


def who_is_seen() -> Iterator[str]:
    yield (
        "| pairs | right | the one: as chance | agrees | the four: agree | as chance |\n"
        "|---:|---:|---:|---:|---:|---:|"
    )
    boards = BOARDS // 20
    for right in (0.9, 0.75):
        for pairs in (15, 25, 40, 80):
            rng = random.Random(3)
            said: Counter[tuple[bool, str]] = Counter()
            for _ in range(boards):
                for one in agreements(raters(pairs, right, rng)):
                    said[one.rater == AT_RANDOM, one.verdict] += 1
            shares = [
                f"{said[guesses, verdict] / boards / (1 if guesses else len(GOOD)):.0%}"
                for guesses, verdict in (
                    (True, "as chance"),
                    (True, "agrees with the others"),
                    (False, "agrees with the others"),
                    (False, "as chance"),
                )
            ]
            yield f"| {pairs} | {right:.0%} | {' | '.join(shares)} |"


def main() -> None:
    lines = [
        "# How far a verdict can be trusted\n",
        "Written by `python -m tests.benchmarks.verdicts`: simulated raters, one seed. "
        f"{BOARDS:,} boards a figure.\n",
        "## False verdicts where nothing differs\n",
        "Share of boards on which `effect` names any item better or worse, by votes and stars "
        "together. The promise is at most 5 %.\n",
        *false_verdicts(),
        "\n## Pairs that a difference needs\n",
        f"Share of boards with the right verdict ({BOARDS // 4} a figure), one outcome asked, one "
        "take of each of so many requests. A size of 1 d is as much as one take differs from the "
        "next of the same request by luck.\n",
        "### By votes\n",
        *power(VOTES),
        "\n### By stars\n",
        *power("stars"),
        "\n## A rater who votes at random\n",
        "`agreement` of four raters who see the better clip so often and of one who guesses: the "
        f'share of raters with that verdict, {BOARDS // 20} boards a line. The rest is "not enough '
        'evidence".\n',
        *who_is_seen(),
    ]
    (HERE / "VERDICTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
