"""What the commands and buttons work with: the engine's actions and a few facts, nothing else."""

from datetime import date, timedelta

import msgspec

from bot.charts.studio import Studio
from bot.readers import Readers
from bot.tongue import Tongues
from engine.actions.alerts import Alerts
from engine.actions.destinations import Destinations
from engine.actions.digests import Digests
from engine.actions.dryruns import DryRuns
from engine.actions.exporting import Exporting
from engine.actions.importing import Importing
from engine.actions.membership import Membership
from engine.actions.moderating import Moderating
from engine.actions.places import Places
from engine.actions.privacy import Privacy
from engine.actions.quiethours import QuietHours
from engine.actions.servers import Servers
from engine.actions.serversheets import ServerSheets
from engine.actions.sms import Sms
from engine.actions.status import Status
from engine.actions.watches import Watches
from engine.actions.webhooks import Webhooks
from engine.clock import Clock
from engine.gazetteer import Gazetteer
from engine.timezones import TimeZones


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a command may use. `most_routes` is how many one member may have.

    `home_currency` is that of whoever runs the bot.
    """

    watches: Watches
    sms: Sms
    alerts: Alerts
    dry_runs: DryRuns
    quiet_hours: QuietHours
    digests: Digests
    places: Places
    status: Status
    privacy: Privacy
    importing: Importing
    exporting: Exporting
    servers: Servers
    membership: Membership
    sheets: ServerSheets
    moderating: Moderating
    destinations: Destinations
    webhooks: Webhooks
    gazetteer: Gazetteer
    timezones: TimeZones
    clock: Clock
    check_interval: timedelta
    most_routes: int
    tongues: Tongues
    readers: Readers
    home_currency: str
    studio: Studio

    @property
    def today(self) -> date:
        """The day in UTC, by which dates are judged."""
        return self.clock.now().date()
