"""Linking a phone: the code, its limits, and what an answer must not give away."""

from datetime import timedelta

import pytest

from engine.domain.announce import phone_of
from engine.domain.watch import Owner, OwnerKind
from engine.errors import InvalidInput
from engine.store.phones import Phone
from sandbox.twilio_verify import VERIFY_SERVICE_SID
from tests.integration.sms.conftest import ADA, AGREED, BEN, CLEO, OTHER_PHONE, PHONE, Line, Place
from tests.support.clock import START
from tests.unit.alerts.stage import notification

WRONG = "000000"


@pytest.fixture(params=[VERIFY_SERVICE_SID, None], ids=["verify", "own codes"])
def verify_service(request: pytest.FixtureRequest) -> str | None:
    service: str | None = request.param
    return service


async def said(call: object) -> str:
    """The sentence with which it was refused."""
    with pytest.raises(InvalidInput) as refusal:
        await call  # type: ignore[misc]
    return refusal.value.sentence


async def kept(line: Line, member: Owner = ADA) -> Phone | None:
    async with line.store.transaction() as tx:
        return await tx.phones.of(member.id)


async def test_a_code_typed_back_links_the_phone(line: Line) -> None:
    assert await line.link(ADA, "+49 151 87650001") == "+49…001"
    assert (await line.sms.status(ADA)).number is None
    await line.clock.advance(60)
    assert await line.sms.confirm(ADA, line.code_on(PHONE)) == "+49…001"

    status = await line.sms.status(ADA)
    assert (status.number, status.since) == ("+49…001", START + timedelta(seconds=60))
    assert (status.under_way, status.today) == (None, 1)


async def test_what_was_agreed_to_is_kept_with_the_number(line: Line, verify_service: str | None) -> None:
    await line.linked()
    phone = await kept(line)
    assert phone is not None
    assert (phone.consent_version, phone.consent_sentence) == (AGREED.version, AGREED.sentence)
    assert phone.consented_at == START
    assert phone.verification.startswith("VE0" if verify_service else "own ")
    assert PHONE not in phone.sealed


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{half} {rest}", "{half}-{rest}"])
async def test_a_code_may_be_typed_as_it_is_read(line: Line, typed: str) -> None:
    await line.link(ADA, PHONE)
    code = line.code_on(PHONE)
    await line.sms.confirm(ADA, typed.format(code=code, half=code[:3], rest=code[3:]))
    assert await kept(line)


async def test_a_wrong_code_links_nothing_and_the_right_one_still_does(line: Line) -> None:
    await line.link(ADA, PHONE)
    assert "not the code" in await said(line.sms.confirm(ADA, WRONG))
    assert await kept(line) is None
    await line.sms.confirm(ADA, line.code_on(PHONE))
    assert await kept(line)


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "12345678901", "\uff11\uff12\uff13\uff14"])
async def test_what_is_no_code_costs_no_try(line: Line, typed: str) -> None:
    await line.link(ADA, PHONE)
    for _ in range(6):
        assert "usually six digits" in await said(line.sms.confirm(ADA, typed))
    await line.sms.confirm(ADA, line.code_on(PHONE))


async def test_after_ten_minutes_a_code_is_no_good(line: Line) -> None:
    await line.link(ADA, PHONE)
    await line.clock.advance(600)
    assert "run out" in await said(line.sms.confirm(ADA, line.code_on(PHONE)))
    assert (await line.sms.status(ADA)).under_way is None


async def test_a_code_is_good_for_who_asked_and_once(line: Line) -> None:
    await line.link(ADA, PHONE)
    code = line.code_on(PHONE)
    assert "run out" in await said(line.sms.confirm(BEN, code))
    await line.sms.confirm(ADA, code)
    assert "run out" in await said(line.sms.confirm(ADA, code))


async def test_the_sixth_try_is_one_too_many_and_the_count_outlives_a_restart(place: Place) -> None:
    async with place.open() as line:
        await line.link(ADA, PHONE)
        for _ in range(3):
            await said(line.sms.confirm(ADA, WRONG))
    async with place.open() as line:
        for _ in range(2):
            assert "not the code" in await said(line.sms.confirm(ADA, WRONG))
        assert "Too many" in await said(line.sms.confirm(ADA, line.code_on(PHONE)))


# A number that is another member's.


async def test_nobody_learns_that_a_number_is_taken_and_its_owner_gets_no_text(line: Line) -> None:
    await line.linked(BEN, PHONE)
    texts = len(line.codes)

    for_taken = await line.link(ADA, PHONE)
    for_free = await line.link(CLEO, OTHER_PHONE)

    assert (for_taken, for_free) == ("+49…001", "+49…002")
    assert [to for to, _ in line.codes[texts:]] == [OTHER_PHONE]
    ada, cleo = await line.sms.status(ADA), await line.sms.status(CLEO)
    assert (ada.under_way, ada.today) == ("+49…001", 1)
    assert (cleo.under_way, cleo.today) == ("+49…002", 1)


async def test_no_code_links_a_taken_number_and_the_answers_are_those_to_a_wrong_one(line: Line) -> None:
    await line.linked(BEN, PHONE)
    await line.link(ADA, PHONE)
    await line.link(CLEO, OTHER_PHONE)
    codes = [line.code_on(PHONE), WRONG, WRONG, WRONG, WRONG, WRONG]

    for_taken = [await said(line.sms.confirm(ADA, code)) for code in codes]
    for_free = [await said(line.sms.confirm(CLEO, WRONG)) for _ in codes]

    assert for_taken == for_free
    assert await kept(line, BEN)
    assert await kept(line, ADA) is None


