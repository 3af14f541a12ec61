"""CanFind: a provider with a task list, in which a task is found whose id never arrived because the
answer to the charging call was lost.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import Call, Reply
from hailuo_nb.providers.parsing import JsonObject

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


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a list with numbered pages.

    tasks     by id
    nameless  entries without one
    total     tasks of all pages, by the provider's count; None where it says none
    """

    tasks: Mapping[str, JsonObject]
    nameless: int
    total: float | None

    @property
    def size(self) -> int:
        return len(self.tasks) + self.nameless


def read_pages(
    call: Callable[[int], Call],
    read: Callable[[Reply], Page],
    *,
    size: int,
    last: int = 200,
    ends: Callable[[Page], bool] = lambda page: False,
) -> Generator[Call, Reply, tuple[dict[str, JsonObject], str]]:
    """(tasks by id, why they may not be all) of a list with numbered pages, from page 1 on.

    size  entries that a page is asked for
    last  the page behind which a list counts as endless
    ends  whether what is looked for cannot stand behind a page

    The list may change while it is read, be cut into other pages than were asked for, or repeat
    itself. Raises ProviderError.
    """
    found: dict[str, JsonObject] = {}
    nameless, total = 0, -1.0
    for number in range(1, last + 1):
        page = read((yield call(number)))
        before = len(found)
        found |= page.tasks
        nameless += page.nameless
        is_end = ends(page)
        total = max(total, -1.0 if page.total is None else page.total)
        complete = 0 <= total <= len(found)
        if is_end or (complete and page.size < size) or len(found) == before:
            break
    else:
        raise ProviderError("protocol", f"the task list is longer than {last * size} tasks")
    if nameless:
        return found, f"{nameless} entries of the provider's list have no id"
    if not is_end and not complete:
        return (
            found,
            f"the provider's list shows {len(found)} tasks and does not say that these are all",
        )
    return found, ""
