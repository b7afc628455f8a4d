"""How the relay ends: drained, stopped, cancelled."""

import asyncio
from datetime import datetime, timedelta

import msgspec

from engine.domain.watch import DestinationKind
from tests.support.clock import START, HandClock, settle
from tests.unit.alerts.memory_outbox import MemoryOutbox
from tests.unit.alerts.stage import (
    CHANNEL,
    RETRY,
    SMS,
    ObedientChannel,
    notification,
    pass_time,
    relay,
    running,
)


async def test_drain_returns_when_everything_is_delivered() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, channel, clock=clock)) as at_work:
        await at_work.drain(30)
        assert outbox.status(row) == "delivered"


async def test_drain_runs_a_relay_that_nobody_runs() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    outbox.enqueue(row := notification("a"))
    await relay(outbox, channel, clock=clock).drain(30)
    assert outbox.status(row) == "delivered"


async def test_drain_waits_for_a_retry_within_its_time() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    outbox.enqueue(row := notification("a"))
    draining = asyncio.create_task(relay(outbox, ObedientChannel(answers=[RETRY]), clock=clock).drain(30))
    await clock.advance(2)
    await draining
    assert outbox.status(row) == "delivered"


async def test_drain_does_not_wait_for_what_comes_later_anyway() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    asked = msgspec.structs.replace(RETRY, retry_after=timedelta(minutes=5))
    outbox.enqueue(row := notification("a"))
    await relay(outbox, ObedientChannel(answers=[asked]), clock=clock).drain(30)
    assert outbox.status(row) == "pending"


async def test_drain_gives_up_when_its_time_is_over() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    channel.gates[CHANNEL.address] = asyncio.Event()
    outbox.enqueue(notification("a"))
    async with running(relay(outbox, channel, clock=clock)) as at_work:
        draining = asyncio.create_task(at_work.drain(30))
        await clock.advance(29)
        assert not draining.done()
        await clock.advance(1)
        assert draining.done()


async def test_drain_sees_what_is_committed_while_the_relay_goes_to_rest() -> None:
    class Interrupted(MemoryOutbox):
        async def next_due(self, now: datetime) -> datetime | None:
            due = await super().next_due(now)
            if not self.rows:
                self.enqueue(notification("a"))
                at_work.wake()
            return due

    outbox, channel, clock = Interrupted(), ObedientChannel(), HandClock()
    gate = channel.gates[CHANNEL.address] = asyncio.Event()
    at_work = relay(outbox, channel, clock=clock)
    draining = asyncio.create_task(at_work.drain(30))
    await settle()
    assert (channel.ids, draining.done()) == (["a"], False)
    gate.set()
    await draining


async def test_a_drain_beside_the_relay_neither_doubles_nor_ends_it() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    outbox.enqueue(notification("a"))
    at_work = relay(outbox, channel, clock=clock)
    draining = asyncio.create_task(at_work.drain(30))
    async with running(at_work):
        await draining
        outbox.enqueue(notification("b"))
        at_work.wake()
        await settle()
        assert channel.ids == ["a", "b"]


async def test_a_relay_started_together_with_a_drain_can_still_be_stopped() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    outbox.enqueue(notification("a"))
    at_work = relay(outbox, channel, clock=clock)
    running_task = asyncio.create_task(at_work.run())
    await at_work.drain(30)
    await at_work.stop(5)
    assert (running_task.done(), channel.ids) == (True, ["a"])


async def test_stop_lets_what_is_in_flight_finish_and_gives_the_rest_back() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    gate = channel.gates[CHANNEL.address] = asyncio.Event()
    outbox.enqueue(first := notification("a"), second := notification("b"))
    at_work = relay(outbox, channel, clock=clock)
    running_task = asyncio.create_task(at_work.run())
    await settle()
    stopping = asyncio.create_task(at_work.stop(5))
    await settle()
    gate.set()
    await stopping
    assert running_task.done()
    assert (outbox.status(first), outbox.status(second)) == ("delivered", "pending")
    assert (channel.ids, outbox.rows[second.id].leased_until) == (["a"], None)


async def test_stop_cuts_what_does_not_finish_within_the_grace() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(DestinationKind.SMS), HandClock()
    channel.gates[SMS.address] = asyncio.Event()
    outbox.enqueue(row := notification("a", SMS))
    at_work = relay(outbox, channel, clock=clock)
    running_task = asyncio.create_task(at_work.run())
    await settle()
    stopping = asyncio.create_task(at_work.stop(5))
    await clock.advance(5)
    await stopping
    assert running_task.done()
    assert (outbox.status(row), outbox.rows[row.id].sending_since) == ("pending", START)


async def test_a_stopped_relay_does_not_start_again() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    at_work = relay(outbox, channel, clock=clock)
    await at_work.stop(5)
    outbox.enqueue(notification("a"))
    await at_work.run()
    assert channel.told == []


async def test_cancelling_the_relay_leaves_rows_as_recorded() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    channel.gates[CHANNEL.address] = asyncio.Event()
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, channel, clock=clock)):
        assert channel.ids == ["a"]
    again = ObedientChannel()
    async with running(relay(outbox, again, clock=clock)):
        await pass_time(clock)
    assert (outbox.status(row), again.ids) == ("delivered", ["a"])
