"""A finished clip made again at a higher resolution, by its task: the request and its price."""

from __future__ import annotations

import time

from hailuo_nb import catalog
from hailuo_nb.catalog.regeneration import REGENERATE
from hailuo_nb.engine.evidence import DAY
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.errors import ArgumentError
from hailuo_nb.ordering.validation import job_spec
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.job_attributes import JobAttributes, account_of


def spec_of(job: JobAttributes, resolution: str = "") -> JobSpec:
    """What makes a finished clip again at a higher resolution, with its price.

    resolution  "" for whatever the provider sells

    Raises ArgumentError that says why it cannot be made.
    """
    return job_spec(account_of(job), _request(job, resolution), 1, job.own_columns)


def offer_of(job: JobAttributes) -> tuple[str, float | None, str, str] | None:
    """See `Job.regenerating`."""
    try:
        spec = spec_of(job)
    except ArgumentError:
        return None
    sold = catalog.row_for(spec.request, spec.account.provider.name).regeneration
    return spec.request.resolution, spec.cost, spec.currency, sold.note if sold else ""


def _request(job: JobAttributes, resolution: str) -> VideoRequest:
    request, title = job.request, job.provider_title
    sold = catalog.row_for(request, account_of(job).provider.name).regeneration
    if sold is None or sold.of != job.resolution or REGENERATE in request.options:
        raise ArgumentError(f"{title} makes no clip of {job.model} at {job.resolution} again")
    if resolution and resolution.strip().upper() != sold.to.upper():
        raise ArgumentError(f"{title} makes a clip of {sold.of} again at {sold.to} only")
    if job.state not in {"ready", "saved"} or job.task_id is None:
        raise ArgumentError(
            f"a clip is made again once it is finished, and this one is {job.state}"
        )
    if job.submitted_at is not None and time.time() - job.submitted_at > sold.days * DAY:
        raise ArgumentError(f"{title} makes a clip again for {sold.days:g} days, and this is older")
    return request.but(resolution=sold.to, **{REGENERATE: job.task_id})
