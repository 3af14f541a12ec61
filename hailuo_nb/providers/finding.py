"""Looking for a task whose id never arrived: what a provider with a task list can do beside `base.Provider`.

For a charging call whose answer was lost. Today that is Chanjing alone.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hailuo_nb.providers.base import Call, Reply

if TYPE_CHECKING:
    from hailuo_nb.request import VideoRequest

Find = Generator[Call, Reply, list[str]]


@runtime_checkable
class CanFind(Protocol):
    """A provider that can be asked which of its tasks may be a request's."""

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        """Ids of the tasks that may be this request's, created from `since` to `until` (Unix seconds).

        Same prompt, model, duration and resolution; nothing tells two equal requests apart, so there may be
        several ids, and the caller takes out those that belong to jobs it knows. Raises ProviderError, also where
        the list cannot be read to its end: half a search proves nothing.
        """
        ...
