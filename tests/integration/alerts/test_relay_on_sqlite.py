"""The relay over the real outbox: what a process leaves in the file, the next one goes on with.

`drain` runs the relay until nothing is due at the instant of the hand-moved clock, so each call is
also a process that starts on what the one before left.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from twilio.rest import Client

from engine.alerts.channels.sms import SmsChannel
from engine.alerts.ports import Channel
from engine.domain.alert import OUTCOME_UNKNOWN, Notification, NotificationKind
from engine.store.database import Store
from engine.store.notifications import NotificationRow
from sandbox.twilio import FROM_NUMBER, FakeTwilio
from sandbox.twilio_faults import Reply
from tests.support.clock import HandClock
from tests.support.texts import Stops, Unlimited, Willing, always, in_english
from tests.unit.alerts.stage import (
    CHANNEL,
    OTHER_CHANNEL,
    REFUSED,
    RETRY,
    SMS,
    ObedientChannel,
    notification,
    relay,
)

PHONE = "+15559870001"
TEXT = notification("a1B2c3", SMS)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fares.db'}"


@asynccontextmanager
async def opened(url: str, clock: HandClock, *rows: Notification) -> AsyncIterator[Store]:
    async with Store.open(url, clock) as store:
        async with store.transaction() as tx:
            await tx.notifications.enqueue(rows)
        yield store


async def row_of(store: Store, sent: Notification) -> NotificationRow:
    async with store.transaction() as tx:
        row = await tx.notifications.get(sent.id)
    assert row is not None
    return row


async def deliver_what_is_due(store: Store, channel: Channel, clock: HandClock) -> None:
    await relay(store.outbox, channel, clock=clock).drain(1)


@pytest.fixture
def phone(client: Client, clock: HandClock) -> SmsChannel:
    return SmsChannel(
        client,
        always(PHONE),
        allowance=Unlimited(),
        sender=Willing(),
        said_stop=Stops(),
        tongue_of=in_english,
        clock=clock,
        from_number=FROM_NUMBER,
    )


def posts(twilio: FakeTwilio) -> int:
    return sum(entry.method == "POST" for entry in twilio.ledger.entries)


async def test_rows_go_out_in_order_and_are_settled(url: str, clock: HandClock) -> None:
    rows = [notification(f"{number:02d}x", to) for number in range(5) for to in (CHANNEL, OTHER_CHANNEL)]
    channel = ObedientChannel()
    async with opened(url, clock, *rows[::2]) as store:
        await deliver_what_is_due(store, channel, clock)
        assert [leased.notification for leased in channel.told] == rows[::2]
        assert {(await row_of(store, row)).status for row in rows[::2]} == {"delivered"}


async def test_a_retry_outlives_the_process(url: str, clock: HandClock) -> None:
    channel = ObedientChannel(answers=[RETRY])
    async with opened(url, clock, row := notification("a")) as store:
        await deliver_what_is_due(store, channel, clock)
        assert (await row_of(store, row)).status == "pending"
    await clock.advance(2)
    async with opened(url, clock) as store:
        await deliver_what_is_due(store, channel, clock)
        assert (await row_of(store, row)).status == "delivered"
    assert [leased.attempts for leased in channel.told] == [0, 1]


async def test_an_edit_follows_its_post_within_one_drain(url: str, clock: HandClock) -> None:
    post = notification("a")
    edit = notification("b", kind=NotificationKind.EDIT, edits=post.id)
    channel = ObedientChannel()
    async with opened(url, clock, post, edit) as store:
        await deliver_what_is_due(store, channel, clock)
    assert [(leased.notification.id, leased.post_ref) for leased in channel.told] == [
        (post.id, None),
        (edit.id, "m1"),
    ]


async def test_a_stopped_lane_stays_stopped_over_a_restart(url: str, clock: HandClock) -> None:
    channel = ObedientChannel(answers=[msgspec.structs.replace(REFUSED, stop_lane=True)])
    async with opened(url, clock, notification("a"), notification("b")) as store:
        await deliver_what_is_due(store, channel, clock)
    async with opened(url, clock) as store:
        await deliver_what_is_due(store, channel, clock)
        assert channel.ids == ["a"]
        await store.outbox.reinstate_lane(CHANNEL.lane)
        await deliver_what_is_due(store, channel, clock)
    assert channel.ids == ["a", "b"]


async def test_a_text_without_an_answer_is_found_by_the_next_process(
    url: str, clock: HandClock, phone: SmsChannel, twilio: FakeTwilio
) -> None:
    twilio.faults.plan(Reply.HANG, accepted=True)
    async with opened(url, clock, TEXT) as store:
        await deliver_what_is_due(store, phone, clock)
    await clock.advance(30)
    async with opened(url, clock) as store:
        await deliver_what_is_due(store, phone, clock)
        assert (await row_of(store, TEXT)).ref == twilio.messages[0].sid
    assert posts(twilio) == 1


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_process_that_died_in_its_post_leads_to_one_text(
    url: str, clock: HandClock, phone: SmsChannel, twilio: FakeTwilio, *, accepted: bool
) -> None:
    async with opened(url, clock, TEXT) as store:
        (leased,) = await store.outbox.lease(clock.now(), lease_for=timedelta(minutes=1), limit=1)
        await store.outbox.begin_sending(TEXT.id, clock.now())
        if accepted:
            await phone.deliver(leased)
    async with opened(url, clock) as store:
        for _ in range(5):
            await clock.advance(30)
            await deliver_what_is_due(store, phone, clock)
        assert (await row_of(store, TEXT)).status == "delivered"
    assert (posts(twilio), len(twilio.messages)) == (1, 1)


async def test_a_text_that_vanishes_twice_in_one_process_is_given_up(
    url: str, clock: HandClock, phone: SmsChannel, twilio: FakeTwilio
) -> None:
    twilio.faults.plan(Reply.SERVER_ERROR, times=None)
    async with opened(url, clock, TEXT) as store:
        at_work = relay(store.outbox, phone, clock=clock)
        for _ in range(10):
            await at_work.drain(1)
            await clock.advance(15)
        row = await row_of(store, TEXT)
    assert (row.status, posts(twilio)) == ("dead", 2)
    assert (row.why or "").startswith(OUTCOME_UNKNOWN)
