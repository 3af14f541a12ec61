"""What a click on the board does to a job: the page names an action, this runs it and answers with
plain data.

An action runs on whatever thread the message came on, so it posts to the background loop, waits for
a commit at most, and raises ValueError in words for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from hailuo_nb import catalog
from hailuo_nb.catalog.regeneration import REGENERATE
from hailuo_nb.errors import ArgumentError, MissingKeyError
from hailuo_nb.ordering import validation
from hailuo_nb.ordering.accounts import target
from hailuo_nb.pages.rows import format_cost
from hailuo_nb.providers import registry
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results import costs, regeneration, suggestions
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job, ask
from hailuo_nb.results.job_attributes import account_of, source_of
from hailuo_nb.results.rows import of_skipped
from hailuo_nb.results.voting import votes_of
from hailuo_nb.widgets.allowance import Allowance
from hailuo_nb.widgets.draft import Settings, option_names
from hailuo_nb.widgets.python_code import generate_call, next_shot_code

Fields = Mapping[str, Any]
"""What the page sends with an action: JSON from outside."""
Result = dict[str, object]

COSTLY = frozenset({"retake", "retry", "send_again", "promote", "regenerate"})
"""The actions that ask for a clip."""
SLOW = frozenset({"suggest", "last_frame"})
"""Those that think for longer than a message may be held up: they run in a thread of their own."""


class BoardActions:
    """The actions of one board.

    changed   called after an action that added or removed a row
    copy_to   puts settings, or some of them, into a studio where the board has one; else None
    accounts  the providers that clips can be promoted to, by name
    allowance the limits that new clips count against
    """

    def __init__(
        self,
        comparison: Comparison,
        changed: Callable[[], None],
        *,
        copy_to: Callable[[Settings], None] | None = None,
        accounts: Mapping[str, Account] | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self._comparison = comparison
        self._changed = changed
        self._copy_to = copy_to
        self._allowance = allowance or Allowance()
        self._accounts = dict(accounts or {})
        self._actions: dict[str, Callable[[Fields], Result]] = {
            "retake": self._retake,
            "retry": self._retry,
            "look_again": self._look_again,
            "send_again": self._send_again,
            "cancel": self._cancel,
            "cancel_task": self._cancel,
            "stop_watching": self._stop_watching,
            "delete": self._delete,
            "annotate": self._annotate,
            "vote": self._vote,
            "votes": self._votes,
            "suggest": self._suggest,
            "python": self._python,
            "last_frame": self._last_frame,
            "settings": self._settings,
            "promotions": self._promotions,
            "promote": self._promote,
            "regenerate": self._regenerate,
        }

    @property
    def names(self) -> list[str]:
        """The names of the actions that this board has."""
        return [name for name in self._actions if name != "settings" or self._copy_to is not None]

    def run(self, name: str, fields: Fields) -> Result:
        """Run one action. Raises ValueError for an action or a clip that is not there, or what
        cannot be done with it."""
        if name not in self.names:
            raise ValueError(f"the board has no action {name!r}")
        return self._actions[name](fields)

    def _job(self, fields: Fields, key: str = "job") -> Job:
        wanted = fields.get(key)
        found = next((job for job in self._comparison.jobs if job.id == wanted), None)
        if found is None:
            raise ValueError("this clip is not on the board any more")
        return found

    def _add(self, job: Job) -> Result:
        self._allowance.asked([job])
        self._comparison.add([job])
        self._changed()
        return {"job": job.id}

    def _like(self, fields: Fields) -> Job:
        """The clip, where one more like it is within the limits."""
        job = self._job(fields)
        self._allowance.count([costs.listed(job)])
        return job

    def _retake(self, fields: Fields) -> Result:
        return self._add(self._like(fields).retake())

    def _retry(self, fields: Fields) -> Result:
        return self._add(self._like(fields).again())

    def _look_again(self, fields: Fields) -> Result:
        job = self._job(fields).look_again()
        self._changed()
        return {"job": job.id}

    def _send_again(self, fields: Fields) -> Result:
        return self._add(self._like(fields).send_again())

    def _cancel(self, fields: Fields) -> Result:
        return {"cancelled": self._job(fields).cancel(wait=False)}

    def _stop_watching(self, fields: Fields) -> Result:
        stopped = self._job(fields).stop_watching()
        self._changed()
        return {"stopped": stopped}

    def _delete(self, fields: Fields) -> Result:
        self._job(fields).delete()
        self._changed()
        return {}

    def _annotate(self, fields: Fields) -> Result:
        given = {name: fields[name] for name in ("rating", "note", "tags") if name in fields}
        if isinstance(note := given.get("note"), str):
            given["note"] = note.strip()  # Enter ends nothing in a field of several lines
        self._job(fields).annotate(**given)
        self._changed()
        return {}

    def _vote(self, fields: Fields) -> Result:
        """Between `first` and `second`, with its `outcome`; or the `best` and `worst` of those
        `shown`."""
        blind = bool(fields.get("blind"))
        if isinstance(shown := fields.get("shown"), list):
            jobs = [self._job({"job": one}) for one in shown]
            best, worst = self._job(fields, "best"), self._job(fields, "worst")
            self._comparison.vote_best_worst(jobs, best, worst, blind=blind)
        else:
            first, second = self._job(fields, "first"), self._job(fields, "second")
            outcome: Any = fields.get("outcome")  # `vote` checks it
            self._comparison.vote(first, second, outcome, blind=blind)
        return self._votes(fields)

    def _votes(self, _fields: Fields) -> Result:
        """How often two clips met; what that says is in the summary."""
        votes = votes_of(self._comparison.jobs)
        met = Counter(tuple(sorted((vote.first, vote.second))) for vote in votes)
        return {
            "votes": [
                {"first": first, "second": second, "count": count}
                for (first, second), count in met.items()
            ]
        }

    def _suggest(self, fields: Fields) -> Result:
        """What would tell most about the question `by`: a vote, a take with its price, or nothing;
        with `copy` the take goes into the studio. `share` is of the interval, in percent."""
        jobs = [job for job in self._comparison.jobs if not job.hidden]
        try:
            (found,) = suggestions.records(jobs, 1, str(fields.get("by") or "") or None)
        except ArgumentError:
            return {"next": "same"}
        if found["kind"] == "take":
            ref = ProviderRef.parse(found["provider"])
            if fields.get("copy") and self._copy_to is not None:
                self._copy_to(_settings_of_row(found))
                return {"next": "copied"}
            return {
                "next": "take",
                "item": found["item"],
                "provider": registry.get(ref.provider).title,
                "cost": format_cost(found["cost"], found["currency"], ref.simulated),
            }
        if found["kind"] == "vote":
            pair = {"first": found["first"], "second": found["second"]}
            return {"next": "vote", "share": round(100 * found["narrower"]), **pair}
        return {"next": "decided", "item": found["item"]} if found["item"] else {"next": "same"}

    def _python(self, fields: Fields) -> Result:
        return {"text": generate_call(self._job(fields))}

    def _last_frame(self, fields: Fields) -> Result:
        """Into the studio's slot of a first frame; without a studio, the code that opens one."""
        job = self._job(fields)
        if self._copy_to is None:
            return {"text": next_shot_code(job)}
        self._copy_to({"first_frame": job.frame(-1)})
        return {}

    def _settings(self, fields: Fields) -> Result:
        assert self._copy_to is not None
        self._copy_to(settings_of(self._job(fields)))
        return {}

    def _promotions(self, fields: Fields) -> Result:
        """The same prompt elsewhere or larger: each with its cost, or with why it cannot be
        made."""
        job = self._job(fields)
        options = []
        for account in self._choices(job):
            name = account.provider.name
            for row in catalog.rows():
                if row.provider != name:
                    continue
                for cell in row.cells:
                    changes = {
                        "model": row.model,
                        "resolution": cell.resolution,
                        "duration": cell.duration,
                    }
                    option = {
                        "target": str(account.ref.with_model(row.model)),
                        **changes,
                        **self._offer(job, account, changes),
                    }
                    if option not in options and not _is_same(job, account, changes):
                        options.append(option)
        return {"options": options}

    def _choices(self, job: Job) -> list[Account]:
        """The providers of the studio, or those of the clips on the board."""
        found = dict(self._accounts)
        for other in (job, *self._comparison.jobs):
            account = account_of(other)
            found.setdefault(account.name, account)
        return list(found.values())

    def _offer(self, job: Job, account: Account, changes: Mapping[str, Any]) -> Result:
        item = validation.job_spec(account, _plain(job).but(**changes), None)
        good, skipped = validation.validate([item])
        problem = None if good else of_skipped(skipped[0])
        return {
            "title": account.provider.title,
            "simulated": account.simulated,
            "problem": problem["error"] if problem else "",
            "worded": problem["worded"] if problem else {},
            "cost": format_cost(item.cost, item.currency, account.simulated),
        }

    def _promote(self, fields: Fields) -> Result:
        job = self._job(fields)
        ref = ProviderRef.parse(str(fields.get("target", "")))
        account = next((one for one in self._choices(job) if one.name == ref.name), None)
        if account is None:
            try:
                account = target(ref.name, None).account
            except MissingKeyError as error:
                raise ValueError(str(error)) from None
        changes = {
            "model": catalog.resolve_model(account.provider.name, ref.model),
            "resolution": catalog.parse_resolution(fields.get("resolution", job.resolution)),
            "duration": catalog.parse_duration(fields.get("duration", job.duration)),
        }
        item = validation.job_spec(account, _plain(job).but(**changes), 1)
        good, skipped = validation.validate([item])
        if not good:
            raise ValueError(skipped[0].error)
        self._allowance.count([(item.cost, item.currency)])
        (promoted,) = ask(source_of(job), [item])
        return self._add(promoted)

    def _regenerate(self, fields: Fields) -> Result:
        job = self._job(fields)
        item = regeneration.spec_of(job)
        self._allowance.count([(item.cost, item.currency)])
        return self._add(job.regenerate())


