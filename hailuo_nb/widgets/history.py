"""The studio's history: prompts of the ledger, their versions and pictures, and what was paid."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypedDict

from hailuo_nb import catalog
from hailuo_nb.engine import frame_store
from hailuo_nb.engine.charges import spent
from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.loop import wait
from hailuo_nb.engine.runner import Runner
from hailuo_nb.errors import FieldError
from hailuo_nb.media import files
from hailuo_nb.pages.posters import poster_url
from hailuo_nb.prompts.versions import PromptVersion, Versions, changed_words
from hailuo_nb.requests.fields import parse_request
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference
from hailuo_nb.widgets.draft import FRAMES, Settings, escape_braces, option_names

MAX = 300
"""Entries that are shown; older ones are in `hn.history()`."""


class Against(TypedDict):
    """A version that a prompt is held against, and (words before, words after) of each change."""

    number: int
    changes: list[tuple[str, str]]


class VersionNote(TypedDict):
    """A prompt among the versions of the ledger.

    number    None: it was not sent yet
    parent    what it came from, or would come from
    baseline  the version that is pinned; None for that one itself
    """

    number: int | None
    parent: Against | None
    baseline: Against | None


class Sent(TypedDict):
    """A prompt with its settings and all its targets; frames as identities, references as of
    `Reference.to_json`."""

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


class HistoryEntry(Sent):
    """One prompt of the ledger: `clips` made of it, the newest `at` Unix seconds; `rating` of the
    best one, `poster`: whether any has a picture."""

    key: str
    clips: int
    at: float
    rating: int
    poster: bool
    version: VersionNote


class History(Protocol):
    """What a studio asks about prompts that were sent. Any thread may ask, and waits."""

    def entries(self, baseline: int = 0) -> list[HistoryEntry]:
        """Each prompt once with all its targets, the newest first; `baseline`: see `note`."""

    def recalled(self, key: str) -> Settings:
        """The settings of an entry, for `PromptStudio.load`. Raises ValueError; FrameError where
        its frame or a reference is gone."""

    def poster(self, key: str) -> str:
        """A data URL of the best clip's poster, "" without one. Raises ValueError."""

    def show(self, key: str) -> int:
        """Put the clips of an entry on the board; how many were not there. Raises ValueError."""

    def note(self, prompt: str, baseline: int = 0) -> VersionNote:
        """A prompt among the versions, as of the last call of `entries` or `renew`.

        baseline  the number of the version that is pinned, 0 for none
        """


