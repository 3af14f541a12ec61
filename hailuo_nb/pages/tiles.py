"""The clips of an exported picture or video, by names of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hailuo_nb.pages import words
from hailuo_nb.pages.rows import BoardRow
from hailuo_nb.pages.words import Translate

Mark = Literal["", "winner", "ahead"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One clip of an exported picture or video.

    name          unique among the tiles
    mark          what the votes say: it won for sure, or leads so far
    wins, votes   of the votes about it
    blind         whether nothing may tell who made it
    """

    row: BoardRow
    name: str
    clip: Path
    mark: Mark = ""
    wins: int = 0
    votes: int = 0
    blind: bool = False

    def facts(self, t: Translate) -> list[str]:
        """What the clip is, as far as its name does not say it, and what it cost."""
        row = self.row
        if self.blind:
            return [t("common.seconds", seconds=row["duration"]), *filter(None, [row["ratio"]])]
        said = self.name.split(" · ")
        specs = [text for text in words.specs(row, t) if text not in said]
        if row["simulated"]:
            return [t("common.simulated"), *specs]
        return [*specs, *filter(None, [words.price(row, t)])]


def reason_of(error: Exception) -> str:
    """Why a file could not be read, in words for a person."""
    return str(getattr(error, "strerror", None) or error)
