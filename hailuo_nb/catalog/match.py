"""The row and the cell of the matrix that an adapter writes a request from, and the switches it may
send.

Pure. `compat.check` tells people what is wrong; this is the last guard, so that nothing is dropped
silently.
"""

from __future__ import annotations

from hailuo_nb.catalog import compatibility
from hailuo_nb.catalog.rows import Cell, Row
from hailuo_nb.errors import ProviderError
from hailuo_nb.requests.video_request import VideoRequest


def offer(request: VideoRequest, provider: str) -> tuple[Row, Cell]:
    """What serves this request at this provider. Raises ProviderError(invalid) if it does not sell
    it."""
    row, cell = compatibility.row_for(request, provider), compatibility.cell_for(request, provider)
    if cell is None:
        asked = f"{request.resolution}, {request.duration} s"
        raise ProviderError("invalid", f"{row.model} is not sold at {asked}")
    for frame, rule, name in (
        (request.first_frame, row.first_frame, "first"),
        (request.last_frame, row.last_frame, "last"),
    ):
        if frame is not None and rule == "no":
            raise ProviderError("invalid", f"{row.endpoint} takes no {name} frame")
    return row, cell


def switches(request: VideoRequest, row: Row, **fields: str) -> dict[str, bool]:
    """The switches that the user set, under the provider's names: `switches(request, row,
    watermark="aigc_mark")`.

    One that the matrix marks as "none" is left out; `compat.check` has said so. One that nobody set
    is the provider's own to decide.
    """
    return {
        field: getattr(request, name)
        for name, field in fields.items()
        if getattr(request, name) is not None and row.switches[name] != "none"
    }
