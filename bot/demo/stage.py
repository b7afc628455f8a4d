"""The stage: a pretend outside world, the engine on it, the bot in a simulated Discord, and a driver.

The engine is opened before and outside the simulated Discord: what starts within belongs to its
virtual clock, and every click would wait for it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import discord
import simcord
from simcord import InteractionResult, SetupError
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.app import build_bot, register_lanes
from bot.charts.studio import open_studio
from bot.demo.clock import DemoClock
from bot.languages import read_tongues
from engine.alerts.phones import new_key
from engine.assembly import Engine
from engine.look import LookReport
from engine.loops import BatchReport
from engine.settings import Settings
from engine.tongue import ENGLISH
from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET
from sandbox.tequila import API_KEY
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER
from sandbox.twilio_verify import VERIFY_SERVICE_SID
from sandbox.world import World, open_world

OPERATORS_PHONE: Final = "+4915112345678"
_NAME: Final = "Fare Engine"
# A click that comes while time is moved is refused by the page: seldom enough, and seconds are fine enough.
# Nobody pays for these texts, and the story goes on for as long as somebody looks.
_GENEROUS_CAPS: Final = dict.fromkeys(
    ("SMS_USER_DAILY_CAP", "SMS_SERVER_DAILY_CAP", "SMS_DAILY_CAP", "SMS_MONTHLY_CAP"), "1000"
)
_BEAT_S: Final = 1.0
_GLANCE_S: Final = 0.05
SETTLES_S: Final = 30.0  # the first picture takes a process, and a busy machine its time


@dataclass
class Batches:
    """Follows the engine's batches and keeps them."""

    reports: list[BatchReport] = field(default_factory=list)

    def dispatched(self, batch: int, count: int) -> None:
        """Nothing to keep yet."""

    def looked(self, batch: int, report: LookReport) -> None:
        """Kept with its batch."""

    def finished(self, report: BatchReport) -> None:
        """Keep it."""
        self.reports.append(report)


@dataclass(kw_only=True)
class Stage:
    """Everything a story needs: the world, the engine, Discord, its people and the channel they write in."""

    world: World
    engine: Engine
    env: simcord.Env
    guild: GuildHandle
    channel: ChannelHandle
    ada: MemberActor
    ben: MemberActor
    batches: Batches
    turn: asyncio.Lock

    async def act(self, doing: Awaitable[InteractionResult]) -> InteractionResult:
        """Let a person do something; operations in the simulated Discord may not overlap."""
        async with self.turn:
            return await doing

    async def until(self, happened: Callable[[], bool], within_s: float, what: str) -> None:
        """Wait in real time until something happened. Raises TimeoutError that says what did not."""
        try:
            async with asyncio.timeout(within_s):
                while not happened():  # noqa: ASYNC110  it happens in other places than one could wait on
                    await asyncio.sleep(_GLANCE_S)
        except TimeoutError:
            raise TimeoutError(f"{what} did not happen within {within_s:.0f} s") from None


@asynccontextmanager
async def open_stage(
    folder: Path,
    *,
    check_interval: timedelta,
    latency: tuple[float, float],
    pace: str = "10/1s",
    language: str = ENGLISH,
) -> AsyncIterator[Stage]:
    """Open everything; the engine runs and time passes until the block ends.

    `folder` takes the database. `latency` is the range in seconds of a fare reply, `pace` how
    fast the fare source may be asked, `language` what everybody there reads.
    """
    clock = DemoClock()
    tongues = await asyncio.to_thread(read_tongues)
    if language != ENGLISH:
        tongues = tongues.only(language)
    async with open_world(latency=latency, clock=clock, by_day=True) as world:
        settings = _settings(folder, world, check_interval, pace)
        opened = Engine.open(settings, clock=clock, members=True, tongues=tongues)
        async with opened as engine, open_studio() as studio:
            bot = build_bot(engine, tongues, studio)
            register_lanes(engine, bot)
            async with simcord.run(bot, settle_timeout=SETTLES_S) as env:
                clock.follow(env)
                if bot.user:
                    await bot.user.edit(username=_NAME)
                stage = _stage(world, engine, env)
                async with _running(stage):
                    yield stage


def _settings(folder: Path, world: World, check_interval: timedelta, pace: str) -> Settings:
    return Settings.load(
        env_file=None,
        environ={
            "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
            "CHECK_INTERVAL": f"{check_interval.total_seconds():.0f}s",
            "AMADEUS_CLIENT_ID": CLIENT_ID,
            "AMADEUS_CLIENT_SECRET": CLIENT_SECRET,
            "AMADEUS_BASE_URL": world.amadeus.base_url,
            "AMADEUS_RATE": pace,
            # Asked for what the first one cannot: all destinations at once.
            "FARE_SOURCES": "amadeus,tequila",
            "TEQUILA_API_KEY": API_KEY,
            "TEQUILA_ENDPOINT": world.tequila.base_url,
            "TEQUILA_RATE": pace,
            "TWILIO_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_BASE_URL": world.twilio.base_url,
            "FROM_NUMBER": FROM_NUMBER,
            "TO_NUMBER": OPERATORS_PHONE,
            "TWILIO_VERIFY_SERVICE_SID": VERIFY_SERVICE_SID,
            "SMS_COUNTRIES": "DE,AT,CH,FR,GB,IN,US",
            "PHONE_KEYS": new_key(),
            "PHONE_HASH_KEY": new_key(),
            **_GENEROUS_CAPS,
        },
    )


def _stage(world: World, engine: Engine, env: simcord.Env) -> Stage:
    guild = env.create_guild(name="Window Seat")
    crew = guild.create_role("Crew", permissions=discord.Permissions(manage_guild=True))
    return Stage(
        world=world,
        engine=engine,
        env=env,
        guild=guild,
        channel=guild.create_text_channel("fare-alerts"),
        ada=guild.add_member(env.create_user("ada"), roles=[crew]),
        ben=guild.add_member(env.create_user("ben")),
        batches=Batches(),
        turn=asyncio.Lock(),
    )


@asynccontextmanager
async def _running(stage: Stage) -> AsyncIterator[None]:
    tasks = [
        asyncio.create_task(stage.engine.run(stage.batches), name="engine"),
        asyncio.create_task(_let_time_pass(stage), name="time"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _let_time_pass(stage: Stage) -> None:
    """Move the simulated clock as fast as the real one."""
    last = time.monotonic()
    while True:
        await asyncio.sleep(_BEAT_S)
        async with stage.turn:
            now = time.monotonic()
            with suppress(SetupError):  # a click on the page is being served; the next beat catches up
                await stage.env.advance_time(now - last)
                last = now
