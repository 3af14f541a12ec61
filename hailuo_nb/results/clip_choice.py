"""The clips that a call names: jobs of a comparison, or their ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hailuo_nb.errors import ArgumentError
from hailuo_nb.requests import arguments
from hailuo_nb.results.job import Job

Clips = Job | str | Iterable[Job | str]
"""One or several: jobs, or their ids."""


def job_of(jobs: Sequence[Job], clip: object) -> Job:
    """The one of these jobs that is meant. Raises ArgumentError."""
    wanted = clip if isinstance(clip, str) else getattr(clip, "id", None)
    found = next((job for job in jobs if job.id == wanted), None)
    if found is None:
        raise ArgumentError(
            f"{arguments.describe(wanted if isinstance(wanted, str) else clip)} is no clip of this "
            "comparison: a clip is a job of it, or its id as in the column `id` of to_frame()"
        )
    return found


def jobs_of(jobs: Sequence[Job], clips: Clips) -> list[Job]:
    """Those that are meant, in the order given. Raises ArgumentError."""
    if isinstance(clips, str | Job):
        return [job_of(jobs, clips)]
    return [job_of(jobs, clip) for clip in listed(clips)]


def listed(clips: object) -> list[Any]:
    """Raises ArgumentError for what cannot be gone through."""
    if not isinstance(clips, Iterable):
        raise ArgumentError(
            f"clips are a list of jobs or of their ids, not {arguments.describe(clips)}"
        )
    return list(clips)


def only_jobs(given: object) -> list[Job]:
    """Jobs alone, one or several, each once. Raises ArgumentError."""
    found = [given] if isinstance(given, Job) else listed(given)
    for one in found:
        if not isinstance(one, Job):
            raise ArgumentError(
                f"a comparison is of jobs, as hn.generate gives one, and "
                f"{arguments.describe(one)} is none"
            )
    return list({job.id: job for job in found}.values())
