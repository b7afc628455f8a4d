"""The relay with an outbox that fails."""

from datetime import datetime, timedelta
from typing import Any

from engine.alerts.ports import Leased
from engine.domain.alert import NotificationId
from engine.domain.watch import DestinationKind
from tests.support.clock import HandClock, settle
from tests.unit.alerts.memory_outbox import MemoryOutbox
from tests.unit.alerts.stage import (
    SMS,
    ObedientChannel,
    notification,
    relay,
    running,
)


class FailingOutbox(MemoryOutbox):
    """Refuses the named methods while they are in `broken`."""

    def __init__(self, *broken: str) -> None:
        super().__init__()
        self.broken = set(broken)

    async def lease(self, now: datetime, lease_for: timedelta, limit: int) -> list[Leased]:
        self._refuse("lease")
        return await super().lease(now, lease_for, limit)

    async def acknowledge(self, id_: NotificationId, ref: str | None, now: datetime) -> None:
        self._refuse("acknowledge")
        await super().acknowledge(id_, ref, now)

    async def begin_sending(self, id_: NotificationId, now: datetime) -> None:
        self._refuse("begin_sending")
        await super().begin_sending(id_, now)

    def _refuse(self, name: str) -> None:
        if name in self.broken:
            raise OSError("disk full")


async def test_the_relay_outlives_an_outbox_that_fails_for_a_while(log: list[Any]) -> None:
    outbox, channel, clock = FailingOutbox("lease"), ObedientChannel(), HandClock()
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(60)
        outbox.broken.clear()
        await clock.advance(5)
        assert outbox.status(row) == "delivered"
    events = [entry["event"] for entry in log]
    assert events == ["outbox_unavailable", "outbox_available"]


async def test_an_outbox_that_contradicts_itself_is_not_asked_without_pause() -> None:
    class Contradicting(MemoryOutbox):
        async def next_due(self, now: datetime) -> datetime | None:
            return now

    outbox, clock = Contradicting(), HandClock()
    async with running(relay(outbox, ObedientChannel(), clock=clock)):
        asked = outbox.leases
        await settle()
        assert outbox.leases == asked


async def test_a_delivery_that_could_not_be_written_comes_back_with_its_lease() -> None:
    outbox, channel, clock = FailingOutbox("acknowledge"), ObedientChannel(), HandClock()
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, channel, clock=clock)):
        outbox.broken.clear()
        await clock.advance(60)
        assert (outbox.status(row), channel.ids) == ("delivered", ["a", "a"])


async def test_without_a_record_of_its_beginning_no_text_is_sent() -> None:
    outbox, channel = FailingOutbox("begin_sending"), ObedientChannel(DestinationKind.SMS)
    clock = HandClock()
    outbox.enqueue(notification("a", SMS))
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(300)
        assert channel.told == []
