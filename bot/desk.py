"""What the commands and buttons work with: the engine's actions and a few facts, nothing else."""

from datetime import date, timedelta

import msgspec

from bot.charts.studio import Studio
from bot.drafts import Drafts
from bot.readers import Readers
from engine.clock import Clock
from engine.gazetteer import Gazetteer
from engine.timezones import TimeZones
from engine.tongue import Tongues
from engine.usecases import Actions


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a command may use. `most_routes` is how many one member may have.

    `home_currency` is that of whoever runs the bot.
    """

    actions: Actions
    gazetteer: Gazetteer
    timezones: TimeZones
    clock: Clock
    check_interval: timedelta
    most_routes: int
    tongues: Tongues
    readers: Readers
    home_currency: str
    studio: Studio
    drafts: Drafts

    @property
    def today(self) -> date:
        """The day in UTC."""
        return self.clock.now().date()
