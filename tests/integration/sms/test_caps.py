"""Texts at their caps: counted in the database, closed on doubt, said once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.actions.operatornews import Operators
from engine.actions.texting import Allowances
from engine.actions.till import Till
from engine.alerts.phones import MemberMarks, new_key
from engine.domain.alert import Leased, Notification, NotificationKind
from engine.domain.caps import Cap, Caps
from engine.domain.news import TextCapped
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind
from engine.errors import InvalidInput
from engine.store.database import Store
from sandbox.twilio_faults import rate_limited
from tests.integration.sms.conftest import ADA, AGREED, BEN, OPERATORS_PHONE, PHONE, Line, Place, text_to
from tests.support.clock import START

MARKS = MemberMarks(new_key())
CAPS = Caps(member=3, server=5, day=7, month=10)


def allowances_of(line: Line, caps: Caps) -> Allowances:
    return Allowances(line.store, Till(caps, Operators(line.clock), line.clock, MARKS.of), line.clock)


async def sent(allowances: Allowances, member: Owner | None, count: int, begin: int = 0) -> int:
    """How many of so many texts are allowed."""
    answers = [await allowances.take(text_to(member, number), 1) for number in range(begin, begin + count)]
    return answers.count(None)


async def notices(store: Store) -> list[Notification]:
    leased = await store.outbox.lease(START + timedelta(days=400), timedelta(0), 1000)
    return [row.notification for row in leased if row.notification.kind is NotificationKind.NOTICE]


@pytest.fixture
async def allowances(line: Line) -> Allowances:
    return allowances_of(line, CAPS)


async def test_a_member_is_texted_up_to_the_cap_and_told_once_why_no_more(
    line: Line, allowances: Allowances
) -> None:
    assert await sent(allowances, ADA, 10) == 3
    (notice,) = await notices(line.store)
    assert notice.destination == Destination(DestinationKind.DM, ADA.id)
    assert notice.news == TextCapped(cap=Cap.MEMBER, most=3)


async def test_whoever_deletes_everything_and_comes_back_has_had_the_texts_of_the_day(
    line: Line, allowances: Allowances
) -> None:
    assert await sent(allowances, ADA, 2) == 2
    async with line.store.transaction() as tx:
        await tx.people.forget(ADA.id, MARKS.of(ADA.id))

    assert await sent(allowances, ADA, 5, begin=10) == 1
    assert await sent(allowances, BEN, 1, begin=20) == 1
    await line.clock.advance(24 * 3600)
    assert await sent(allowances, ADA, 5, begin=30) == 3


async def test_the_next_day_there_is_room_again(line: Line, allowances: Allowances) -> None:
    assert await sent(allowances, ADA, 5) == 3
    await line.clock.advance(24 * 3600)
    assert await sent(allowances, ADA, 5, begin=10) == 3
    assert len(await notices(line.store)) == 2


async def test_members_of_a_server_share_its_cap(allowances: Allowances) -> None:
    elsewhere = Owner(OwnerKind.MEMBER, "1009", "5009")
    assert [await sent(allowances, who, 3, begin=10 * n) for n, who in enumerate((ADA, BEN, elsewhere))] == [
        3,
        2,
        2,
    ]


async def test_the_operator_counts_for_the_instance_and_hears_nothing_by_message(
    line: Line, allowances: Allowances
) -> None:
    assert await sent(allowances, None, 10) == 7
    assert await sent(allowances, ADA, 1, begin=20) == 0
    (notice,) = await notices(line.store)
    assert notice.destination.address == ADA.id


async def test_the_month_ends_what_the_days_would_allow(line: Line, allowances: Allowances) -> None:
    assert await sent(allowances, None, 7) == 7
    await line.clock.advance(24 * 3600)
    assert await sent(allowances, None, 7, begin=10) == 3
    line.clock.step_wall((datetime(2026, 12, 1, tzinfo=START.tzinfo) - line.clock.now()).total_seconds())
    assert await sent(allowances, None, 9, begin=20) == 7


async def test_a_text_tried_again_is_counted_once(allowances: Allowances) -> None:
    again = text_to(ADA, 1)
    assert [await allowances.take(again, 1) for _ in range(9)] == [None] * 9
    assert await sent(allowances, ADA, 5, begin=2) == 2


async def test_what_was_not_sent_leaves_room(allowances: Allowances) -> None:
    assert await sent(allowances, ADA, 3) == 3
    await allowances.give_back(text_to(ADA, 1))
    assert await sent(allowances, ADA, 3, begin=5) == 1


async def test_a_long_text_counts_as_all_its_segments(allowances: Allowances) -> None:
    assert await allowances.take(text_to(ADA, 1), 2) is None
    assert await allowances.take(text_to(ADA, 2), 2) is not None
    assert await allowances.take(text_to(ADA, 3), 1) is None


async def test_a_thousand_at_once_stop_exactly_at_the_cap_over_restarts_and_a_clock_set_back(
    place: Place,
) -> None:
    allowed = 0
    for start in range(4):
        async with place.open() as line:
            allowances = allowances_of(line, Caps(member=5, server=50, day=20, month=200))
            members = [Owner(OwnerKind.MEMBER, f"3{n:03}", None) for n in range(50)]
            texts = [text_to(members[n % 50], 250 * start + n) for n in range(250)]
            answers = await asyncio.gather(*(allowances.take(text, 1) for text in texts))
            allowed += answers.count(None)
        place.clock.step_wall(-20 * 3600)
    assert allowed == 20


async def test_a_clock_set_back_and_forth_opens_no_cap_again(place: Place) -> None:
    """Each start is a new process; the machine's clock stands elsewhere each time."""
    allowed = 0
    for start, hours in enumerate([0, -20, +20, -48, +47, -24 * 40, +24 * 40]):
        place.clock.step_wall(hours * 3600)
        async with place.open() as line:
            allowances = allowances_of(line, Caps(member=50, server=50, day=7, month=100))
            allowed += await sent(allowances, None, 3 if start < 2 else 20, begin=100 * start)
    assert allowed == 7


