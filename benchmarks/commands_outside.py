"""The pretend world of `commands_under_load`, with its members, in a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection

import msgspec

from benchmarks.apart import open_apart
from benchmarks.members import Answered, Members, Owner
from sandbox import discord as discord_door
from sandbox.discord import FakeDiscord
from sandbox.server import serve
from sandbox.world import open_world


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where the world can be reached, and the pairs of its market."""

    fares: str
    discord: str
    gateway: str
    pairs: tuple[str, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, and how often."""

    owners: tuple[Owner, ...]
    most: int


class Outside:
    """The other end of the line to that process."""

    def __init__(self, line: Connection, places: Places) -> None:
        self.places = places
        self._line = line

    async def ask(self, owners: Sequence[Owner], most: int) -> Answered:
        """Let these members ask; gives what came of it, once all were answered."""
        self._line.send_bytes(msgspec.json.encode(Task(owners=tuple(owners), most=most)))
        return msgspec.json.decode(await asyncio.to_thread(self._line.recv_bytes), type=Answered)


@asynccontextmanager
async def open_outside() -> AsyncIterator[Outside]:
    """Start the process; it ends with the block."""
    async with open_apart(_serve) as (line, said):
        yield Outside(line, msgspec.json.decode(said, type=Places))


async def _serve(line: Connection) -> None:
    async with open_world() as world:
        door = FakeDiscord(world.ledger)
        async with serve(door, discord_door.SERVICE, world.ledger):
            pairs = world.market.pairs
            places = Places(
                fares=world.amadeus.base_url, discord=door.api, gateway=door.gateway.url, pairs=pairs
            )
            line.send_bytes(msgspec.json.encode(places))
            task = msgspec.json.decode(await asyncio.to_thread(line.recv_bytes), type=Task)
            answered = await Members(door, task.owners, pairs[0]).ask(task.most)
            line.send_bytes(msgspec.json.encode(answered))
            await asyncio.Event().wait()  # whoever started the process ends it
