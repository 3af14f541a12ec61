"""A comparison read from a folder, made of the clips of `board_clips`, for pages that are written
from one.

No ledger, no loop and no simulator: what is tested is the page.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hailuo_nb as hn
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.results import bundle
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.source import LiveSource
from tests.browser.board_clips import poster, row, write_clips
from tests.engine.memory_ledger import Memory, MemoryLedger


def saved_comparison(
    folder: Path, count: int = 4, *, votes: Sequence[Vote] = (), **changes: Any
) -> Comparison:
    """`count` clips of `board_clips.row`, 9 at most; changes are those of each of them."""
    write_clips(folder, count)
    clips = []
    for index in range(count):
        picture = folder / "posters" / f"{index}.jpg"
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(base64.b64decode(poster(index).partition(",")[2]))
        clips.append(
            {
                **_record(row(index)),
                "poster": f"posters/{index}.jpg",
                "take": 1 + index % 3,
                **changes,
            }
        )
    bundle.write(folder / bundle.FILE, bundle.document("Foxes", clips, [], votes))
    return hn.Comparison.load(folder)


def likes(folder: Path, count: int = 6, **changes: Any) -> Comparison:
    """Clips of one request, by three to a provider, which can be voted on: their ledger is in
    memory."""
    request = _record(row(0))["request"]
    found = saved_comparison(folder, count, request=request | changes)
    runner: Any = SimpleNamespace(ledger=MemoryLedger(Memory(), time.time), home=folder)
    for job in found:
        job._source = LiveSource(runner)
    return found


def _record(made: dict[str, Any]) -> dict[str, Any]:
    switches = dict.fromkeys(
        ["prompt_optimizer", "fast_pretreatment", "watermark", "first_frame", "last_frame"]
    )
    names = (
        "id",
        "provider",
        "provider_title",
        "simulated",
        "model",
        "prompt",
        "duration",
        "state",
        "bytes",
        "submitted_at",
        "finished_at",
    )
    empty = dict.fromkeys(
        ["task_id", "sha256", "error", "error_kind", "error_code", "generation_seconds"]
    )
    request = (
        {name: made[name] for name in ("prompt", "model", "duration")}
        | {"resolution": "768P"}
        | switches
    )
    return {
        **empty,
        **{name: made[name] for name in names},
        "resolution": "768P",
        "request": request,
        "cost": 0.0,
        "currency": "CNY",
        "path": made["video"],
        "rating": 3,
        "note": "",
        "tags": ["fox"],
        "notes": [],
        "created_at": 999.0,
        "progress": 1.0,
    }
