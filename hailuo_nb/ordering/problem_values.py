"""The values that the page fills into its words for a problem's code.

A value is a text or a number; lists are joined by ", ".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from hailuo_nb import catalog
from hailuo_nb.catalog import references
from hailuo_nb.catalog.picture_limits import PictureLimits, body_size, megabytes
from hailuo_nb.catalog.row_choice import cells_beside
from hailuo_nb.errors import UnknownNameError
from hailuo_nb.pages.assets import messages
from hailuo_nb.pages.clip_names import short_model
from hailuo_nb.prompts import camera
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest

Values = dict[str, str | int]


def values_of(problem: catalog.Problem, request: VideoRequest, provider: str) -> Values:
    """The values of `studio.problem.<code>` in messages.json, those that its words name, and the
    place of a reference (`at`); {} for a provider that is not in the catalogue.

    title, model, resolution, duration, option, limit, count  of the request and its row
    steps  of the camera in the prompt
    models, resolutions, durations, elsewhere, takers, sent_as  what is sold there
    picture, width, height, size, body, max_bytes, max_side, max_body  of a frame that is too large
    name, measured, limit, at  of references, and the place of the one that it is about
    """
    try:
        row = catalog.row_for(request, provider)
    except UnknownNameError:
        return {}
    rows = [other for other in catalog.rows() if other.provider == provider]
    cells = cells_beside(request, row)
    cell = catalog.cell_for(request, provider)
    values: Values = {
        "title": row.title,
        "model": short_model(request.model),
        "resolution": request.resolution,
        "duration": request.duration,
        "option": problem.field,
        "limit": row.prompt.limit,
        "count": len(request.prompt),
        "models": _listed(short_model(model) for model in catalog.models(provider)),
        "resolutions": _listed(cell.resolution for cell in cells),
        "durations": _listed(
            str(cell.duration) for cell in cells if cell.resolution == request.resolution
        ),
        "elsewhere": _listed(
            cell.resolution for cell in cells if cell.duration == request.duration
        ),
        "takers": _listed(short_model(other.model) for other in rows if other.last_frame != "no"),
        "sent_as": str(cell.sent_as) if cell else "",
        "steps": len(camera.parse(request.prompt)),
        **_picture(problem, request, row.picture),
        **_reference(problem, request, row),
    }
    named = _names_of(problem.code)
    return {name: value for name, value in values.items() if name in named or name == "at"}


@cache
def _names_of(code: str) -> frozenset[str]:
    """The values that the words of a code name, in any language."""
    key = f"studio.problem.{code}"
    texts = (
        text
        for words in messages("studio").values()
        for name, text in words.items()
        if name == key or name.startswith(f"{key}.")
    )
    return frozenset(re.findall(r"{(\w+)}", " ".join(texts)))


def _picture(problem: catalog.Problem, request: VideoRequest, limits: PictureLimits) -> Values:
    if not problem.code.startswith("picture_"):
        return {}
    frame: Frame = getattr(request, problem.field)
    return {
        "picture": frame.name,
        "width": frame.width or 0,
        "height": frame.height or 0,
        "size": megabytes(len(frame.data or b"")),
        "body": megabytes(body_size(request)),
        "max_bytes": megabytes(limits.max_bytes or 0),
        "max_side": limits.max_side or 0,
        "max_body": megabytes(limits.max_body or 0),
    }


def _reference(problem: catalog.Problem, request: VideoRequest, row: catalog.Row) -> Values:
    if problem.code == "reference_missing":
        return {"name": _listed(references.missing(request))}
    if problem.field != "references" or row.references is None:
        return {}
    for one in references.beyond(request, row.references, row.title, row.picture.max_body):
        if (one.code, one.message) == (problem.code, problem.message):
            return one.values | ({} if one.at is None else {"at": one.at})
    return {}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
