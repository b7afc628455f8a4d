"""The doctor beside a pretend world: Amadeus, Twilio and Discord on loopback."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from engine.clock import SystemClock
from engine.doctor.examine import examine
from engine.doctor.findings import Area, Finding
from engine.settings import Settings
from sandbox import amadeus, discord, travelpayouts, twilio
from sandbox.discord import FakeDiscord
from sandbox.server import serve
from sandbox.world import World, open_world

TOKEN = "canary-token"


@dataclass(kw_only=True)
class Clinic:
    """What is asked, and how the doctor asks it; `settings` may be changed before."""

    world: World
    discord: FakeDiscord
    settings: Settings

    async def examine(self, *, patience_s: float = 20.0, **changes: Any) -> list[Finding]:
        """Every finding, with these settings changed."""
        settings = self.settings.model_copy(update=changes)
        return await examine(settings, SystemClock(), discord_api=self.discord.api, patience_s=patience_s)

    @property
    def newcomers(self) -> dict[str, Any]:
        """The changes that put the two free sources in the place of Amadeus."""
        return {
            "amadeus_client_id": None,
            "amadeus_client_secret": None,
            "travelpayouts_token": SecretStr(travelpayouts.TOKEN),
            "fare_sources": ("travelpayouts", "kiwi"),
        }

    async def about(self, area: Area, **changes: Any) -> Sequence[Finding]:
        """The findings of one area."""
        return [finding for finding in await self.examine(**changes) if finding.area is area]


@asynccontextmanager
async def open_clinic(folder: Path) -> AsyncIterator[Clinic]:
    """Everything is well; a test breaks what it is about."""
    async with open_world(latency=(0.0, 0.0)) as world:
        door = FakeDiscord(world.ledger)
        door.token = TOKEN
        async with serve(door, discord.SERVICE, world.ledger):
            settings = Settings(
                discord_token=SecretStr(TOKEN),
                database_url=f"sqlite:///{folder / 'fares.db'}",
                amadeus_client_id=SecretStr(amadeus.CLIENT_ID),
                amadeus_client_secret=SecretStr(amadeus.CLIENT_SECRET),
                amadeus_base_url=world.amadeus.base_url,
                travelpayouts_base_url=world.travelpayouts.base_url,
                kiwi_base_url=world.kiwi.base_url,
                twilio_sid=twilio.ACCOUNT_SID,
                twilio_auth_token=SecretStr(twilio.AUTH_TOKEN),
                twilio_base_url=world.twilio.base_url,
                from_number=twilio.FROM_NUMBER,
                to_number="+4915112345678",
            )
            yield Clinic(world=world, discord=door, settings=settings)
