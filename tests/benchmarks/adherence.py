"""How well camera adherence is measured: clips whose camera is known, filmed on purpose under bad
conditions.

    python -m tests.benchmarks.adherence [--clips N] [--workers N]

Writes ADHERENCE.md beside this file. All constants of `hailuo_nb/measure` were set on the
simulator's meadow and street in the looks of two providers, with other seeds (the page says which
rule was set on what); here are the coast, a room with walls and textures of chance, the two other
looks, and as hard scenes a far vista and a flat poster. Takes about ten minutes on two shared
cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from hailuo_nb.measure import measure
from hailuo_nb.measure.measurement import Measurement
from hailuo_nb.measure.report import direction_share
from hailuo_nb.measure.verdicts import AXES, MOVE_DIRECTIONS, adherence, dominant_move
from hailuo_nb.prompts.camera import move, moves, parse
from tests.benchmarks.filming import Shot, draw, film

SEED = 20_261_122
NAMES = [item.key for item in moves() if item.key != "tracking"]
HELD_OUT = {"places": ("coast", "room"), "looks": ("chanjing", "xcompute"), "size": (480, 270)}
HARD = {**HELD_OUT, "places": ("vista", "poster")}
RANDOM_PLANS = 8  # against each true one


@dataclass(frozen=True)
class Taken:
    """A shot and what was measured on it."""

    shot: Shot
    result: Measurement


def take(shot: Shot, folder: str) -> Taken:
    path = film(shot, Path(folder) / f"{shot.name}.mp4")
    result = measure(path)
    path.unlink()
    return Taken(shot, result)


def shots(rng: np.random.Generator, each: int) -> tuple[list[Shot], list[Shot], list[Shot]]:
    """Single moves on held-out scenes, single moves on hard scenes, plans of three unequal
    brackets."""
    singles = [
        draw(rng, f"single-{key}-{n}", prompt=f"[{move(key).english}]", **HELD_OUT)
        for key in NAMES
        for n in range(each)
    ]
    hard = [
        draw(rng, f"hard-{key}-{n}", prompt=f"[{move(key).english}]", **HARD)
        for key in MOVE_DIRECTIONS
        for n in range(max(2, each // 2))
    ]
    plans = [draw(rng, f"plan-{n}", prompt=plan(rng), **HELD_OUT) for n in range(3 * each)]
    return singles, hard, plans


def plan(rng: np.random.Generator) -> str:
    """Three brackets of one to three moves, no two of a bracket along one axis."""
    brackets = []
    for _ in range(3):
        if rng.random() < 0.2:
            chosen = [str(rng.choice(["shake", "static"]))]
        else:
            axes = rng.permutation(sorted(set(AXES.values())))[: int(rng.choice([1, 1, 2, 2, 3]))]
            chosen = [
                str(
                    rng.choice(
                        [key for key in MOVE_DIRECTIONS if AXES[MOVE_DIRECTIONS[key][0]] == axis]
                    )
                )
                for axis in axes
            ]
        brackets.append("[" + ",".join(move(key).english for key in chosen) + "]")
    return " then ".join(brackets)


# Figures


def share(values: Iterable[bool]) -> str:
    held = list(values)
    return f"{np.mean(held):.3f} ({sum(held)} of {len(held)})" if held else "none"


def directions(taken: Sequence[Taken]) -> list[bool]:
    """One entry a requested move that was performed; `can't tell` counts as not right."""
    return [
        item.direction == "right"
        for one in taken
        for item in adherence(one.shot.prompt, one.result).moves
    ]


def kinds(taken: Sequence[Taken]) -> tuple[list[bool], int]:
    """Whether each claimed kind is the true one, and how many moves have a kind at all."""
    found = [
        item
        for one in taken
        for item in adherence(one.shot.prompt, one.result).moves
        if item.move in MOVE_DIRECTIONS
    ]
    return [item.kind == "right" for item in found if item.kind != "can't tell"], len(found)


def auc(true: Sequence[float], false: Sequence[float]) -> float:
    wins = [(a > b) + 0.5 * (a == b) for a in true for b in false]
    return float(np.mean(wins))


def plan_scores(
    taken: Sequence[Taken], rng: np.random.Generator
) -> tuple[float, float, float, int]:
    """AUC over all clips together, AUC clip by clip, true order above another order, and how many
    of those."""
    true, false, paired, ordered = [], [], [], []
    for one in taken:
        own = adherence(one.shot.prompt, one.result).score or 0.0
        others = [adherence(plan(rng), one.result).score or 0.0 for _ in range(RANDOM_PLANS)]
        true.append(own)
        false += others
        paired += [(own > other) + 0.5 * (own == other) for other in others]
        brackets = one.shot.prompt.split(" then ")
        for order in ((1, 0, 2), (0, 2, 1), (2, 1, 0)):
            other = " then ".join(brackets[index] for index in order)
            if other != one.shot.prompt:
                rival = adherence(other, one.result).score or 0.0
                ordered.append((own > rival) + 0.5 * (own == rival))
    return auc(true, false), float(np.mean(paired)), float(np.mean(ordered)), len(ordered)


def boundaries(taken: Sequence[Taken]) -> list[float]:
    """Seconds between the true and the found beginnings of brackets, but for the first."""
    return [
        abs(step.start - true)
        for one in taken
        for step, true in zip(
            adherence(one.shot.prompt, one.result).steps[1:], one.shot.bounds[1:], strict=False
        )
    ]


def confusion(taken: Sequence[Taken]) -> str:
    """Rows are true; `none`: nothing could be told."""
    names = [*NAMES, "none"]
    counts = Counter(
        (key_of(one.shot), dominant_move(one.result.windows) or "none") for one in taken
    )
    lines = ["| true \\ found | " + " | ".join(names) + " |", "|---|" + "--:|" * len(names)]
    for key in NAMES:
        row = [str(counts[key, other] or "·") for other in names]
        if any(cell != "·" for cell in row):
            lines.append(f"| {key} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def key_of(shot: Shot) -> str:
    return parse(shot.prompt)[0].moves[0].key


def by_condition(taken: Sequence[Taken]) -> str:
    conditions: dict[str, Callable[[Shot], Any]] = {
        "place": lambda s: s.place,
        "crf": lambda s: s.crf,
        "grain": lambda s: int(s.grain),
        "walkers": lambda s: s.walkers,
        "speed": lambda s: (
            "below 0.8" if s.speed < 0.8 else "above 1.3" if s.speed > 1.3 else "0.8 to 1.3"
        ),
    }
    lines = ["| condition | | direction right | fourteen-way |", "|---|---|---|---|"]
    for name, of in conditions.items():
        for value in sorted({of(one.shot) for one in taken}):
            part = [one for one in taken if of(one.shot) == value]
            right = [dominant_move(one.result.windows) == key_of(one.shot) for one in part]
            lines.append(f"| {name} | {value} | {share(directions(part))} | {share(right)} |")
    return "\n".join(lines)


def failures(taken: Sequence[Taken]) -> str:
    lines = [
        f"- `{shot.prompt}` {item.move}: {item.direction}, kind {item.kind} ({item.reason}). "
        f"{shot.place}, speed "
        f"{shot.speed:.2f}, grain {shot.grain:.0f}, crf {shot.crf}, hands {shot.hands:.2f}, "
        f"walkers {shot.walkers}"
        for shot, result in ((one.shot, one.result) for one in taken)
        for item in adherence(shot.prompt, result).moves
        if item.direction != "right" or item.kind == "other"
    ]
    return "\n".join(lines) or "None."


def cpu_seconds(folder: Path) -> tuple[float, float]:
    """CPU and wall seconds to measure 6 s at 1366x768, the better of two."""
    rng = np.random.default_rng(SEED + 1)
    shot = draw(
        rng, "large", prompt=plan(rng), **{**HELD_OUT, "places": ("coast",), "size": (1366, 768)}
    )
    path = film(replace(shot, crf=23, grain=0.0, fps=24), folder / "large.mp4")
    times = []
    for _ in range(2):
        cpu, wall = time.process_time(), time.perf_counter()
        measure(path)
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(times)


def report(
    singles: list[Taken], hard: list[Taken], plans: list[Taken], cpu: tuple[float, float]
) -> str:
    rng = np.random.default_rng(SEED + 2)
    moving = [one for one in singles if key_of(one.shot) in MOVE_DIRECTIONS]
    right, of = kinds(moving)
    plan_right, plan_of = kinds(plans)
    hard_right, hard_of = kinds(hard)
    together, paired, order, orders = plan_scores(plans, rng)
    off = boundaries(plans)
    kept = [adherence(one.shot.prompt, one.result) for one in singles]
    _, _, low, high = direction_share(kept)
    extras = sum(
        len(step.extras) for one in plans for step in adherence(one.shot.prompt, one.result).steps
    )
    both, both_of = right + plan_right, of + plan_of
    rows = [
        (
            "direction right, single moves",
            f"{share(directions(singles))}; 95 %: {low:.2f} to {high:.2f}",
            "0.95",
        ),
        ("direction right, moves of plans", share(directions(plans)), ""),
        (
            "fourteen-way single move",
            share(dominant_move(o.result.windows) == key_of(o.shot) for o in singles),
            "0.90",
        ),
        ("kind when claimed, all", f"{share(both)}, coverage {len(both) / both_of:.2f}", "0.93"),
        ("... single moves", f"{share(right)}, coverage {len(right) / of:.2f}", ""),
        (
            "... moves of plans",
            f"{share(plan_right)}, coverage {len(plan_right) / plan_of:.2f}",
            "",
        ),
        ("hard: direction right", share(directions(hard)), ""),
        (
            "hard: kind when claimed",
            f"{share(hard_right)}, coverage {len(hard_right) / hard_of:.2f}",
            "0.90",
        ),
        (
            "true plan above a random plan, AUC",
            f"{together:.3f} over all clips, {paired:.3f} clip by clip",
            "0.99",
        ),
        (
            "true order of brackets above another",
            f"{order:.3f} ({orders} pairs, a tie is a half)",
            "",
        ),
        ("bracket begins, error", f"{np.mean(off):.2f} s mean, {np.median(off):.2f} s median", ""),
        (
            "moves that nobody asked for",
            f"{extras} in {3 * len(plans)} brackets (there were none)",
            "",
        ),
        (
            "CPU for 6 s at 1366x768",
            f"{cpu[0]:.2f} s ({cpu[1]:.2f} s wall on a busy machine)",
            "at most 1.5",
        ),
    ]
    table = "\n".join(f"| {name} | {value} | {wish} |" for name, value, wish in rows)
    return f"""# Camera adherence: figures

