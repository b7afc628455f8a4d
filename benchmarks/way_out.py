"""Recorder, outbox, relay and both ways out, joined as the assembly joins them; time stands where it is put.

Looks come from outside, so that weeks of them pass in seconds; what is told is what the pretend
Discord and the pretend Twilio accepted.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

import discord
import discord.http
from pydantic import SecretStr

from bot.brake import Brake
from bot.lane import DiscordLane
from bot.languages import read_tongues
from engine.alerts.ports import Channel
from engine.alerts.relay import Relay
from engine.announcing import Announcer
from engine.domain import judge
from engine.domain.alert import Notification
from engine.domain.judgement import Effect
from engine.domain.planner import Intervals
from engine.domain.quote import Outcome
from engine.domain.route import Route, RouteId
from engine.domain.watch import DestinationKind, Watch
from engine.http import open_session
from engine.recorder import Recorded, Recorder
from engine.settings import Settings
from engine.store.database import Store
from engine.telephony import open_telephony
from engine.tongue import Tongue
from engine.visits import Visit
from sandbox import discord as discord_door
from sandbox import twilio as twilio_door
from sandbox.discord import FakeDiscord
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER, FakeTwilio

OPERATORS_PHONE: Final = "+4915187650009"
_DELIVER_WITHIN_S: Final = 1.0


class PutClock:
    """An `engine.clock.Clock` that shows what it was put to; nobody who sleeps wakes by it."""

    def __init__(self, now: datetime) -> None:
        self._begin = self._now = now

    def put(self, now: datetime) -> None:
        """Let it be another time."""
        self._now = now

    def now(self) -> datetime:
        """The instant it was put to."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since it was made."""
        return (self._now - self._begin).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """For ever, unless the time has come already."""
        if seconds > 0:
            await asyncio.Event().wait()


class WayOut:
    """What takes looks and tells: `look` returns when all that it gave rise to has been delivered."""

    def __init__(
        self,
        *,
        clock: PutClock,
        store: Store,
        recorder: Recorder,
        relay: Relay,
        discord: FakeDiscord,
        twilio: FakeTwilio,
    ) -> None:
        self.clock = clock
        self.discord = discord
        self.twilio = twilio
        self._store = store
        self._recorder = recorder
        self._relay = relay

    async def watch(self, route: Route, watch: Watch) -> None:
        """Keep an armed watch, as the import of a list does."""
        async with self._store.transaction() as tx:
            await tx.routes.ensure(route, self.clock.now())
            await tx.watches.add(watch, judge.fresh_state(from_list=True))

    async def look(self, found: Mapping[RouteId, Outcome]) -> Sequence[Recorded]:
        """Record what the looks of one instant found, in one transaction, and tell what came of it."""
        now = self.clock.now()
        async with self._store.transaction() as tx:
            rows = await tx.routes.get_many(found)
        visits = [Visit(row=rows[id_], outcome=outcome, at=now) for id_, outcome in found.items()]
        recorded = await asyncio.gather(*map(self._recorder.record, visits))
        if any(judged.effect is not Effect.NONE for each in recorded for _, judged in each.judgements):
            await self._relay.drain(_DELIVER_WITHIN_S)
        return recorded


@asynccontextmanager
async def open_way_out(folder: Path, begin: datetime, intervals: Intervals) -> AsyncIterator[WayOut]:
    """All of it on a fresh database in `folder`, until the block ends."""
    clock, ledger = PutClock(begin), Ledger()
    door, phones = FakeDiscord(ledger, clock=clock), FakeTwilio(ledger, clock=clock)
    dice = random.Random(1)
    await asyncio.to_thread(read_tongues)  # what messages read from disk
    async with (
        serve(door, discord_door.SERVICE, ledger),
        serve(phones, twilio_door.SERVICE, ledger),
        Store.open(f"sqlite:///{folder / 'fares.db'}", clock) as store,
        open_session(limit=10) as session,
        _logged_in(door) as client,
    ):
        telephony = await open_telephony(_settings(phones), session, store, clock)
        recorder = Recorder(
            store,
            clock=clock,
            intervals=intervals,
            dice=dice,
            announcer=Announcer(clocks=_utc, operator=telephony.operator),
            committed=lambda: relay.wake(),  # noqa: PLW0108  made below
        )
        lane = DiscordLane(
            DestinationKind.CHANNEL,
            client,
            cities=str,
            clock=clock,
            brake=Brake(clock),
            tongue_of=_in_english,
        )
        ways_out: list[Channel] = [lane, *([telephony.channel] if telephony.channel else [])]
        relay = Relay(store.outbox, ways_out, clock=clock, recheck=_still_true, random=dice)
        running = [asyncio.create_task(recorder.run()), asyncio.create_task(relay.run())]
        try:
            yield WayOut(
                clock=clock, store=store, recorder=recorder, relay=relay, discord=door, twilio=phones
            )
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running)


class _Client(discord.Client):
    """A client that needs no gateway to post."""

    can_send = True


@asynccontextmanager
async def _logged_in(door: FakeDiscord) -> AsyncIterator[_Client]:
    genuine = discord.http.Route.BASE
    discord.http.Route.BASE = door.api
    try:
        async with _Client(intents=discord.Intents.none(), max_ratelimit_timeout=60) as client:
            await client.login("bench")
            yield client
    finally:
        discord.http.Route.BASE = genuine


def _settings(phones: FakeTwilio) -> Settings:
    return Settings(
        twilio_sid=ACCOUNT_SID,
        twilio_auth_token=SecretStr(AUTH_TOKEN),
        twilio_base_url=phones.base_url,
        from_number=FROM_NUMBER,
        to_number=OPERATORS_PHONE,
        sms_daily_cap=100_000,
        sms_monthly_cap=1_000_000,
    )


def _utc(_name: str | None) -> tzinfo:
    return UTC


async def _in_english(_: Notification) -> Tongue:
    return Tongue()


async def _still_true(notification: Notification) -> Notification:
    """Everything is delivered at once here, so nothing grows old."""
    return notification
