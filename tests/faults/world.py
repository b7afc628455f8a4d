"""The outside of a run: fares, Twilio and Discord on one fast clock, whose accepts come late."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from sandbox import amadeus, discord, twilio
from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET, FakeAmadeus
from sandbox.discord import FakeDiscord
from sandbox.ledger import Entry, Ledger
from sandbox.market import Market
from sandbox.moments import Watcher
from sandbox.server import serve
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER, FakeTwilio
from sandbox.twilio_verify import VERIFY_SERVICE_SID
from tests.faults.alerts import FARE, HASH_KEY, OPERATORS_PHONE, PHONE_KEY, Group, Owed, database_in
from tests.faults.life import Life
from tests.support.scaled import StoppableClock

TOKEN: Final = "canary-discord-token"
LATEST: Final = timedelta(seconds=2)


class World(msgspec.Struct, kw_only=True):
    """What a victim lives in, and what its messages came to."""

    folder: Path
    clock: StoppableClock
    fares: FakeAmadeus
    twilio: FakeTwilio
    discord: FakeDiscord
    groups: Sequence[Group]

    def watch(self, watcher: Watcher, heard: Callable[[Entry], None]) -> None:
        """Have somebody hear of every message that arrives or is accepted, and of every request."""
        self.twilio.watcher = self.discord.watcher = watcher
        self.fares.ledger.heard = heard

    async def leap_to(self, now: datetime) -> None:
        """Let the machine have been off until then; what was on its way has landed before."""
        if now > self.clock.now():
            self.clock.go()
            await self.twilio.errands.all_done()
            await self.discord.errands.all_done()
            self.clock.stop()
            self.clock.leap_to(max(now, self.clock.now()))

    def life(self, **end: object) -> Life:
        """A life that begins now."""
        return Life(
            folder=str(self.folder),
            log=str(self.folder / "victim.log"),
            environ=self._environ(),
            discord_api=self.discord.api,
            discord_gateway=self.discord.gateway.url,
            dial=self.clock.dial(),
            **end,  # type: ignore[arg-type]
        )

    def messages(self) -> list[Owed]:
        """Every message that was accepted, as `Group.owed` names them."""
        texts = [("twilio", text.to, self._pair_in(text.body)) for text in self.twilio.messages]
        posts = [
            ("discord", post.channel_id, self._pair_of_channel(post.channel_id))
            for post in self.discord.posts
        ]
        return texts + posts

    def _pair_in(self, body: str) -> str:
        return next((group.route.pair for group in self.groups if group.route.pair in body), body)

    def _pair_of_channel(self, channel_id: str) -> str:
        """Each group has channels of its own."""
        owed = (owed for group in self.groups for owed in group.owed)
        return next((pair for way, address, pair in owed if (way, address) == ("discord", channel_id)), "?")

    def _environ(self) -> dict[str, str]:
        return {
            "DATABASE_URL": database_in(self.folder),
            "DISCORD_TOKEN": TOKEN,
            "HTTP_BIND": "127.0.0.1:0",
            "LOG_LEVEL": "DEBUG",
            "FARE_SOURCES": "amadeus",
            "AMADEUS_BASE_URL": self.fares.base_url,
            "AMADEUS_CLIENT_ID": CLIENT_ID,
            "AMADEUS_CLIENT_SECRET": CLIENT_SECRET,
            "AMADEUS_RATE": "1000/1s",
            "CHECK_INTERVAL": "30d",
            "TWILIO_BASE_URL": self.twilio.base_url,
            "TWILIO_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_VERIFY_SERVICE_SID": VERIFY_SERVICE_SID,
            "FROM_NUMBER": FROM_NUMBER,
            "TO_NUMBER": OPERATORS_PHONE,
            "PHONE_KEYS": PHONE_KEY,
            "PHONE_HASH_KEY": HASH_KEY,
            "SMS_COUNTRIES": "DE",
            "SMS_USER_DAILY_CAP": "1000",
            "SMS_SERVER_DAILY_CAP": "1000",
            "SMS_DAILY_CAP": "1000",
            "SMS_MONTHLY_CAP": "10000",
        }


@asynccontextmanager
async def open_world(
    folder: Path, clock: StoppableClock, groups: Sequence[Group], dice: random.Random
) -> AsyncIterator[World]:
    """Serve it until the block ends; each accept lands up to two seconds of the clock late."""
    ledger, market = Ledger(), Market()
    for group in groups:
        market.pin(group.route.pair, Decimal(FARE))
    fares = FakeAmadeus(ledger, market, latency=(0.0, 0.0), clock=clock)
    phones, door = FakeTwilio(ledger, clock=clock), FakeDiscord(ledger, clock=clock)
    door.token = TOKEN
    phones.late = door.late = lambda: dice.uniform(0, LATEST.total_seconds())
    async with (
        serve(fares, amadeus.SERVICE, ledger),
        serve(phones, twilio.SERVICE, ledger),
        serve(door, discord.SERVICE, ledger),
    ):
        yield World(folder=folder, clock=clock, fares=fares, twilio=phones, discord=door, groups=groups)
