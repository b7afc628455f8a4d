"""The relay with what is old: it is looked at again before it is told (rule 11)."""

from datetime import timedelta

import msgspec

from engine.domain.alert import Notification, NotificationKind
from engine.domain.watch import DestinationKind
from tests.support.clock import START, HandClock
from tests.unit.alerts.memory_outbox import MemoryOutbox
from tests.unit.alerts.stage import (
    SMS,
    ObedientChannel,
    Rechecks,
    notification,
    relay,
    running,
)


async def test_a_fresh_alert_is_told_without_another_look() -> None:
    outbox, clock, recheck = MemoryOutbox(), HandClock(), Rechecks()
    outbox.enqueue(notification("a", created_at=START - timedelta(minutes=59)))
    async with running(relay(outbox, ObedientChannel(), clock=clock, recheck=recheck)):
        assert recheck.seen == []


async def test_an_alert_older_than_an_hour_is_told_with_the_price_of_now() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    old = notification("a", created_at=START - timedelta(minutes=61))
    fresh = msgspec.structs.replace(old, text="fresh")
    outbox.enqueue(old)
    async with running(relay(outbox, channel, clock=clock, recheck=Rechecks(lambda _: fresh))):
        told = channel.told[0].notification
        assert (told.text, told.created_at) == ("fresh", START)
        assert outbox.rows[old.id].notification == told


async def test_a_text_is_old_after_a_quarter_of_an_hour() -> None:
    outbox, clock, recheck = MemoryOutbox(), HandClock(), Rechecks()
    outbox.enqueue(notification("a", SMS, created_at=START - timedelta(minutes=16)))
    async with running(relay(outbox, ObedientChannel(DestinationKind.SMS), clock=clock, recheck=recheck)):
        assert len(recheck.seen) == 1


async def test_an_alert_from_ahead_of_a_clock_that_was_set_back_is_looked_at_again() -> None:
    outbox, clock, rechecks = MemoryOutbox(), HandClock(), Rechecks()
    outbox.enqueue(notification("a", created_at=START + timedelta(hours=2)))
    async with running(relay(outbox, ObedientChannel(), clock=clock, recheck=rechecks)):
        assert len(rechecks.seen) == 1


async def test_what_is_no_longer_true_is_dropped_untold() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    outbox.enqueue(row := notification("a", created_at=START - timedelta(hours=2)))
    async with running(relay(outbox, channel, clock=clock, recheck=Rechecks(lambda _: None))):
        assert (outbox.status(row), channel.told) == ("dropped", [])


async def test_a_notice_is_told_however_old_it_is() -> None:
    outbox, channel, clock, recheck = MemoryOutbox(), ObedientChannel(), HandClock(), Rechecks()
    outbox.enqueue(
        notification("a", kind=NotificationKind.NOTICE, created_at=START - timedelta(days=2), text="x")
    )
    async with running(relay(outbox, channel, clock=clock, recheck=recheck)):
        assert (channel.ids, recheck.seen) == (["a"], [])


async def test_a_look_that_fails_leaves_the_old_alert_to_a_later_try() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()

    async def broken(notification: Notification) -> None:  # noqa: ARG001
        raise RuntimeError("a bug")

    outbox.enqueue(row := notification("a", created_at=START - timedelta(hours=2)))
    async with running(relay(outbox, channel, clock=clock, recheck=broken)):
        assert (outbox.status(row), outbox.rows[row.id].attempts, channel.told) == ("pending", 1, [])
