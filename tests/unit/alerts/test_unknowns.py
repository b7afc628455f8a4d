"""Texts whose outcome nobody knows: asked about at 30 s and 45 s, sent once more, or given up."""

from datetime import timedelta

import msgspec

from engine.alerts.ports import OUTCOME_UNKNOWN, Delivery, DeliveryKind
from engine.domain.watch import DestinationKind
from tests.support.clock import START, HandClock
from tests.unit.alerts.memory_outbox import MemoryOutbox
from tests.unit.alerts.stage import (
    DELIVERED,
    REFUSED,
    SMS,
    UNKNOWN,
    ObedientChannel,
    Rechecks,
    notification,
    relay,
    running,
)

ABSENT = Delivery(
    kind=DeliveryKind.UNKNOWN, why="not in the list", answered=True, retry_after=timedelta(seconds=15)
)
NEVER_SENT = Delivery(kind=DeliveryKind.RETRY, why="not in the list")
ROW = notification("a", SMS)


def phone(*, answers: list[Delivery | Exception], lookups: list[Delivery | Exception]) -> ObedientChannel:
    return ObedientChannel(DestinationKind.SMS, answers=answers, lookups=lookups)


async def test_an_unknown_outcome_is_asked_about_thirty_seconds_after_the_post_began() -> None:
    outbox, clock, channel = MemoryOutbox(), HandClock(), phone(answers=[UNKNOWN], lookups=[DELIVERED])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(29)
        assert channel.asked == []
        await clock.advance(1)
        assert outbox.status(ROW) == "delivered"
    assert (len(channel.told), outbox.rows[ROW.id].ref) == (1, "m1")


async def test_absent_twice_it_is_sent_exactly_once_more() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[UNKNOWN], lookups=[ABSENT, NEVER_SENT])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(44)
        assert (len(channel.asked), len(channel.told)) == (1, 1)
        await clock.advance(1)
        assert (len(channel.asked), len(channel.told)) == (2, 2)
        await clock.advance(3600)
    assert (outbox.status(ROW), len(channel.told)) == ("delivered", 2)


async def test_the_channel_is_told_how_often_it_said_absent() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[UNKNOWN], lookups=[ABSENT, UNKNOWN, NEVER_SENT])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(120)
    assert [leased.reconciled for leased in channel.asked] == [1, 2, 2]


async def test_a_text_that_vanishes_twice_is_given_up_not_sent_a_third_time() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[UNKNOWN, UNKNOWN], lookups=[ABSENT, NEVER_SENT, ABSENT, NEVER_SENT])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(3600)
    why = outbox.rows[ROW.id].why or ""
    assert (outbox.status(ROW), len(channel.told), why.startswith(OUTCOME_UNKNOWN)) == ("dead", 2, True)


async def test_a_list_that_answers_nothing_for_fifteen_minutes_is_given_up_on() -> None:
    outbox, clock, channel = MemoryOutbox(), HandClock(), phone(answers=[UNKNOWN], lookups=[])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(14 * 60 + 59)
        assert outbox.status(ROW) == "pending"
        await clock.advance(60)
    why = outbox.rows[ROW.id].why or ""
    assert (outbox.status(ROW), len(channel.told), why.startswith(OUTCOME_UNKNOWN)) == ("dead", 1, True)


async def test_a_list_that_comes_back_in_time_settles_it() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[UNKNOWN], lookups=[*[UNKNOWN] * 20, DELIVERED])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(15 * 60)
    assert (outbox.status(ROW), len(channel.told)) == ("delivered", 1)


async def test_the_quarter_of_an_hour_counts_from_the_last_answer() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[UNKNOWN], lookups=[*[UNKNOWN] * 28, ABSENT, *[UNKNOWN] * 5, DELIVERED])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(30 * 60)
    assert outbox.status(ROW) == "delivered"


