"""What an answer about a paid task proves: one table for looks at the task, one for its link. Pure.

A paid clip ends only by proof that lasts: the provider's own word that it has no such task,
repeated over minutes, or a link whose stated expiry has passed. Everything else is weather (a
gateway's page, a 401, a 404 of a CDN, a full disk): the engine waits, asks again and says so. All
seconds are the provider's; the caller scales them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers.base import Progress

Finding = Literal["ended", "running", "no_link", "no_task", "refused", "weather"]
"""What one look at a task found.

ended    succeeded with a link, failed or cancelled: the provider's own end word
no_link  the provider says that it succeeded, and gives no link
no_task  the provider answered in its own form and does not know the task
refused  the provider lets the key or the account not in
weather  no answer that is about the task
"""
Verdict = Literal["go_on", "lost", "overdue"]
"""`lost` ends the clip, `overdue` stops the looks and leaves the clip as it is."""

DAY = 86_400.0
GRACE = (
    600.0  # seconds for which somebody who looks again is not told at once that the task is overdue
)
_LASTING: dict[Finding, tuple[int, float, Verdict]] = {
    "no_task": (5, 600.0, "lost"),
    "refused": (5, 600.0, "overdue"),
    "no_link": (5, 1800.0, "overdue"),
}
"""finding -> (looks in a row, seconds from the first to the last of them, what follows)."""

_REFUSALS: frozenset[ErrorKind] = frozenset({"auth", "permission", "balance"})


def of_poll(answer: Progress | ProviderError | None) -> Finding:
    """What a look at one task found. None: the provider's answer leaves the task out."""
    if answer is None:
        return "no_task"
    if isinstance(answer, ProviderError):
        return "refused" if answer.kind in _REFUSALS else "weather"
    if answer.state == "succeeded":
        return "ended" if answer.links else "no_link"
    return "ended" if answer.state in {"failed", "cancelled"} else "running"


def link_is_gone(expires_at: float | None, now: float) -> bool:
    """Whether a link that gives no clip is dead for good: only its stated expiry proves that."""
    return expires_at is not None and expires_at <= now


@dataclass(slots=True)
class Trail:
    """What the looks at one task have found in a row. Weather neither adds to a row nor breaks one.

    began   when this watch began, Unix seconds
    scale   seconds that pass here for one of the provider's
    """

    accepted_at: float
    began: float
    scale: float = 1.0
    finding: Finding | None = None
    first_at: float = 0.0
    looks: int = 0

    def add(self, finding: Finding, now: float) -> Verdict:
        """What follows from one more look at `now`."""
        if finding != "weather":
            if finding != self.finding:
                self.finding, self.first_at, self.looks = finding, now, 0
            self.looks += 1
            looks, seconds, verdict = _LASTING.get(finding, (0, 0.0, "go_on"))
            if (
                verdict != "go_on"
                and self.looks >= looks
                and now - self.first_at >= seconds * self.scale
            ):
                return verdict
        deadline = max(self.accepted_at + DAY * self.scale, self.began + GRACE * self.scale)
        return "overdue" if finding != "ended" and now >= deadline else "go_on"
