"""The pooled session against a server on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from engine.http import BodyTooLarge, open_session, read_capped
from sandbox.ledger import Ledger
from sandbox.server import serve


class Parrot:
    """Sends as many bytes as it is asked for, and a cookie."""

    def __init__(self) -> None:
        self.base_url = ""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/bytes/{count}", self._bytes)]

    async def _bytes(self, request: web.Request) -> web.Response:
        response = web.Response(body=b"x" * int(request.match_info["count"]))
        response.set_cookie("visited", "yes")
        response.enable_compression(web.ContentCoding.gzip)
        return response


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
async def base_url(ledger: Ledger) -> AsyncIterator[str]:
    async with serve(Parrot(), "parrot", ledger) as base_url:
        yield base_url


async def fetched(session: aiohttp.ClientSession, url: str, cap_bytes: int = 1000) -> int:
    async with session.get(url) as response:
        return len(await read_capped(response, cap_bytes))


async def test_a_body_up_to_the_cap_is_read_whole(base_url: str) -> None:
    async with open_session(limit=5) as session:
        assert await fetched(session, f"{base_url}/bytes/1000") == 1000


async def test_a_body_over_the_cap_once_decompressed_is_refused(base_url: str) -> None:
    async with open_session(limit=5) as session:
        with pytest.raises(BodyTooLarge):
            await fetched(session, f"{base_url}/bytes/1001")


async def test_a_connection_is_kept_and_used_again(base_url: str, ledger: Ledger) -> None:
    async with open_session(limit=5) as session:
        for _ in range(5):
            await fetched(session, f"{base_url}/bytes/10")

    assert (len(ledger.of("parrot")), ledger.connections("parrot")) == (5, 1)


async def test_a_connection_with_too_much_in_it_is_closed(base_url: str, ledger: Ledger) -> None:
    async with open_session(limit=5) as session:
        with pytest.raises(BodyTooLarge):
            await fetched(session, f"{base_url}/bytes/9000000")
        await fetched(session, f"{base_url}/bytes/10")

    assert ledger.connections("parrot") == 2


async def test_no_cookie_is_kept(base_url: str, ledger: Ledger) -> None:
    async with open_session(limit=5) as session:
        for _ in range(2):
            await fetched(session, f"{base_url}/bytes/10")

    assert "Cookie" not in ledger.of("parrot")[1].headers
