"""Requests against lateness: our schedule beside fixed ones and beside the best that knows the
distribution.

    .venv/bin/python -m tests.benchmarks.schedule      writes SCHEDULE.md and schedule.svg; takes
    about a minute

Pure simulation: no clock, no network, one seed. A look takes no time and always answers. The best
schedule comes from dynamic programming over a grid of ages: it minimises looks + weight x lateness
for tasks of that very distribution, and no schedule without hints can stand below its curve.
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hailuo_nb.engine import schedule
from hailuo_nb.engine.schedule import Estimate, learn, next_poll, prior, time_left

HERE = Path(__file__).parent
TASKS = 1000  # a figure
Draw = Callable[[random.Random], float]
Wait = Callable[[float, int], float]
"""(age, looks so far) -> seconds until the next look."""


@dataclass(frozen=True)
class Figure:
    """What a schedule cost: looks a task (the submit is one request more), lateness in seconds."""

    looks: float
    median: float
    mean: float
    worst: float  # of 20

    def row(self) -> str:
        return f"{self.looks:.1f} | {self.median:.2f} | {self.mean:.2f} | {self.worst:.1f}"


def lognormal(median: float, spread: float) -> Draw:
    return lambda rng: rng.lognormvariate(math.log(median), spread)


def two_queues(rng: random.Random) -> float:
    """Bimodal: seven tasks of ten are taken at once, three wait in a queue first."""
    return rng.lognormvariate(math.log(100 if rng.random() < 0.7 else 240), 0.08)


def heavy_tail(rng: random.Random) -> float:
    """Most take 100 s; one of ten has a Pareto tail that reaches hours."""
    return (
        rng.lognormvariate(math.log(100), 0.15)
        if rng.random() < 0.9
        else 120 * rng.paretovariate(1.2)
    )


LAWS: dict[str, Draw] = {
    "steady (log-normal, 300 s, spread 0.05)": lognormal(300, 0.05),
    "usual (log-normal, 300 s, spread 0.2)": lognormal(300, 0.2),
    "loose (log-normal, 100 s, spread 0.45)": lognormal(100, 0.45),
    "bimodal (70 % 100 s, 30 % 240 s)": two_queues,
    "heavy tail (100 s, 10 % Pareto)": heavy_tail,
}


def watch(draw: Draw, wait: Wait, seed: int = 5, tasks: int = TASKS) -> Figure:
    """Look at many tasks with one schedule."""
    rng = random.Random(seed)
    seen = []
    for _ in range(tasks):
        total, at, looks = draw(rng), 0.0, 0
        while at < total:
            at += wait(at, looks)
            looks += 1
        seen.append((looks, at - total))
    return figure(seen)


def figure(seen: Sequence[tuple[int, float]]) -> Figure:
    late = sorted(lateness for _, lateness in seen)
    return Figure(
        statistics.mean(looks for looks, _ in seen),
        statistics.median(late),
        statistics.mean(late),
        late[int(0.95 * len(late))],
    )


def fixed(seconds: float, phase: random.Random) -> Wait:
    """A constant pause. The first one is of random length, else round task lengths would flatter
    it."""
    return lambda age, looks: seconds if looks else seconds * phase.random()


def comfy(age: float, looks: int) -> float:
    """comfy-sdk 0.5.0: looks at once, then 0.5 s growing by half up to 5 s."""
    return 0.0 if looks == 0 else min(0.5 * 1.5 ** (looks - 1), 5.0)


def ours(estimate: Estimate, rng: random.Random) -> Wait:
    return lambda age, _: next_poll(age, estimate, random=rng.random)


def learnt(draw: Draw, before: Estimate, seed: int = 11) -> Estimate:
    """What is known after twenty tasks. Their ends were seen by our own looks, so half a gap is
    uncertain."""
    rng = random.Random(seed)
    return learn(before, [draw(rng) for _ in range(20)])


def about_300(rng: random.Random) -> float:
    """300 s, give or take a few: a schedule of round numbers must not hit the very end."""
    return rng.uniform(295, 305)


COLD = prior("MiniMax-Hailuo-02", "768P", 6)


# -- the best there is
# -----------------------------------------------------------------------------------------------


def best(draw: Draw, weight: float, grid: int = 700) -> Figure:
    """The schedule that minimises looks + weight x mean lateness for this very law, found backwards
    over ages.

    cost(s) = min over t > s of P(T > s) + weight x E[(t - T); s < T <= t] + cost(t): the look at t
    is made if the task was still running at s.
    """
    rng = random.Random(23)
    drawn = np.sort([draw(rng) for _ in range(20_000)])
    ages = np.concatenate([[0.0], np.quantile(drawn, np.linspace(0, 1, grid))])
    ages = np.unique(np.concatenate([ages, np.linspace(0, drawn[-1], 60)]))
    ages[-1] = drawn[-1] * 1.001
    below = np.searchsorted(drawn, ages, side="right")
    share = below / len(drawn)
    sums = np.concatenate([[0.0], np.cumsum(drawn)])[below] / len(drawn)
    count = len(ages)
    cost, follow = np.zeros(count), np.zeros(count, dtype=int)
    for start in range(count - 2, -1, -1):
        ends = slice(start + 1, count)
        late = ages[ends] * (share[ends] - share[start]) - (sums[ends] - sums[start])
        total = (1 - share[start]) + weight * late + cost[ends]
        pick = int(np.argmin(total))
        cost[start], follow[start] = total[pick], start + 1 + pick
    looks = [0.0]
    place = 0
    while place < count - 1:
        place = int(follow[place])
        looks.append(float(ages[place]))
    at = np.array(looks[1:])
    rng = random.Random(5)
    seen = []
    for _ in range(TASKS):
        total_time = draw(rng)
        number = int(np.searchsorted(at, total_time))
        seen.append((number + 1, float(at[min(number, len(at) - 1)]) - total_time))
    return figure([(number, max(late, 0.0)) for number, late in seen])


def with_looks(curve: Sequence[Figure], looks: float) -> float:
    """The mean lateness of a curve at so many looks, on straight lines in logarithms."""
    points = sorted((math.log(point.looks), math.log(max(point.mean, 1e-3))) for point in curve)
    return math.exp(float(np.interp(math.log(looks), *zip(*points, strict=True))))


# -- tables
# ----------------------------------------------------------------------------------------------------------


def by_law() -> tuple[list[str], dict[str, dict[str, list[Figure]]]]:
    lines, curves = [], {}
    for name, draw in LAWS.items():
        phase = random.Random(1)
        warm = learnt(draw, COLD)
        rows = {
            f"fixed {pause:g} s": watch(draw, fixed(pause, phase)) for pause in (0.1, 0.5, 1, 5, 10)
        }
        rows["comfy-sdk, 0.5 to 5 s"] = watch(draw, comfy)
        rows["ours, nothing learnt"] = watch(draw, ours(COLD, phase))
        rows["ours, twenty learnt"] = watch(draw, ours(warm, phase))
        optimum = [best(draw, weight) for weight in (0.1, 0.3, 1, 3, 10, 30, 100)]
        curves[name] = {
            "fixed": list(rows.values())[:5],
            "best": optimum,
            "ours": our_curve(draw, warm),
        }
        curves[name]["comfy"] = [rows["comfy-sdk, 0.5 to 5 s"]]
        lines += [
            f"### {name[0].upper()}{name[1:]}\n",
            "| schedule | looks a task | late, median s | mean s | 95 % s | best mean s with as "
            "many looks |",
            "|---|---|---|---|---|---|",
            *(
                f"| {key} | {found.row()} | {bound(optimum, found)} |"
                for key, found in rows.items()
            ),
            "",
        ]
    return lines, curves


def bound(optimum: Sequence[Figure], found: Figure) -> str:
    counts = [point.looks for point in optimum]
    if not min(counts) <= found.looks <= max(counts):
        return "-"
    return f"{with_looks(optimum, found.looks):.2f}"


def our_curve(draw: Draw, estimate: Estimate) -> list[Figure]:
    """Our rule with other numbers of looks than the one that ships: the whole trade-off."""
    kept, found = (schedule.POLLS, schedule.MIN_INTERVAL), []
    try:
        for looks in (4, 7, 14, 28, 56):
            schedule.POLLS, schedule.MIN_INTERVAL = looks, 0.01
            schedule._summed.cache_clear()
            found.append(watch(draw, ours(estimate, random.Random(1)), tasks=400))
    finally:
        schedule.POLLS, schedule.MIN_INTERVAL = kept
        schedule._summed.cache_clear()
    return found


def of_300_seconds() -> list[str]:
    """The targets of the house: a task of 300 s, cold and after twenty durations."""
    rng = random.Random(2)
    lines = [
        "| what is known | looks | late, median s | mean s | 95 % s |",
        "|---|---|---|---|---|",
    ]

    def add(name: str, found: Figure) -> None:
        lines.append(f"| {name} | {found.row()} |")

    add("fixed 0.1 s (fal-client)", watch(about_300, fixed(0.1, rng), tasks=50))
    add("fixed 0.5 s (replicate, huggingface_hub)", watch(about_300, fixed(0.5, rng)))
    add("fixed 1 s (openai)", watch(about_300, fixed(1, rng)))
    add("fixed 6 s +-1.5 s (runwayml)", watch(about_300, lambda *_: rng.uniform(4.5, 7.5)))
    add("0.5 to 5 s (comfy-sdk)", watch(about_300, comfy))
    for spread in (0.03, 0.05, 0.1, 0.2):
        estimate = learnt(lognormal(300, spread), COLD)
        law = lognormal(300, spread)
        add(f"ours, twenty tasks of 300 s x e^(+-{spread:g})", watch(law, ours(estimate, rng)))
    add(
        "ours, twenty learnt, and the provider tells whole percents",
        told(learnt(lognormal(300, 0.2), COLD)),
    )
    add("ours, nothing learnt (typical: 100 s)", watch(about_300, ours(COLD, rng)))
    add("ours, nothing learnt, and the provider tells whole percents", told(COLD))
    return lines


def told(estimate: Estimate) -> Figure:
    """Tasks of 300 s x e^(+-0.2) at a provider that tells whole percents of the time."""
    rng = random.Random(9)
    seen = []
    for _ in range(TASKS):
        total, at, looks, left = rng.lognormvariate(math.log(300), 0.2), 0.0, 0, None
        while at < total:
            at += next_poll(at, estimate, random=rng.random, left=left)
            looks += 1
            left = time_left(at, math.floor(100 * at / total), None)
        seen.append((looks, at - total))
    return figure(seen)


def sudden_change() -> list[str]:
    """Forty tasks of 200 s, then forty of 60 s, then forty of 400 s; each learnt from as the ledger
    does."""
    lines = [
        "| task after the change | 200 to 60 s: looks | late s | 60 to 400 s: looks | late s |",
        "|---|---|---|---|---|",
    ]
    found: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for seed in range(60):
        rng = random.Random(seed)
        known: list[float] = []
        for phase, median in enumerate((200, 60, 400)):
            for number in range(40):
                total = rng.lognormvariate(math.log(median), 0.08)
                estimate = learn(COLD, known)
                at, ran, looks = 0.0, 0.0, 0
                while at < total:
                    ran = at
                    at += next_poll(at, estimate, random=rng.random)
                    looks += 1
                known.insert(0, (ran + at) / 2)  # what the ledger gets to know (engine.watch)
                found.setdefault((phase, number), []).append((looks, at - total))
    for number in (0, 1, 2, 4, 6, 9, 19, 39):
        cells = []
        for phase in (1, 2):
            seen = found[phase, number]
            cells += [
                f"{statistics.mean(n for n, _ in seen):.1f}",
                f"{statistics.median(s for _, s in seen):.1f}",
            ]
        lines.append(f"| {number + 1} | {' | '.join(cells)} |")
    return lines


def plot(curves: dict[str, dict[str, list[Figure]]]) -> str:
    """One panel a law: looks to the right, mean lateness upwards, both logarithmic."""
    wide, high, pad = 300, 230, 38
    colours = {"fixed": "#999", "best": "#2a7", "ours": "#c33", "comfy": "#36c"}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide * len(curves)}" '
        f'height="{high + 40}" '
        'font-family="sans-serif" font-size="10">',
        f'<rect width="{wide * len(curves)}" height="{high + 40}" fill="white"/>',
    ]

    def place(index: int, found: Figure) -> tuple[float, float]:
        x = (
            index * wide
            + pad
            + (wide - pad - 12) * math.log10(max(found.looks, 2) / 2) / math.log10(4000 / 2)
        )
        y = high - (high - 34) * (
            math.log10(max(found.mean, 0.05)) - math.log10(0.05)
        ) / math.log10(60 / 0.05)
        return round(x, 1), round(y, 1)

    for index, (name, kinds) in enumerate(curves.items()):
        left = index * wide + pad
        parts.append(f'<text x="{left}" y="14">{name}</text>')
        parts.append(
            f'<path d="M{left} 24V{high}H{index * wide + wide - 12}" fill="none" stroke="#333"/>'
        )
        for looks in (2, 10, 100, 1000):
            x, _ = place(index, Figure(looks, 0, 1, 0))
            parts.append(f'<text x="{x}" y="{high + 12}" text-anchor="middle">{looks}</text>')
        for late in (0.1, 1, 10):
            _, y = place(index, Figure(2, 0, late, 0))
            parts.append(f'<text x="{left - 4}" y="{y + 3}" text-anchor="end">{late:g} s</text>')
        for kind, figures in kinds.items():
            points = [place(index, found) for found in figures]
            joined = " ".join(f"{x},{y}" for x, y in points)
            parts.append(f'<polyline points="{joined}" fill="none" stroke="{colours[kind]}"/>')
            parts += [
                f'<circle cx="{x}" cy="{y}" r="2.5" fill="{colours[kind]}"/>' for x, y in points
            ]
    words = (
        "looks a task; upwards: mean lateness. Grey fixed, blue comfy-sdk, red ours (twenty "
        "learnt), green the best"
    )
    parts.append(f'<text x="{pad}" y="{high + 32}">{words}</text></svg>')
    return "\n".join(parts)


def main() -> None:
    laws, curves = by_law()
    text = itertools.chain(
        [
            "# When to ask next: requests against lateness\n",
            "Written by `python -m tests.benchmarks.schedule`: simulation alone, one seed, so the "
            "numbers are the same "
            'on every machine. Looks are status requests; the submit is one more. "Best" knows the '
            "law of the "
            "durations and is found by dynamic programming; with no hint from the server nothing "
            "can be below it.\n",
            "![requests against lateness](schedule.svg)\n",
            "## A task of 300 s\n",
        ],
        of_300_seconds(),
        ["\n## The whole curve\n"],
        laws,
        [
            "## A sudden change of the provider's speed\n",
            "Medians of 60 runs; nothing is told but that it is over. Learning sees an end only "
            "between two looks.\n",
        ],
        sudden_change(),
    )
    (HERE / "SCHEDULE.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    (HERE / "schedule.svg").write_text(plot(curves) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
