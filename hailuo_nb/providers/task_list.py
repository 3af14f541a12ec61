"""CanFind: a provider with a task list, in which a task is found whose id never arrived because the
answer to the charging call was lost.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hailuo_nb.providers.base import Call, Reply

if TYPE_CHECKING:
    from hailuo_nb.requests.video_request import VideoRequest

ZONES = 14 * 3600.0
"""Seconds that a provider's times may be off as a whole: it may write its local time as if it were
UTC."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One task of a provider's list. `created_at` in Unix seconds; None where the list tells no
    usable time."""

    task_id: str
    created_at: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a provider's list holds of a stretch of time.

    certain   tasks created in it that agree with the request in every field; nothing tells two
              equal requests apart
    possible  every other task that may be of that time: with other words (a provider may trim or
              rewrite them), with fields that are missing, without a usable time, or with a time
              that is off by a zone
    doubt     why the list may not be whole; "" where it was read to its end
    """

    certain: tuple[Listed, ...] = ()
    possible: tuple[Listed, ...] = ()
    doubt: str = ""


Find = Generator[Call, Reply, Found]


@runtime_checkable
class CanFind(Protocol):
    """A provider that can be asked which of its tasks may be a request's."""

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        """The tasks that are or may be this request's, created from `since` to `until` (Unix
        seconds).

        The caller takes out those that belong to jobs it knows. Only an empty answer without a
        doubt proves that a clip was not taken. Raises ProviderError.
        """
        ...
