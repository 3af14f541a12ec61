"""The format grid of the studio: which of the chosen targets make which resolution and duration,
and why others do not, as `catalog.check` says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, TypedDict

from hailuo_nb import catalog
from hailuo_nb.catalog.names import lines
from hailuo_nb.catalog.rows import DurationRange
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.draft_checks import problems_at
from hailuo_nb.widgets.problem_list import ProblemInfo, TargetProblem, grouped, with_errors

_PROMPT = "a"  # the grid is about formats: a prompt is missing, or too long, in all of its cells
_LINK = "https://example.com/"


class CellSupport(TypedDict):
    """One resolution and duration.

    makes     those of the chosen targets that make it
    problems  of the targets at this cell, as they would stand in the studio's list if it were
              chosen, but for messages where the code has values; and as notes what is to know of
              it (code "length")
    """

    resolution: str
    duration: int
    makes: list[str]
    problems: list[ProblemInfo]


class SupportInfo(TypedDict):
    """The whole grid, so that the page answers a click on another cell at once.

    targets      that it is about
    resolutions  its lines, small to large: what any target can be asked for, and the chosen one
    durations    its columns, in seconds: the same, but for those that only a range has
    range        every second that a target makes which makes any length between two
    cells        one for each line, and each second of columns and range
    """

    targets: list[str]
    resolutions: list[str]
    durations: list[int]
    range: list[int]
    cells: list[CellSupport]


class _Given(NamedTuple):
    """Which files a draft has. Their sizes and kinds are no matter of the format."""

    first_frame: bool
    last_frame: bool
    references: bool


def support(draft: Draft) -> SupportInfo:
    """The grid of a draft. It depends on its targets and on which files it has, on nothing else but
    the chosen cell where none of them sells it."""
    given = _Given(
        draft.first_frame is not None, draft.last_frame is not None, bool(draft.references)
    )
    axes = _axes(draft.targets)
    known = draft.resolution in axes.resolutions, draft.duration in (*axes.durations, *axes.range)
    return _support(
        draft.targets,
        given,
        "" if known[0] else draft.resolution,
        None if known[1] else draft.duration,
    )


@lru_cache(maxsize=16)
def _support(
    targets: tuple[str, ...], given: _Given, resolution: str, duration: int | None
) -> SupportInfo:
    """The grid, with this resolution and duration beside what is sold."""
    axes = _axes(targets)
    resolutions = axes.resolutions
    if resolution:
        resolutions = sorted([*resolutions, resolution], key=lines)
    columns = axes.durations if duration is None else sorted([*axes.durations, duration])
    return {
        "targets": list(targets),
        "resolutions": resolutions,
        "durations": columns,
        "range": axes.range,
        "cells": [
            _cell(targets, given, line, seconds)
            for line in resolutions
            for seconds in sorted({*columns, *axes.range})
        ],
    }


def _cell(targets: tuple[str, ...], given: _Given, resolution: str, duration: int) -> CellSupport:
    def fails(target: str, repair: Mapping[str, Any]) -> bool:
        changed = {name: bool(repair[name]) for name in _Given._fields if name in repair}
        at = repair.get("resolution", resolution), repair.get("duration", duration)
        return bool(with_errors(_problems(target, given._replace(**changed), *at)))

    found = [one for target in targets for one in _problems(target, given, resolution, duration)]
    wrong = with_errors(found)
    return {
        "resolution": resolution,
        "duration": duration,
        "makes": [target for target in targets if target not in wrong],
        "problems": grouped(found, targets, fails),
    }


@lru_cache(maxsize=2**14)
def _problems(
    target: str, given: _Given, resolution: str, duration: int
) -> tuple[TargetProblem, ...]:
    """What stands against a cell at one target, and the length that its clip really has."""
    frame = Frame(_LINK, _LINK)
    draft = Draft(
        targets=(target,),
        resolution=resolution,
        duration=duration,
        first_frame=frame if given.first_frame else None,
        last_frame=frame if given.last_frame else None,
        references=(Reference("picture", _LINK, _LINK),) if given.references else (),
    )
    found = problems_at(draft, target, _PROMPT)
    if not with_errors(found):
        found += _length(draft, target)
    # What has values has words in the page, which are shorter than sixty messages.
    return tuple(replace(one, message="" if one.values else one.message) for one in found)


def _length(draft: Draft, target: str) -> Iterator[TargetProblem]:
    name, request = draft.request(target, _PROMPT)
    row = catalog.row_for(request, ProviderRef.parse(name).provider)
    cell = catalog.cell_for(request, row.provider)
    if cell is not None and cell.length is not None and cell.frames is not None:
        length = f"{cell.length:.2f}".rstrip("0").rstrip(".")
        message = f"A clip of {cell.duration} s of {row.model} has {length} s."
        yield TargetProblem(
            target,
            "duration",
            "note",
            "length",
            message,
            {
                "title": row.title,
                "duration": cell.duration,
                "length": length,
                "frames": cell.frames,
            },
        )


class _Axes(NamedTuple):
    resolutions: list[str]
    durations: list[int]
    range: list[int]


@lru_cache(maxsize=64)
def _axes(targets: tuple[str, ...]) -> _Axes:
    """What these targets can be asked for; all that anybody sells where they sell nothing."""
    refs = map(ProviderRef.parse, targets)
    chosen = {(ref.provider, ref.model) for ref in refs}
    rows = [row for row in catalog.rows() if (row.provider, row.model) in chosen]
    rows = rows or list(catalog.rows())
    listed = {
        seconds
        for row in catalog.rows()
        for one in row.formats
        if not isinstance(one.durations, DurationRange)
        for seconds in one.durations
    }
    formats = [one for row in rows for one in row.formats]
    sold = {cell.duration for one in formats for cell in one.cells()}
    ranged = {
        seconds
        for one in formats
        if isinstance(one.durations, DurationRange)
        for seconds in one.durations.seconds()
    }
    return _Axes(
        sorted({one.resolution for one in formats}, key=lines),
        sorted(sold & listed),
        sorted(ranged),
    )
