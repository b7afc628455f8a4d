"""Fifty routes from a list against a pretend Amadeus that takes 0.9 to 1.2 s over each reply.

Measured twice: with the source's pace out of the way, and at Amadeus's own ten calls a second. The
whole engine runs: store on disk, look loop, recorder, judge, outbox, relay, a Discord lane through
discord.py's own HTTP layer, twilio's client. Nothing is looked at from inside: what the outside saw,
and when, is in the ledger of the pretend world.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Final

import discord
import discord.http
import msgspec

from benchmarks.outside import Addresses, Saw, open_outside
from benchmarks.rows import Row, at_most, for_comparison
from bot.app import build_bot, register_lanes
from bot.charts.studio import Studio
from bot.languages import read_tongues
from engine.assembly import Engine
from engine.domain import judge
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.route import RollingDates, Route
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Rules, Watch, WatchId
from engine.heap import freeze_heap
from engine.look import LookReport
from engine.loops import BatchReport
from engine.settings import Settings
from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET

_CHANNEL: Final = Destination(DestinationKind.CHANNEL, "9001")
_CONCURRENCY: Final = 100
_OWN_PACE: Final = 10.0  # calls a second
_TARGET_SHARE: Final = 10  # every tenth route meets its target
_PROBE_S: Final = 0.002


class _Nobody:
    """An observer that keeps nothing: the report of a single batch is its result."""

    def dispatched(self, batch: int, count: int) -> None:
        """Nothing to keep."""

    def looked(self, batch: int, report: LookReport) -> None:
        """Nothing to keep."""

    def finished(self, report: BatchReport) -> None:
        """Nothing to keep."""


class _Lag:
    """How late a short sleep wakes, at worst: the time for which the loop was held."""

    def __init__(self) -> None:
        self.worst_s = 0.0

    async def watch(self) -> None:
        """Probe until cancelled."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_PROBE_S)
            self.worst_s = max(self.worst_s, time.perf_counter() - begun - _PROBE_S)


async def run() -> list[Row]:
    """Both batches, and the rows they give."""
    await asyncio.to_thread(read_tongues)
    free, paced = await _batch("10000/1s"), await _batch("10/1s")
    slowest_s = max(free.saw.replies_s)
    turns_s = (len(paced.saw.replies_s) - 1) / _OWN_PACE + max(paced.saw.replies_s)
    first_alert_s = (free.saw.first_post_at or float("inf")) - free.saw.last_reply_at
    return [
        at_most("fifty_routes", free.report.elapsed_s / slowest_s, "x slowest reply", 1.10),
        for_comparison("fifty_routes_elapsed", free.report.elapsed_s, "s"),
        at_most("fifty_routes_loop_lag", free.lag_s * 1000, "ms at worst", 50),
        at_most("fifty_routes_connections", free.saw.connections, "connections", _CONCURRENCY),
        at_most("fifty_routes_token_requests", free.saw.token_requests, "requests", 1),
        at_most("fifty_routes_first_alert", first_alert_s, "s after the last reply", 0),
        at_most("fifty_routes_failed", free.report.failed, "looks", 0),
        at_most("fifty_routes_own_pace", paced.report.elapsed_s / turns_s, "x turns + slowest reply", 1.05),
        for_comparison("fifty_routes_own_pace_elapsed", paced.report.elapsed_s, "s"),
    ]


class _Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One batch: the engine's own report, and what the outside saw."""

    report: BatchReport
    saw: Saw
    lag_s: float


async def _batch(rate: str) -> _Measured:
    with tempfile.TemporaryDirectory(prefix="fare-bench-") as folder:
        async with open_outside() as outside, _engine(Path(folder), outside.addresses, rate) as engine:
            async with _at_the_door(engine, outside.addresses):
                freeze_heap()
                lag = _Lag()
                probing = asyncio.create_task(lag.watch())
                report = await engine.run_once(_Nobody())
                probing.cancel()
            return _Measured(report=report, saw=await outside.saw(), lag_s=lag.worst_s)


@asynccontextmanager
async def _engine(folder: Path, addresses: Addresses, rate: str) -> AsyncIterator[Engine]:
    settings = Settings.load(
        env_file=None,
        environ={
            "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "CONCURRENCY": str(_CONCURRENCY),
            "AMADEUS_CLIENT_ID": CLIENT_ID,
            "AMADEUS_CLIENT_SECRET": CLIENT_SECRET,
            "AMADEUS_BASE_URL": addresses.fares,
            "AMADEUS_RATE": rate,
        },
    )
    async with Engine.open(settings) as engine:
        await _watch_the_market(engine, addresses.pairs)
        yield engine


async def _watch_the_market(engine: Engine, pairs: Sequence[str]) -> None:
    """One watch a pair; every tenth has a target that today's fare meets."""
    now = engine.clock.now()
    async with engine.store.transaction() as tx:
        for number, pair in enumerate(pairs):
            origin, destination = pair.split("-")
            route = Route(
                origin=_place(engine, origin),
                destination=_place(engine, destination),
                trip=RollingDates(60, 14),
                currency="EUR",
            )
            target = 100_000 if number % _TARGET_SHARE == 0 else 1
            watch = Watch(
                id=WatchId(f"bench-{number}"),
                owner=Owner(OwnerKind.MEMBER, str(1000 + number), "5001"),
                route_id=route.id,
                currency=route.currency,
                rules=Rules(target=Money.of(Decimal(target), route.currency)),
                tell=(_CHANNEL,),
                created_at=now,
            )
            await tx.routes.ensure(route, now)
            await tx.watches.add(watch, judge.fresh_state(from_list=True))


def _place(engine: Engine, code: str) -> Place:
    return engine.gazetteer.find(code) or Place.airport(code)


@asynccontextmanager
async def _at_the_door(engine: Engine, addresses: Addresses) -> AsyncIterator[None]:
    """The real bot, logged in over HTTP at the pretend Discord; it needs no gateway to post."""
    genuine = discord.http.Route.BASE
    discord.http.Route.BASE = addresses.discord
    bot = build_bot(engine, read_tongues(), Studio())
    register_lanes(engine, bot)
    try:
        await bot.login("bench")
        yield
    finally:
        await bot.close()
        discord.http.Route.BASE = genuine
