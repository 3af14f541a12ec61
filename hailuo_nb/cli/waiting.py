"""Waiting, with a bar on a terminal alone: a log has no use for one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hailuo_nb.cli.terminal import note
from hailuo_nb.pages.progress import Progress, reporting
from hailuo_nb.results.waiting import wait_for_all

if TYPE_CHECKING:
    from hailuo_nb.measure.scoring import Scoring
    from hailuo_nb.results.job import Job

_SLICE = 0.25  # seconds between two looks


def _shown() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def wait_for_clips(jobs: Sequence[Job], timeout: float | None) -> list[Job]:
    """Returns the jobs that are not over after `timeout` seconds. Prints the first trouble at each
    provider meanwhile: without a network no job would be over."""
    troubled: set[str] = set()

    def print_trouble() -> None:
        for job in jobs:
            if job.provider not in troubled and not job.done and job.error:
                troubled.add(job.provider)
                below_the_bar = "\n" if _shown() else ""
                note(f"{below_the_bar}{job.provider}: {job.error}")

    return wait_for_all(jobs, timeout, shown=_shown(), also=print_trouble)


def wait_for_scores(scoring: Scoring) -> None:
    """Raises ScoreError where nothing could be measured."""

    def progress() -> Progress:
        return Progress(len(scoring), scoring.total, f"{len(scoring)} of {scoring.total} scored")

    with reporting(progress, shown=_shown()) as tick:
        try:
            while not scoring.done:
                with contextlib.suppress(TimeoutError):
                    scoring.wait(_SLICE)
                tick()
        except KeyboardInterrupt:
            scoring.cancel()
            raise
    scoring.wait()
