"""Texts from the outbox to the phone and back: a real store, relay, client and webhook door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.actions.textreports import TextReports
from engine.alerts.relay import Relay
from engine.domain.alert import Notification, NotificationKind
from engine.domain.news import News
from engine.domain.textstatus import Became
from engine.domain.watch import DestinationKind
from engine.store.notifications import NotificationRow
from engine.telephony import hear_twilio
from engine.web.listening import Bind
from sandbox.twilio_callbacks import Callbacks
from tests.integration.sms.conftest import Line, Place
from tests.unit.alerts.stage import Rechecks, relay

PUBLIC = "https://fares.example.org"
HEARD: dict[str, Any] = {"webhook_bind": Bind("127.0.0.1", 0), "public_base_url": PUBLIC}
ROOM: dict[str, Any] = {
    "sms_user_daily_cap": 100,
    "sms_server_daily_cap": 100,
    "sms_daily_cap": 500,
    "sms_monthly_cap": 900,
}


@dataclass
class Work:
    """What a test acts with and looks at."""

    line: Line
    relay: Relay
    rechecks: Rechecks

    @property
    def callbacks(self) -> Callbacks:
        return self.line.twilio.callbacks

    @property
    def reports(self) -> TextReports:
        assert self.line.telephony.reports is not None
        return self.line.telephony.reports

    @property
    def posts(self) -> int:
        """How often Twilio was asked to send a text."""
        return sum(
            entry.method == "POST" and entry.path.endswith("/Messages.json")
            for entry in self.line.twilio.ledger.entries
        )

    async def enqueue(self, *alerts: Notification) -> None:
        async with self.line.store.transaction() as tx:
            await tx.notifications.enqueue(alerts)

    async def deliver(self, *alerts: Notification) -> None:
        """Put alerts into the outbox, deliver what is due, and hear what becomes of it."""
        await self.enqueue(*alerts)
        await self.relay.drain(1)
        await self.callbacks.settled()

    async def pass_time(self, minutes: float) -> None:
        """Let time pass, then deliver what is due."""
        await self.line.clock.advance(minutes * 60)
        await self.deliver()

    async def row(self, alert: Notification) -> NotificationRow:
        async with self.line.store.transaction() as tx:
            row = await tx.notifications.get(alert.id)
        assert row is not None
        return row

    async def status(self, alert: Notification) -> str:
        return (await self.row(alert)).status.value

    async def became(self, alert: Notification) -> Became | None:
        async with self.line.store.transaction() as tx:
            return (await tx.texts.statuses([alert.id])).get(alert.id)

    async def why_paused(self, alert: Notification) -> str | None:
        async with self.line.store.transaction() as tx:
            return await tx.notifications.why_paused(alert.destination.lane)

    async def news(self) -> list[News]:
        """What members are to be told by direct message, in order."""
        return [one.news for one in await self._notices(DestinationKind.DM) if one.news is not None]

    async def notices(self, kind: DestinationKind = DestinationKind.DM) -> list[str]:
        """The notices of that kind that wait to be told, in order."""
        return [str(one.text or "") for one in await self._notices(kind)]

    async def _notices(self, kind: DestinationKind) -> list[Notification]:
        later = self.line.clock.now() + timedelta(days=400)
        leased = await self.line.store.outbox.lease(later, timedelta(0), 1000)
        found = [row.notification for row in leased]
        return [one for one in found if one.kind is NotificationKind.NOTICE and one.destination.kind is kind]


@asynccontextmanager
async def at_work(place: Place, **changes: Any) -> AsyncIterator[Work]:
    """Everything open; the public address leads to the door where one is open."""
    settings = {**ROOM, **changes}
    place.wake = lambda: work.relay.wake()  # noqa: PLW0108  made below
    async with (
        place.open(**settings) as line,
        hear_twilio(place.settings(**settings), line.telephony) as port,
    ):
        if port is not None:
            place.twilio.callbacks.leads_to[PUBLIC] = f"http://127.0.0.1:{port}"
        assert line.telephony.channel is not None
        rechecks = Rechecks()
        work: Work = Work(
            line,
            relay(line.store.outbox, line.telephony.channel, clock=line.clock, recheck=rechecks),
            rechecks,
        )
        yield work
