"""What the ledger has of clips beside their rows: annotations, own columns, usual times."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.protocol import Ledger
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.requests.own_columns import OwnColumns

_Kind = tuple[str, str, str, int]  # clips of one kind take about as long


@dataclass(frozen=True, slots=True)
class JobDetails:
    """annotations and own columns by job id; usual seconds from submit to file by kind of clip."""

    annotations: dict[str, Annotation]
    own_columns: dict[str, OwnColumns]
    usual_seconds: dict[_Kind, float | None]

    @classmethod
    async def read(cls, ledger: Ledger, rows: Sequence[JobRow]) -> JobDetails:
        """Raises LedgerError."""
        ids = [row.id for row in rows]
        annotated, own = ledger.annotations(ids), ledger.own_columns(ids)
        one_of_each = {_kind(row): row for row in rows}
        asked = {kind: ledger.usual_seconds(row) for kind, row in one_of_each.items()}
        usual = {kind: await asyncio.wrap_future(seconds) for kind, seconds in asked.items()}
        return cls(await asyncio.wrap_future(annotated), await asyncio.wrap_future(own), usual)

    async def unhide(self, ledger: Ledger) -> None:
        """Shows a deleted clip again, because it was asked for once more. Raises LedgerError."""
        for job_id, annotation in self.annotations.items():
            if annotation.hidden:
                self.annotations[job_id] = await asyncio.wrap_future(
                    ledger.annotate(job_id, hidden=False)
                )

    def apply(self, jobs: Sequence[TrackedJob]) -> None:
        for job in jobs:
            job.annotation = self.annotations.get(job.row.id, job.annotation)
            if own := self.own_columns.get(job.row.id):
                job.spec = replace(job.spec, own_columns=own)
            job.usual_seconds = self.usual_seconds[_kind(job.row)]


def _kind(row: JobRow) -> _Kind:
    return row.provider, row.model, row.resolution, row.duration
