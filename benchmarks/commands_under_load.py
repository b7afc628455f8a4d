"""How soon commands are answered while 2,000 due routes are looked at.

The whole bot runs: discord.py over its own gateway and HTTP layer, engine, store on disk, alerts. Members
of a pretend Discord in another process type every command, press buttons and pick choices, twenty-five a
second; measured there is the time from the interaction to the arrival of its first answer.
"""

import asyncio
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Final

import discord
import discord.http
from discord.gateway import DiscordWebSocket
from yarl import URL

from benchmarks.commands_outside import Outside, Places, open_outside
from benchmarks.members import CHANNEL_ID, Answered, Owner
from benchmarks.rows import Row, at_most, for_comparison
from bot.app import build_bot, register_lanes
from bot.charts.studio import open_studio
from bot.connection import connect
from bot.languages import read_tongues
from engine.assembly import Engine
from engine.domain import judge
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.route import RollingDates, Route
from engine.domain.watch import Destination, DestinationKind, OwnerKind, Rules, Watch, WatchId
from engine.domain.watch import Owner as WatchOwner
from engine.heap import freeze_heap
from engine.look import LookReport
from engine.loops import BatchReport
from engine.settings import Settings
from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET
from sandbox.discord_replies import GUILD_ID

ROUTES: Final = 2_000
_MEMBERS: Final = 100
_ASKED: Final = 420  # takes seventeen seconds, and the batch twenty-one at least
_TARGET_SHARE: Final = 10  # every tenth route meets its target
_GOAL_MS: Final = 1_000.0
_CHANNEL: Final = Destination(DestinationKind.CHANNEL, CHANNEL_ID)


class _Batch:
    """Knows when the batch begins, and how many of its routes have been looked at."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.looked_at = 0

    def dispatched(self, batch: int, count: int) -> None:  # noqa: ARG002  the observer's signature
        """It begins."""
        self.begun.set()

    def looked(self, batch: int, report: LookReport) -> None:  # noqa: ARG002
        """One more."""
        self.looked_at += 1

    def finished(self, report: BatchReport) -> None:
        """Nothing to keep."""


async def run() -> list[Row]:
    """One batch with members who ask, and the rows it gives."""
    batch = _Batch()
    answered, looked_at = await _measure(batch)
    commands = sorted(answered.commands_ms)
    return [
        at_most("commands_under_load", _p99(commands), "ms at p99", _GOAL_MS),
        for_comparison("commands_under_load_p50", statistics.median(commands), "ms"),
        for_comparison("commands_under_load_max", commands[-1], "ms"),
        for_comparison("commands_under_load_asked", len(commands), "commands"),
        at_most("commands_under_load_buttons", _p99(sorted(answered.presses_ms)), "ms at p99", _GOAL_MS),
        at_most("commands_under_load_typing", _p99(sorted(answered.typing_ms)), "ms at p99", _GOAL_MS),
        at_most("commands_under_load_unanswered", answered.unanswered, "interactions", 0),
        at_most("commands_under_load_looked_at", looked_at, "routes at the last answer", ROUTES - 1),
    ]


def _p99(ordered: Sequence[float]) -> float:
    """The smallest that at least 99 of a hundred do not exceed."""
    return ordered[-(len(ordered) // 100) - 1]


async def _measure(batch: _Batch) -> tuple[Answered, int]:
    """The answers, and how many routes had been looked at when the last one was there."""
    with tempfile.TemporaryDirectory(prefix="fare-bench-") as folder:
        async with open_outside() as outside, _engine(Path(folder), outside.places) as engine:
            owners = await _watch_the_market(engine, outside.places.pairs)
            async with _at_the_door(engine, outside):
                freeze_heap()
                looking = asyncio.create_task(engine.run(batch))
                await batch.begun.wait()
                answered = await outside.ask(owners, _ASKED)
                looked_at = batch.looked_at
                looking.cancel()
                await asyncio.wait({looking})
    return answered, looked_at


@asynccontextmanager
async def _engine(folder: Path, places: Places) -> AsyncIterator[Engine]:
    settings = Settings.load(
        env_file=None,
        environ={
            "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "AMADEUS_CLIENT_ID": CLIENT_ID,
            "AMADEUS_CLIENT_SECRET": CLIENT_SECRET,
            "AMADEUS_BASE_URL": places.fares,
            "AMADEUS_RATE": "10000/1s",
            "MAX_WATCHES_PER_MEMBER": "1000",
        },
    )
    async with Engine.open(settings, members=True) as engine:
        yield engine


async def _watch_the_market(engine: Engine, pairs: Sequence[str]) -> list[Owner]:
    """Two thousand routes, each pair on forty days, shared out among a hundred members."""
    now = engine.clock.now()
    watches = [
        _watch(engine, pairs[number % len(pairs)], number, RollingDates(60 + number // len(pairs), 14))
        for number in range(ROUTES)
    ]
    armed = judge.fresh_state(from_list=True)
    async with engine.store.transaction() as tx:
        await tx.routes.ensure_many([route for route, _ in watches], now)
        await tx.watches.add_many([(watch, armed) for _, watch in watches])
    return [
        Owner(
            id=member,
            watches=tuple(watch.id for _, watch in watches if watch.owner.id == member),
            routes=tuple(route.id for route, watch in watches if watch.owner.id == member),
        )
        for member in {watch.owner.id: None for _, watch in watches}
    ]


def _watch(engine: Engine, pair: str, number: int, trip: RollingDates) -> tuple[Route, Watch]:
    origin, destination = (engine.gazetteer.find(code) or Place.airport(code) for code in pair.split("-"))
    route = Route(origin=origin, destination=destination, trip=trip, currency="EUR")
    target = 100_000 if number % _TARGET_SHARE == 0 else 1
    watch = Watch(
        id=WatchId(f"bench-{number}"),
        owner=WatchOwner(OwnerKind.MEMBER, str(1000 + number % _MEMBERS), GUILD_ID),
        route_id=route.id,
        currency=route.currency,
        rules=Rules(target=Money.of(Decimal(target), route.currency)),
        tell=(_CHANNEL,),
        created_at=engine.clock.now(),
    )
    return route, watch


@asynccontextmanager
async def _at_the_door(engine: Engine, outside: Outside) -> AsyncIterator[None]:
    """The real bot, connected to the pretend Discord by REST and gateway."""
    genuine = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = outside.places.discord
    DiscordWebSocket.DEFAULT_GATEWAY = URL(outside.places.gateway)
    async with open_studio() as studio:
        bot = build_bot(engine, await asyncio.to_thread(read_tongues), studio)
        register_lanes(engine, bot)
        talking = asyncio.create_task(connect(bot, "bench", engine.clock))
        try:
            while not bot.is_ready():  # noqa: ASYNC110  discord.py has no event to wait for before its login
                await asyncio.sleep(0.02)
            yield
        finally:
            await bot.close()
            talking.cancel()
            await asyncio.wait({talking})
            discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = genuine