Made by `python -m tests.benchmarks.adherence`. Synthetic clips only, none of a model: the virtual camera's own
geometry in scenes and textures held out of all tuning (coast, room; looks of two providers; hard: vista, poster).
Sample: {len(singles)} single moves of 2 s, {len(hard)} hard ones of 2 s, {len(plans)} plans of three unequal brackets
in 6 s; all 480x270. Conditions by chance: speed 0.5 to 1.8, lens 0.75 to 1.4 widths, grain 0, 4 or 8 grey levels,
hand shake up to a quarter of a shake, crf 20, 28 or 34, up to three walkers, 24 or 25 pictures a second. The sample is
small: a figure from n clips is uncertain by about 1 / sqrt(n) at worst. Tracking is not judged and not in here.

| figure | reached | wished |
|---|---|---|
{table}

The thresholds were set on meadow and street alone, and so were the rules that came later:

- Depth that lets a turn or a zoom be claimed must come from another bracket, and a part of a translation must beat the
  turn that looks like it. Made after a run of this page with seed 20 260 707, on which 2 of 8 kinds claimed on hard
  scenes were wrong.
- A translation that is hardly better than turns alone says nothing of the turn beside it. Found on 96 hard clips (vista
  and poster) of a tuning seed: 2 of 28 claims were wrong, then 0 of 20. So vista and poster are held out by seed and
  texture only, coast and room as places too.
