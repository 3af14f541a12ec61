"""Resolves names and keys to an Account, and provider arguments to accounts and models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hailuo_nb import catalog
from hailuo_nb.engine.addresses import is_loopback
from hailuo_nb.engine.base_url import parse as parse_base_url
from hailuo_nb.errors import AddressError, ArgumentError, KeyFormatError, MissingKeyError
from hailuo_nb.ordering.faults import Faults
from hailuo_nb.ordering.faults import parse as parse_faults
from hailuo_nb.providers import credentials as keys
from hailuo_nb.providers import registry as adapters
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.provider_ref import SIMULATED, ProviderRef
from hailuo_nb.requests.redaction import Credentials

if TYPE_CHECKING:
    from hailuo_nb.providers.base import Provider

Providers = str | Account | Sequence[str | Account]

ALL = "all"
"""In place of providers: everyone that has a key here, or every stand-in where none has one."""
_SIMULATOR_KEY = "stand-in-key"  # the simulator accepts any
_VERSION = re.compile(r"/v\d+$", re.IGNORECASE)
# What stands behind a version is the path of a call, unless it is a gateway's own.
_CALL = re.compile(
    r"/v\d+/(?:\w+/)*(?:video_generation|videos?|generations?|predictions|tasks?|async|submit|status)"
    r"(?:/[\w/-]*)?$",
    re.IGNORECASE,
)
_known: dict[tuple[str, str, Credentials], Account] = {}


@dataclass(frozen=True, slots=True)
class Target:
    """An account and a model."""

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
    faults: Faults = (),
) -> Account:
    """Returns an account, accepted wherever a provider's name is.

    name          of a provider, as "ppinfra"; with "simulated:" its stand-in
    api_key       default: from `hn.enter_key`, the provider's environment variable, Colab's secrets
                  or the system's keyring (Chanjing: `app_id` and `secret_key`)
    base_url      another address of the same API. It needs an explicit key, since other keys are
                  sent only to the provider's own hosts. Plain http only on loopback
    allow_public  use the server's keys for visitors of a page that Voilà serves
    faults        of a stand-in alone: what goes wrong there, as for `hn.compare`

    Blanks, quotes, `Bearer ` and `NAME=` around a pasted key are removed.

    Raises UnknownNameError, MissingKeyError, KeyFormatError, AddressError, ArgumentError for a key
    of the wrong name.
    """
    # Nothing may raise while a key is a str: a verbose traceback prints local variables.
    passed: dict[str, Any] = {"api_key": api_key, "app_id": app_id, "secret_key": secret_key}
    passed = {
        key: value for key, value in passed.items() if value is not None and not _is_empty(value)
    }
    given, names = Credentials(*passed.values()), list(passed)
    passed.clear()
    api_key = app_id = secret_key = None
    adapter, simulated = _adapter(name)
    _check_key_arguments(adapter, names)
    public = arguments.as_bool("allow_public", allow_public) or False
    if simulated:
        if base_url is not None:
            raise AddressError(
                "a simulated provider runs inside this kernel and has no base_url; use "
                f"{adapter.name!r} for a server"
            )
        stand_in_keys = Credentials(*(_SIMULATOR_KEY for _ in adapter.key_variables))
        return Account(adapter, adapter.base_url, stand_in_keys, True, faults=parse_faults(faults))
    if parse_faults(faults):
        raise ArgumentError(f"faults are for stand-ins: {_stand_in(adapter)!r} is the one here")
    elsewhere = base_url is not None and not _is_empty(base_url)
    address = _parse_address(base_url, adapter) if elsewhere else adapter.base_url
    if elsewhere and not given and urlsplit(address).hostname not in adapter.hosts:
        own = " and ".join(f"{one}=" for one in _key_arguments(adapter))
        raise MissingKeyError(
            f"{adapter.name} at {urlsplit(address).netloc} needs its key given with it, as {own}: "
            "a key from hn.enter_key, the environment, Colab's secrets or a keyring goes only to "
            "the provider's own hosts."
        )
    credentials = given.stripped() if given else _find_key(adapter, public)
    if not credentials or len(credentials) != len(adapter.key_variables):
        raise MissingKeyError(_missing_key_message(adapter))
    if (variable := credentials.find_malformed(adapter.key_variables)) is not None:
        raise KeyFormatError(keys.malformed(variable))
    if (variable := credentials.find_placeholder(adapter.key_variables)) is not None:
        raise KeyFormatError(keys.placeholder(variable))
    return Account(adapter, address, credentials)


def _is_empty(value: Any) -> bool:
    return isinstance(value, str) and not value


def _adapter(name: Any) -> tuple[Provider, bool]:
    """Returns the adapter, and whether it is simulated. Raises UnknownNameError."""
    given = arguments.as_text("name", name).strip()
    ref = ProviderRef.parse(given)
    if ref.model or ref.provider.lower() not in adapters.names():
        raise catalog.unknown_provider(given)
    return adapters.get(ref.provider), ref.simulated


def full_name(name: str) -> str:
    """Returns the canonical name of a provider. Raises UnknownNameError."""
    adapter, simulated = _adapter(name)
    return ProviderRef(adapter.name, simulated).name


def _key_arguments(adapter: Provider) -> tuple[str, ...]:
    return {1: ("api_key",), 2: ("app_id", "secret_key")}[len(adapter.key_variables)]


def key_arguments(name: str) -> tuple[str, ...]:
    """What `provider` calls the keys of a provider: "api_key". Raises UnknownNameError."""
    return _key_arguments(_adapter(name)[0])


def _check_key_arguments(adapter: Provider, given: Sequence[str]) -> None:
    """Raises an error for a key argument that this provider does not have, or a missing one."""
    own = _key_arguments(adapter)
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
    """Asks for a provider's key without echo; it is used until this process ends and never stored.

    It has precedence over other keys. Raises UnknownNameError, KeyFormatError, and HailuoError
    without interactive input.
    """
    adapter, simulated = _adapter(name)
    if simulated:
        raise ArgumentError("name is a simulated provider, which needs no key and costs nothing")
    keys.enter(adapter.key_variables)


def _find_key(adapter: Provider, allow_public: bool) -> Credentials:
    """Finds the provider's key on this machine. Raises MissingKeyError."""
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
        raise MissingKeyError(
            " ".join([_missing_key_message(adapter), *(f"{hint}." for hint in found.hints)])
        )
    return found.credentials


