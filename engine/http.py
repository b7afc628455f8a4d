"""The one pooled HTTP session of the engine and the cap on what a reply may weigh."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from engine.errors import EngineError

USER_AGENT: Final = "fare-engine/0.1 (self-hosted fare alerts)"
# A reply of 250 offers weighs about 1.2 MB; what is heavier than this is no answer to our question.
BODY_CAP_BYTES: Final = 8 * 1024 * 1024
_DNS_CACHE_S: Final = 300
_KEEP_ALIVE_S: Final = 75.0
_CHUNK_BYTES: Final = 64 * 1024


class BodyTooLarge(EngineError):
    """A reply weighs more, decompressed, than anybody asked for; its connection was closed."""


@asynccontextmanager
async def open_session(
    *,
    limit: int,
    timeout_s: float = 30.0,
    resolver: aiohttp.abc.AbstractResolver | None = None,
) -> AsyncIterator[aiohttp.ClientSession]:
    """Open the session that every outgoing request of the engine shares.

    At most `limit` connections stand at once; they are kept alive and reused, names are cached
    for five minutes, no cookie is kept and no proxy is taken from the environment. `timeout_s`
    is the deadline of a whole request, body included, where the caller names none.
    """
    connector = aiohttp.TCPConnector(
        limit=limit,
        ttl_dns_cache=_DNS_CACHE_S,
        keepalive_timeout=_KEEP_ALIVE_S,
        resolver=resolver,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=timeout_s),
        headers={"User-Agent": USER_AGENT},
        trust_env=False,
    ) as session:
        yield session


async def read_capped(response: aiohttp.ClientResponse, cap_bytes: int = BODY_CAP_BYTES) -> bytes:
    """The decompressed body, as long as it stays within the cap.

    Raises BodyTooLarge as soon as it does not, without reading the rest: the connection is
    closed rather than drained, so that neither a huge body nor a gzip bomb costs memory.
    """
    chunks: list[bytes] = []
    weight = 0
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        weight += len(chunk)
        if weight > cap_bytes:
            response.close()
            raise BodyTooLarge(f"reply over {cap_bytes} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
