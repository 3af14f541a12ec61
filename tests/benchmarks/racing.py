"""What `hn.tune` saves against asking for all, and how often it loses the best.

    .venv/bin/python -m tests.benchmarks.racing      writes RACING.md; takes some minutes

Hidden qualities with a known truth, one seed, nothing is drawn: a clip's score is what its prompt
is worth and the luck of its take. The race is `measure.racing`, as `hn.tune` plays it.
"""

from __future__ import annotations

import math
import os
import random
import statistics
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from scipy import stats

import hailuo_nb as hn
from hailuo_nb.engine import transport_pool
from hailuo_nb.measure import intervals, paired, racing
from hailuo_nb.providers import account
from hailuo_nb.simulator import create_app
from tests.unit import clips

HERE = Path(__file__).parent
RACES = 2000  # a row
BOARDS = 300  # a size of the board that asks for all
REQUESTS = 4  # in which the items meet in each round
ROUNDS = 25  # at most
ENOUGH = 0.99  # a board that finds the best so often counts as equal to a race that always does


@dataclass(frozen=True)
class Field:
    """What is raced: how much better each item is, in deviations of the luck of a take."""

    name: str
    worth: tuple[float, ...]


FIELDS = (
    Field("2 prompts, 1 d apart", (1, 0)),
    Field("2 prompts, 2 d apart", (2, 0)),
    Field("4 prompts, one better by 1 d", (1, 0, 0, 0)),
    Field("4 prompts, each 1 d apart", (3, 2, 1, 0)),
    Field("6 prompts, two good, 1 d between them", (3, 2, 0, 0, 0, 0)),
)  # fmt: skip
EQUAL = (Field("2 prompts", (0, 0)), Field("4 prompts", (0,) * 4), Field("6 prompts", (0,) * 6))


@dataclass(frozen=True)
class Outcome:
    left: frozenset[str]
    clips: int


def race(field: Field, rng: random.Random) -> Outcome:
    """One race to its end, or for `ROUNDS` rounds."""
    worth = {str(number): value for number, value in enumerate(field.worth)}
    left, clips = list(worth), 0
    scores: dict[str, list[list[float]]] = {item: [] for item in worth}
    for _ in range(ROUNDS):
        for item in left:
            scores[item].append([worth[item] + rng.gauss(0, 1) for _ in range(REQUESTS)])
        clips += len(left) * REQUESTS

        def rounds(one: str, other: str) -> racing.Rounds:
            return [
                [first - second for first, second in zip(*both, strict=True)]
                for both in zip(scores[one], scores[other], strict=True)
            ]

        beaten = racing.beaten(left, len(worth), rounds)
        left = [item for item in left if item not in beaten]
        if len(left) == 1:
            break
    return Outcome(frozenset(left), clips)


def ask_for_all(field: Field, rounds: int, rng: random.Random) -> bool:
    """Whether the verdicts find the best after so many takes of everything."""
    takes = rounds * REQUESTS
    scores = [[value + rng.gauss(0, 1) for _ in range(takes)] for value in field.worth]
    asked = list(combinations(range(len(scores)), 2))
    found = [_compare(scores[first], scores[second]) for first, second in asked]
    sure = paired.decided(found)
    beaten = {
        second if one.mean > 0 else first
        for (first, second), one, is_sure in zip(asked, found, sure, strict=True)
        if is_sure
    }
    return set(range(len(scores))) - beaten == {0}


def _compare(ours: Sequence[float], theirs: Sequence[float]) -> paired.Paired:
    """As `paired.compare`, with Student's test in place of all signs, which takes 50 times as
    long and says the same of luck that is normal."""
    differences = [one - two for one, two in zip(ours, theirs, strict=True)]
    low, high = intervals.of_mean(differences, 1.0) or (None, None)
    mean = sum(differences) / len(differences)
    chance = float(stats.ttest_1samp(differences, 0.0).pvalue)
    return paired.Paired(mean, low, high, len(differences), chance)


def all_for(field: Field, share: float) -> int | None:
    """Clips of the smallest board that finds the best as often; None for more than twice what
    the race may have."""
    least, most = 0, 2 * ROUNDS
    while most - least > 1:
        rounds = (least + most) // 2
        rng = random.Random(2)
        found = sum(ask_for_all(field, rounds, rng) for _ in range(BOARDS)) / BOARDS
        least, most = (least, rounds) if found >= share else (rounds, most)
    return None if most == 2 * ROUNDS else most * REQUESTS * len(field.worth)