- A slow turn or zoom that goes one way in all windows counts where it was asked for; of two parts that nearly undo
  each other the sum counts. Made after a run with seed 20 261 121 and four clips a move, which reached 0.929 (52 of
  56) directions of single moves, 0.883 (53 of 60) of plans, 0.804 (45 of 56) fourteen-way and AUC 0.975; set on 126
  clips of meadow and street with much grain.

This run's seed is new. No rule and no threshold was changed after it. As few kinds are claimed on hard scenes, 108
more of them were filmed with seed 20 261 123 and the same code: claimed kinds right 0.960 (24 of 25), coverage 0.23,
direction right 0.861 (93 of 108).

A kind is counted wrong when it is called the twin's; silence is not counted, hence the coverage.

## Single moves, fourteen ways

{confusion(singles)}

## Hard scenes, fourteen ways

{confusion(hard)}

## By condition, single moves

{by_condition(singles)}

## Where it fails

Single moves:

{failures(singles)}

Plans:

{failures(plans)}

Hard scenes (a vista shows no way of a few metres, so `missing` is what a viewer would say too):

{failures(hard)}
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--clips", type=int, default=6, help="clips of each single move")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--out", type=Path, default=Path(__file__).with_name("ADHERENCE.md"))
    chosen = options.parse_args()
    groups = shots(np.random.default_rng(SEED), chosen.clips)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(chosen.workers, mp_context=get_context("spawn")) as pool,
    ):
        taken = [list(pool.map(take, group, [folder] * len(group))) for group in groups]
        cpu = cpu_seconds(Path(folder))
    chosen.out.write_text(report(*taken, cpu), encoding="utf-8")
    print(chosen.out.read_text(encoding="utf-8").split("## Single")[0])


if __name__ == "__main__":
    main()
