"""Which IP addresses belong to the public internet: where somebody else's webhook may lie.

Everything else leads into the machine, its neighbours or the provider it runs at: a request there,
made because a stranger typed an address, could read or change what only insiders may.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

# IANA's special-purpose registry, multicast and what is reserved. The standard library's `is_global`
# changed within patch versions and knows neither of the last two, so the ranges stand here.
_CLOSED_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's own services for its machines
            "169.254.0.0/16",  # link-local; metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# Of IPv6 only global unicast is open, and of that not what is set aside within it.
_GLOBAL_6: Final = IPv6Network("2000::/3")
_CLOSED_6: Final = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
# Ranges that carry an IPv4 address, and how many bits stand behind it: the packet may end up there.
_CARRIERS: Final = (
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64, how networks without IPv4 reach it
    (IPv6Network("2002::/16"), 80),  # 6to4
)


def is_public(address: str) -> bool:
    """Whether an IPv4 or IPv6 address, as numbers, can be anybody's on the internet.

    An address that carries another one is as public as that one. What is no address is not public.
    """
    try:
        given = ip_address(address)
    except ValueError:
        return False
    return all(_is_open(each) for each in _led_to(given))


def _led_to(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    if isinstance(address, IPv6Address):
        for network, behind in _CARRIERS:
            if address in network:
                yield IPv4Address(int(address) >> behind & 0xFFFFFFFF)
                return
    yield address


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address.scope_id is not None:
        return False
    return address in _GLOBAL_6 and not any(address in network for network in _CLOSED_6)
