"""Which row and which cell of the catalogue serve a request."""

from __future__ import annotations

from hailuo_nb.catalog.names import canonical_model, default_model, models, rows_of
from hailuo_nb.catalog.rows import Cell, Row
from hailuo_nb.requests.video_request import VideoRequest


def row_for(request: VideoRequest, provider: str) -> Row:
    """The row that serves this request; the nearest one where none does. Raises UnknownNameError
    for a provider.

    One model can have several endpoints (PPInfra's 2.3 has one for text and one for a first frame,
    fal one for each resolution as well).
    """
    model = canonical_model(str(request.model)) or ""
    of_model = [row for row in rows_of(provider) if row.model == model]
    if not of_model:
        default = default_model(provider)
        of_model = [row for row in rows_of(provider) if row.model == default]
    return max(of_model, key=lambda row: row.fit(request))


def cells_beside(request: VideoRequest, row: Row) -> list[Cell]:
    """What is sold of this row's model with the frames and references of the request, at whatever
    endpoint."""
    served = row.serves(request)
    return [
        cell
        for other in rows_of(row.provider)
        if other.model == row.model and other.serves(request) == served
        for cell in other.cells
    ]


def cell_for(request: VideoRequest, provider: str) -> Cell | None:
    """The cell that holds the request's resolution and duration, or None where it is not sold."""
    if request.model not in models(provider):
        return None
    return cell_of(row_for(request, provider), request)


def cell_of(row: Row, request: VideoRequest) -> Cell | None:
    """The cell of this row with the request's resolution and duration; None where it has none."""
    wanted = (request.resolution, request.duration)
    if type(request.duration) is not int:  # True and 6.0 equal numbers of seconds, and are none
        return None
    return next((cell for cell in row.cells if (cell.resolution, cell.duration) == wanted), None)
