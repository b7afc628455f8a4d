"""A small reply that unpacks to 200 MB is cut at the cap and costs next to nothing."""

import tracemalloc
import zlib

import pytest
from aiohttp import web

from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Method, Unanswered, exchange
from engine.http import BODY_CAP_BYTES, open_session
from sandbox.ledger import Ledger
from sandbox.server import serve

_MB = 1024 * 1024
_GZIP = 31  # zlib's word for a gzip header with the largest window
MOST_GROWTH = 16 * _MB


@pytest.fixture(scope="module")
def bomb() -> bytes:
    packer = zlib.compressobj(level=1, wbits=_GZIP)
    block = bytes(_MB)
    return b"".join([packer.compress(block) for _ in range(200)] + [packer.flush()])


class Bomber:
    """Answers with the bomb."""

    def __init__(self, bomb: bytes) -> None:
        self.base_url = ""
        self._bomb = bomb

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._throw)]

    async def _throw(self, _: web.Request) -> web.Response:
        return web.Response(body=self._bomb, headers={"Content-Encoding": "gzip"})


async def test_a_gzip_bomb_is_cut_at_the_cap_with_little_memory(bomb: bytes) -> None:
    assert len(bomb) < BODY_CAP_BYTES / 4
    async with serve(Bomber(bomb), "bomber", Ledger()) as base_url, open_session(limit=2) as session:
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            with pytest.raises(Unanswered) as caught:
                await exchange(session, Method.GET, base_url, timeout_s=10)
            growth = tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, "reply too large")
    assert growth < MOST_GROWTH
