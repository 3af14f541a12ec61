"""The columns of a clip: fields of its ledger row and its annotation, in the order of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hailuo_nb.engine import charges
from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.states import State
from hailuo_nb.errors import FieldError
from hailuo_nb.media import files
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.prompts.versions import Versions, changed_words
from hailuo_nb.requests.fields import parse_request

FIELDS = (
    "id", "provider", "model", "prompt", "resolution", "duration", "take", "state", "progress",
    "task_id", "path", "error", "cost", "currency", "charged_cost", "charged_currency",
    "spent",
    "submitted_at", "finished_at", "sound", "rating", "note", "tags",
)  # fmt: skip
"""The columns of every table, in order, and attributes of a job. All are fields of `JobRow` or
`Annotation`, but `progress`, `sound` and `spent`. `tags` is a tuple of text; `spent` is what the
clip cost, in `charged_currency`, else in `currency`: 0 for one that no provider took."""

FILE_FIELDS = (
    "bytes", "sha256", "error_kind", "error_code", "created_at", "generation_seconds", "fps",
    "frames", "waveform",
)  # fmt: skip
"""The fields of `JobRow` that a clip in comparison.json has beside those of `FIELDS`."""


def of_row(
    row: JobRow, annotation: Annotation, home: Path, percent: float | None
) -> dict[str, Any]:
    """The columns of a clip of the ledger, by the names of `FIELDS`.

    home     the folder that the row's path is relative to
    percent  0..1 as the provider says, where it is polled here
    """
    path = files.resolve_below(home, row.path, files.CLIP_SUFFIXES)
    beside = {
        "rating": annotation.rating,
        "note": annotation.note,
        "tags": annotation.tags,
        "progress": progress_of(row.state, percent),
        "path": None if path is None else str(path),
        "sound": None if row.waveform is None else row.waveform != "",
        "spent": charges.spent(row)[0],
    }
    return {name: beside[name] if name in beside else getattr(row, name) for name in FIELDS}


SHAPE = ("ratio", "references")
"""Columns of a table in which any clip has one of them."""


def shape_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Ratio and number of references of `VideoRequest.to_json`; what nobody set is left out. Of the
    sound the clip itself speaks."""
    given = {**request, "references": len(request.get("references", ())) or None}
    return {name: given[name] for name in SHAPE if given.get(name) is not None}


def options_of(row: JobRow) -> dict[str, Any]:
    """The options of a clip of the ledger, and what `shape_of` says of it; none of a stranger's row
    that cannot be read."""
    try:
        request = parse_request(row.request)
    except FieldError:
        return {}
    options = {name: value for name, value in request["options"].items() if value is not None}
    return shape_of(request) | options


VERSION = ("version", "parent", "changes")
"""Columns of the history alone."""


def of_versions(rows: Sequence[JobRow]) -> dict[str, dict[str, Any]]:
    """The columns `VERSION` of each prompt; `rows` is the whole ledger in its order."""
    versions = Versions((row.prompt, row.created_at) for row in rows)
    found: dict[str, dict[str, Any]] = {}
    for version in versions:
        parent = versions.numbered(version.parent)
        changes = changed_words(parent.prompt, version.prompt) if parent else []
        values = (version.number, version.parent, "; ".join(map(str, changes)))
        found[version.prompt] = dict(zip(VERSION, values, strict=True))
    return found


def of_skipped(skipped: Skipped) -> dict[str, Any]:
    """The columns of a clip that cannot be made; None in those that only a job has."""
    beside = {"state": "invalid", "sound": None, "tags": (), "spent": 0.0}
    return {
        name: beside[name]
        if name in beside
        else getattr(skipped, name, getattr(skipped.request, name, None))
        for name in FIELDS
    }


def progress_of(state: State, percent: float | None) -> float | None:
    """0..1 for a progress bar: the provider's number while it runs, 1 once it has the clip."""
    if state in {"ready", "downloading", "saved"}:
        return 1.0
    return percent if state == "submitted" else 0.0