async def test_twilio_is_asked_something_for_a_taken_number_too(line: Line) -> None:
    await line.linked(BEN, PHONE)
    before = len(line.twilio.ledger.entries)
    await line.link(ADA, PHONE)
    assert len(line.twilio.ledger.entries) - before == 1


async def test_of_two_who_ask_for_a_free_number_the_first_to_type_the_code_has_it(line: Line) -> None:
    await line.link(ADA, PHONE)
    await line.link(BEN, PHONE)
    code = line.code_on(PHONE)
    await line.sms.confirm(BEN, code)
    for _, sent in line.codes:
        await said(line.sms.confirm(ADA, sent))
    assert await kept(line, ADA) is None
    assert await kept(line, BEN)


async def test_a_hundred_accounts_make_one_phone_ring_three_times_a_day(line: Line) -> None:
    for number in range(30):
        stranger = Owner(OwnerKind.MEMBER, f"2{number:03}", f"6{number // 15:03}")
        assert await line.link(stranger, PHONE) == "+49…001"
    assert len(line.codes) == 3


# Limits.


async def test_a_member_may_ask_three_times_an_hour(line: Line) -> None:
    for number in range(3):
        await line.link(ADA, f"+491518765000{number}")
    assert "3 codes within an hour" in await said(line.link(ADA, PHONE))
    await line.clock.advance(3600)
    await line.link(ADA, "+4915187650007")


async def test_a_member_may_ask_three_times_a_day_for_one_number(line: Line) -> None:
    for _ in range(3):
        await line.link(ADA, PHONE)
        await line.clock.advance(3600)
    assert "3 codes to that number today" in await said(line.link(ADA, PHONE))
    await line.clock.advance(24 * 3600)
    await line.link(ADA, PHONE)


async def test_a_server_may_ask_twenty_times_a_day(line: Line) -> None:
    for number in range(20):
        member = Owner(OwnerKind.MEMBER, f"2{number:03}", "5001")
        await line.link(member, f"+49151876500{number:02}")
    assert "In this server" in await said(line.link(ADA, "+4915187650099"))
    await line.link(CLEO, "+4915187650099")


async def test_limits_outlive_a_restart_and_a_clock_set_back(place: Place) -> None:
    async with place.open(sms_user_daily_cap=50) as line:
        for _ in range(3):
            await line.link(ADA, PHONE)
    place.clock.step_wall(-7200)
    async with place.open(sms_user_daily_cap=50) as line:
        assert "within an hour" in await said(line.link(ADA, PHONE))


async def test_codes_count_as_texts_and_stop_at_the_cap(place: Place) -> None:
    async with place.open(sms_user_daily_cap=2) as line:
        await line.link(ADA, PHONE)
        await line.link(ADA, PHONE)
        refusal = await said(line.link(ADA, PHONE))
        assert refusal == "No code can be sent: your 2 texts of today are used up."
        assert len(line.codes) == 2


# Another number, and none any more.


async def test_another_number_takes_the_place_of_the_first(line: Line) -> None:
    await line.linked(ADA, PHONE)
    await line.linked(ADA, OTHER_PHONE)
    assert (await line.sms.status(ADA)).number == "+49…002"
    await line.linked(BEN, PHONE)


async def test_until_the_new_code_is_typed_the_first_number_stays(line: Line) -> None:
    await line.linked(ADA, PHONE)
    await line.link(ADA, OTHER_PHONE)
    status = await line.sms.status(ADA)
    assert (status.number, status.under_way) == ("+49…001", "+49…002")


async def test_forgetting_leaves_neither_number_nor_consent_nor_waiting_texts(line: Line) -> None:
    await line.linked(ADA, PHONE)
    await line.link(ADA, OTHER_PHONE)
    waiting = notification("a1B2c3", phone_of(ADA.id))
    async with line.store.transaction() as tx:
        await tx.notifications.enqueue([waiting])

    assert await line.sms.forget(ADA)

    status = await line.sms.status(ADA)
    assert (status.number, status.since, status.under_way) == (None, None, None)
    async with line.store.transaction() as tx:
        assert await tx.phones.everybody() == []
        assert await tx.notifications.open_count(line.clock.now()) == (0, 0)
    await line.linked(BEN, PHONE)


async def test_there_may_be_nothing_to_forget(line: Line) -> None:
    assert not await line.sms.forget(ADA)


async def test_a_link_that_was_forgotten_cannot_be_finished(line: Line) -> None:
    await line.link(ADA, PHONE)
    await line.sms.forget(ADA)
    assert "run out" in await said(line.sms.confirm(ADA, line.code_on(PHONE)))


async def test_linking_again_opens_a_phone_that_had_refused(line: Line) -> None:
    await line.linked()
    lane = phone_of(ADA.id).lane
    await line.store.outbox.pause_lane(lane, "Twilio 21610: the recipient replied STOP", line.clock.now())
    assert (await line.sms.status(ADA)).refused_why == "Twilio 21610: the recipient replied STOP"
    await line.linked()
    assert (await line.sms.status(ADA)).refused_why is None