def _missing_key_message(adapter: Provider) -> str:
    name = adapter.name
    return (
        f"{name} needs a key: set the environment variable {' and '.join(adapter.key_variables)} "
        f"before the kernel starts, type it in with hn.enter_key({name!r}), or use "
        f"{_stand_in(adapter)!r}, which needs none and costs nothing."
    )


def _stand_in(adapter: Provider) -> str:
    return ProviderRef(adapter.name, simulated=True).name


def _parse_address(base_url: str | None, adapter: Provider) -> str:
    """Parses an address for a key: https, or http on loopback. Messages repeat no secret part."""
    given = parse_base_url(base_url)
    if version := doubled_version(adapter, given.text):
        raise AddressError(
            f"the base_url ends in {version}, which the calls of {adapter.name} bring themselves: "
            f"leave it off, as in {adapter.base_url}"
        )
    own_path = urlsplit(adapter.base_url).path.rstrip("/")
    if (given.host in adapter.hosts and given.path != own_path) or _CALL.search(given.path):
        raise AddressError(
            f"the base_url goes on after the host, and the calls of {adapter.name} bring their "
            f"paths themselves: it is as {adapter.base_url}"
        )
    for name in adapters.names():
        if given.host in adapters.get(name).hosts and given.host not in adapter.hosts:
            raise AddressError(
                f"{given.host} is a host of {name}, which has keys of its own: use "
                f"hn.provider({name!r})"
            )
    if given.scheme == "https" or is_loopback(given.host):
        return given.text
    raise AddressError(
        f"the base_url http://{given.host} must be https (plain http only for this machine); "
        f"known: {sorted(adapter.hosts)}"
    )


