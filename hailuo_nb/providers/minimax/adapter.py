"""MiniMax itself, international: V1 for Hailuo 02, 2.3 and 2.3-Fast, V2 for H3 and H3-Max.

Sources: its API reference (text, first-frame and first-and-last-frame generation, query, file
retrieval; V2 create, query, list, delete, regeneration) and its page of error codes. Where they
contradict each other: reference on providers, 12.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, TypeVar

from hailuo_nb import catalog
from hailuo_nb.catalog import match
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import (
    Call,
    Cancel,
    Poll,
    Progress,
    Provider,
    Receipt,
    Reply,
    Submit,
    poll_each,
)
from hailuo_nb.providers.minimax import v1, v2
from hailuo_nb.providers.task_list import CanFind, Find, Found

if TYPE_CHECKING:
    from hailuo_nb.requests.video_request import VideoRequest

T = TypeVar("T")


class MiniMax(Provider, CanFind):
    """`other_region` names the provider whose keys look the same and are refused here."""

    name = "minimax"
    title = "MiniMax"
    base_url = "https://api.minimax.io"
    hosts = frozenset({"api.minimax.io"})
    key_variables = ("MINIMAX_API_KEY",)
    batch_size = 1
    other_region = "provider minimax-cn (MINIMAX_CN_API_KEY)"

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        submit = v2.submit if v2.sells(row) else v1.submit
        return (yield from self._hinting(submit(request, row, cell)))

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        return (yield from poll_each(tasks, lambda task: self._hinting(self._look(task))))

    def _look(self, task: Receipt) -> Generator[Call, Reply, Progress]:
        """A task without a link was found in V2's list, or its link was lost: V1 may know it."""
        if not v1.owns(task):
            try:
                return (yield from v2.look(task.task_id))
            except ProviderError as error:
                if v2.owns(task) or not error.no_task:
                    raise
        about = catalog.facts(self.name)
        return (yield from v1.look(task.task_id, about.tasks.link_life if about else None))

    def cancel(self, task: Receipt) -> Cancel:
        if v1.owns(task):
            raise ProviderError("invalid", f"{self.title} cannot cancel a task of API V1")
        return (yield from self._hinting(v2.cancel(task.task_id)))

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        """See `CanFind`: API V1 has no list; that of V2 shows no prompts, so nothing is certain."""
        row, _ = match.offer(request, self.name)
        if not v2.sells(row):
            return Found(doubt=f"{self.title}'s API V1 has no list of tasks")
        return (yield from self._hinting(v2.find(request, since, until)))

    def _hinting(self, flow: Generator[Call, Reply, T]) -> Generator[Call, Reply, T]:
        """Runs the flow; the error of a refused key says that it may belong to the other region."""
        try:
            return (yield from flow)
        except ProviderError as error:
            if error.kind == "auth":
                error.hint = f"or this key belongs to the other region, {self.other_region}"
            raise
