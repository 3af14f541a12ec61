"""What was asked for before, as a studio shows it: prompts with their settings, and what the clips
cost.

Knows the ledger's rows; must not know the widget. Reads only, from whatever thread asks, and waits
for the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hailuo_nb.engine import frame_store
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.loop import wait
from hailuo_nb.engine.runner import Runner
from hailuo_nb.errors import FieldError
from hailuo_nb.requests.fields import parse_request
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.widgets.draft import OPTIONS, escape_braces

MAX = 300
"""Entries that are shown; older ones are in `hn.history()`."""

_FRAMES = ("first_frame", "last_frame")


def entries(runner: Runner) -> list[dict[str, Any]]:
    """Prompts that were asked for, each once with all its targets, the newest first (see
    PromptStudio)."""
    found: dict[str, dict[str, Any]] = {}
    for row in wait(runner.ledger.history()):
        try:
            entry = _entry(row)
        except FieldError:  # a stranger's row
            continue
        known = found.pop(entry["key"], None)  # taken out and put back: the newest comes last
        if known is not None:
            entry["targets"] = list(dict.fromkeys([*known["targets"], *entry["targets"]]))
            entry["clips"] += known["clips"]
        found[entry["key"]] = entry
    return list(reversed(found.values()))[:MAX]


def recalled(runner: Runner, key: str) -> Mapping[str, Any]:
    """The settings of an entry, for `PromptStudio.load`. Raises ValueError; FrameError where its
    frame is gone."""
    entry = next((one for one in entries(runner) if one["key"] == key), None)
    if entry is None:
        raise ValueError("this prompt is no longer in the ledger")
    frames = {name: _frame(runner, entry, name) for name in _FRAMES}
    names = ("prompt", "targets", "resolution", "duration", "options")
    return {name: entry[name] for name in names} | frames


def _frame(runner: Runner, entry: Mapping[str, Any], name: str) -> Frame | None:
    frame = frame_store.load(runner.home, entry[name])
    source = entry[f"{name}_source"]
    return replace(frame, source=source) if frame and source else frame


def paid(runner: Runner) -> list[tuple[float | None, str]]:
    """(list price, currency) of each clip that a real provider took from this ledger, or may have
    taken."""
    return [
        (row.cost, row.currency)
        for row in wait(runner.ledger.charged_jobs())
        if not ProviderRef.parse(row.provider).simulated
    ]


def _entry(row: JobRow) -> dict[str, Any]:
    asked = parse_request(row.request)
    same = {
        name: asked.get(name) for name in ("prompt", "resolution", "duration", *_FRAMES, *OPTIONS)
    }
    return {
        "key": hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16],
        "prompt": escape_braces(row.prompt),
        "targets": [str(ProviderRef.parse(row.provider).with_model(row.model))],
        "resolution": row.resolution,
        "duration": row.duration,
        "options": {name: asked.get(name) for name in OPTIONS},
        "first_frame": asked.get("first_frame"),
        "last_frame": asked.get("last_frame"),
        "first_frame_source": asked.get("first_frame_source"),
        "last_frame_source": asked.get("last_frame_source"),
        "clips": 1,
        "at": row.created_at,
    }
