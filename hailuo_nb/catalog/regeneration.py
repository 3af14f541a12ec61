"""Making a finished clip again at a higher resolution, where a row sells it."""

from __future__ import annotations

from dataclasses import dataclass

from hailuo_nb.catalog.sourced import Sourced

REGENERATE = "regenerate"
"""The option that names the task of the finished clip."""


@dataclass(frozen=True, slots=True)
class Regeneration(Sourced):
    """A clip of resolution `of` can be made again at `to`, by the id of its task.

    days  for how long the provider can do so, from the submit on
    note  for people: what it asks of the account
    """

    of: str
    to: str
    days: float
    note: str = ""
