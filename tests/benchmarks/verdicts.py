"""How far `board.effect` can be trusted: false verdicts where nothing differs, how many pairs a
difference needs, and whether a rater who guesses is seen.

    .venv/bin/python -m tests.benchmarks.verdicts      writes VERDICTS.md; takes some minutes

Simulated raters with a known truth, one seed. A clip's quality is what its request is like, what
its item adds, and the luck of its take; a rater sees it with noise, and gives stars or votes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import NormalDist

from hailuo_nb.engine.ledger.annotations import Outcome, Vote
from hailuo_nb.pages.effect_rows import FAILED, VOTES
from hailuo_nb.results import pools
from hailuo_nb.results.agreement import agreements
from hailuo_nb.results.effects import ClipOutcomes, effects
from hailuo_nb.results.suggestions import undecided

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
    of_request: float = 0.0
    """How far an item is better or worse in one request than it is in all."""
    lost: float = 0.0
    """The share of the poorest takes of item a that are never made."""


def board(
    truth: Truth,
    requests: int,
    takes: int,
    rng: random.Random,
    raters: int = 1,
    *,
    across: bool = False,
) -> tuple[list[ClipOutcomes], list[Vote]]:
    """Clips with stars, and of each rater one vote for each take between each two items.

    across  between any two takes of a request
    """
    quality: dict[str, float] = {}
    clips: list[ClipOutcomes] = []
    for request in range(requests):
        level = rng.gauss(3, 1)
        here = {item: rng.gauss(0, truth.of_request) for item in truth.adds if truth.of_request}
        for take in range(1, takes + 1):
            for item, more in truth.adds.items():
                name = f"{item}-{request}-{take}"
                luck = rng.gauss(0, 1)
                if item == "a" and truth.lost and luck < NormalDist().inv_cdf(truth.lost):
                    continue
                quality[name] = level + more + here.get(item, 0.0) + truth.luck * luck
                stars = min(5, max(1, round(quality[name] + rng.gauss(0, truth.noise))))
                clips.append(ClipOutcomes(name, item, request, take, {"stars": stars}))
    known = 1 if across else 2
    votes = [
        replace(_vote(one, other, quality, truth.noise, rng), rater=f"rater {number}")
        for one in quality
        for other in quality
        if one[0] < other[0] and one.split("-")[1:][:known] == other.split("-")[1:][:known]
        for number in range(raters)
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


# Other kinds of boards, all of equals


def _equals(count: int) -> Truth:
    return Truth(dict.fromkeys("abcdefghij"[:count], 0.0))


def _ties(rng: random.Random) -> Drawn:
    clips, votes = board(_equals(2), 16, 1, rng)
    return (
        [replace(one, outcomes={"stars": 3.0}) if rng.random() < 0.7 else one for one in clips],
        [replace(one, outcome="tie") if rng.random() < 0.8 else one for one in votes],
    )


def _missing(rng: random.Random) -> Drawn:
    clips, votes = board(_equals(3), 20, 2, rng)
    return (
        [replace(one, outcomes={}) if rng.random() < 0.6 else one for one in clips],
        [one for one in votes if rng.random() < 0.3],
    )


def _unequal_takes(rng: random.Random) -> Drawn:
    clips, votes = board(_equals(2), 6, 5, rng, across=True)
    left = [one for one in clips if one.item == "a" or one.take < 3]
    ids = {one.id for one in left}
    return left, [one for one in votes if {one.first, one.second} <= ids]


def _ceiling(rng: random.Random) -> Drawn:
    clips, votes = board(_equals(3), 20, 1, rng)
    return [
        replace(one, outcomes={"stars": min(5.0, one.outcomes["stars"] + 2)}) for one in clips
    ], votes


def _long_tails(rng: random.Random) -> Drawn:
    """Five outcomes of numbers that are nothing like normal."""
    clips = []
    for request in range(15):
        level = rng.lognormvariate(4, 0.5)
        for item in "ab":
            outcomes = {
                "seconds": level * rng.lognormvariate(0, 1),
                "cost USD": rng.choice([0.1, 0.1, 0.1, 2.0]),
                "heavy": rng.paretovariate(1.1),
                "normal": rng.gauss(0, 1),
                "pass": float(rng.random() < 0.9),
            }
            clips.append(ClipOutcomes(f"{item}-{request}", item, request, 1, outcomes))
    return clips, []


Drawn = tuple[list[ClipOutcomes], list[Vote]]
KINDS: tuple[tuple[str, Callable[[random.Random], Drawn], str | None, int], ...] = (
    ("four votes of five are ties, most stars are 3", _ties, None, 1),
    ("three items; 6 of 10 stars and 7 of 10 votes are missing", _missing, None, 1),
    ("each of 5 takes met each of 5 others", lambda rng: board(_equals(2), 3, 5, rng, across=True),
     VOTES, 1),
    ("two raters of each pair", lambda rng: board(_equals(2), 10, 1, rng, 2), None, 1),
    ("5 takes of one, 2 of the other, each met each", _unequal_takes, None, 1),
    ("three items; most clips have 5 stars", _ceiling, None, 1),
    ("five outcomes at once, with long tails", _long_tails, None, 1),
    ("ten items at once, by stars", lambda rng: board(_equals(10), 8, 1, rng), "stars", 5),
)  # fmt: skip


def other_kinds() -> Iterator[str]:
    yield "| board | boards | a winner named |\n|---|---:|---:|"
    for name, draw, outcome, slower in KINDS:
        rng, boards = random.Random(11), BOARDS // 4 // slower
        named = 0
        for _ in range(boards):
            clips, votes = draw(rng)
            said = effects(clips, votes, "model", outcome)
            named += any(one.verdict != "not enough evidence" for one in said)
        print(name, named / boards, flush=True)
        yield f"| {name} | {boards} | {named / boards:.1%} |"


def rankings() -> Iterator[str]:
    """How often an interval of a ranking misses that all are equal."""
    yield "| items | requests in which each meets each other | intervals that miss |\n|---:|---:|---:|"
    for items, requests in ((2, 20), (3, 20), (5, 20), (10, 12)):
        rng, missed, boards = random.Random(5), 0, BOARDS // 10
        for _ in range(boards):
            clips, votes = board(_equals(items), requests, 1, rng)
            found = pools.by_item(votes, {clip.id: clip.item for clip in clips})
            missed += sum(not one.low <= 0 <= one.high for one in found)
        print(items, requests, missed / boards / items, flush=True)
        yield f"| {items} | {requests} | {missed / boards / items:.1%} |"


def outages() -> str:
    """Share of boards on which a provider is named by its failures, where both have an outage of 6
    clips in a row with a chance of one half, and nothing else differs."""

    def named(rng: random.Random) -> bool:
        clips = []
        for item in "ab":
            start = rng.randrange(24) if rng.random() < 0.5 else 24
            for request in range(24):
                lost = 0 <= request - start < 6 or rng.random() < 0.05
                name = f"{item}-{request}"
                clips.append(ClipOutcomes(name, item, request, 1, {FAILED: float(lost)}))
        return any(one.verdict != "not enough evidence" for one in effects(clips, [], "provider"))

    return _share(BOARDS // 4, named)


def _share(boards: int, named: Callable[[random.Random], bool]) -> str:
    rng = random.Random(4)
    return f"{sum(named(rng) for _ in range(boards)) / boards:.1%}"


def what_is_no_promise() -> Iterator[str]:
    """Boards on which the promise is for something else than what a person may take it for."""
    boards = BOARDS // 4
    equal = dict.fromkeys("ab", 0.0)

    def named(truth: Truth, requests: int, takes: int, rng: random.Random) -> bool:
        said = effects(*board(truth, requests, takes, rng), "model")
        return any(one.verdict != "not enough evidence" for one in said)

    yield "| board | a winner named |\n|---|---:|"
    for requests, takes in ((1, 12), (2, 8), (16, 1)):
        truth = Truth(equal, of_request=1.0)
        count = f"{requests} request{'s' if requests > 1 else ''}, {takes} take"
        found = _share(boards, lambda rng: named(truth, requests, takes, rng))  # noqa: B023
        yield f"| {count}{'s' if takes > 1 else ''}; each request prefers one by 1 d | {found} |"
    found = _share(boards, lambda rng: named(Truth(equal, lost=1 / 3), 20, 1, rng))
    yield f"| 24 requests, 1 take; both fail 6 times in a row with a chance of one half | {outages()} |"
    yield f"| 20 requests, 1 take; the poorest third of one is never made | {found} |"


def looks(sure: Callable[[Sequence[ClipOutcomes], Sequence[Vote]], bool]) -> str:
    """Share of boards of equals on which a look after one of 30 votes, from the sixth on, names a
    winner."""

    def named(rng: random.Random) -> bool:
        clips, votes = board(Truth(dict.fromkeys("ab", 0.0)), 30, 1, rng)
        return any(sure(clips, votes[:count]) for count in range(6, len(votes) + 1))

    return _share(BOARDS // 10, named)


def _at_one_look(clips: Sequence[ClipOutcomes], votes: Sequence[Vote]) -> bool:
    return effects(clips, votes, "model", VOTES)[0].verdict != "not enough evidence"


def _at_any_look(clips: Sequence[ClipOutcomes], votes: Sequence[Vote]) -> bool:
    return len(undecided(clips, votes, VOTES)) < 2


def several_raters() -> Iterator[str]:
    """Share of boards of equals with a "best" in a ranking."""

    def best(layout: tuple[int, int], raters: int, rng: random.Random, *, across: bool) -> bool:
        truth = Truth(dict.fromkeys("ab", 0.0))
        clips, votes = board(truth, *layout, rng, raters, across=across)
        found = pools.by_item(votes, {clip.id: clip.item for clip in clips})
        return len(found) > 1 and found[0].low > found[1].high

    yield "| raters | 20 pairs, each clip in one | 12 clips, each with each of 12 others |"
    yield "|---:|---:|---:|"
    for raters in (1, 3, 5):
        shares = [
            _share(BOARDS // 2, lambda rng: best(layout, raters, rng, across=across))  # noqa: B023
            for layout, across in (((20, 1), False), ((1, 12), True))
        ]
        yield f"| {raters} | {' | '.join(shares)} |"


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


def failures() -> Iterator[str]:
    """Clips that fail: one request of five is hard, and fails four times of five wherever it is
    sent."""

    def named(shares: tuple[float, float], layout: tuple[int, int], rng: random.Random) -> bool:
        requests, takes = layout
        clips = []
        for request in range(requests):
            hard = rng.random() < 0.2
            clips += [
                ClipOutcomes(
                    f"{item}-{request}-{take}",
                    item,
                    request,
                    take,
                    {FAILED: float(rng.random() < (0.8 if hard else share))},
                )
                for item, share in zip("ab", shares, strict=True)
                for take in range(1, takes + 1)
            ]
        return effects(clips, [], "provider")[0].verdict != "not enough evidence"

    cases = ((0.15, 0.15), (0.05, 0.3), (0.05, 0.5))
    yield f"| board | {' | '.join(f'{one:.0%} and {other:.0%}' for one, other in cases)} |"
    yield "|---|" + "---:|" * len(cases)
    for layout in ((8, 1), (12, 1), (24, 1), (4, 4)):
        shares = [
            _share(BOARDS // 4, lambda rng: named(case, layout, rng))  # noqa: B023
            for case in cases
        ]
        takes = f"{layout[1]} take{'s' if layout[1] > 1 else ''}"
        yield f"| {layout[0]} requests, {takes} | {' | '.join(shares)} |"


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
        "\n## Other kinds of boards\n",
        "All of equals, by all outcomes together where none is named.\n",
        *other_kinds(),
        "\n## Pairs that a difference needs\n",
        f"Share of boards with the right verdict ({BOARDS // 4} a figure), one outcome asked, one "
        "take of each of so many requests. A size of 1 d is as much as one take differs from the "
        "next of the same request by luck.\n",
        "### By votes\n",
        *power(VOTES),
        "\n### By stars\n",
        *power("stars"),
        "\n## Failures\n",
        f"Share of boards on which `effect` names a provider by the outcome `failed` ({BOARDS // 4} "
        "a figure), where a clip fails at one and the other with that chance, besides those of "
        "requests that are hard for both.\n",
        *failures(),
        "\n## Where one looks often\n",
        f"Equals, and a look after each of 30 votes ({BOARDS // 10} boards): `effect`, which is "
        f"for one look, names a winner on {looks(_at_one_look)} of boards; `suggest` says that it "
        f"is decided on {looks(_at_any_look)}.\n",
        "## Several raters of the same pairs, and clips that met several\n",
        f"Equals, {BOARDS // 2} boards a figure; `ranking` counts a clip as one pair. The share of "
        'boards with a "best":\n',
        *several_raters(),
        "\nIntervals of a ranking of equals, where clips of all items met in each request: "
        f"{BOARDS // 10} boards a figure. Each vote by itself would make every fourth one of ten "
        "items miss.\n",
        *rankings(),
        "\n## What is no promise\n",
        "A verdict is about the requests and the clips that are there. Equals over all requests, "
        f"that differ in each of them, or of which not all clips come ({BOARDS // 4} boards a "
        "figure):\n",
        *what_is_no_promise(),
        "\n## A rater who votes at random\n",
        "`agreement` of four raters who see the better clip so often and of one who guesses: the "
        f'share of raters with that verdict, {BOARDS // 20} boards a line. The rest is "not enough '
        'evidence".\n',
        *who_is_seen(),
    ]
    (HERE / "VERDICTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
