"""Names and keys become an Access: what is accepted wherever a provider's name is.

Knows providers, the matrix's model names and where keys are found; must not know requests, jobs or the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hailuo_nb import compat, keys
from hailuo_nb import providers as adapters
from hailuo_nb.engine.addresses import is_loopback
from hailuo_nb.engine.transport import SIMULATED, Access
from hailuo_nb.keys import Credentials
from hailuo_nb.told import ToldError

if TYPE_CHECKING:
    from hailuo_nb.providers.base import Provider

Providers = str | Access | Sequence[str | Access]


_STAND_IN = "stand-in-key"  # what a simulated provider is given; it takes any


class MissingKeyError(ToldError, LookupError):
    """A provider has no key here. The message says which variable to set and what needs none."""


class AddressError(ToldError, ValueError):
    """A `base_url` that a key may not be sent to."""


@dataclass(frozen=True, slots=True)
class Target:
    """One provider and the model asked of it."""

    access: Access
    model: str


def provider(
    name: str, *, api_key: str | None = None, app_id: str | None = None, secret_key: str | None = None,
    base_url: str | None = None, allow_public: bool = False,
) -> Access:  # fmt: skip
    """A configured provider, accepted wherever a provider's name is.

    name          "ppinfra", "modelverse", "chanjing", "xcompute"; with "simulated:" before it, its stand-in
    api_key       else what `hn.enter_key` took, the provider's environment variable, Colab's secrets or the
                  system's keyring is used (Chanjing: `app_id` and `secret_key`)
    base_url      another address of the same API. It needs an explicit key, since a key that is found goes
                  only to the provider's own hosts; plain http only on loopback.
    allow_public  on a page that Voilà serves, use the server's own keys for whatever visitors click

    Raises UnknownName, MissingKeyError, KeyFormatError, AddressError.
    """
    # Nothing may raise while a key is a plain text: a traceback in full prints the variables of each frame.
    pair = [value for value in (app_id, secret_key) if value]
    given = Credentials(*(pair or ([api_key] if api_key else [])))
    pair.clear()
    api_key = app_id = secret_key = None
    adapter = adapters.get(name.removeprefix(SIMULATED))
    if name.startswith(SIMULATED):
        if base_url is not None:
            raise AddressError(
                f"{name} runs inside this kernel and has no base_url; use {adapter.name!r} for a server"
            )
        return Access(
            adapter, adapter.base_url, Credentials(*(_STAND_IN for _ in adapter.key_variables)), True
        )
    address = _checked_address(base_url, adapter.hosts) if base_url else adapter.base_url
    if base_url and not given and urlsplit(address).hostname not in adapter.hosts:
        raise MissingKeyError(
            f"{adapter.name} at {urlsplit(address).netloc} needs its key given with it: a key that is found in the "
            "environment, in Colab's secrets or in a keyring goes only to the provider's own hosts."
        )
    credentials = given.cleaned() if given else _own_key(adapter, allow_public)
    if not credentials or len(credentials) != len(adapter.key_variables):
        raise MissingKeyError(_missing(adapter))
    if (variable := credentials.malformed(adapter.key_variables)) is not None:
        raise keys.KeyFormatError(keys.malformed(variable))
    return Access(adapter, address, credentials)


def enter_key(name: str) -> None:
    """Ask for a provider's key without showing it, and use it until this process ends. It is written nowhere.

    It goes before any other key that is found. Raises UnknownName, KeyFormatError, and ToldError where nobody can
    be asked.
    """
    keys.enter(adapters.get(name).key_variables)


def _own_key(adapter: Provider, allow_public: bool) -> Credentials:
    """The key that this machine has for a provider. Raises MissingKeyError."""
    found = keys.find(adapter.key_variables)
    if found.credentials and keys.shown_to_strangers() and not allow_public:
        raise MissingKeyError(
            f"this page is served to visitors, so the key for {adapter.name} that the server has is not used: let them "
            f"bring their own, use {SIMULATED + adapter.name!r}, or pass hn.provider({adapter.name!r}, "
            "allow_public=True) and pay for what they click"
        )
    if not found.credentials and found.hints:
        raise MissingKeyError(" ".join([_missing(adapter), *(f"{hint}." for hint in found.hints)]))
    return found.credentials


def _missing(adapter: Provider) -> str:
    name = adapter.name
    return (
        f"{name} needs a key: set the environment variable {' and '.join(adapter.key_variables)} before the kernel "
        f"starts, type it in with hn.enter_key({name!r}), or use {SIMULATED + name!r}, which needs none and costs "
        "nothing."
    )


def _checked_address(base_url: str, hosts: frozenset[str]) -> str:
    """Where a key may be sent: https, or plain http on this machine. The message repeats no part that may be secret."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise AddressError("the base_url is no address") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise AddressError("a base_url must not hold a name, a password, a query or a fragment")
    if host and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        return base_url.rstrip("/")
    raise AddressError(
        f"the base_url {parts.scheme}://{host or ''} must be https (plain http only for this machine); "
        f"known: {sorted(hosts)}"
    )


_known: dict[tuple[str, str, Credentials], Access] = {}


def target(wanted: str | Access, model: str | None) -> Target:
    """`"xcompute/MiniMax-Hailuo-2.3-Fast"`, `"simulated:ppinfra"` or an Access -> provider and model."""
    if isinstance(wanted, Access):
        access, named = wanted, None
    else:
        name, _, named = wanted.strip().partition("/")
        access = provider(name)
        # The same name gives the same Access, so that clients, limits and tokens are shared between calls.
        key = (access.name, access.base_url, access.credentials)
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
        raise MissingKeyError(f"give hn.resume(provider=[...]) the provider at {base_url}, with its key")
    return access
