"""`run plan.csv`: a plan without a notebook, from its price to the exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from hailuo_nb import api
from hailuo_nb.cli import addresses, dry_run, exits, plan_file, report
from hailuo_nb.cli.missing import missing_clips
from hailuo_nb.cli.outputs import Outputs
from hailuo_nb.cli.terminal import note
from hailuo_nb.cli.waiting import wait_for_clips, wait_for_scores
from hailuo_nb.errors import ArgumentError, HailuoError, TableError
from hailuo_nb.measure.axes import axis_among
from hailuo_nb.measure.decode import require_opencv
from hailuo_nb.measure.ready import Measured, camera
from hailuo_nb.measure.report import COLUMNS as MEASURED
from hailuo_nb.measure.scorer import name_taken, scorers_of
from hailuo_nb.measure.scoring import score
from hailuo_nb.ordering import budget, table_columns
from hailuo_nb.ordering.accounts import is_all
from hailuo_nb.ordering.table import is_empty
from hailuo_nb.requests import arguments
from hailuo_nb.results import check_text, checks
from hailuo_nb.results.columns import FIELDS

if TYPE_CHECKING:
    import pandas as pd

    from hailuo_nb.results.check_text import Check
    from hailuo_nb.results.comparison import Comparison


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked for: `arguments` are those of `hn.compare`, `named` those of them that the
    command line has."""

    plan: str
    arguments: dict[str, Any]
    named: frozenset[str]
    checks: Sequence[str]
    by: str
    scorers: Sequence[str]
    html: str | None
    csv: str | None
    junit: str | None
    save: str | None
    base_urls: Sequence[str]
    key_sources: Sequence[str]
    timeout: float | None
    dry_run: bool
    as_json: bool


def run(asked: Run) -> int:
    """Returns the exit code. Raises HailuoError where nothing was sent."""
    timeout = arguments.as_timeout(asked.timeout)
    budget.parse_limits(asked.arguments["max_cost"], asked.arguments["max_clips"])
    if asked.save is not None and not asked.save.strip():
        raise ArgumentError("--save is '', which is no name")
    scorers = _scorers(asked.scorers)
    wanted = _checks(asked.checks, scorers)
    outputs = Outputs.of(asked.html, asked.csv, asked.junit, plan=asked.plan)
    table = plan_file.read(asked.plan)
    if "provider" not in table and not asked.arguments["provider"]:
        raise TableError("the plan has no column 'provider': name providers with --provider")
    axis = axis_among(asked.by, set(table.columns) - set(table_columns.known()))
    asked, table = _at_addresses(asked, table)
    planned = dry_run.without_limits(table, asked.arguments)
    if asked.dry_run:
        dry_run.print_plan(planned, as_json=asked.as_json)
    leave_out = asked.arguments["skip_invalid"] or is_all(asked.arguments["provider"])
    dry_run.require_makeable(planned, skip_invalid=leave_out)
    if not asked.dry_run or dry_run.has_limit(asked.arguments):
        dry_run.require_limits(planned, table, asked.arguments)
    if asked.dry_run:
        return exits.OK
    if any(map(checks.needs_measuring, wanted)) or _measures(scorers):
        require_opencv()
    outputs.require_writable()
    board = None
    try:
        board = _made(table, planned, asked)
        if asked.save:
            board.save(asked.save)
        if late := wait_for_clips(board.jobs, timeout):
            note(f"{len(late)} of {len(board)} clips are not over after {timeout:g} s: `resume`.")
        _score(board, wanted, scorers)
        return _finish(board, asked, axis, outputs, wanted)
    except KeyboardInterrupt:
        note(
            "\nStopped waiting. What was sent goes on at its provider and is not paid again: the "
            "same command, or `resume`, goes on with it. Nothing was written."
        )
        return exits.INTERRUPTED
    except HailuoError as error:
        if board is None:
            raise
        note(f"{error}\nThe clips that were sent go on: the same command pays nothing twice.")
        return exits.CLIPS


