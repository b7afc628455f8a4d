"""Which addresses a webhook may lie at."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.addresses import is_public

CLOSED_4 = [
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
CLOSED_6 = [
    "::",
    "::1",
    "::127.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "3fff::1",
    "64:ff9b:1::1",
    "::ffff:0:127.0.0.1",
    "4000::1",
]


@pytest.mark.parametrize("address", CLOSED_4 + CLOSED_6)
def test_addresses_of_machines_networks_and_clouds_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", CLOSED_4)
def test_nor_is_any_way_to_write_them_in_ipv6(address: str) -> None:
    inner = int(IPv4Address(address))
    for outer in (
        int(IPv6Address("::ffff:0:0")) | inner,
        int(IPv6Address("64:ff9b::")) | inner,
        int(IPv6Address("2002::")) | inner << 80,
        int(IPv6Address("2002::1:2:3")) | inner << 80,
    ):
        assert not is_public(str(IPv6Address(outer)))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "162.159.128.233",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "2606:4700::6810:84e5",
        "2a01:4f8::1",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:0101:0101::1",
    ],
)
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "text", ["", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "1.1.1.1 ", "①.1.1.1"]
)
def test_what_is_no_address_in_its_usual_form_is_not_public(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_as_the_one_that_it_carries(address: IPv4Address) -> None:
    public = is_public(str(address))
    assert is_public(f"::ffff:{address}") is public
    assert is_public(f"64:ff9b::{address}") is public


@given(st.ip_addresses(v=4).filter(lambda address: not address.is_global))
def test_nothing_that_the_standard_library_calls_private_is_public(address: IPv4Address) -> None:
    assert not is_public(str(address))
