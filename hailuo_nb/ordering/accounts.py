"""Names and keys become an Account: what is accepted wherever a provider's name is.

Knows providers, the matrix's model names and where keys are found; must not know requests, jobs or
the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hailuo_nb import catalog
from hailuo_nb.engine.addresses import is_loopback
from hailuo_nb.errors import AddressError, ArgumentError, KeyFormatError, MissingKeyError
from hailuo_nb.providers import credentials as keys
from hailuo_nb.providers import registry as adapters
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import Credentials

if TYPE_CHECKING:
    from hailuo_nb.providers.base import Provider

Providers = str | Account | Sequence[str | Account]


_STAND_IN = "stand-in-key"  # what a simulated provider is given; it takes any


@dataclass(frozen=True, slots=True)
class Target:
    """One provider and the model asked of it."""

    account: Account
    model: str


def provider(
    name: str,
    *,
    api_key: str | None = None,
    app_id: str | None = None,
    secret_key: str | None = None,
    base_url: str | None = None,
    allow_public: bool = False,
) -> Account:
    """A configured provider, accepted wherever a provider's name is.

    name          "ppinfra", "modelverse", "chanjing", "xcompute"; with "simulated:" before it, its
                  stand-in
    api_key       else what `hn.enter_key` took, the provider's environment variable, Colab's
                  secrets or the system's keyring is used (Chanjing: `app_id` and `secret_key`)
    base_url      another address of the same API. It needs an explicit key, since a key that is
                  found goes only to the provider's own hosts; plain http only on loopback.
    allow_public  on a page that Voilà serves, use the server's own keys for whatever visitors click

    What a paste brings along is taken off a key: blanks, quotes, `Bearer `, `NAME=`.

    Raises UnknownNameError, MissingKeyError, KeyFormatError, AddressError, ArgumentError for a key
    of the wrong name.
    """
    # Nothing may raise while a key is a plain text: a traceback in full prints the variables of
    # each frame.
    passed: dict[str, Any] = {"api_key": api_key, "app_id": app_id, "secret_key": secret_key}
    passed = {
        key: value for key, value in passed.items() if value is not None and not _is_empty(value)
    }
    given, names = Credentials(*passed.values()), list(passed)
    passed.clear()
    api_key = app_id = secret_key = None
    adapter, simulated = _adapter(name)
    _check_names(adapter, names)
    public = arguments.as_bool("allow_public", allow_public) or False
    if simulated:
        if base_url is not None:
            raise AddressError(
                "a simulated provider runs inside this kernel and has no base_url; use "
                f"{adapter.name!r} for a server"
            )
        return Account(
            adapter,
            adapter.base_url,
            Credentials(*(_STAND_IN for _ in adapter.key_variables)),
            True,
        )
    elsewhere = base_url is not None and not _is_empty(base_url)
    address = _checked_address(base_url, adapter.hosts) if elsewhere else adapter.base_url
    if elsewhere and not given and urlsplit(address).hostname not in adapter.hosts:
        raise MissingKeyError(
            f"{adapter.name} at {urlsplit(address).netloc} needs its key given with it: a key that "
            "is found in the "
            "environment, in Colab's secrets or in a keyring goes only to the provider's own hosts."
        )
    credentials = given.cleaned() if given else _own_key(adapter, public)
    if not credentials or len(credentials) != len(adapter.key_variables):
        raise MissingKeyError(_missing(adapter))
    if (variable := credentials.malformed(adapter.key_variables)) is not None:
        raise KeyFormatError(keys.malformed(variable))
    return Account(adapter, address, credentials)


def _is_empty(value: Any) -> bool:
    return isinstance(value, str) and not value


def _adapter(name: Any) -> tuple[Provider, bool]:
    """The adapter of a name in any case, and whether its stand-in is meant. Raises
    UnknownNameError."""
    given = arguments.as_text("name", name).strip()
    ref = ProviderRef.parse(given)
    if ref.model or ref.provider.lower() not in adapters.names():
        raise catalog.unknown_provider(given)
    return adapters.get(ref.provider), ref.simulated


def full_name(name: str) -> str:
    """A provider's name as it stands in tables. Raises UnknownNameError."""
    adapter, simulated = _adapter(name)
    return ProviderRef(adapter.name, simulated).name


_KEYS = {1: ("api_key",), 2: ("app_id", "secret_key")}  # by how many keys a provider has


