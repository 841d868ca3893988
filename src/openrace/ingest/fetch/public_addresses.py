"""Which addresses a link may lead to: the public internet's, never this machine's or its network's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IPv6 addresses that carry an IPv4 one: what counts is where the packet ends.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out so far
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


def is_public(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether `address` is on the public internet or in a network that the user `allowed` by name.

    Not public are loopback, private, link-local (cloud metadata live there), shared, multicast and
    reserved ones (IANA's special-purpose registries), also inside mapped, 6to4, Teredo and NAT64 forms.
    """
    if any(address.version == network.version and address in network for network in allowed):
        return True
    inner = _carried(address)
    if inner is not None:
        return is_public(inner, allowed)
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or _compatible(address)


def _compatible(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the old ``::a.b.c.d`` form; ``::`` and ``::1`` are themselves."""
    number = int(address)
    return ipaddress.IPv4Address(number) if 1 < number <= 0xFFFFFFFF else None
