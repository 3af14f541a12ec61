"""Names and keys become an Access: what is accepted wherever a provider's name is.

Knows providers, the matrix's model names and the environment; must not know requests, jobs or the ledger.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from hailuo_nb import compat
from hailuo_nb import providers as adapters
from hailuo_nb.engine.transport import SIMULATED, Access, Credentials, is_loopback

Providers = str | Access | Sequence[str | Access]


class MissingKeyError(LookupError):
    """A provider has no key here. The message says which variable to set and what needs none."""


@dataclass(frozen=True, slots=True)
class Target:
    """One provider and the model asked of it."""

    access: Access
    model: str


def provider(
    name: str, *, api_key: str | None = None, app_id: str | None = None, secret_key: str | None = None,
    base_url: str | None = None,
) -> Access:  # fmt: skip
    """A configured provider, accepted wherever a provider's name is.

    name      "ppinfra", "modelverse", "chanjing", "xcompute"; with "simulated:" before it, its stand-in
    api_key   else the provider's environment variable is read (Chanjing: `app_id` and `secret_key`)
    base_url  another address of the same API. It needs an explicit key, since a key from the environment goes
              only to the provider's own hosts; plain http only on loopback.

    Raises UnknownName, MissingKeyError, ValueError.
    """
    simulated = name.startswith(SIMULATED)
    adapter = adapters.get(name.removeprefix(SIMULATED))
    given = tuple(value for value in (app_id, secret_key) if value) or ((api_key,) if api_key else ())
    if simulated:
        if base_url is not None:
            raise ValueError(
                f"{name} runs inside this kernel and has no base_url; use {adapter.name!r} for a server"
            )
        return Access(
            adapter, adapter.base_url, Credentials(*("simulated" for _ in adapter.key_variables)), True
        )
    address = _checked_address(base_url, adapter.hosts) if base_url else adapter.base_url
    if base_url and not given and urlsplit(address).hostname not in adapter.hosts:
        raise MissingKeyError(
            f"{adapter.name} at {urlsplit(address).netloc} needs its key given with it: a key from the environment "
            "goes only to the provider's own hosts."
        )
    keys = given or tuple(os.environ.get(variable, "") for variable in adapter.key_variables)
    keys = tuple(key.strip() for key in keys)
    if len(keys) != len(adapter.key_variables) or not all(keys):
        raise MissingKeyError(_missing(adapter.name, adapter.key_variables))
    if any(not key.isascii() or any(char.isspace() for char in key) for key in keys):
        raise ValueError(f"the key for {adapter.name} has spaces or letters that no key has; copy it again")
    return Access(adapter, address, Credentials(*keys))


def _missing(name: str, variables: Sequence[str]) -> str:
    return (
        f"{name} needs a key: set the environment variable {' and '.join(variables)} before the kernel starts, or "
        f"use {SIMULATED + name!r}, which needs none and costs nothing."
    )


def _checked_address(base_url: str, hosts: frozenset[str]) -> str:
    parts = urlsplit(base_url)
    if parts.username or parts.password:
        raise ValueError("a base_url must not hold a name or password")
    if parts.scheme == "https" and parts.hostname:
        return base_url.rstrip("/")
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return base_url.rstrip("/")
    raise ValueError(
        f"base_url {base_url!r} must be https (plain http only for this machine); known: {sorted(hosts)}"
    )


_known: dict[tuple[str, str, tuple[str, ...]], Access] = {}


def target(wanted: str | Access, model: str | None) -> Target:
    """`"xcompute/MiniMax-Hailuo-2.3-Fast"`, `"simulated:ppinfra"` or an Access -> provider and model."""
    if isinstance(wanted, Access):
        access, named = wanted, None
    else:
        name, _, named = wanted.strip().partition("/")
        access = provider(name)
        # The same name gives the same Access, so that clients, limits and tokens are shared between calls.
        key = (access.name, access.base_url, access.credentials.reveal())
        access = _known.setdefault(key, access)
    return Target(access, compat.resolve_model(access.provider.name, named or model))


def targets(wanted: Providers, model: str | None) -> list[Target]:
    """All of them, or one MissingKeyError that lists every provider without a key."""
    found, missing = [], []
    for item in [wanted] if isinstance(wanted, str | Access) else wanted:
        try:
            found.append(target(item, model))
        except MissingKeyError as error:
            missing.append(str(error))
    if missing:
        raise MissingKeyError("\n".join(missing)) from None
    if not found:
        raise ValueError(f"name at least one provider: {', '.join(adapters.names())}")
    return found


def access_at(name: str, base_url: str) -> Access:
    """The provider of a job in the ledger. Raises MissingKeyError where its key cannot be found by itself."""
    access = target(name, None).access
    if access.base_url != base_url:
        raise MissingKeyError(f"give hn.resume(providers=[...]) the provider at {base_url}, with its key")
    return access
