"""What Twilio refuses of a code, in a member's words and in the count."""

from datetime import timedelta

import pytest

from engine.domain.textstop import TextStop
from sandbox.twilio_faults import Reply, Trouble, rate_limited, refused
from tests.integration.sms.conftest import ADA, BEN, OTHER_PHONE, PHONE, Line, Place
from tests.integration.sms.test_linking import said


@pytest.mark.parametrize(
    ("trouble", "words", "counted"),
    [
        (refused(60200), "cannot text that number", 0),
        (refused(60203, 429), "Too many codes", 0),
        (refused(60410, 403), "no code to that number now", 0),
        (refused(60212, 429), "busy", 0),
        (refused(20404, 404), "Tell them this: Twilio 20404", 0),
        (Trouble(reply=Reply.SERVER_ERROR), "did not answer", 1),
        (Trouble(reply=Reply.RESET), "did not answer", 1),
    ],
)
async def test_what_twilio_refuses_is_said_in_words_and_costs_only_what_may_have_been_sent(
    line: Line, trouble: Trouble, words: str, counted: int
) -> None:
    line.verify.faults.plan(trouble)
    assert words in await said(line.link(ADA, PHONE))
    status = await line.sms.status(ADA)
    assert (status.today, status.under_way) == (counted, None)


async def test_a_check_that_twilio_did_not_answer_can_be_made_again(line: Line) -> None:
    await line.link(ADA, PHONE)
    line.verify.check_faults.plan(Trouble(reply=Reply.SERVER_ERROR))
    code = line.code_on(PHONE)
    assert "again in a minute" in await said(line.sms.confirm(ADA, code))
    await line.sms.confirm(ADA, code)


@pytest.mark.parametrize(
    ("trouble", "words", "counted"),
    [
        (refused(21614), "cannot text that number", 0),
        (rate_limited(), "busy", 0),
        (refused(21408), "Tell them this: Twilio 21408", 0),
        (refused(20404, 404), "did not answer", 1),
        (Trouble(reply=Reply.SERVER_ERROR), "type the newest", 1),
        (Trouble(reply=Reply.RESET, accepted=True), "type the newest", 1),
    ],
)
async def test_so_it_is_with_codes_of_our_own(
    place: Place, trouble: Trouble, words: str, counted: int
) -> None:
    place.twilio.faults.plan(trouble)
    async with place.open(twilio_verify_service_sid=None) as line:
        assert words in await said(line.link(ADA, PHONE))
        status = await line.sms.status(ADA)
        assert (status.today, status.under_way) == (counted, None)


async def test_while_the_account_sends_nothing_no_code_is_tried_and_nobody_learns_who_has_a_number(
    place: Place,
) -> None:
    async with place.open(twilio_verify_service_sid=None) as line:
        await line.linked(BEN, PHONE)
        stop = TextStop(code=63038, since=line.clock.now(), until=line.clock.now() + timedelta(hours=24))
        async with line.store.transaction() as tx:
            await tx.text_stops.set(stop)
        requests = len(line.twilio.ledger.entries)
        for number in (PHONE, OTHER_PHONE):
            assert "Tell them this: Twilio 63038" in await said(line.link(ADA, number))
        assert len(line.twilio.ledger.entries) == requests
        assert (await line.sms.status(ADA)).today == 0


async def test_a_code_whose_text_got_no_answer_is_no_good_and_a_new_one_is(place: Place) -> None:
    place.twilio.faults.plan(Trouble(reply=Reply.RESET, accepted=True))
    async with place.open(twilio_verify_service_sid=None) as line:
        await said(line.link(ADA, PHONE))
        arrived = line.code_on(PHONE)
        await line.link(ADA, PHONE)
        if arrived != line.code_on(PHONE):  # once in a million they are the same
            assert "not the code" in await said(line.sms.confirm(ADA, arrived))
        await line.sms.confirm(ADA, line.code_on(PHONE))
