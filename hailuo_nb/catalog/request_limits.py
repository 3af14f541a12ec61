"""How many requests a provider takes, by its page: of a whole account, or of some of its models."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hailuo_nb.catalog.sourced import Sourced
from hailuo_nb.errors import CatalogError


@dataclass(frozen=True, slots=True)
class RequestLimits(Sourced):
    """At most `submits` charging calls in `seconds`, at most `in_flight` unfinished tasks.

    models   whose calls and tasks are counted together; empty: all of the account that no other
             limits name
    """

    submits: int
    seconds: float
    in_flight: int
    models: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super(RequestLimits, self).__post_init__()
        if self.submits < 1 or self.seconds <= 0 or self.in_flight < 1:
            raise ValueError("at least one call, in a span of time, and one task")


def check(
    of_account: RequestLimits, of_models: Sequence[RequestLimits], sold: Collection[str]
) -> None:
    """Hold the limits of one catalogue against each other and the models that it sells, so that
    each model is counted in one place. Raises CatalogError."""
    if of_account.models:
        raise CatalogError("requests has models: those of an account have none")
    named: set[str] = set()
    for at, one in enumerate(of_models):
        place = f"model_requests[{at}].models"
        if not one.models:
            raise CatalogError(f"{place} is empty")
        for model in one.models:
            if model not in sold or model in named:
                why = "twice in them" if model in named else "not sold"
                raise CatalogError(f"{place} has {model}, which is {why}")
            named.add(model)
