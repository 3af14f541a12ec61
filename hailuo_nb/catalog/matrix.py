"""What is sold as a flat table: one record for each endpoint, resolution and duration."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Any

from hailuo_nb.catalog import prices
from hailuo_nb.catalog.rows import Cell, Row, rows
from hailuo_nb.requests.video_request import VideoRequest


def cells() -> Iterator[dict[str, Any]]:
    """The records of `hn.matrix`, which says what their fields are."""
    return (_cell(row, cell) for row in rows() for cell in row.cells)


def _cell(row: Row, cell: Cell) -> dict[str, Any]:
    clip = VideoRequest("", row.model, cell.resolution, cell.duration)
    price = prices.estimate(clip, row.provider)
    limits = row.references
    return {
        "provider": row.provider,
        "model": row.model,
        "endpoint": row.endpoint,
        "resolution": cell.resolution,
        "duration": cell.duration,
        "length": nan if cell.length is None else cell.length,
        "sent_as": str(cell.sent_as),
        "text": row.text,
        "first_frame": row.first_frame,
        "last_frame": row.last_frame,
        "references": 0 if limits is None else limits.count,
        "ratios": ", ".join(row.ratios),
        "sound": row.sound,
        "options": ", ".join(row.options),
        "camera": row.camera.dialect,
        "list": row.tasks.list,
        "cancel": row.tasks.cancel,
        "price": nan if price.value is None else price.value,
        "currency": price.currency,
        "price_date": price.date,
        "price_source": price.source,
        "assumed": cell.assumed,
        "note": cell.note,
        "source": row.source,
        "sure": row.sure[:1],
    }