def _plain(job: Job) -> VideoRequest:
    """The clip's request, as one that is made anew."""
    return job.request.but(**{REGENERATE: None})


def _is_same(job: Job, account: Account, changes: Mapping[str, Any]) -> bool:
    same = all(getattr(job, name) == value for name, value in changes.items())
    return account.name == job.provider and same


def settings_of(job: Job) -> Settings:
    """What a studio needs to ask for this clip again; frames and references as what the job has."""
    request = job.request
    return {
        "prompt": request.prompt,
        "targets": [str(ProviderRef.parse(job.provider).with_model(request.model))],
        "resolution": request.resolution,
        "duration": request.duration,
        "first_frame": request.first_frame,
        "last_frame": request.last_frame,
        "references": list(request.references),
        "options": {name: request.get(name) for name in option_names()},
    }


def _settings_of_row(row: Mapping[str, Any]) -> Settings:
    """The same of a suggested take."""
    return {
        "prompt": row["prompt"],
        "targets": [str(ProviderRef.parse(row["provider"]).with_model(row["model"]))],
        "resolution": row["resolution"],
        "duration": row["duration"],
        "first_frame": row["first_frame"],
        "last_frame": row["last_frame"],
        "references": row["references"] or [],
        "options": {name: row.get(name) for name in option_names()},
    }
