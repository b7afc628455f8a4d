"""`/sms test`: one labelled text to the own number, within the caps, and the truth about it."""

import asyncio

import pytest

from engine.actions.selftexts import TEXT, TestCame, TextTest
from engine.alerts.gsm7 import length, segments
from engine.domain.announce import phone_of
from engine.domain.textstop import TextStop
from sandbox.twilio_faults import Reply, Trouble, refused
from tests.integration.sms.conftest import ADA, BEN, PHONE, Line, Place
from tests.integration.sms.test_linking import said
from tests.support.clock import START


async def test_it_says_what_it_is_and_costs_one_segment(line: Line) -> None:
    await line.linked()
    assert (await line.sms.test(ADA)).came is TestCame.ARRIVED
    assert [(each.to, each.body) for each in line.twilio.messages] == [(PHONE, TEXT)]
    assert "Fare Engine" in TEXT
    assert "STOP" in TEXT
    assert (segments(TEXT), length(TEXT) <= 160) == (1, True)
    assert (await line.sms.status(ADA)).today == 2  # the code and the test


async def test_the_time_is_measured_from_the_sending(line: Line) -> None:
    await line.linked()
    line.twilio.late = lambda: 3.0
    testing = asyncio.create_task(line.sms.test(ADA))
    await line.clock.until_asleep()
    await line.clock.advance(3.0)
    assert await testing == TextTest(came=TestCame.ARRIVED, took_s=3.0, arrived_s=3.0)


async def test_what_is_not_known_after_twenty_seconds_is_not_said_to_have_arrived(line: Line) -> None:
    await line.linked()
    line.twilio.list_faults.plan(Reply.SERVER_ERROR, times=None)
    testing = asyncio.create_task(line.sms.test(ADA))
    for _ in range(20):
        await line.clock.until_asleep()
        await line.clock.advance(1.0)
    done = await testing
    assert (done.came, done.arrived_s) == (TestCame.ON_ITS_WAY, None)


@pytest.mark.parametrize(
    ("trouble", "came", "why", "counted"),
    [
        (refused(21408), TestCame.REFUSED, "texts to that country are not enabled", 0),
        (Trouble(reply=Reply.SERVER_ERROR), TestCame.UNKNOWN, None, 1),
        (Trouble(reply=Reply.RESET), TestCame.UNKNOWN, None, 1),
    ],
)
async def test_what_went_wrong_is_said_and_counts_only_if_it_may_have_been_sent(
    line: Line, trouble: Trouble, came: TestCame, why: str | None, counted: int
) -> None:
    await line.linked()
    line.twilio.faults.plan(trouble)
    done = await line.sms.test(ADA)
    assert done.came is came
    assert (why or "") in (done.why or "")
    assert len(line.twilio.ledger.entries) == 3  # code, check, one POST and never a second
    assert (await line.sms.status(ADA)).today == 1 + counted


async def test_a_phone_that_twilio_says_replied_stop_is_told_so_and_noted(line: Line) -> None:
    await line.linked()
    line.twilio.stopped.add(PHONE)
    assert "reply START" in await said(line.sms.test(ADA))
    assert (await line.sms.status(ADA)).stopped
    assert (await line.sms.status(ADA)).today == 1


async def test_the_caps_hold_for_tests(place: Place) -> None:
    async with place.open(sms_user_daily_cap=2) as line:
        await line.linked()
        assert (await line.sms.test(ADA)).came is TestCame.ARRIVED
        assert await said(line.sms.test(ADA)) == "No test can be sent: your 2 texts of today are used up."


async def test_where_alerts_would_not_be_texted_no_test_is_either_and_the_reason_is_said(line: Line) -> None:
    assert "No phone is linked" in await said(line.sms.test(BEN))
    await line.linked()
    await line.sms.pause(ADA)
    assert "You paused your texts" in await said(line.sms.test(ADA))
    await line.sms.resume(ADA)
    await line.store.outbox.pause_lane(phone_of(ADA.id).lane, "Twilio 21614: no texts there", START)
    assert "Texts rest: Twilio 21614: no texts there" in await said(line.sms.test(ADA))
    await line.store.outbox.reinstate_lane(phone_of(ADA.id).lane)
    async with line.store.transaction() as tx:
        await tx.text_stops.set(TextStop(code=63038, since=START, until=None))
    assert "No texts go out at the moment: Twilio 63038" in await said(line.sms.test(ADA))
    assert line.twilio.messages == []


async def test_a_number_of_a_country_that_was_taken_off_the_list_is_not_tested(place: Place) -> None:
    async with place.open() as line:
        await line.linked()
    async with place.open(sms_countries=("AT",)) as line:
        assert "may not be texted from here any more" in await said(line.sms.test(ADA))
        assert (await line.sms.status(ADA)).today == 1
