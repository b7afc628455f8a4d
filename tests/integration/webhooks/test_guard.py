"""Only the public internet is reached, whatever a name says at whichever moment."""

import aiohttp
import pytest

from engine.http import AddressRefused, public_only
from sandbox.hooks import answers
from tests.support.outside import LOOPBACK, Outside

URL = "https://board.example.com/hook"
METADATA = "169.254.169.254"


async def refused(session: aiohttp.ClientSession, url: str) -> BaseException:
    with pytest.raises((aiohttp.ClientConnectorError, aiohttp.InvalidURL)) as caught:
        await session.post(url, json={}, allow_redirects=False)
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        LOOPBACK,
        "10.0.0.1",
        "100.64.0.1",
        METADATA,
        "192.168.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "fd00::1",
    ],
)
async def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to(
    outside: Outside, address: str
) -> None:
    outside.phonebook.put("board.example.com", [(address, outside.port)])
    async with outside.may_reach()() as session:
        fault = await refused(session, URL)
    assert isinstance(fault, aiohttp.ClientConnectorError)
    assert isinstance(fault.os_error, AddressRefused)
    assert outside.readers.ledger.entries == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "169.254.169.254",
        "2130706433",
        "127.1",
        "0",
        "017700000001",
    ],
)
async def test_so_is_an_address_in_place_of_a_name_which_nobody_looks_up(outside: Outside, host: str) -> None:
    async with outside.may_reach()() as session:
        await refused(session, f"https://{host}:{outside.port}/hook")
    assert outside.phonebook.asked == []
    assert outside.readers.ledger.entries == []


@pytest.mark.parametrize("host", ["0x7f000001", "0x7f.1", "0177.0.0.1"])
async def test_so_is_an_address_that_only_a_resolver_would_take_for_one(outside: Outside, host: str) -> None:
    outside.phonebook.put(host, [(LOOPBACK, outside.port)])
    async with outside.may_reach()() as session:
        await refused(session, f"https://{host}/hook")
    assert outside.readers.ledger.entries == []


async def test_a_name_that_led_outside_a_moment_ago_is_refused_once_it_leads_inside(outside: Outside) -> None:
    outside.phonebook.put("board.example.com", [(LOOPBACK, outside.port)], [("127.0.0.2", outside.port)])
    async with outside.may_reach(LOOPBACK)() as session:
        async with session.post(URL, json={}, headers={"Connection": "close"}) as reply:
            assert reply.status == 202
        assert isinstance(session.connector, aiohttp.TCPConnector)
        session.connector.clear_dns_cache()
        fault = await refused(session, URL)
    assert outside.phonebook.asked == ["board.example.com"] * 2
    assert isinstance(fault, aiohttp.ClientConnectorError)
    assert isinstance(fault.os_error, AddressRefused)
    assert len(outside.readers.taken) == 1


async def test_a_name_with_an_open_and_a_closed_address_is_reached_at_the_open_one(outside: Outside) -> None:
    outside.phonebook.put("board.example.com", [("127.0.0.2", outside.port), (LOOPBACK, outside.port)])
    async with outside.may_reach(LOOPBACK)() as session, session.post(URL, json={}) as reply:
        assert reply.status == 202


async def test_a_name_with_closed_addresses_only_is_refused_as_one_with_one(outside: Outside) -> None:
    outside.phonebook.put("board.example.com", [("127.0.0.2", 443), ("::1", 443), ("10.0.0.1", 443)])
    async with outside.may_reach()() as session:
        fault = await refused(session, URL)
    assert isinstance(fault, aiohttp.ClientConnectorError)
    assert isinstance(fault.os_error, AddressRefused)


async def test_a_redirect_to_the_inside_leads_nowhere(outside: Outside) -> None:
    outside.readers.troubles.append(answers(307, Location=f"https://{METADATA}/latest/meta-data/"))
    async with outside.may_reach(LOOPBACK)() as session:
        async with session.post(URL, json={}, allow_redirects=False) as reply:
            assert reply.status == 307
        # Had it been followed, the guard would have stood there too.
        await refused(session, f"https://{METADATA}/latest/meta-data/")


def test_a_refusal_names_no_address() -> None:
    with pytest.raises(AddressRefused) as caught:
        public_only()((2, 1, 6, "", (METADATA, 80)))
    assert METADATA not in str(caught.value)
