"""What is sold: one row for each model at each provider, as `matrix.json` has it, each with its
source.

Pure; this file only reads them. Must not know requests or judge them (`compat`).
(Not named `matrix.py`: a module of that name would take the place of the function
`hailuo_nb.matrix`.)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from hailuo_nb.catalog.picture_limits import PictureLimits

Need = Literal["no", "optional", "required"]
SwitchState = Literal["works", "ignored", "undocumented", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One resolution and duration that a row sells.

    sent_as   the provider's spelling of the resolution: "768P", "768p", 720
    assumed   no page documents this cell
    note      what the user should know about it, or ""
    """

    resolution: str
    duration: int
    sent_as: str | int
    assumed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One model at one provider, as one line of the matrix.

    model            MiniMax's own name
    endpoint         the provider's id of it: "minimax-hailuo-2.3-i2v", "MiniMax-Hailuo-02"
    text             a prompt alone is enough
    first_frame, last_frame   "no", "optional" or "required"
    default          the provider's default model
    switches         prompt_optimizer, fast_pretreatment, watermark -> "works", "ignored" (there is
                     a field, and the page says it does nothing), "undocumented" or "none" (no such
                     field)
    source, sure     where the row comes from; A the provider's own page, B a client that ran, C a
                     guess
    picture          what the provider takes of a picture
    """

    provider: str
    title: str
    model: str
    endpoint: str
    text: bool
    first_frame: Need
    last_frame: Need
    prompt_required: bool
    cells: tuple[Cell, ...]
    default: bool
    prompt_limit: int
    prompt_limit_note: str
    source: str
    sure: str
    picture: PictureLimits
    switches: Mapping[str, SwitchState] = field(hash=False)

    def serves(self, first_frame: bool) -> bool:
        """Whether this row takes a request with, or without, a first frame."""
        return self.first_frame != "no" if first_frame else self.first_frame != "required"


@cache
def rows() -> tuple[Row, ...]:
    """Every row that is sold: our providers in the order of the file, then installed ones."""
    from hailuo_nb.catalog.installed import installed

    own = [row for block in own_blocks() for row in rows_of(block)]
    return (*own, *(row for one in installed().working.values() for row in one.rows))


def own_blocks() -> list[dict[str, Any]]:
    """The providers of `matrix.json`."""
    matrix = json.loads(Path(__file__).with_name("matrix.json").read_text(encoding="utf-8"))
    blocks: list[dict[str, Any]] = matrix["providers"]
    return blocks


def rows_of(block: dict[str, Any]) -> tuple[Row, ...]:
    """The rows of one provider's block. Raises KeyError or TypeError for what is no such block."""
    return tuple(_row(block, line) for line in block["rows"])


def _row(block: dict[str, Any], line: dict[str, Any]) -> Row:
    common = {key: block[key] for key in ("title", "prompt_limit", "prompt_limit_note")}
    common["picture"] = PictureLimits(
        **{**block["picture"], "assumed": tuple(block["picture"]["assumed"])}
    )
    cells = tuple(Cell(**cell) for cell in line["cells"])
    return Row(**{**common, **line, "provider": block["name"], "cells": cells})
