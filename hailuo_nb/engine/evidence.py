"""What an answer about a paid task proves: one table for polls of the task, one for its link. Pure.

A paid clip ends only by proof that lasts: the provider's own word that it has no such task,
repeated over minutes, or a link whose stated expiry has passed. Everything else is weather (a
gateway's page, a 401, a 404 of a CDN, a full disk): the engine waits and polls again. All seconds
are the provider's; the caller scales them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers.base import Progress

Finding = Literal["ended", "unsure", "running", "no_link", "no_task", "refused", "weather"]
"""What one poll of a task found.

ended    succeeded with a link, failed or cancelled, in the provider's own words
unsure   failed, in a word that the provider's page does not list
no_link  succeeded in the provider's words, without a link
no_task  the provider answered in its own format and does not know the task
refused  the provider refuses the key or the account
weather  no answer about the task
"""
Verdict = Literal["go_on", "ended", "lost", "overdue"]
"""`ended` believes the last answer, `lost` ends the clip without one, `overdue` stops the polls and
leaves the clip as it is."""

DAY = 86_400.0
GRACE = 600.0  # seconds after the start of the polls before an old task counts as overdue


@dataclass(frozen=True, slots=True)
class _Rule:
    """The verdict after `polls` of one finding in a row that lasted for `seconds`."""

    polls: int
    seconds: float
    verdict: Verdict


_RULES: dict[Finding, _Rule] = {
    "unsure": _Rule(2, 60.0, "ended"),
    "no_task": _Rule(5, 600.0, "lost"),
    "refused": _Rule(5, 600.0, "overdue"),
    "no_link": _Rule(5, 1800.0, "overdue"),
}

_REFUSALS: frozenset[ErrorKind] = frozenset({"auth", "permission", "balance"})


def of_poll(answer: Progress | ProviderError | None) -> Finding:
    """What a poll of one task found. None: the provider's answer leaves the task out."""
    if answer is None:
        return "no_task"
    if isinstance(answer, ProviderError):
        return "refused" if answer.kind in _REFUSALS else "weather"
    if answer.state == "succeeded":
        return "ended" if answer.links else "no_link"
    if answer.state == "failed" and not answer.sure:
        return "unsure"
    return "ended" if answer.state in {"failed", "cancelled"} else "running"


def link_is_gone(expires_at: float | None, now: float) -> bool:
    """Whether a link that gives no clip is dead for good: only its stated expiry proves that."""
    return expires_at is not None and expires_at <= now


@dataclass(slots=True)
class Trail:
    """What the polls of one task have found in a row. Weather neither adds to a row nor breaks it.

    began   when the polls began, Unix seconds
    scale   seconds that pass here for one of the provider's
    """

    accepted_at: float
    began: float
    scale: float = 1.0
    finding: Finding | None = None
    first_at: float = 0.0
    polls: int = 0

    def add(self, finding: Finding, now: float) -> Verdict:
        """What follows from one more poll at `now`."""
        if finding != "weather":
            if finding != self.finding:
                self.finding, self.first_at, self.polls = finding, now, 0
            self.polls += 1
            rule = _RULES.get(finding)
            lasted = now - self.first_at
            if rule and self.polls >= rule.polls and lasted >= rule.seconds * self.scale:
                return rule.verdict
        deadline = max(self.accepted_at + DAY * self.scale, self.began + GRACE * self.scale)
        return "overdue" if finding != "ended" and now >= deadline else "go_on"