class LedgerHistory:
    """The `History` of a ledger. It reads and sends nothing.

    show  puts clips of the ledger on a board; returns how many were not there
    """

    def __init__(self, runner: Runner, show: Callable[[list[JobRow]], int]) -> None:
        self._runner, self._show = runner, show
        self._versions: Versions | None = None
        self._shown: dict[str, list[JobRow]] = {}  # the entries of the last answer

    def entries(self, baseline: int = 0) -> list[HistoryEntry]:
        rows = self._rows()
        marks = wait(self._runner.ledger.annotations([row.id for row in rows]))
        self._shown = self._by_key(rows)
        newest = list(reversed(self._shown.items()))[:MAX]
        return [self._entry(key, clips, marks, baseline) for key, clips in newest]

    def recalled(self, key: str) -> Settings:
        entry = _settings_of(self._clips(key))
        return {
            "prompt": entry["prompt"],
            "targets": entry["targets"],
            "resolution": entry["resolution"],
            "duration": entry["duration"],
            "options": entry["options"],
            "first_frame": self._frame(entry["first_frame"], entry["first_frame_source"]),
            "last_frame": self._frame(entry["last_frame"], entry["last_frame_source"]),
            "references": [self._reference(one) for one in entry["references"]],
        }

    def poster(self, key: str) -> str:
        rows = self._shown.get(key) or self._clips(key)
        marks = wait(self._runner.ledger.annotations([row.id for row in rows]))
        best = self._best(rows, marks)
        path = best and self._poster_path(best)
        return poster_url(path) if path else ""

    def show(self, key: str) -> int:
        # What is planned would be sent: that is asked for by `resume`, and confirmed.
        return self._show([row for row in self._clips(key) if row.state != "planned"])

    def note(self, prompt: str, baseline: int = 0) -> VersionNote:
        if self._versions is None:
            self.renew()
        assert self._versions is not None
        versions = self._versions
        known, pinned = versions.of(prompt), versions.numbered(baseline)
        return {
            "number": known.number if known else None,
            "parent": _against(versions.parent_of(prompt), prompt),
            "baseline": None if pinned == known else _against(pinned, prompt),
        }

    def renew(self) -> None:
        """Read the versions again: something was sent."""
        self._rows()

    def _rows(self) -> list[JobRow]:
        rows = wait(self._runner.ledger.history())
        self._versions = Versions((row.prompt, row.created_at) for row in rows)
        return rows

    def _by_key(self, rows: Iterable[JobRow]) -> dict[str, list[JobRow]]:
        """The clips of each entry, the entry with the newest clip last."""
        found: dict[str, list[JobRow]] = {}
        for row in rows:
            try:
                key = _key(row)
            except FieldError:  # a stranger's row
                continue
            clips = found.pop(key, [])  # taken out and put back: the newest comes last
            found[key] = clips
            clips.append(row)
        return found

    def _clips(self, key: str) -> list[JobRow]:
        clips = self._by_key(self._rows()).get(key)
        if clips is None:
            raise ValueError("this prompt is no longer in the ledger")
        return clips

    def _entry(
        self, key: str, rows: list[JobRow], marks: Mapping[str, Annotation], baseline: int
    ) -> HistoryEntry:
        return {
            "key": key,
            **_settings_of(rows),
            "clips": len(rows),
            "at": rows[-1].created_at,
            "rating": max(marks.get(row.id, Annotation()).rating for row in rows),
            "poster": self._best(rows, marks) is not None,
            "version": self.note(rows[-1].prompt, baseline),
        }

    def _best(self, rows: Iterable[JobRow], marks: Mapping[str, Annotation]) -> JobRow | None:
        """Of the clips that have a picture the best rated one, of several the newest."""
        pictured = [row for row in rows if row.poster]
        rated = [(marks.get(row.id, Annotation()).rating, at) for at, row in enumerate(pictured)]
        return pictured[max(rated)[1]] if rated else None

    def _poster_path(self, row: JobRow) -> Path | None:
        return files.resolve_below(self._runner.home, row.poster, files.POSTER_SUFFIXES)

    def _frame(self, identity: str | None, source: str | None) -> Frame | None:
        frame = frame_store.load(self._runner.home, identity)
        return replace(frame, source=source) if frame and source else frame

    def _reference(self, data: Mapping[str, Any]) -> Reference:
        named = Reference(data["kind"], data["identity"], source=data.get("source", ""))
        return frame_store.load_reference(self._runner.home, named)


def _against(version: PromptVersion | None, prompt: str) -> Against | None:
    if version is None:
        return None
    changes = changed_words(version.prompt, prompt)
    return {"number": version.number, "changes": [(one.before, one.after) for one in changes]}


def paid(runner: Runner) -> list[tuple[float | None, str]]:
    """(cost, currency) of each clip that a real provider took from this ledger, or may have
    taken: as charged, else by the list."""
    return [
        spent(row)
        for row in wait(runner.ledger.charged_jobs())
        if not ProviderRef.parse(row.provider).simulated
    ]


def _key(row: JobRow) -> str:
    """What is the same for all clips of an entry, hashed. Raises FieldError."""
    fields = parse_request(row.request)
    same = {
        **{name: fields.get(name) for name in ("prompt", "resolution", "duration", *FRAMES)},
        **{name: fields[name] for name in (*catalog.SHAPE, "references") if name in fields},
        **fields["options"],
    }
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]


def _settings_of(rows: Sequence[JobRow]) -> Sent:
    row = rows[-1]
    fields = parse_request(row.request)
    targets = [str(ProviderRef.parse(one.provider).with_model(one.model)) for one in rows]
    return {
        "prompt": escape_braces(row.prompt),
        "targets": list(dict.fromkeys(targets)),
        "resolution": row.resolution,
        "duration": row.duration,
        "options": {name: fields.get(name, fields["options"].get(name)) for name in option_names()},
        "first_frame": fields.get("first_frame"),
        "last_frame": fields.get("last_frame"),
        "first_frame_source": fields.get("first_frame_source"),
        "last_frame_source": fields.get("last_frame_source"),
        "references": fields.get("references", []),
    }