def _check_names(adapter: Provider, given: Sequence[str]) -> None:
    """A key under a name that this provider does not have is not passed over in silence."""
    own = _KEYS[len(adapter.key_variables)]
    wrong = [name for name in given if name not in own]
    missing = [name for name in own if name not in given]
    if wrong:
        raise ArgumentError(
            f"{adapter.name} has no {' and '.join(wrong)}: it takes {' and '.join(own)}"
        )
    if given and missing:
        raise MissingKeyError(
            f"{adapter.name} takes {' and '.join(own)}; {' and '.join(missing)} is missing"
        )


def enter_key(name: str) -> None:
    """Ask for a provider's key without showing it, and use it until this process ends. It is
    written nowhere.

    It goes before any other key that is found. Raises UnknownNameError, KeyFormatError, and
    HailuoError where nobody can be asked.
    """
    adapter, simulated = _adapter(name)
    if simulated:
        raise ArgumentError("name is a simulated provider, which needs no key and costs nothing")
    keys.enter(adapter.key_variables)


def _own_key(adapter: Provider, allow_public: bool) -> Credentials:
    """The key that this machine has for a provider. Raises MissingKeyError."""
    found = keys.find(adapter.key_variables)
    if found.credentials and keys.served_to_visitors() and not allow_public:
        raise MissingKeyError(
            f"this page is served to visitors, so the key for {adapter.name} that the server has "
            "is not used: let them "
            f"bring their own, use {_stand_in(adapter)!r}, or pass "
            f"hn.provider({adapter.name!r}, "
            "allow_public=True) and pay for what they click"
        )
    if not found.credentials and found.hints:
        raise MissingKeyError(" ".join([_missing(adapter), *(f"{hint}." for hint in found.hints)]))
    return found.credentials


def _missing(adapter: Provider) -> str:
    name = adapter.name
    return (
        f"{name} needs a key: set the environment variable {' and '.join(adapter.key_variables)} "
        f"before the kernel starts, type it in with hn.enter_key({name!r}), or use "
        f"{_stand_in(adapter)!r}, which needs none and costs nothing."
    )


def _stand_in(adapter: Provider) -> str:
    return ProviderRef(adapter.name, simulated=True).name


def _checked_address(base_url: str | None, hosts: frozenset[str]) -> str:
    """Where a key may be sent: https, or plain http on this machine. The message repeats no part
    that may be secret."""
    try:
        address = arguments.as_text("base_url", base_url)
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ArgumentError:
        raise
    except ValueError:
        raise AddressError("the base_url is no address") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise AddressError("a base_url must not hold a name, a password, a query or a fragment")
    if host and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        return address.rstrip("/")
    raise AddressError(
        f"the base_url {parts.scheme}://{host or ''} must be https (plain http only for this "
        "machine); "
        f"known: {sorted(hosts)}"
    )


_known: dict[tuple[str, str, Credentials], Account] = {}


def name_or_account(name: str, value: Any) -> str | Account:
    """One provider: its name, or what `hn.provider(...)` returned. Raises ArgumentError."""
    return value if isinstance(value, Account) else arguments.as_text(name, value)


def chosen(given: Any) -> list[str | Account]:
    """The providers of the argument `provider`: one, or a list of them. Raises ArgumentError."""
    if given is None:
        raise ArgumentError(f"provider is None: name at least one: {', '.join(adapters.names())}")
    return arguments.as_list("provider", given, name_or_account)


def target(wanted: str | Account, model: str | None) -> Target:
    """`"xcompute/MiniMax-Hailuo-2.3-Fast"`, `"simulated:ppinfra"` or an Account -> provider and
    model."""
    if isinstance(wanted, Account):
        account, named = wanted, ""
    else:
        ref = ProviderRef.parse(arguments.as_text("provider", wanted))
        account, named = provider(ref.name), ref.model
        # The same name gives the same Account, so that clients, limits and tokens are shared
        # between calls.
        key = (account.name, account.base_url, account.credentials)
        account = _known.setdefault(key, account)
    return Target(account, catalog.resolve_model(account.provider.name, named or model))


def targets(wanted: Providers | None, model: str | None) -> list[Target]:
    """All of them, or one MissingKeyError that lists every provider without a key."""
    found, missing = [], []
    for item in chosen(wanted):
        try:
            found.append(target(item, model))
        except MissingKeyError as error:
            missing.append(str(error))
    if missing:
        raise MissingKeyError("\n".join(missing)) from None
    return found


def account_at(name: str, base_url: str) -> Account:
    """The provider of a job in the ledger. Raises MissingKeyError where its key cannot be found by
    itself."""
    account = target(name, None).account
    if account.base_url != base_url:
        raise MissingKeyError(
            f"give hn.resume(provider=[...]) the provider at {base_url}, with its key"
        )
    return account
