"""Which IP addresses a link may lead to, in every spelling, and inside IPv6 addresses too.

Pure. Source: IANA's registries of special-purpose addresses; own tables, as `ipaddress` differs
between Python versions.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' NAT; Alibaba Cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's machines reach their host there
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle Cloud's metadata
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_FAKE = (
    ipaddress.ip_network("198.18.0.0/15"),  # Clash, Surge, sing-box
    ipaddress.ip_network("fc00::/18"),  # sing-box
    ipaddress.ip_network("fdfe:dcba:9876::/64"),  # mihomo
)
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))

_IN_LAST_BITS = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated (SIIT)
        "64:ff9b::/96",  # NAT64
    )
)
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_TEREDO = ipaddress.IPv6Network("2001::/32")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
_ALL_32 = 0xFFFFFFFF


def literal(host: str) -> Address | None:
    """The address that a host spells, also in the odd forms that connect() takes ("2130706433",
    "0x7f.1", "127.1").

    None for a name. Brackets, a zone and the dot of the root are taken off.
    """
    bare = host.strip("[]").partition("%")[0]
    bare = bare.removesuffix(".") if ":" not in bare else bare
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    try:
        return (
            ipaddress.IPv4Address(socket.inet_aton(bare))
            if bare and bare.split() == [bare]
            else None
        )
    except (OSError, UnicodeError, ValueError):
        return None


def is_loopback(host: str) -> bool:
    """Whether a host, as it is written, is this machine: nothing for it leaves, through a proxy or
    otherwise."""
    address = literal(host)
    return host.lower() in {"localhost", "localhost."} or (
        address is not None and leads_to_loopback(address)
    )


def leads_to_loopback(address: Address) -> bool:
    """Whether an address, or the IPv4 address mapped into it, is this machine."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in _LOOPBACK)


def is_public(address: Address) -> bool:
    """Whether everything that an address can reach is on the public internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC)
    inside = list(_inside(address))
    special = any(address in network for network in _NOT_PUBLIC_IPV6)
    if not inside and (special or address not in _PUBLIC_IPV6):
        return False
    tunnelled = int(address) >> 32 & _ALL_32 in _ISATAP
    return all(is_public(one) for one in [*inside, *([_last(address)] if tunnelled else [])])


def is_fake(address: Address) -> bool:
    """Whether a resolver made the address up for a proxy that knows the name behind it (fake-IP
    mode)."""
    return any(address in network for network in _FAKE)


def _inside(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address hands its packets to."""
    bits = int(address)
    if any(address in network for network in _IN_LAST_BITS):
        yield _last(address)
    if address in _SIX_TO_FOUR:
        yield ipaddress.IPv4Address(bits >> 80 & _ALL_32)
    if address in _LOCAL_NAT64:
        yield from _in_local_nat64(bits)
    if address in _TEREDO:
        server, client = bits >> 64 & _ALL_32, ~bits & _ALL_32
        yield from (ipaddress.IPv4Address(server), ipaddress.IPv4Address(client))


def _last(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & _ALL_32)


def _in_local_nat64(bits: int) -> Iterator[ipaddress.IPv4Address]:
    """RFC 6052: behind a prefix of 48, 56, 64 or 96 bits, without bits 64 to 71.

    Which one an operator uses is unknown, so each counts that gives an address at all (0.x.x.x is
    none).
    """
    without_u = (bits >> 64 << 56) | bits & (1 << 56) - 1  # 120 bits
    places = [
        without_u >> 40 & _ALL_32,
        without_u >> 32 & _ALL_32,
        without_u >> 24 & _ALL_32,
        bits & _ALL_32,
    ]
    found = [ipaddress.IPv4Address(place) for place in places if place >> 24]
    yield from found or [ipaddress.IPv4Address(0)]
