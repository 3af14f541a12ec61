"""The clips that a call names: jobs of a comparison, or their ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    given = [clips] if isinstance(clips, str | Job) else list(clips)
    return [job_of(jobs, clip) for clip in given]
