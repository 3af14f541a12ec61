"""h3check, a validator of H3 requests made by others, beside our catalogue of MiniMax-H3.

500 made-up requests, the same on every run; where the two disagree, a source has to say why.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from typing import Any

from hailuo_nb import catalog
from hailuo_nb.catalog.compatibility import check
from hailuo_nb.requests.reference import Reference, ReferenceKind
from hailuo_nb.requests.video_request import VideoRequest
from tests.peers.scenes import BUILD

SEED, COUNT = 20261128, 500
SECONDS = {4, 5, 6, 8, 10, 12, 15}
# Codes of ours for requests that h3check lets through, and who says that they are refused.
STRICTER = {
    "prompt_missing": "no prompt: MiniMax's V2 page wants exactly one text in `content`",
    "references_sound_alone": "sounds alone: MiniMax's V2 page takes `reference_audio` only beside "
    "a picture or clip (its own command line says so too: `--reference-audio` requires one)",
    "sound_always": "without sound: h3check warns of the same (`audio cannot be switched off`); an "
    "API that has no such field would bring a clip that was not asked for",
}
_VERDICTS = """
import h3check, json, sys
asked = json.load(sys.stdin)
found = [h3check.validate(one) for one in asked]
grid = {n: h3check.snap(n)[2] for n in range(4, 16)}
print(json.dumps([[one.errors for one in found], grid]))
"""
_KINDS: tuple[tuple[ReferenceKind, str, int], ...] = (
    ("picture", "images", 11),
    ("clip", "videos", 4),
    ("sound", "audio", 4),
)


def asked(chance: random.Random) -> dict[str, Any]:
    """One request as h3check reads it: most of it sold, each part sometimes not."""

    def one(good: list[Any], bad: list[Any]) -> Any:
        return chance.choice(bad if chance.random() < 0.12 else good)

    request: dict[str, Any] = {
        "prompt": "x" * one([1, 200, 7000], [0, 7001, 9000]),
        "duration": one([*range(4, 16)], [0, 1, 3, 16, 20]),
        "resolution": one(["768P", "2K"], ["480P", "512P", "720P", "1080P", "4K"]),
    }
    if chance.random() < 0.5:
        ratio = one(["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"], ["3:2", "9:21", "5:4"])
        request["aspect_ratio"] = ratio
    if chance.random() < 0.1:
        request["generate_audio"] = False
    if chance.random() < 0.5:
        request["references"] = {
            name: [
                {} if kind == "picture" else {"seconds": one([2, 3, 5, 7.5], [1, 15, 16])}
                for _ in range(chance.choice([0, 0, 1, 2, chance.randint(0, most)]))
            ]
            for kind, name, most in _KINDS
        }
    return request


def ours(request: dict[str, Any]) -> VideoRequest:
    """The same request as hailuo_nb has it."""
    given = request.get("references", {})
    references = tuple(
        Reference(
            kind, f"{name}{at}", url=f"https://a.example/{name}{at}", seconds=file.get("seconds")
        )
        for kind, name, _ in _KINDS
        for at, file in enumerate(given.get(name, ()))
    )
    return VideoRequest(
        request["prompt"],
        "MiniMax-H3",
        resolution=request["resolution"],
        duration=request["duration"],
        ratio=request.get("aspect_ratio"),
        sound=request.get("generate_audio"),
        references=references,
    )


def theirs(requests: list[dict[str, Any]]) -> tuple[list[list[str]], dict[str, float]]:
    """h3check's errors for each request, and the real length of each duration."""
    command = [str(BUILD / "bin" / "python"), "-c", _VERDICTS]
    done = subprocess.run(
        command, input=json.dumps(requests), capture_output=True, text=True, check=True
    )
    errors, grid = json.loads(done.stdout)
    return errors, grid


def report() -> str:
    """What both say, as Markdown. Raises AssertionError where they differ and nobody says why."""
    chance = random.Random(SEED)
    requests = [asked(chance) for _ in range(COUNT)]
    errors, grid = theirs(requests)
    found: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for request, said in zip(requests, errors, strict=True):
        codes = {one.code for one in check(ours(request), "minimax") if one.severity == "error"}
        if bool(codes) == bool(said):
            found["both refuse" if said else "both accept"] += 1
            continue
        found["we refuse, h3check accepts" if codes else "h3check refuses, we accept"] += 1
        assert codes and codes <= set(STRICTER), f"{request}: ours {codes}, h3check {said}"
        reasons.update(codes)
    others = [f"{name} s" for name, length in lengths().items() if grid[name] != length]
    lines = [
        "## h3check and our catalogue",
        "",
        f"{COUNT} made-up requests for MiniMax-H3 (seed {SEED}), in h3check 0.1.0 and in",
        '`catalog.check(request, "minimax")`:',
        "",
        *(f"- {count} {name}" for name, count in sorted(found.items())),
        "",
        "What each difference is, and who says so:",
        "",
        *(f"- {reasons[code]} x {STRICTER[code]}" for code in STRICTER if reasons[code]),
        "",
        f"The real length (17 n + 5 frames at 24 a second) differs at {', '.join(others)}: h3check takes",
        "the nearest, our catalogue the next one up. MiniMax's page on regeneration has 107 to 362",
        "frames for 4 to 15 s, and so has h3check's own `nRangeWithinDuration` (n from 6 to 20), while",
        "the nearest to 4 s would be 90 frames.",
    ]
    return "\n".join(lines)


def lengths() -> dict[str, float]:
    """Real length of each duration, as our catalogue has it."""
    rows = [one for one in catalog.rows() if (one.provider, one.model) == ("minimax", "MiniMax-H3")]
    cells = [cell for cell in rows[0].cells if cell.resolution == "768P"]
    return {str(cell.duration): float(cell.length or 0) for cell in cells}
