"""The relay: order, lanes side by side, waking, retries, endings."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.domain.alert import Notification, NotificationId, NotificationKind
from engine.domain.watch import DestinationKind
from tests.support.clock import START, HandClock, settle
from tests.unit.alerts.memory_outbox import MemoryOutbox
from tests.unit.alerts.stage import (
    CHANNEL,
    OTHER_CHANNEL,
    REFUSED,
    RETRY,
    SMS,
    UNKNOWN,
    ObedientChannel,
    Rechecks,
    notification,
    pass_time,
    relay,
    running,
)

A_DAY_OF_TRIES = 300


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


async def test_tries_wait_longer_and_longer_up_to_five_minutes() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = ObedientChannel(always=RETRY)
    outbox.enqueue(row := notification("a"))
    waits = []
    async with running(relay(outbox, channel, clock=clock)):
        for _ in range(12):
            waits.append(outbox.rows[row.id].not_before - clock.now())
            await clock.advance(waits[-1].total_seconds())
    steps = [timedelta(seconds=min(2.0 * 2**n, 300)) for n in range(12)]
    assert all(step / 2 <= wait <= step for wait, step in zip(waits, steps, strict=True))


async def test_a_wait_that_the_service_asked_for_is_honoured() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    asked = msgspec.structs.replace(RETRY, retry_after=timedelta(seconds=90))
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, ObedientChannel(answers=[asked]), clock=clock)):
        wait = outbox.rows[row.id].not_before - clock.now()
    assert timedelta(seconds=90) <= wait <= timedelta(seconds=99)


async def test_no_service_can_ask_for_more_than_an_hour() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    asked = msgspec.structs.replace(RETRY, retry_after=timedelta(days=30))
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, ObedientChannel(answers=[asked]), clock=clock)):
        assert outbox.rows[row.id].not_before - clock.now() <= timedelta(hours=1.1)


async def test_after_a_day_of_tries_the_row_is_a_dead_letter() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = ObedientChannel(always=RETRY)
    outbox.enqueue(row := notification("a", kind=NotificationKind.NOTICE))
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(86_400 * 2)
    assert (outbox.status(row), len(channel.told)) == ("dead", A_DAY_OF_TRIES)


async def test_a_refusal_is_a_dead_letter_at_once_and_says_why() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, ObedientChannel(answers=[REFUSED]), clock=clock)):
        assert (outbox.status(row), outbox.rows[row.id].why) == ("dead", "HTTP 403")


async def test_a_stopped_lane_gives_its_other_rows_back_untried() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    stop = msgspec.structs.replace(REFUSED, stop_lane=True)
    channel = ObedientChannel(answers=[stop])
    outbox.enqueue(notification("a"), later := notification("b"), notification("c", OTHER_CHANNEL))
    async with running(relay(outbox, channel, clock=clock)) as at_work:
        assert outbox.paused == {CHANNEL.lane: "HTTP 403"}
        assert channel.ids == ["a", "c"]
        assert outbox.rows[later.id].leased_until is None
        await outbox.reinstate_lane(CHANNEL.lane)
        at_work.wake()
        await settle()
        assert outbox.status(later) == "delivered"


async def test_an_exception_in_one_delivery_stops_neither_lane_nor_row() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = ObedientChannel(answers=[RuntimeError("a bug")])
    outbox.enqueue(row := notification("a"), notification("b"))
    async with running(relay(outbox, channel, clock=clock)):
        assert channel.ids == ["a", "b"]
        await clock.advance(2)
        assert outbox.status(row) == "delivered"


async def test_where_a_repetition_is_harmless_unknown_is_tried_again() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = ObedientChannel(answers=[UNKNOWN])
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(2)
        assert (outbox.status(row), channel.asked) == ("delivered", [])


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


# Rule 11: what is old is looked at again.


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


# An outbox that fails.


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


# Ending.


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


async def test_the_answer_of_a_retry_may_also_stop_the_lane() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    wait = Delivery(kind=DeliveryKind.RETRY, why="no permission", stop_lane=True)
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, ObedientChannel(answers=[wait]), clock=clock)):
        await pass_time(clock)
        assert (outbox.status(row), outbox.paused) == ("pending", {CHANNEL.lane: "no permission"})
