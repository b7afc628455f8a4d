"""The pooled HTTP sessions of the engine, the cap on what a reply may weigh, the guard on addresses."""

import errno
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from engine.domain.addresses import is_public
from engine.errors import EngineError

USER_AGENT: Final = "fare-engine/0.1 (self-hosted fare alerts)"
# A reply of 250 offers weighs about 1.2 MB; what is heavier than this is no answer to our question.
BODY_CAP_BYTES: Final = 8 * 1024 * 1024
_DNS_CACHE_S: Final = 300
_KEEP_ALIVE_S: Final = 75.0
_CHUNK_BYTES: Final = 64 * 1024
_SECONDS: Final = re.compile(r"([0-9]+)(\.[0-9]+)?")


Sockets = Callable[[aiohttp.AddrInfoType], socket.socket]
"""Makes the socket for one address, the very one that is connected to next."""


class AddressRefused(OSError):
    """A host led to an address that is not of the public internet; nothing was sent there."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "not an address of the public internet")


class BodyTooLarge(EngineError):
    """A reply weighs more, decompressed, than anybody asked for; its connection was closed."""


@asynccontextmanager
async def open_session(
    *,
    limit: int,
    timeout_s: float = 30.0,
    resolver: aiohttp.abc.AbstractResolver | None = None,
    sockets: Sockets | None = None,
    trust: ssl.SSLContext | None = None,
) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session: one for every request of the engine, another for what strangers typed.

    At most `limit` connections stand at once; they are kept alive and reused, names are cached
    for five minutes, no cookie is kept and no proxy is taken from the environment. `timeout_s`
    is the deadline of a whole request, body included, where the caller names none. `sockets` may
    refuse an address (`public_only`); `trust` stands in for the certificates of the system.
    """
    connector = aiohttp.TCPConnector(
        limit=limit,
        ttl_dns_cache=_DNS_CACHE_S,
        keepalive_timeout=_KEEP_ALIVE_S,
        resolver=resolver,
        socket_factory=sockets,
        ssl=True if trust is None else trust,
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


def public_only(allowed: Collection[str] = ()) -> Sockets:
    """Sockets to the public internet, and to the `allowed` addresses (those of a test's servers).

    It is asked for the address itself, after every lookup and for a host written as numbers too, so
    that no name can lead elsewhere a moment after it was looked at. Raises AddressRefused.
    """

    def make(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = info
        address = str(place[0])
        if address not in allowed and not is_public(address):
            raise AddressRefused
        return socket.socket(family, kind, protocol)

    return make


def wait_of(header: str, now: datetime) -> timedelta | None:
    """A `Retry-After` or the like as a duration: seconds or an HTTP date; None where it is neither."""
    if found := _SECONDS.fullmatch(header.strip()):
        # More digits than these say no more: nobody waits for so long.
        return timedelta(seconds=int(found[1][:9]) + bool(found[2]))
    try:
        at = parsedate_to_datetime(header.strip())
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
