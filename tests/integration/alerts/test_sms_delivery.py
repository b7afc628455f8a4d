"""Relay, SMS channel, the real twilio client and a pretend Twilio that fails: what the phone gets."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from twilio.rest import Client

from engine.alerts.channels.sms import SmsChannel
from engine.alerts.relay import Relay
from engine.domain.alert import OUTCOME_UNKNOWN, NotificationId
from sandbox.twilio import FROM_NUMBER, FakeTwilio
from sandbox.twilio_faults import Reply, Trouble, late, rate_limited, refused
from tests.integration.alerts.conftest import Logs
from tests.support.clock import HandClock, settle
from tests.support.texts import Stops, Unlimited, Willing, always, in_english
from tests.unit.alerts.memory_outbox import MemoryOutbox, Row
from tests.unit.alerts.stage import SMS, Rechecks, notification

PHONE = "+15559870001"
ROW = notification("a1B2c3", SMS)


class WatchedOutbox(MemoryOutbox):
    """Says when a row changed: the network takes real time while the clock is moved by hand."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[Row], bool], id_: NotificationId = ROW.id) -> None:
        async with asyncio.timeout(10):
            while not holds(self.rows[id_]):
                self._changed.clear()
                await self._changed.wait()
        await settle()

    def _change(self, id_: NotificationId, **values: Any) -> None:
        super()._change(id_, **values)
        self._changed.set()


@pytest.fixture
def outbox() -> WatchedOutbox:
    outbox = WatchedOutbox()
    outbox.enqueue(ROW)
    return outbox


@asynccontextmanager
async def at_work(outbox: WatchedOutbox, client: Client, clock: HandClock) -> AsyncIterator[Relay]:
    channel = SmsChannel(
        client,
        always(PHONE),
        allowance=Unlimited(),
        sender=Willing(),
        said_stop=Stops(),
        tongue_of=in_english,
        clock=clock,
        from_number=FROM_NUMBER,
    )
    relay = Relay(outbox, [channel], clock=clock, recheck=Rechecks(), random=random.Random(7))  # noqa: S311
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.wait({task})


def status_is(status: str) -> Callable[[Row], bool]:
    return lambda row: row.status == status


def asked(times: int) -> Callable[[Row], bool]:
    """Its unknown outcome was noted, then answered `times - 1` times without it."""
    return lambda row: row.reconciled == times


def moved_on(now: datetime) -> Callable[[Row], bool]:
    return lambda row: row.not_before > now or row.status != "pending"


def waits_past(instant: datetime) -> Callable[[Row], bool]:
    return lambda row: row.not_before > instant


def posts(twilio: FakeTwilio) -> int:
    return sum(entry.method == "POST" for entry in twilio.ledger.entries)


async def test_an_alert_reaches_the_phone(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    async with at_work(outbox, client, clock):
        await outbox.until(status_is("delivered"))
    assert [message.to for message in twilio.messages] == [PHONE]
    assert outbox.rows[ROW.id].ref == twilio.messages[0].sid


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(reply=Reply.HANG, accepted=True),
        Trouble(reply=Reply.RESET, accepted=True),
        Trouble(reply=Reply.SERVER_ERROR, accepted=True),
        Trouble(reply=Reply.HTML),
        Trouble(reply=Reply.CUT_JSON),
        late(0.4),
        late(29),
    ],
)
async def test_a_text_that_went_out_without_an_answer_is_found_not_sent_again(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio, trouble: Trouble
) -> None:
    twilio.faults.plan(trouble)
    async with at_work(outbox, client, clock):
        await outbox.until(asked(1))
        await clock.advance(30)
        await outbox.until(status_is("delivered"))
    assert (posts(twilio), len(twilio.messages)) == (1, 1)


async def test_a_text_accepted_between_the_two_questions_is_found_by_the_second(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    twilio.faults.plan(late(40))
    async with at_work(outbox, client, clock):
        await outbox.until(asked(1))
        await clock.advance(30)
        await outbox.until(asked(2))
        await clock.advance(15)
        await outbox.until(status_is("delivered"))
    assert (posts(twilio), len(twilio.messages)) == (1, 1)


@pytest.mark.parametrize("reply", [Reply.HANG, Reply.RESET, Reply.SERVER_ERROR])
async def test_a_text_that_never_went_out_is_sent_exactly_once_more(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio, reply: Reply
) -> None:
    twilio.faults.plan(reply)
    async with at_work(outbox, client, clock):
        await outbox.until(asked(1))
        await clock.advance(30)
        await outbox.until(asked(2))
        assert posts(twilio) == 1
        await clock.advance(15)
        await outbox.until(status_is("delivered"))
    assert (posts(twilio), len(twilio.messages)) == (2, 1)


async def test_a_list_that_answers_nothing_for_a_quarter_of_an_hour_is_given_up_on(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    twilio.faults.plan(Reply.RESET)
    twilio.list_faults.plan(Reply.SERVER_ERROR, times=None)
    async with at_work(outbox, client, clock):
        await outbox.until(asked(1))
        while outbox.rows[ROW.id].status == "pending":
            await clock.advance(30)
            await outbox.until(moved_on(clock.now()))
    row = outbox.rows[ROW.id]
    assert (row.status, posts(twilio), twilio.messages) == ("dead", 1, [])
    assert (row.why or "").startswith(OUTCOME_UNKNOWN)
    assert timedelta(minutes=15) <= clock.now() - ROW.created_at <= timedelta(minutes=16)


async def test_too_many_requests_are_repeated_after_a_while(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    twilio.faults.plan(rate_limited())
    async with at_work(outbox, client, clock):
        await outbox.until(waits_past(clock.now()))
        await clock.advance(2)
        await outbox.until(status_is("delivered"))
    assert (posts(twilio), len(twilio.messages)) == (2, 1)


@pytest.mark.parametrize("trouble", [refused(21610), refused(21211)])
async def test_a_refused_number_gets_nothing_more(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio, trouble: Trouble
) -> None:
    twilio.faults.plan(trouble)
    outbox.enqueue(later := notification("later1", SMS))
    async with at_work(outbox, client, clock):
        await outbox.until(status_is("dead"))
        await clock.advance(3600)
    assert (posts(twilio), outbox.status(later)) == (1, "pending")
    assert str(trouble.code) in outbox.paused[SMS.lane]


async def test_the_number_is_in_no_log_whatever_happens(
    outbox: WatchedOutbox, client: Client, clock: HandClock, twilio: FakeTwilio, logs: Logs
) -> None:
    for reply in (Reply.HANG, Reply.SERVER_ERROR):
        twilio.faults.plan(reply)
    twilio.list_faults.plan(Reply.HANG)
    twilio.list_faults.plan(rate_limited())
    async with at_work(outbox, client, clock):
        await outbox.until(asked(1))
        while outbox.rows[ROW.id].status == "pending":
            await clock.advance(15)
            await outbox.until(moved_on(clock.now()))
    said = logs.text()
    assert "delivery_unknown" in said
    assert PHONE.lstrip("+") not in said
    assert "450 EUR" not in said
