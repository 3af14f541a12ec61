"""JobSpec: what one job is to do, before it is a job."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from hailuo_nb.catalog.prices import SIMULATED_MONEY
from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.video_request import VideoRequest


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One clip that somebody asks for.

    take   None: the next free number
    cost   list price, None if unknown; of a stand-in one to rehearse a budget with, in money of
           its own ("simulated CNY"), which no ledger keeps
    lacks  why it must not be sent as it stands here (its frame or its key is not at hand); "" if
           nothing is missing
    own_columns  of the person's table; no part of what makes a clip the same clip
    """

    account: Account
    request: VideoRequest
    take: int | None = 1
    cost: float | None = None
    currency: str = ""
    lacks: str = ""
    own_columns: OwnColumns = field(default_factory=dict, compare=False)

    @property
    def provider(self) -> str:
        """The name of the account."""
        return self.account.name

    @property
    def identity(self) -> str:
        """(provider, request): with the take it is what makes a clip the same clip.

        Another address of the provider's API (a brand of it, a server of one's own) is another
        provider.
        """
        return self.identities[0]

    @property
    def identities(self) -> tuple[str, ...]:
        """The identity, and the others under which a ledger may have this clip."""
        account = self.account
        elsewhere = "" if account.base_url == account.provider.base_url else f"@{account.base_url}"
        return tuple(
            f"{account.name}{elsewhere}:{fingerprint}" for fingerprint in self.request.fingerprints
        )

    def new_job(self, replaces: str | None = None) -> NewJob:
        """What the ledger keeps of it. `replaces`: see `NewJob`."""
        request, free = self.request, self.currency.startswith(SIMULATED_MONEY)
        identity, *aliases = self.identities
        return NewJob(
            identity=identity,
            provider=self.account.name,
            base_url=self.account.base_url,
            model=request.model,
            prompt=request.prompt,
            resolution=request.resolution,
            duration=request.duration,
            request=json.dumps(request.to_json(), ensure_ascii=False),
            cost=0.0 if free else self.cost,
            currency="" if free else self.currency,
            take=self.take,
            replaces=replaces,
            aliases=tuple(aliases),
        )
