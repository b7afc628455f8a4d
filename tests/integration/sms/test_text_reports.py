"""What Twilio reports of texts, by webhook or when asked: kept once, whatever order it comes in."""

from typing import Any

import pytest

from engine.domain.textstatus import TextNews, TextStatus
from sandbox.twilio_callbacks import Manner, vanishes
from sandbox.twilio_faults import Reply, Trouble
from tests.integration.sms.conftest import ADA, BEN, OTHER_PHONE, PHONE, Place, text_to
from tests.integration.sms.work import HEARD, PUBLIC, at_work

ALERT = text_to(ADA, 1)


@pytest.mark.parametrize(
    "manner",
    [
        Manner(),
        Manner(times=3),
        Manner(reversed=True),
        Manner(times=2, reversed=True),
        Manner(early=True),
        Manner(early=True, reversed=True, times=2),
    ],
)
async def test_a_text_that_arrived_is_known_to_have_in_whatever_manner_it_is_told(
    place: Place, manner: Manner
) -> None:
    place.twilio.callbacks.manner = manner
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        became = await work.became(ALERT)
        assert became is not None
        assert (became.status, became.code) == (TextStatus.DELIVERED, None)
        assert await work.status(ALERT) == "delivered"
        assert set(work.callbacks.answers) == {204}
    assert len(place.twilio.messages) == 1


@pytest.mark.parametrize("manner", [Manner(), Manner(times=2), Manner(reversed=True), Manner(early=True)])
async def test_a_text_that_was_lost_stays_lost_in_whatever_manner_it_is_told(
    place: Place, manner: Manner
) -> None:
    place.twilio.callbacks.manner = manner
    place.twilio.callbacks.fates[PHONE] = vanishes(30007)
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        became = await work.became(ALERT)
        assert became is not None
        assert (became.status, became.code) == (TextStatus.UNDELIVERED, 30007)
        row = await work.row(ALERT)
        assert (row.status, row.why) == ("dead", "Twilio 30007: the carrier filtered the message")
    assert len(place.twilio.messages) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(reply=Reply.RESET, accepted=True),
        Trouble(reply=Reply.SERVER_ERROR, accepted=True),
        Trouble(reply=Reply.HTML),
        Trouble(reply=Reply.CUT_JSON),
    ],
)
async def test_a_report_settles_what_the_lost_reply_left_unknown(place: Place, trouble: Trouble) -> None:
    place.twilio.faults.plan(trouble)
    place.twilio.list_faults.plan(Reply.SERVER_ERROR, times=None)  # the list would not have told
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        await work.pass_time(1)
        row = await work.row(ALERT)
        assert (row.status, row.ref) == ("delivered", place.twilio.messages[0].sid)
    assert (work.posts, len(place.twilio.messages)) == (1, 1)


async def test_a_report_that_comes_before_the_second_question_keeps_the_text_from_going_twice(
    place: Place,
) -> None:
    place.twilio.faults.plan(Trouble(reply=Reply.RESET, late_s=40))
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        await work.line.clock.advance(40)  # accepted only now, and reported
        await place.twilio.until(lambda world: len(world.messages) == 1)
        await work.callbacks.settled()
        await work.pass_time(5)
        assert await work.status(ALERT) == "delivered"
    assert (work.posts, len(place.twilio.messages)) == (1, 1)


async def test_a_report_of_a_text_nobody_knows_is_applied_once_it_is_known_whose_it_is(place: Place) -> None:
    """The key was lost on the way: only the id of the text is told, before our own commit."""
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        sid = f"SM{1:032x}"  # as the first text will be called
        await work.reports.heard(TextNews(sid=sid, status=TextStatus.UNDELIVERED, code=30007))
        assert await work.became(ALERT) is None
        place.twilio.callbacks.manner = Manner(lost=True)
        await work.deliver(ALERT)
        await work.reports.catch_up()
        assert await work.status(ALERT) == "dead"
        became = await work.became(ALERT)
        assert became is not None
        assert became.code == 30007


async def test_a_report_of_what_is_no_alert_of_ours_changes_nothing(place: Place) -> None:
    async with at_work(place, **HEARD) as work:
        form = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": "30003"}
        assert await work.callbacks.send(f"{PUBLIC}/twilio/status?k=nobody", form) == 204
        await work.reports.catch_up()
        assert await work.notices() == []


# Asked for.


@pytest.mark.parametrize("settings", [HEARD, {}])
async def test_what_was_never_reported_is_asked_for_once_after_a_quarter_of_an_hour(
    place: Place, settings: dict[str, Any]
) -> None:
    place.twilio.callbacks.manner = Manner(lost=True)
    place.twilio.callbacks.fates[PHONE] = vanishes(30007)
    async with at_work(place, **settings) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        await work.line.clock.advance(14 * 60)
        await work.reports.catch_up()
        became = await work.became(ALERT)
        assert became is not None
        assert became.status is TextStatus.ACCEPTED
        await work.line.clock.advance(60)
        for _ in range(3):
            await work.reports.catch_up()
            await work.line.clock.advance(60)
        became = await work.became(ALERT)
        assert became is not None
        assert (became.status, became.code) == (TextStatus.UNDELIVERED, 30007)
    assert _asked(place) == 1


