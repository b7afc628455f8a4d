"""The relay after a delivery failed: when it tries again, and when it gives up."""

from datetime import timedelta

import msgspec

from engine.alerts.ports import Delivery, DeliveryKind
from engine.domain.alert import NotificationKind
from tests.support.clock import HandClock, settle
from tests.unit.alerts.memory_outbox import MemoryOutbox
from tests.unit.alerts.stage import (
    CHANNEL,
    OTHER_CHANNEL,
    REFUSED,
    RETRY,
    UNKNOWN,
    ObedientChannel,
    notification,
    pass_time,
    relay,
    running,
)

A_DAY_OF_TRIES = 300


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


async def test_the_answer_of_a_retry_may_also_stop_the_lane() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    wait = Delivery(kind=DeliveryKind.RETRY, why="no permission", stop_lane=True)
    outbox.enqueue(row := notification("a"))
    async with running(relay(outbox, ObedientChannel(answers=[wait]), clock=clock)):
        await pass_time(clock)
        assert (outbox.status(row), outbox.paused) == ("pending", {CHANNEL.lane: "no permission"})
