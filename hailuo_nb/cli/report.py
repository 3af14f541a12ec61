"""What became of the clips, for people and as JSON, and the exit code that says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hailuo_nb.cli import exits
from hailuo_nb.cli.terminal import note, records, say, say_json, say_table

if TYPE_CHECKING:
    import pandas as pd

    from hailuo_nb.results.comparison import Comparison
    from hailuo_nb.results.job import Job

_SUMMARY = (
    "n_clips", "n_made", "n_failed", "n_unknown", "seconds_p50", "cost", "currency", "adherence",
)  # fmt: skip
_MAX_LINES = 50  # clips that did not arrive


def exit_code(
    missing: Sequence[Job], checked: pd.DataFrame | None = None, faults: Sequence[str] = ()
) -> int:
    """See `exits`.

    missing  see `missing.missing_clips`
    faults   files that could not be written
    """
    if checked is not None and not checked["passed"].all():
        return exits.CHECKS
    if missing:
        return exits.CLIPS
    return exits.FILES if faults else exits.OK


def print_json(
    board: Comparison, code: int, checked: pd.DataFrame | None = None, by: str = "provider"
) -> None:
    """Prints one object: exit_code, by, clips (the columns of `to_frame`), spent by currency,
    unknown_cost (number of clips of unknown cost), checks."""
    say_json(
        {
            "exit_code": code,
            "by": by,
            "clips": records(board.to_frame()),
            "spent": board.spent,
            "unknown_cost": board.spent.unknown,
            "checks": [] if checked is None else records(checked),
        }
    )


def print_text(
    board: Comparison, code: int, checked: pd.DataFrame | None = None, by: str = "provider"
) -> None:
    """Prints the summary, the clips that did not arrive with their reasons, and the checks."""
    counts = Counter(job.state for job in board.jobs)
    spent = board.spent.text
    said = ", ".join(f"{count} {state}" for state, count in counts.items()) or "none"
    say(f"{len(board)} clips: {said}{f'; {spent} in all' if spent else ''}")
    if len(board):
        table = board.summary(by)
        shown = table[[name for name in _SUMMARY if name in table.columns]]
        say_table(shown.loc[:, [bool(shown[name].notna().any()) for name in shown]].reset_index())
    _print_missing(board)
    if checked is not None:
        say("")
        say_table(
            checked.astype({"passed": object}).replace({"passed": {True: "yes", False: "NO"}})
        )


def _print_missing(board: Comparison) -> None:
    late = [job for job in board.jobs if job.state != "saved"]
    for job in late[:_MAX_LINES]:
        why = " ".join(filter(None, (job.error, job.advice)))
        note(f"{job.provider} take {job.take} ({job.id[:8]}): {job.state}. {why}")
    if len(late) > _MAX_LINES:
        note(f"and {len(late) - _MAX_LINES} more without a clip: `history` has them")
    for skip in board.skipped:
        note(f"{skip.provider}: left out. {skip.error or ''}")