def savings() -> Iterator[str]:
    yield (
        "| prompts | best found | best lost | clips of a race, mean | clips of all | saved |\n"
        "|---|---:|---:|---:|---:|---:|"
    )
    for field in FIELDS:
        rng = random.Random(1)
        found = [race(field, rng) for _ in range(RACES)]
        right = sum(one.left == {"0"} for one in found) / RACES
        lost = sum("0" not in one.left for one in found) / RACES
        clips = sum(one.clips for one in found) / RACES
        needed = all_for(field, min(right, ENOUGH))
        print(field.name, right, lost, clips, needed, flush=True)
        whole = (
            f"over {2 * ROUNDS * REQUESTS * len(field.worth)}" if needed is None else f"{needed}"
        )
        saved = "" if needed is None else f"{1 - clips / needed:.0%}"
        yield f"| {field.name} | {right:.1%} | {lost:.2%} | {clips:.0f} | {whole} | {saved} |"


def false_drops() -> Iterator[str]:
    yield "| prompts | any dropped | a winner named |\n|---|---:|---:|"
    for field in EQUAL:
        rng = random.Random(3)
        found = [race(field, rng) for _ in range(RACES)]
        dropped = sum(len(one.left) < len(field.worth) for one in found) / RACES
        named = sum(len(one.left) == 1 for one in found) / RACES
        print(field.name, dropped, named, flush=True)
        yield f"| {field.name} | {dropped:.2%} | {named:.2%} |"


# Intervals that hold at every look

Draw = Callable[[random.Random, int, int], float]
"""The outcome of one clip: of this item, in this request."""
OF_REQUEST = (0.0, -1.0, 1.0, 0.5)  # how good clips of a request are


@dataclass(frozen=True)
class Truth:
    """How two or more items come to their outcomes; `most` as in `racing.centre_of`."""

    name: str
    draw: Draw
    most: float
    items: int = 2


def _stars(worth: Sequence[float], level: float, of_request: float = 0.0) -> Draw:
    own = [[one, -one, one, -one] for one in (of_request, -of_request, 0.0, 0.0)]

    def draw(rng: random.Random, item: int, request: int) -> float:
        merit = level + OF_REQUEST[request] + worth[item] + own[item][request]
        return float(min(5, max(1, round(merit + rng.gauss(0, 1)))))

    return draw


def _votes(apart: float) -> Draw:
    """The vote on a pair stands for its first clip; of the second it is 0."""

    def draw(rng: random.Random, item: int, _: int) -> float:
        seen = apart + rng.gauss(0, 1.4)
        return 0.0 if item or abs(seen) < 0.3 else math.copysign(1.0, seen)

    return draw


def _share(shares: Sequence[float]) -> Draw:
    return lambda rng, item, _: 1.0 if rng.random() < shares[item] else rng.choice((0.0, 0.5))


def _seconds(times: Sequence[float]) -> Draw:
    return lambda rng, item, _: times[item] * rng.lognormvariate(0, 0.8)


TRUTHS = (
    Truth("votes, equal", _votes(0), 1),
    Truth("votes, one wins 62 of 100", _votes(0.5), 1),
    Truth("stars, equal", _stars((0, 0), 3), 4),
    Truth("stars, 1 d apart, most clips at 5", _stars((1, 0), 4.5), 4),
    Truth("stars, equal, each request prefers one", _stars((0, 0), 3, 1), 4),
    Truth("stars, 4 prompts, one better by 1 d", _stars((1, 0, 0, 0), 3), 4, 4),
    Truth("adherence, 97 and 3 of 100 make all moves", _share((0.97, 0.03)), 1),
    Truth("adherence, 90 and 60 of 100 make all moves", _share((0.9, 0.6)), 1),
    Truth("seconds, equal, a long tail", _seconds((60, 60)), math.inf),
    Truth("seconds, one takes twice as long", _seconds((60, 120)), math.inf),
)  # fmt: skip


def _differences(truth: Truth, one: int, other: int, rng: random.Random) -> list[float]:
    """Of one round."""
    return [
        truth.draw(rng, one, request) - truth.draw(rng, other, request)
        for request in range(REQUESTS)
    ]


def _true_centres(truth: Truth) -> dict[tuple[int, int], float]:
    rng = random.Random(5)
    middle = statistics.fmean if truth.most < math.inf else statistics.median
    return {
        two: middle([one for _ in range(50_000) for one in _differences(truth, *two, rng)])
        for two in combinations(range(truth.items), 2)
    }


