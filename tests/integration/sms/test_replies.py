"""What phones reply, from the pretend Twilio through the signed door into the store."""

import pytest
from structlog.testing import capture_logs

from engine.web.webhooks import INBOUND_PATH
from sandbox.twilio_callbacks import Manner
from tests.integration.sms.conftest import ADA, BEN, OPERATORS_PHONE, OTHER_PHONE, PHONE, Place, text_to
from tests.integration.sms.work import HEARD, PUBLIC, Work, at_work

INBOUND = f"{PUBLIC}{INBOUND_PATH}"
FIRST, SECOND = text_to(ADA, 1), text_to(ADA, 2)
TO_BEN = text_to(BEN, 3)


async def reply(work: Work, body: str, number: str = PHONE, **more: str) -> None:
    assert await work.callbacks.reply(number, body, INBOUND, **more) == 200


@pytest.mark.parametrize(
    ("body", "opt_out"),
    [("STOP", None), ("Stop.", "STOP"), ("CANCEL", None), ("please stop texting me", None), ("x", "STOP")],
)
async def test_a_stop_ends_texts_to_that_phone_and_to_no_other(
    place: Place, body: str, opt_out: str | None
) -> None:
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await work.line.linked(BEN, OTHER_PHONE)
        await work.callbacks.reply(PHONE, body, INBOUND, opt_out=opt_out)
        await work.deliver(FIRST, TO_BEN)
        assert [message.to for message in place.twilio.messages] == [OTHER_PHONE]
        assert any("replied STOP" in text for text in [await work.why_paused(FIRST) or ""])


async def test_a_start_opens_it_again(place: Place) -> None:
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await reply(work, "STOP")
        await reply(work, "START")
        await work.deliver(FIRST)
        assert await work.status(FIRST) == "delivered"


async def test_a_start_that_is_played_back_after_a_stop_opens_nothing(place: Place) -> None:
    async with at_work(place, **HEARD) as work:
        await work.line.linked()
        await reply(work, "STOP", sid="SM1")
        await reply(work, "START", sid="SM2")
        await reply(work, "STOP", sid="SM3")
    async with at_work(place, **HEARD) as work:  # also after a restart
        await reply(work, "START", sid="SM2")
        await work.deliver(FIRST)
        assert place.twilio.messages == []


@pytest.mark.parametrize("body", ["HELP", "thanks canary!", "", "what is this canary"])
async def test_other_words_change_nothing_and_are_not_answered(place: Place, body: str) -> None:
    with capture_logs() as logs:
        async with at_work(place, **HEARD) as work:
            await work.line.linked()
            await reply(work, body)
            assert place.twilio.messages == []
            await work.deliver(FIRST)
            assert await work.status(FIRST) == "delivered"
    assert PHONE.lstrip("+") not in str(logs)
    assert "canary" not in str(logs)


async def test_the_operators_own_phone_may_stop_and_start_too(place: Place) -> None:
    mine = text_to(None, 9), text_to(None, 10)
    async with at_work(place, **HEARD) as work:
        await reply(work, "STOP", OPERATORS_PHONE)
        await work.deliver(mine[0])
        assert place.twilio.messages == []
        await reply(work, "START", OPERATORS_PHONE)
        await work.deliver(mine[1])
        assert await work.status(mine[1]) == "delivered"


async def test_a_stranger_may_say_what_they_like(place: Place) -> None:
    async with at_work(place, **HEARD) as work:
        await reply(work, "STOP", "+4915187659999")
        assert await work.notices() == []


async def test_without_a_door_a_stop_is_learnt_from_the_next_refusal(place: Place) -> None:
    place.twilio.callbacks.manner = Manner(lost=True)
    async with at_work(place) as work:
        await work.line.linked()
        place.twilio.stopped.add(PHONE)
        await work.deliver(FIRST, SECOND)
        assert work.posts == 1
        assert work.line.telephony.optouts is not None
        assert await work.line.telephony.optouts.binds(PHONE)