async def test_a_clock_that_ran_ahead_lets_nothing_be_forgotten(line: Line) -> None:
    allowances = allowances_of(line, CAPS)
    assert await sent(allowances, None, 10) == 7
    line.clock.step_wall(400 * 86_400)
    async with line.store.transaction() as tx:
        await tx.sms_ledger.prune(timedelta(days=62))
    line.clock.step_wall(-400 * 86_400)
    assert await sent(allowances, None, 10, begin=20) == 0


async def test_what_no_cap_counts_any_more_is_forgotten(line: Line) -> None:
    allowances = allowances_of(line, CAPS)
    assert await sent(allowances, None, 1) == 1
    await line.clock.advance(63 * 86_400)
    assert await sent(allowances, None, 1, begin=1) == 1
    async with line.store.transaction() as tx:
        await tx.sms_ledger.prune(timedelta(days=62))
        assert not await tx.sms_ledger.holds(text_to(None, 0).id)
        assert await tx.sms_ledger.holds(text_to(None, 1).id)


# Whoever runs the bot.


def said(logs: list[Any]) -> list[str]:
    return [log["says"] for log in logs if log["log_level"] == "error"]


async def test_whoever_runs_the_bot_is_told_once_a_day_that_the_days_texts_are_used_up(place: Place) -> None:
    with capture_logs() as logs:
        for start in range(3):  # restarts repeat nothing
            async with place.open() as line:
                await sent(allowances_of(line, CAPS), None, 9, begin=20 * start)
        (told,) = said(logs)
        assert told == (
            "No more texts go out: this bot's 7 texts of today are used up (SMS_DAILY_CAP). They go on at "
            "00:00 UTC; alerts in Discord go on as ever."
        )
        await place.clock.advance(24 * 3600)
        async with place.open() as line:
            await sent(allowances_of(line, Caps(day=7, month=50)), None, 9, begin=100)
    assert len(said(logs)) == 2


async def test_and_once_a_month_that_the_months_are(line: Line) -> None:
    with capture_logs() as logs:
        for day in range(3):
            await sent(allowances_of(line, CAPS), None, 6, begin=20 * day)
            await line.clock.advance(24 * 3600)
    (told,) = said(logs)
    assert told == (
        "No more texts go out: this bot's 10 texts of the month are used up (SMS_MONTHLY_CAP). They go on "
        "next month; alerts in Discord go on as ever."
    )


async def test_a_members_or_a_servers_cap_is_no_news_for_whoever_runs_the_bot(
    allowances: Allowances,
) -> None:
    with capture_logs() as logs:
        assert await sent(allowances, ADA, 5) == 3
        assert await sent(allowances, BEN, 5, begin=10) == 2
    assert said(logs) == []


async def test_a_code_that_finds_the_cap_closed_tells_whoever_runs_the_bot_too(place: Place) -> None:
    with capture_logs() as logs:
        async with place.open(sms_daily_cap=0) as line:
            for _ in range(2):
                with pytest.raises(InvalidInput, match="No code can be sent: this bot's 0 texts of today"):
                    await line.sms.link(ADA, PHONE, AGREED)
    assert len(said(logs)) == 1


# Through the channel, to a phone.


async def test_a_members_alert_goes_to_the_linked_number_and_the_operators_to_theirs(line: Line) -> None:
    await line.linked()
    channel = line.telephony.channel
    assert channel is not None
    for number, who in enumerate((ADA, None)):
        await channel.deliver(Leased(seq=number, notification=text_to(who, number)))
    assert [message.to for message in line.twilio.messages] == [PHONE, OPERATORS_PHONE]


async def test_a_member_without_a_number_is_not_texted(line: Line) -> None:
    channel = line.telephony.channel
    assert channel is not None
    answer = await channel.deliver(Leased(seq=1, notification=text_to(BEN, 1)))
    assert answer.why == "there is no number that may be texted"
    assert line.twilio.messages == []


async def test_a_country_taken_off_the_list_is_texted_no_more(place: Place) -> None:
    async with place.open() as line:
        await line.linked()
    async with place.open(sms_countries=("AT",)) as line:
        assert line.telephony.channel
        await line.telephony.channel.deliver(Leased(seq=1, notification=text_to(ADA, 1)))
    assert place.twilio.messages == []


async def test_rate_limits_of_twilio_use_up_no_cap(line: Line) -> None:
    await line.linked()
    line.twilio.faults.plan(rate_limited(), times=5)
    assert line.telephony.channel
    for number in range(5):
        await line.telephony.channel.deliver(Leased(seq=number, notification=text_to(ADA, number)))
    assert (await line.sms.status(ADA)).today == 1  # the code