def _missed(truth: Truth, centres: dict[tuple[int, int], float], rng: random.Random) -> bool:
    """Whether any interval of a race misses the truth at any look."""
    left = list(range(truth.items))
    met: dict[int, list[list[float]]] = {item: [] for item in left}
    for _ in range(ROUNDS):
        for item in left:
            met[item].append([truth.draw(rng, item, request) for request in range(REQUESTS)])

        def rounds(one: str, other: str) -> racing.Rounds:
            return [
                [first - second for first, second in zip(*both, strict=True)]
                for both in zip(met[int(one)], met[int(other)], strict=True)
            ]

        beaten = racing.beaten([*map(str, left)], truth.items, rounds)
        for one, other in combinations(left, 2):
            values = [value for each in rounds(f"{one}", f"{other}") for value in each]
            sign = (beaten.get(f"{other}") == f"{one}") - (beaten.get(f"{one}") == f"{other}")
            centre, slack = centres[one, other], 0.01  # of the simulation that found the truth
            back = [-value for value in values]
            if (
                racing.is_above(values, centre + slack, truth.most, truth.items)
                or racing.is_above(back, slack - centre, truth.most, truth.items)
                or sign * centre < -slack
            ):
                return True
        left = [item for item in left if f"{item}" not in beaten]
        if len(left) == 1:
            break
    return False


def coverage() -> Iterator[str]:
    yield "| outcome | races with any interval that missed at any look |\n|---|---:|"
    for truth in TRUTHS:
        centres, rng = _true_centres(truth), random.Random(6)
        missed = sum(_missed(truth, centres, rng) for _ in range(RACES)) / RACES
        print(truth.name, missed, flush=True)
        yield f"| {truth.name} | {missed:.2%} |"


# One race with everything but the drawing: requests, ledger, scorers


def at_the_simulator() -> Iterator[str]:
    """A race of `hn.tune` at the simulator's stand-ins, 4 prompts that are each 1 d apart."""
    worth = {
        f"A cat {verb} [Push in]": value
        for value, verb in enumerate(("sits", "walks", "runs", "flies"))
    }

    def merit(clip: hn.scorers.Clip) -> float:
        luck = random.Random(f"{clip.prompt} {clip.provider} {clip.fields['take']}")
        return worth[clip.prompt] + luck.gauss(0, 1)

    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["HAILUO_NB_HOME"] = folder
        account.SIMULATOR_SPEED = 2000.0
        app = create_app(
            speed=2000.0,
            folder=Path(folder) / "simulator",
            link_base="https://clips.simulator.invalid",
            renderer=_quick_renderer(),
        )
        transport_pool.simulator_transport = lambda _home: httpx2.ASGITransport(app)  # type: ignore[assignment]
        sellers = ["ppinfra", "modelverse", "chanjing", "minimax"]
        plan = hn.plan(
            list(worth), provider=[f"simulated:{one}" for one in sellers], model="MiniMax-Hailuo-02"
        )
        race = hn.tune(plan, scorers=merit, max_clips=400).wait()
        charged = sum(dict(app.state.simulator.charged).values())
        best = race.winner == max(worth, key=worth.__getitem__)
        dropped = ", ".join(str(left) for left in race.rounds["n_left"])
    yield (
        f"{len(race.rounds)} rounds, {charged} clips charged; prompts left after each: {dropped}. "
        f"The winner is {'the best one' if best else 'not the best one'}."
    )


def _quick_renderer() -> Callable[..., None]:
    """Draws one small clip, each file with a box of its own, so that no two have one hash."""
    drawn = clips.clip(size=(320, 180), frames=24)

    def draw(path: Path, **_: Any) -> None:
        path.write_bytes(drawn + struct.pack(">I4s", 16, b"free") + os.urandom(8))

    return draw


def main() -> None:
    lines = [
        "# What a race saves\n",
        "Written by `python -m tests.benchmarks.racing`: hidden qualities, one seed, "
        f"{RACES:,} races a row. Each round asks for one clip of each prompt that is left in "
        f"{REQUESTS} requests, at most {ROUNDS} rounds; 1 d is as much as one take differs from "
        "the next by luck.\n",
        "## Clips, at the same quality of the decision\n",
        "*Clips of all*: of the smallest board without rounds on which the verdicts of "
        "`board.effect` find the best as often, or 99 times of 100 (with Student's test in place of its sign "
        "flips). Nobody knows that number before; a race finds it by itself.\n",
        *savings(),
        "\n## Where nothing differs\n",
        "The promise is that at most 5 % of races drop anything for one that is not better.\n",
        *false_drops(),
        "\n## Intervals that hold at every look\n",
        "Of `race.effects`, asked for after each round, of each two that are left. The promise is "
        "that in at most 5 % of races any of them misses the truth: the mean difference, of seconds "
        "the median.\n",
        *coverage(),
        "\n## One race of `hn.tune` at the simulator\n",
        "4 prompts, each 1 d apart, at four stand-ins; everything but the drawing is real.\n",
        *at_the_simulator(),
    ]
    (HERE / "RACING.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
