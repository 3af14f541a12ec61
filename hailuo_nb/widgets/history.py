"""The studio's history: prompts of the ledger with their settings, and what their clips cost.

Reads only. Any thread may call it and waits for the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict

from hailuo_nb import catalog
from hailuo_nb.engine import frame_store
from hailuo_nb.engine.charges import spent
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.loop import wait
from hailuo_nb.engine.runner import Runner
from hailuo_nb.errors import FieldError
from hailuo_nb.requests.fields import parse_request
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference
from hailuo_nb.widgets.draft import FRAMES, Settings, escape_braces, option_names

MAX = 300
"""Entries that are shown; older ones are in `hn.history()`."""


class HistoryEntry(TypedDict):
    """One prompt with its settings and all its targets; frames as identities, references as of
    `Reference.to_json`, `at` in Unix seconds."""

    key: str
    prompt: str
    targets: list[str]
    resolution: str
    duration: int
    options: dict[str, OptionValue | None]
    first_frame: str | None
    last_frame: str | None
    first_frame_source: str | None
    last_frame_source: str | None
    references: list[dict[str, str]]
    clips: int
    at: float


def entries(runner: Runner) -> list[HistoryEntry]:
    """Each prompt of the ledger once, with all its targets; the newest first."""
    found: dict[str, HistoryEntry] = {}
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


def recalled(runner: Runner, key: str) -> Settings:
    """The settings of an entry, for `PromptStudio.load`. Raises ValueError; FrameError where its
    frame or a reference is gone."""
    entry = next((one for one in entries(runner) if one["key"] == key), None)
    if entry is None:
        raise ValueError("this prompt is no longer in the ledger")
    return {
        "prompt": entry["prompt"],
        "targets": entry["targets"],
        "resolution": entry["resolution"],
        "duration": entry["duration"],
        "options": entry["options"],
        "first_frame": _frame(runner, entry["first_frame"], entry["first_frame_source"]),
        "last_frame": _frame(runner, entry["last_frame"], entry["last_frame_source"]),
        "references": [_reference(runner, one) for one in entry["references"]],
    }


def _frame(runner: Runner, identity: str | None, source: str | None) -> Frame | None:
    frame = frame_store.load(runner.home, identity)
    return replace(frame, source=source) if frame and source else frame


def _reference(runner: Runner, data: Mapping[str, Any]) -> Reference:
    named = Reference(data["kind"], data["identity"], source=data.get("source", ""))
    return frame_store.load_reference(runner.home, named)


def paid(runner: Runner) -> list[tuple[float | None, str]]:
    """(cost, currency) of each clip that a real provider took from this ledger, or may have
    taken: as charged, else by the list."""
    return [
        spent(row)
        for row in wait(runner.ledger.charged_jobs())
        if not ProviderRef.parse(row.provider).simulated
    ]


def _entry(row: JobRow) -> HistoryEntry:
    fields = parse_request(row.request)
    same = {
        **{name: fields.get(name) for name in ("prompt", "resolution", "duration", *FRAMES)},
        **{name: fields[name] for name in (*catalog.SHAPE, "references") if name in fields},
        **fields["options"],
    }
    return {
        "key": hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16],
        "prompt": escape_braces(row.prompt),
        "targets": [str(ProviderRef.parse(row.provider).with_model(row.model))],
        "resolution": row.resolution,
        "duration": row.duration,
        "options": {name: fields.get(name, fields["options"].get(name)) for name in option_names()},
        "first_frame": fields.get("first_frame"),
        "last_frame": fields.get("last_frame"),
        "first_frame_source": fields.get("first_frame_source"),
        "last_frame_source": fields.get("last_frame_source"),
        "references": fields.get("references", []),
        "clips": 1,
        "at": row.created_at,
    }
