"""What can go wrong between us and a provider, sorted at real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Method, Unanswered, exchange
from engine.http import open_session


@asynccontextmanager
async def listening(reply: bytes) -> AsyncIterator[str]:
    """A port on loopback that sends these bytes to whoever connects, and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(reply)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def refused(url: str) -> tuple[OutcomeKind, str]:
    async with open_session(limit=2) as session:
        with pytest.raises(Unanswered) as caught:
            await exchange(session, Method.GET, url, timeout_s=5)
    return caught.value.kind, caught.value.detail


@pytest.mark.parametrize(
    ("reply", "kind", "detail"),
    [
        (b"", "unreachable", "connection lost"),
        (b"what?\r\n\r\n", "malformed", "unreadable HTTP reply"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", "malformed", "reply cut short"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", "malformed", "reply cut short"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nJUNK",
            "malformed",
            "reply cut short",
        ),
    ],
    ids=["hangs up", "no HTTP", "cut body", "cut chunk", "no gzip"],
)
async def test_a_broken_reply_comes_to_its_outcome(reply: bytes, kind: str, detail: str) -> None:
    async with listening(reply) as address:
        assert await refused(f"http://{address}/") == (OutcomeKind(kind), detail)


async def test_a_server_that_speaks_no_tls_is_unreachable_and_never_asked_in_plain() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as address:
        assert await refused(f"https://{address}/") == (OutcomeKind.UNREACHABLE, "TLS failure")


async def test_what_is_no_address_is_rejected() -> None:
    assert await refused("http://") == (OutcomeKind.REJECTED, "the base URL is not an address")


async def test_a_redirect_is_a_reply_and_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    async with listening(moved) as address, open_session(limit=2) as session:
        reply = await exchange(session, Method.GET, f"http://{address}/", timeout_s=5)

    assert reply.status == 302
