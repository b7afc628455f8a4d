"""The pretend outside world in a process of its own, so that its work is not counted as the engine's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from multiprocessing.connection import Connection

import msgspec

from benchmarks.apart import open_apart
from sandbox import amadeus
from sandbox import discord as discord_door
from sandbox.amadeus import OFFERS_PATH, TOKEN_PATH
from sandbox.discord import FakeDiscord
from sandbox.server import serve
from sandbox.world import open_world


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where the world can be reached, and the fifty pairs of its market."""

    fares: str
    discord: str
    pairs: tuple[str, ...]


class Saw(msgspec.Struct, frozen=True, kw_only=True):
    """What the outside saw. Instants are readings of the machine's monotonic clock, one for all processes."""

    replies_s: tuple[float, ...]
    last_reply_at: float
    first_post_at: float | None
    connections: int
    token_requests: int


class Outside:
    """The other end of the line to that process."""

    def __init__(self, line: Connection, addresses: Addresses) -> None:
        self.addresses = addresses
        self._line = line

    async def saw(self) -> Saw:
        """Ask what was seen so far."""
        self._line.send_bytes(b"?")
        return msgspec.json.decode(await asyncio.to_thread(self._line.recv_bytes), type=Saw)


@asynccontextmanager
async def open_outside() -> AsyncIterator[Outside]:
    """Start the process; it ends with the block."""
    async with open_apart(_serve) as (line, said):
        yield Outside(line, msgspec.json.decode(said, type=Addresses))


async def _serve(line: Connection) -> None:
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(open_world())
        door = FakeDiscord(world.ledger)
        await stack.enter_async_context(serve(door, discord_door.SERVICE, world.ledger))
        addresses = Addresses(fares=world.amadeus.base_url, discord=door.api, pairs=world.market.pairs)
        line.send_bytes(msgspec.json.encode(addresses))
        while await asyncio.to_thread(line.recv_bytes):
            searches = world.ledger.of(amadeus.SERVICE, OFFERS_PATH)
            ended = [entry for entry in searches if entry.ended_at is not None]
            saw = Saw(
                replies_s=tuple((entry.ended_at or 0.0) - entry.started_at for entry in ended),
                last_reply_at=max(entry.ended_at or 0.0 for entry in ended),
                first_post_at=min((post.arrived_at for post in door.posts), default=None),
                connections=world.ledger.connections(amadeus.SERVICE),
                token_requests=len(world.ledger.of(amadeus.SERVICE, TOKEN_PATH)),
            )
            line.send_bytes(msgspec.json.encode(saw))