async def test_a_text_that_has_no_end_yet_when_it_is_asked_for_is_left_as_it_is(place: Place) -> None:
    place.twilio.callbacks.manner = Manner(lost=True)
    place.twilio.callbacks.fates[PHONE] = (("sent", None),)
    async with at_work(place) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        for _ in range(4):
            await work.line.clock.advance(15 * 60)
            await work.reports.catch_up()
        became = await work.became(ALERT)
        assert became is not None
        assert became.status is TextStatus.SENT
    assert _asked(place) == 1


async def test_a_twilio_that_does_not_answer_is_asked_again_and_not_for_ever(place: Place) -> None:
    place.twilio.callbacks.manner = Manner(lost=True)
    place.twilio.list_faults.plan(Reply.SERVER_ERROR, times=None)
    async with at_work(place) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        for _ in range(20):
            await work.line.clock.advance(15 * 60)
            await work.reports.catch_up()
        assert await work.status(ALERT) == "delivered"
    assert 2 <= _asked(place) <= 8


async def test_without_a_public_address_texts_go_out_and_nobody_is_told_where_to_report(place: Place) -> None:
    async with at_work(place) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        assert await work.status(ALERT) == "delivered"
    (entry,) = [each for each in place.twilio.ledger.entries if each.path.endswith("/Messages.json")]
    assert "StatusCallback" not in entry.form


# One number.


async def test_a_phone_out_of_reach_is_tried_exactly_once_more_and_counted_twice(place: Place) -> None:
    place.twilio.callbacks.fates[PHONE] = vanishes(30003)
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        before = (await work.line.sms.status(ADA)).today
        await work.deliver(ALERT)
        row = await work.row(ALERT)
        assert (row.status, row.why) == ("pending", "Twilio 30003: the phone cannot be reached")
        await work.pass_time(1)
        await work.pass_time(60)
        row = await work.row(ALERT)
        assert (row.status, row.why) == ("dead", "Twilio 30003: the phone cannot be reached")
        assert (await work.line.sms.status(ADA)).today == before + 2
    assert (work.posts, len(place.twilio.messages)) == (2, 2)


async def test_a_phone_that_comes_back_gets_its_text_at_the_second_try(place: Place) -> None:
    place.twilio.callbacks.fates[PHONE] = vanishes(30003)
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        place.twilio.callbacks.fates.clear()
        await work.pass_time(1)
        assert await work.status(ALERT) == "delivered"
        became = await work.became(ALERT)
        assert became is not None
        assert became.status is TextStatus.DELIVERED
        assert await work.why_paused(ALERT) is None


async def test_the_second_try_asks_the_caps_anew(place: Place) -> None:
    place.twilio.callbacks.fates[PHONE] = vanishes(30003)
    async with at_work(place, **HEARD, sms_user_daily_cap=2) as work:  # one of them is the code
        await work.line.linked()
        await work.deliver(ALERT)
        await work.pass_time(1)
        assert (await work.row(ALERT)).why == "your 2 texts of today are used up"
    assert len(place.twilio.messages) == 1


async def test_three_lost_in_a_row_pause_the_number_and_no_other(place: Place) -> None:
    place.twilio.callbacks.fates[PHONE] = vanishes(30005)
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.line.linked(BEN, OTHER_PHONE)
        await work.deliver(ALERT)
        await work.pass_time(1)
        assert await work.why_paused(ALERT) is None
        await work.deliver(second := text_to(ADA, 2), other := text_to(BEN, 3))
        assert await work.why_paused(ALERT) == "Twilio 30005: the phone is unknown to its carrier"
        await work.pass_time(5)
        await work.deliver(third := text_to(ADA, 4))
        assert [await work.status(one) for one in (second, third, other)] == ["dead", "pending", "delivered"]
    to_ada = [message for message in place.twilio.messages if message.to == PHONE]
    assert len(to_ada) == 3


async def test_one_that_arrives_between_begins_the_count_anew(place: Place) -> None:
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        for number, lost in enumerate([True, True, False, True, True]):
            # A number that fails for another reason is no phone out of reach, and is not tried again.
            fate = vanishes(30008) if lost else vanishes(30007)
            place.twilio.callbacks.fates[PHONE] = fate
            await work.deliver(text_to(ADA, number))
            place.twilio.callbacks.fates[PHONE] = vanishes(30007)
            await work.pass_time(1)
        assert await work.why_paused(ALERT) is None


async def test_a_number_linked_anew_begins_the_count_anew(place: Place) -> None:
    place.twilio.callbacks.fates[PHONE] = vanishes(30003)
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.deliver(ALERT)
        await work.pass_time(1)
        await work.deliver(text_to(ADA, 2))
        assert await work.why_paused(ALERT) is not None
        await work.line.clock.advance(3600)
        await work.line.linked()
        assert await work.why_paused(ALERT) is None
        await work.deliver(text_to(ADA, 3))
        assert await work.why_paused(ALERT) is None


def _asked(place: Place) -> int:
    """How often a single text was asked for."""
    return sum("/Messages/" in entry.path for entry in place.twilio.ledger.entries)
