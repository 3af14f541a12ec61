"""What an adapter writes a request from: the row and the cell, the options, the prompt.

`check` tells people what is wrong; this is the last guard, so that nothing is dropped silently.
"""

from __future__ import annotations

from hailuo_nb.catalog.row_choice import cell_for, row_for
from hailuo_nb.catalog.rows import Cell, Row
from hailuo_nb.errors import ProviderError
from hailuo_nb.prompts import camera
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.video_request import VideoRequest


def offer(request: VideoRequest, provider: str) -> tuple[Row, Cell]:
    """What serves this request at this provider. Raises ProviderError(invalid) if it does not sell
    it."""
    row, cell = row_for(request, provider), cell_for(request, provider)
    if cell is None:
        asked = f"{request.resolution}, {request.duration} s"
        raise ProviderError("invalid", f"{row.model} is not sold at {asked}")
    if request.references and row.references is None:
        raise ProviderError("invalid", f"{row.endpoint} takes no references")
    if request.ratio is not None and request.ratio not in row.ratios:
        raise ProviderError("invalid", f"{row.endpoint} takes no ratio {request.ratio}")
    if request.sound and row.sound == "no":
        raise ProviderError("invalid", f"{row.endpoint} makes no sound")
    for frame, rule, name in (
        (request.first_frame, row.first_frame, "first"),
        (request.last_frame, row.last_frame, "last"),
    ):
        if frame is not None and rule == "no":
            raise ProviderError("invalid", f"{row.endpoint} takes no {name} frame")
    return row, cell


def ratio(request: VideoRequest, row: Row) -> str | None:
    """The ratio to send: the wanted one, the row's own for a prompt alone, or None."""
    alone = request.first_frame is None and request.last_frame is None and not request.references
    return request.ratio or (row.default_ratio if alone and row.default_ratio else None)


def options(request: VideoRequest, row: Row) -> dict[str, OptionValue]:
    """The options that the user set, under the provider's names.

    An option that the row lacks is left out; `check` has said so. The provider decides an option
    that is not set.
    """
    return {
        row.options[name].sent_as: value
        for name, value in request.options.items()
        if name in row.options
    }


def prompt(request: VideoRequest, row: Row) -> str:
    """The prompt with its camera moves as the provider wants them."""
    return camera.render(request.prompt, row.camera.dialect)