def doubled_version(adapter: Provider, base_url: str) -> str:
    """The version (`/v1`) at the end of an address that would stand there twice; "" where it would
    not."""
    found = _VERSION.search(urlsplit(base_url).path.rstrip("/"))
    return found[0] if found and not urlsplit(adapter.base_url).path.endswith(found[0]) else ""


def name_or_account(name: str, value: Any) -> str | Account:
    """Returns an Account as it is, a name as text. Raises ArgumentError."""
    return value if isinstance(value, Account) else arguments.as_text(name, value)


def one_of_them(name: str, value: Any) -> str | Account:
    """The same of a call that makes one clip at a time: "all" would be paid everywhere. Raises
    ArgumentError."""
    found = name_or_account(name, value)
    if is_all(found):
        raise ArgumentError(f"{name} is {arguments.describe(found)}, which is several")
    return found


def chosen(given: Any) -> list[str | Account]:
    """Parses the argument `provider`: one or a list. Raises ArgumentError."""
    if given is None:
        raise ArgumentError(f"provider is None: name at least one: {', '.join(adapters.names())}")
    return arguments.as_list("provider", expanded(given), name_or_account)


def require_known(given: Sequence[str | Account]) -> None:
    """Raises UnknownNameError for a name of no provider, or of a model that nobody sells."""
    for wanted in given:
        if isinstance(wanted, str):
            ref = ProviderRef.parse(wanted)
            adapter, _ = _adapter(ref.name)
            catalog.resolve_model(adapter.name, ref.model or None, elsewhere=True)


def is_all(given: Any) -> bool:
    """Whether `provider` means everyone ("all"), or every stand-in ("simulated:all")."""
    return _word(given) in {ALL, SIMULATED + ALL}


def _word(given: Any) -> str:
    """The one name that was given, in small letters; "" for anything else."""
    if isinstance(given, list | tuple | set | frozenset) and len(given) == 1:
        given = next(iter(given))
    return given.strip().lower() if isinstance(given, str) else ""


def expanded(given: Any) -> Any:
    """What was given, or in place of "all" the names that it means."""
    if not is_all(given):
        return given
    found = [name for name in adapters.names() if _has_key(name)] if _word(given) == ALL else []
    return found or [ProviderRef(name, simulated=True).name for name in adapters.names()]


def _has_key(name: str) -> bool:
    try:
        provider(name)
    except (MissingKeyError, KeyFormatError):
        return False
    return True


def target(wanted: str | Account, model: str | None, *, elsewhere: bool = False) -> Target:
    """Resolves `"xcompute/MiniMax-Hailuo-2.3-Fast"`, `"simulated:ppinfra"` or an Account.

    elsewhere  a model that only other providers sell will do too: `check` says so then
    """
    if isinstance(wanted, Account):
        account, named = wanted, ""
    else:
        ref = ProviderRef.parse(arguments.as_text("provider", wanted))
        account, named = provider(ref.name), ref.model
        # Equal names share an Account, and with it clients, limits and tokens.
        key = (account.name, account.base_url, account.credentials)
        account = _known.setdefault(key, account)
    name = account.provider.name
    return Target(account, catalog.resolve_model(name, named or model, elsewhere=elsewhere))


def targets(wanted: Providers | None, model: str | None) -> list[Target]:
    """Resolves all; raises one MissingKeyError that lists every provider without a key."""
    found, missing = [], []
    for item in chosen(wanted):
        try:
            found.append(target(item, model, elsewhere=is_all(wanted)))
        except MissingKeyError as error:
            missing.append(str(error))
    if missing:
        raise MissingKeyError("\n".join(missing)) from None
    return found


def account_at(name: str, base_url: str) -> Account:
    """Returns the account of a job in the ledger. Raises MissingKeyError."""
    if base_url != _adapter(name)[0].base_url:
        raise MissingKeyError(
            f"give hn.resume(provider=[...]) the provider at {base_url}, with its key; on the "
            "command line --base-url and --key-from name them"
        )
    return target(name, None).account