def _finish(
    board: Comparison, asked: Run, by: str, outputs: Outputs, wanted: Sequence[Check]
) -> int:
    """Checks, writes the files and prints the result. A check fails if no clip has its column."""
    columns = [one.column for one in wanted]
    checked = None
    if asked.checks:
        jobs = [job for job in board.jobs if not job.hidden]
        summary = board.summary(by)
        checked = checks.check(
            asked.checks, by, summary, jobs, board.skipped, errors="ignore", also=columns
        )
    holds = checked is None or bool(checked["passed"].all())
    missing = missing_clips(board.jobs, wanted if holds else (), by)
    faults = outputs.write(board, checked, missing)
    code = report.exit_code(missing, checked, faults)
    show = report.print_json if asked.as_json else report.print_text
    show(board, code, checked, by)
    for fault in faults:
        note(f"not written: {fault}")
    return code


# Before anything is sent -------------------------------------------------------------------------


def _at_addresses(asked: Run, table: pd.DataFrame) -> tuple[Run, pd.DataFrame]:
    """The run and its plan, with the accounts of --base-url and --key-from. Prints a note on each
    option that every row of the plan overrules."""
    for name in ("provider", "model", "resolution", "duration"):
        if name in asked.named and name in table and not table[name].map(is_empty).any():
            note(f"note: --{name} counts for nothing: each row of the plan has its own.")
    given = addresses.accounts_of(asked.base_urls, asked.key_sources)
    if not given:
        return asked, table
    table = addresses.with_providers(table, asked.arguments["provider"] or [], given)
    return replace(asked, arguments={**asked.arguments, "provider": list(given.values())}), table


def _scorers(names: Sequence[str]) -> dict[str, Any]:
    """Functions by their names in `module:function`; an empty dict without any."""
    found: dict[str, Any] = {}
    here = str(Path.cwd())
    if names and here not in sys.path:  # the script `hailuo-nb` has not the current folder
        sys.path.insert(0, here)
    for name in names:
        try:
            function = resolve_name(name)
        except Exception as error:  # whatever the module raises
            raise ArgumentError(
                f"--scorer {name} cannot be imported ({type(error).__name__}: {error}): it is "
                "written module:function"
            ) from None
        own = name.rpartition(":")[2].rpartition(".")[2]
        if found.get(own, function) is not function:
            raise ArgumentError(
                f"two scorers are called {own!r}, which is the name of their column: rename one"
            )
        if own in {*FIELDS, *MEASURED} and not isinstance(function, Measured):
            raise name_taken(own)
        found[own] = function
    if found:
        scorers_of(found)  # raises for what is no scorer, before anything is sent
    return found


def _measures(scorers: dict[str, Any]) -> bool:
    return any(isinstance(one, Measured) for one in scorers.values())


def _checks(texts: Sequence[str], scorers: dict[str, Any]) -> list[Check]:
    """Read, and of columns that there will be. A scorer's own are NAME or NAME_key."""
    if not texts:
        return []
    found = check_text.read(texts)
    names = [one.name for one in scorers_of(scorers)] if scorers else []
    known = [*checks.known_columns(), *names]
    check_text.require_known(
        [one for one in found if not one.column.startswith(tuple(f"{name}_" for name in names))],
        known,
    )
    return found


# From here on it costs money ---------------------------------------------------------------------


def _made(table: pd.DataFrame, planned: pd.DataFrame, asked: Run) -> Comparison:
    counts = planned["would"].value_counts()
    sent = planned[planned["would"] == "send"]
    said = [f"{len(sent)} to send ({dry_run.price_of(sent)})"] if len(sent) else []
    known = int(planned["job"].notna().sum())
    said += [f"{known} in the ledger already"] if known else []
    twice = counts.get("reuse", 0) - known
    said += [f"{twice} asked for twice"] if twice else []
    said += [f"{counts['refuse']} left out"] if counts.get("refuse") else []
    limits = asked.arguments
    if not dry_run.has_limit(limits):  # nothing is paid that the dry run had not
        limits = {**limits, "max_clips": len(sent)}
    board = api.compare(table, **limits)
    note(f"{dry_run.clips(len(planned))}: {'; '.join(said)}.")
    for remark in dict.fromkeys(one for job in board.jobs for one in job.notes):
        note(f"note: {remark}")
    return board


def _score(board: Comparison, wanted: Sequence[Check], scorers: dict[str, Any]) -> None:
    """Measures the clips if a check needs it. A clip without a score fails the check, with the
    reason."""
    if any(map(checks.needs_measuring, wanted)) and not _measures(scorers):
        scorers = {**scorers, "camera": camera}
    if not scorers:
        return
    try:
        wait_for_scores(score(board, scorers=scorers))
    except HailuoError as error:
        note(f"not all was scored: {error}")
