"""What stops all texts and for how long, who hears of it, and that each hears once."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.alerts.channels.sms_errors import CODES, Then
from engine.domain.news import TextLate, TextsRest
from engine.domain.watch import DestinationKind
from sandbox.twilio_callbacks import vanishes
from sandbox.twilio_faults import Reply, Trouble, refused
from tests.integration.sms.conftest import ADA, BEN, OTHER_PHONE, PHONE, Place, text_to
from tests.integration.sms.work import HEARD, at_work

CHANNEL_ID = 123456789012345678
FIRST, SECOND, THIRD = (text_to(ADA, number) for number in (1, 2, 3))
TO_BEN = text_to(BEN, 4)
RESTS = sorted(code for code, meaning in CODES.items() if meaning.then is Then.SENDER_RESTS)
STOPS = sorted(code for code, meaning in CODES.items() if meaning.then is Then.SENDER_STOPS)
HINTS = sorted(code for code, meaning in CODES.items() if meaning.then is Then.HINT and code != 21609)


def said(logs: list[Any]) -> list[str]:
    """What whoever runs this was told by the log."""
    return [log["says"] for log in logs if log["log_level"] == "error"]


@pytest.mark.parametrize("by_status", [False, True])
@pytest.mark.parametrize("code", RESTS + STOPS)
async def test_one_code_stops_the_texts_of_everybody_and_each_hears_once(
    place: Place, code: int, by_status: bool
) -> None:
    with capture_logs() as logs:
        async with at_work(place, **HEARD) as work:
            await work.line.linked()
            await work.line.linked(BEN, OTHER_PHONE)
            if by_status:
                place.twilio.callbacks.fates[PHONE] = vanishes(code, "failed")
            else:
                place.twilio.faults.plan(refused(code))
            await work.deliver(FIRST)
            await work.deliver(SECOND, TO_BEN, THIRD)
            assert work.posts == 1
            told = await work.news()
    assert len(said(logs)) == 1
    assert said(logs)[0].startswith("No texts until ")
    assert f"Twilio {code}: " in said(logs)[0]
    # 30022 is over in minutes: what comes meanwhile waits for that. 21612 blames the number as well.
    wait = code == 30022
    assert [type(news) for news in told] == [TextsRest] * (1 if wait else 2)


@pytest.mark.parametrize(("code", "minutes"), [(30022, 5), (60728, 60), (63038, 24 * 60)])
async def test_texts_go_out_again_when_the_window_ends_and_whoever_runs_this_hears(
    place: Place, code: int, minutes: int
) -> None:
    with capture_logs() as logs:
        async with at_work(place, **HEARD) as work:
            await work.line.linked()
            place.twilio.faults.plan(refused(code))
            await work.deliver(FIRST)
            await work.line.clock.advance(minutes * 60 - 5)
            await work.deliver(SECOND)
            assert work.posts == 1
            await work.line.clock.advance(10)
            await work.deliver(THIRD)
            assert await work.status(THIRD) == "delivered"
    assert said(logs)[1:] == ["Texts go out again."]


async def test_a_window_outlives_a_restart(place: Place) -> None:
    async with at_work(place) as work:
        await work.line.linked()
        place.twilio.faults.plan(refused(63038, 429))
        await work.deliver(FIRST)
    async with at_work(place) as work:
        await work.deliver(SECOND)
        assert work.posts == 1
        assert (await work.row(SECOND)).why == (
            "no texts until 09:00 UTC: Twilio 63038: the account went over its daily limit"
        )


@pytest.mark.parametrize("code", [30034, *STOPS])
async def test_what_a_new_start_may_have_mended_is_tried_by_it_and_said_to_work(
    place: Place, code: int
) -> None:
    async with at_work(place) as work:
        await work.line.linked()
        place.twilio.faults.plan(refused(code))
        await work.deliver(FIRST)
    with capture_logs() as logs:
        async with at_work(place) as work:
            await work.deliver(SECOND)
            assert await work.status(SECOND) == "delivered"
            await work.deliver(THIRD)
    assert said(logs) == ["Texts go out again."]


async def test_a_sender_that_stays_wrong_is_tried_hourly_and_said_once(place: Place) -> None:
    place.twilio.faults.plan(refused(21606), times=None)
    with capture_logs() as logs:
        async with at_work(place) as work:
            await work.line.linked()
            for number in range(12):
                await work.deliver(text_to(ADA, number))
                await work.line.clock.advance(30 * 60)
            assert work.posts == 6
            assert await work.news() == [TextsRest(until=None)]
    assert len(said(logs)) == 1


async def test_what_came_by_status_is_over_only_when_a_status_says_so(place: Place) -> None:
    """The create of an unregistered sender is taken each time."""
    place.twilio.callbacks.fates[PHONE] = (("failed", 60728),)
    with capture_logs() as logs:
        async with at_work(place, **HEARD) as work:
            await work.line.linked()
            await work.deliver(FIRST)
            await work.line.clock.advance(3600)
            await work.deliver(SECOND)  # taken, and lost for the same reason
            await work.line.clock.advance(3600)
            assert len(said(logs)) == 1
            place.twilio.callbacks.fates.clear()
            await work.deliver(THIRD)
    assert said(logs)[1:] == ["Texts go out again."]


async def test_a_text_sent_before_the_stop_does_not_end_it(place: Place) -> None:
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.line.linked(BEN, OTHER_PHONE)
        place.twilio.callbacks.fates[PHONE] = (("queued", None),)
        await work.deliver(FIRST)
        place.twilio.callbacks.fates[OTHER_PHONE] = vanishes(60728, "failed")
        await work.deliver(TO_BEN)
        form = {"MessageSid": place.twilio.messages[0].sid, "MessageStatus": "delivered"}
        key = f"https://fares.example.org/twilio/status?k={FIRST.id}"
        assert await work.callbacks.send(key, form) == 204
        await work.deliver(SECOND)
        assert work.posts == 2


async def test_the_number_of_21612_stays_stopped_when_the_others_go_on(place: Place) -> None:
    async with at_work(place) as work:
        await work.line.linked()
        await work.line.linked(BEN, OTHER_PHONE)
        place.twilio.faults.plan(refused(21612))
        await work.deliver(FIRST)
        assert await work.why_paused(FIRST) == "Twilio 21612: this sender cannot reach that number"
        await work.line.clock.advance(3600)
        await work.deliver(SECOND, TO_BEN)
        assert (await work.status(SECOND), await work.status(TO_BEN)) == ("pending", "delivered")


@pytest.mark.parametrize("by_status", [False, True])
@pytest.mark.parametrize("code", [*HINTS, 29999])
async def test_one_text_lost_for_such_a_reason_is_not_repeated_and_hinted_at_once_a_month(
    place: Place, code: int, by_status: bool
) -> None:
    with capture_logs() as logs:
        async with at_work(place, **HEARD) as work:
            await work.line.linked()
            place.twilio.callbacks.fates[PHONE] = vanishes(code) if by_status else ()
            if not by_status:
                place.twilio.callbacks.fates.clear()
                place.twilio.faults.plan(refused(code), times=3)
            await work.deliver(FIRST, SECOND)
            await work.line.clock.advance(3600)
            await work.deliver(THIRD)
            assert work.posts == 3
            assert [await work.status(one) for one in (FIRST, SECOND, THIRD)] == ["dead"] * 3
            assert await work.why_paused(FIRST) is None
    assert len(said(logs)) == 1
    assert said(logs)[0].startswith(f"A text was not delivered: Twilio {code}")


@pytest.mark.parametrize("code", [21211, 21614, 21635, 30006, 21610])
async def test_a_number_at_fault_is_stopped_by_a_status_too(place: Place, code: int) -> None:
    place.twilio.callbacks.fates[PHONE] = vanishes(code, "failed")
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(FIRST)
        await work.deliver(SECOND)
        assert work.posts == 1
        assert await work.why_paused(FIRST) is not None
        assert await work.status(FIRST) == "dead"


async def test_a_stop_learnt_from_a_status_binds_like_one_learnt_from_a_refusal(place: Place) -> None:
    place.twilio.callbacks.fates[PHONE] = vanishes(21610, "failed")
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(FIRST)
        assert work.line.telephony.optouts is not None
        assert await work.line.telephony.optouts.binds(PHONE)


async def test_whoever_runs_it_is_told_in_a_channel_where_there_is_one(place: Place) -> None:
    place.operators = CHANNEL_ID
    with capture_logs() as logs:
        async with at_work(place) as work:
            await work.line.linked()
            place.twilio.faults.plan(refused(20003, 401))
            await work.deliver(FIRST)
            await work.line.clock.advance(3600)
            await work.deliver(SECOND)
            stopped, again = await work.notices(DestinationKind.CHANNEL)
    assert stopped == (
        "No texts until whoever runs this bot sees to it: Twilio 20003: the account SID or "
        "auth token is wrong. Alerts in Discord go on as ever."
    )
    assert again == "Texts go out again."
    assert said(logs) == []


# Twilio is down.


async def test_an_outage_is_told_once_to_each_and_its_end_to_whoever_runs_it(place: Place) -> None:
    place.twilio.faults.plan(Trouble(reply=Reply.RESET), times=None)
    place.twilio.list_faults.plan(Trouble(reply=Reply.RESET), times=None)
    with capture_logs() as logs:
        async with at_work(place) as work:
            await work.line.linked()
            await work.line.linked(BEN, OTHER_PHONE)
            await work.deliver(FIRST, TO_BEN)
            for _ in range(8):
                await work.pass_time(0.5)
            await work.deliver(SECOND)
            place.twilio.faults.clear()
            place.twilio.list_faults.clear()
            await work.pass_time(2)
            await work.deliver(THIRD)
            assert await work.news() == [TextLate(), TextLate()]
    down, up = said(logs)
    assert down == (
        "Twilio has given no usable answer since 09:00 UTC. Texts wait for an hour at most; alerts in "
        "Discord go on as ever."
    )
    assert up == "Twilio answers again: texts go out."


async def test_a_connection_lost_once_is_no_outage(place: Place) -> None:
    place.twilio.faults.plan(Trouble(reply=Reply.RESET, accepted=True))
    with capture_logs() as logs:
        async with at_work(place) as work:
            await work.line.linked()
            await work.deliver(FIRST)
            await work.pass_time(10)
            assert await work.status(FIRST) == "delivered"
            assert await work.news() == []
    assert said(logs) == []


async def test_what_could_not_be_sent_for_an_hour_is_not_sent_any_more(place: Place) -> None:
    place.twilio.faults.plan(refused(20429, 429), times=None)
    async with at_work(place) as work:
        await work.line.linked()
        await work.deliver(FIRST)
        for _ in range(14):
            await work.pass_time(5)
        row = await work.row(FIRST)
        assert (row.status, row.why) == ("dropped", "it could not be sent for an hour")
        assert work.rechecks.seen  # it was looked at again while it waited
        place.twilio.faults.clear()
        await work.pass_time(60)
    assert place.twilio.messages == []
