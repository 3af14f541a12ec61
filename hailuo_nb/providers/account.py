"""Account: what a person has at a provider, as `hn.provider(...)` returns it: the adapter, an
address and the keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from hailuo_nb.providers.base import Provider
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import Credentials

SIMULATOR_SPEED = 20.0


@dataclass(frozen=True)
class Account:
    """A configured provider: its adapter, where it is reached, and its keys. What
    `hn.provider(...)` returns.

    name        "ppinfra", or "simulated:ppinfra" for the stand-in
    time_scale  seconds that pass here for one second at the provider
    faults      what goes wrong at a stand-in: "fail_task:0.3", see `simulator.faults.TABLE`
    """

    provider: Provider
    base_url: str
    credentials: Credentials
    simulated: bool = False
    faults: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def ref(self) -> ProviderRef:
        return ProviderRef(self.provider.name, self.simulated)

    @property
    def name(self) -> str:
        return self.ref.name

    @property
    def time_scale(self) -> float:
        """Seconds that pass here for one second at the real provider: the simulator's clock runs
        fast."""
        return 1 / SIMULATOR_SPEED if self.simulated else 1.0

    def __repr__(self) -> str:
        return f"Account({self.name!r}, {self.base_url!r})"
