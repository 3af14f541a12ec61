"""The boards of the gallery, made on the simulator: pages and pictures into the current folder.

Called by `docs/build.py`, in an empty folder and without a key.
"""

from __future__ import annotations

import json
from pathlib import Path

import hailuo_nb as hn

FOX = "A red fox trots across a meadow at dawn [Truck right,Pan left], then looks up [Push in]"
STREET = "A man in a red coat walks down a quiet street"


def four_providers() -> tuple[hn.Comparison, str]:
    names = ["ppinfra", "modelverse", "chanjing", "xcompute"]
    board = hn.compare(FOX, provider=[f"simulated:{name}" for name in names])
    return board.wait(), "One prompt, four providers. Press play: the clips run in step."


def camera_moves() -> tuple[hn.Comparison, str]:
    moves = ["Push in", "Pull out", "Pedestal up", "Truck left,Pan right"]
    plan = hn.plan(prompt=STREET, camera=moves, provider="simulated:modelverse")
    return hn.compare(plan).wait(), "One scene, four camera moves: what a bracket does."


def judged_sweep() -> tuple[hn.Comparison, str]:
    prompts = [f"A lighthouse on a cliff at {hour} [Push in]" for hour in ("dawn", "noon", "dusk")]
    board = hn.compare(prompts, provider=["simulated:ppinfra", "simulated:modelverse"], takes=2)
    jobs = board.wait().jobs
    for number, job in enumerate(jobs):
        job.annotate(rating=(number * 7) % 5 + 1)
    for number in range(0, len(jobs), 2):
        board.vote(jobs[number], jobs[number + 1], ("first", "tie", "second")[number % 3])
    jobs[0].annotate(note="the light is right", tags=["keep"])
    return board, "Twelve clips with stars, votes and a note. Try Matrix, Table and Summary."


BOARDS = {
    "four-providers": four_providers,
    "camera-moves": camera_moves,
    "judged-sweep": judged_sweep,
}


def main() -> None:
    words = {}
    for name, make in BOARDS.items():
        board, words[name] = make()
        board.to_html(f"{name}.html")
        board.to_png(f"{name}.png")
    Path("words.json").write_text(json.dumps(words), encoding="utf-8")


if __name__ == "__main__":
    main()