async def test_a_refusal_found_out_later_is_a_dead_letter() -> None:
    outbox, clock, channel = MemoryOutbox(), HandClock(), phone(answers=[UNKNOWN], lookups=[REFUSED])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(30)
    assert (outbox.status(ROW), outbox.rows[ROW.id].why) == ("dead", "HTTP 403")


async def test_a_fault_of_the_channel_may_have_come_after_the_sending() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[RuntimeError("a bug")], lookups=[DELIVERED])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(30)
    assert (outbox.status(ROW), len(channel.told)) == ("delivered", 1)


async def test_a_fault_while_asking_is_no_answer() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[UNKNOWN], lookups=[RuntimeError("a bug"), DELIVERED])
    outbox.enqueue(ROW)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(60)
    assert (outbox.status(ROW), len(channel.told)) == ("delivered", 1)


async def test_later_texts_pass_one_whose_outcome_is_unknown() -> None:
    outbox, clock, channel = MemoryOutbox(), HandClock(), phone(answers=[UNKNOWN], lookups=[])
    outbox.enqueue(ROW, later := notification("b", SMS))
    async with running(relay(outbox, channel, clock=clock)):
        assert (outbox.status(ROW), outbox.status(later)) == ("pending", "delivered")


# What a process that died left behind.


async def died_while_sending(outbox: MemoryOutbox, clock: HandClock) -> None:
    outbox.enqueue(ROW)
    await outbox.lease(clock.now(), timedelta(minutes=1), 10)
    await outbox.begin_sending(ROW.id, clock.now())


async def test_after_a_crash_a_text_is_asked_about_and_never_sent_blindly() -> None:
    outbox, clock, channel = MemoryOutbox(), HandClock(), phone(answers=[], lookups=[DELIVERED])
    await died_while_sending(outbox, clock)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(60)
    assert (outbox.status(ROW), channel.told, len(channel.asked)) == ("delivered", [], 1)


async def test_after_a_crash_the_question_still_waits_its_thirty_seconds() -> None:
    outbox, clock, channel = MemoryOutbox(), HandClock(), phone(answers=[], lookups=[DELIVERED])
    await died_while_sending(outbox, clock)
    outbox.rows[ROW.id].leased_until = None  # its lease was shorter, or was cleared at the start
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(29)
        assert channel.asked == []
        await clock.advance(1)
        assert len(channel.asked) == 1


async def test_after_a_crash_a_text_that_never_went_out_is_sent() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[], lookups=[ABSENT, NEVER_SENT])
    await died_while_sending(outbox, clock)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(120)
    assert (outbox.status(ROW), len(channel.told)) == ("delivered", 1)


async def test_a_process_that_cannot_text_leaves_the_unknown_to_one_that_can() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    await died_while_sending(outbox, clock)
    async with running(relay(outbox, ObedientChannel(), clock=clock)):
        await clock.advance(60)
    assert (outbox.rows[ROW.id].sending_since, outbox.rows[ROW.id].reconciled) == (START, 1)


async def test_a_restart_long_after_does_not_give_up_before_it_asked_for_a_while() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[], lookups=[UNKNOWN, DELIVERED])
    await died_while_sending(outbox, clock)
    outbox.rows[ROW.id].sending_since = START - timedelta(hours=2)
    async with running(relay(outbox, channel, clock=clock)):
        await clock.advance(120)
    assert outbox.status(ROW) == "delivered"


async def test_an_old_text_that_never_went_out_is_looked_at_again_first() -> None:
    outbox, clock = MemoryOutbox(), HandClock()
    channel = phone(answers=[UNKNOWN], lookups=[ABSENT, NEVER_SENT])
    fresh = msgspec.structs.replace(ROW, text="fresh")
    outbox.enqueue(msgspec.structs.replace(ROW, created_at=START - timedelta(minutes=14, seconds=30)))
    async with running(relay(outbox, channel, clock=clock, recheck=Rechecks(lambda _: fresh))):
        await clock.advance(60)
    assert [leased.notification.text for leased in channel.told] == [None, "fresh"]
