"""The relay: order, lanes side by side, waking, leases."""

import asyncio
from datetime import datetime, timedelta

from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.domain.alert import NotificationKind
from engine.domain.watch import DestinationKind
from tests.support.clock import HandClock, settle
from tests.unit.alerts.memory_outbox import MemoryOutbox
from tests.unit.alerts.stage import (
    CHANNEL,
    OTHER_CHANNEL,
    RETRY,
    SMS,
    ObedientChannel,
    notification,
    relay,
    running,
)


async def test_a_lane_delivers_in_order_of_row() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    outbox.enqueue(*(notification(name) for name in "abcde"))
    async with running(relay(outbox, channel, clock=clock)):
        assert channel.ids == ["a", "b", "c", "d", "e"]


async def test_a_slow_lane_does_not_hold_the_others() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    channel.gates[CHANNEL.address] = asyncio.Event()
    here, there = notification("a"), notification("b", OTHER_CHANNEL)
    outbox.enqueue(here, there)
    async with running(relay(outbox, channel, clock=clock)):
        assert (outbox.status(here), outbox.status(there)) == ("pending", "delivered")


async def test_a_row_that_waits_for_a_retry_lets_later_ones_pass() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = ObedientChannel(answers=[RETRY])
    outbox.enqueue(notification("a"), notification("b"))
    async with running(relay(outbox, channel, clock=clock)):
        assert channel.ids == ["a", "b"]
        await clock.advance(2)
        assert channel.ids == ["a", "b", "a"]


async def test_a_commit_wakes_the_relay_without_time_passing() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    async with running(relay(outbox, channel, clock=clock)) as at_work:
        outbox.enqueue(notification("a"))
        at_work.wake()
        await settle()
        assert channel.ids == ["a"]


async def test_an_idle_relay_asks_for_nothing() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    async with running(relay(outbox, channel, clock=clock)):
        asked = outbox.leases
        await clock.advance(86_400)
        assert outbox.leases == asked


async def test_an_edit_goes_out_as_soon_as_its_post_has_an_id() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    channel.gates[CHANNEL.address] = asyncio.Event()
    post = notification("a")
    outbox.enqueue(post, notification("b", kind=NotificationKind.EDIT, edits=post.id))
    async with running(relay(outbox, channel, clock=clock)):
        assert channel.ids == ["a"]
        channel.gates[CHANNEL.address].set()
        await settle()
        assert [leased.post_ref for leased in channel.told] == [None, "m1"]


async def test_a_row_without_its_channel_here_waits_and_is_never_given_up() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    outbox.enqueue(row := notification("a", SMS))
    async with running(relay(outbox, ObedientChannel(), clock=clock)) as at_work:
        await clock.advance(86_400)
        assert outbox.status(row) == "pending"
        at_work.register(ObedientChannel(DestinationKind.SMS))
        await clock.advance(600)
        assert outbox.status(row) == "delivered"


async def test_a_row_in_hand_for_longer_than_its_lease_is_told_once() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    gate = channel.gates[CHANNEL.address] = asyncio.Event()
    outbox.enqueue(notification("a"), notification("b"))
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(300)
        gate.set()
        await clock.advance(300)
        assert channel.ids == ["a", "b"]


class SlowAnswers(MemoryOutbox):
    """Leases at once, but its answer is under way until `arrived` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()
        self.arrived.set()

    async def lease(self, now: datetime, lease_for: timedelta, limit: int) -> list[Leased]:
        rows = await super().lease(now, lease_for, limit)
        await self.arrived.wait()
        return rows


async def test_a_row_settled_while_its_renewed_lease_is_under_way_is_told_once() -> None:
    outbox, channel, clock = SlowAnswers(), ObedientChannel(), HandClock()
    gate = channel.gates[CHANNEL.address] = asyncio.Event()
    outbox.enqueue(notification("a"), notification("b"))
    async with running(relay(outbox, channel, clock=clock)):
        outbox.arrived.clear()
        await clock.advance(60)
        gate.set()
        await settle()
        outbox.arrived.set()
        await settle()
        assert channel.ids == ["a", "b"]


class LateTurns(MemoryOutbox):
    """Leases when its turn comes, which is when `turn` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = asyncio.Event()
        self.turn.set()

    async def lease(self, now: datetime, lease_for: timedelta, limit: int) -> list[Leased]:
        await self.turn.wait()
        return await super().lease(now, lease_for, limit)


async def test_a_row_that_is_due_again_while_the_relay_waits_for_its_turn_does_not_wait_for_a_lease() -> None:
    again = Delivery(kind=DeliveryKind.RETRY, retry_after=timedelta())
    outbox, channel, clock = LateTurns(), ObedientChannel(answers=[again]), HandClock()
    gate = channel.gates[CHANNEL.address] = asyncio.Event()
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, channel, clock=clock)) as awake:
        outbox.turn.clear()
        awake.wake()
        await settle()
        gate.set()
        await settle()
        outbox.turn.set()
        await settle()
        assert (outbox.status(row), channel.ids) == ("delivered", ["a", "a"])


async def test_a_row_that_a_dead_process_had_leased_goes_out_when_the_lease_ends() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    outbox.enqueue(row := notification("a"))
    await outbox.lease(clock.now(), timedelta(minutes=1), 10)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(59)
        assert outbox.status(row) == "pending"
        await clock.advance(1)
        assert outbox.status(row) == "delivered"


async def test_more_rows_than_one_lease_holds_all_go_out() -> None:
    outbox, channel, clock = MemoryOutbox(), ObedientChannel(), HandClock()
    rows = [notification(f"{number:03d}x") for number in range(250)]
    outbox.enqueue(*rows)
    async with running(relay(outbox, channel, clock=clock)):
        for _ in range(40):
            await settle()
        assert [leased.notification for leased in channel.told] == rows
