"""A STOP from the phone wins over everything in Discord, for good; its START takes it back."""

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from engine.actions.optouts import OptOuts
from engine.actions.texting import OPERATOR
from engine.alerts.phones import new_key
from engine.alerts.ports import Delivery, DeliveryKind
from engine.domain.alert import Leased
from engine.domain.announce import phone_of
from engine.domain.watch import Owner
from engine.store.tables import WITHDRAWALS
from engine.store.withdrawals import How
from sandbox.twilio_faults import refused
from tests.integration.sms.conftest import (
    ADA,
    BEN,
    CLEO,
    OPERATORS_PHONE,
    OTHER_PHONE,
    PHONE,
    Line,
    Place,
    text_to,
)
from tests.integration.sms.test_linking import kept, said
from tests.support.clock import START


def optouts(line: Line) -> OptOuts:
    assert line.telephony.optouts
    return line.telephony.optouts


async def texted(line: Line, member: Owner | None, number: int = 1) -> Delivery:
    """One alert through the channel, to a member or to the operator."""
    assert line.telephony.channel
    return await line.telephony.channel.deliver(Leased(seq=number, notification=text_to(member, number)))


async def paused(line: Line, lane: str) -> str | None:
    async with line.store.transaction() as tx:
        return await tx.notifications.why_paused(lane)


async def withdrawals(line: Line) -> list[str]:
    async with line.store.transaction() as tx:
        return [row.how for row in await tx.sql.rows(select(WITHDRAWALS.c.how).order_by(WITHDRAWALS.c.seq))]


async def test_after_a_stop_the_phone_is_texted_no_more_and_its_member_sees_why(line: Line) -> None:
    await line.linked()
    await optouts(line).stopped(PHONE)

    assert (await texted(line, ADA)).kind is DeliveryKind.PERMANENT
    assert line.twilio.messages == []
    status = await line.sms.status(ADA)
    assert (status.stopped, status.number) == (True, "+49…001")
    assert await paused(line, phone_of(ADA.id).lane)
    async with line.store.transaction() as tx:
        assert await tx.phones.fingerprints([ADA.id]) == {}


async def test_a_start_opens_the_phone_again(line: Line) -> None:
    await line.linked()
    await optouts(line).stopped(PHONE)
    await optouts(line).started(PHONE)

    assert (await texted(line, ADA)).kind is DeliveryKind.DELIVERED
    assert not (await line.sms.status(ADA)).stopped
    assert await paused(line, phone_of(ADA.id).lane) is None
    async with line.store.transaction() as tx:
        assert list(await tx.phones.fingerprints([ADA.id])) == [ADA.id]


async def test_what_waited_while_a_stop_held_is_not_told_after_the_start(line: Line) -> None:
    await line.linked()
    await optouts(line).stopped(PHONE)
    async with line.store.transaction() as tx:
        await tx.notifications.enqueue([text_to(ADA, 1)])
    await optouts(line).started(PHONE)
    async with line.store.transaction() as tx:
        assert await tx.notifications.open_count(line.clock.now()) == (0, 0)


async def test_a_yes_to_an_alert_of_a_phone_that_never_stopped_drops_nothing(line: Line) -> None:
    await line.linked()
    async with line.store.transaction() as tx:
        await tx.notifications.enqueue([text_to(ADA, 1)])
    await optouts(line).started(PHONE)
    async with line.store.transaction() as tx:
        assert await tx.notifications.open_count(line.clock.now()) == (1, 0)


async def test_a_stop_said_twice_is_one_and_one_start_undoes_it(line: Line) -> None:
    for _ in range(3):
        await optouts(line).stopped(PHONE)
    assert await withdrawals(line) == [How.STOPPED]
    await optouts(line).started(PHONE)
    assert not await optouts(line).binds(PHONE)


async def test_a_second_stop_after_a_start_binds_again(line: Line) -> None:
    for _ in range(2):
        await optouts(line).stopped(PHONE)
        await optouts(line).started(PHONE)
    await optouts(line).stopped(PHONE)
    assert await optouts(line).binds(PHONE)
    assert await withdrawals(line) == [How.STOPPED] * 3


# Nobody in Discord undoes it.


async def test_its_own_member_is_told_to_say_start_and_no_code_is_sent(line: Line) -> None:
    await line.linked()
    await optouts(line).stopped(PHONE)
    texts = len(line.verify.texts)
    assert "only the phone can undo it: reply START" in await said(line.link(ADA, PHONE))
    assert len(line.verify.texts) == texts
    assert (await line.sms.status(ADA)).today == 1  # the refusal costs nothing


async def test_others_are_answered_as_always_and_no_code_is_sent(line: Line) -> None:
    await optouts(line).stopped(PHONE)
    for_stopped, for_free = await line.link(BEN, PHONE), await line.link(CLEO, OTHER_PHONE)
    assert (for_stopped, for_free) == ("+49…001", "+49…002")
    assert [text.to for text in line.verify.texts] == [OTHER_PHONE]
    typed = [await said(line.sms.confirm(who, "000000")) for who in (BEN, CLEO)]
    assert typed[0] == typed[1]


async def test_forgetting_the_number_does_not_take_the_stop_back(line: Line) -> None:
    await line.linked()
    await optouts(line).stopped(PHONE)
    await line.sms.forget(ADA)
    texts = len(line.verify.texts)
    for member in (ADA, BEN):
        await line.link(member, PHONE)
        await said(line.sms.confirm(member, line.verify.code_on(PHONE)))
        assert await kept(line, member) is None
    assert len(line.verify.texts) == texts


async def test_a_stop_between_code_and_confirmation_wins(line: Line) -> None:
    await line.link(ADA, PHONE)
    await optouts(line).stopped(PHONE)
    assert "reply START" in await said(line.sms.confirm(ADA, line.verify.code_on(PHONE)))
    assert await kept(line) is None


async def test_after_a_start_the_number_can_be_linked_again(line: Line) -> None:
    await optouts(line).stopped(PHONE)
    await optouts(line).started(PHONE)
    await line.linked()
    assert await kept(line)


async def test_a_stop_outlives_a_restart_that_reopens_other_lanes(place: Place) -> None:
    async with place.open() as line:
        await line.linked()
        await optouts(line).stopped(PHONE)
    async with place.open() as line:
        assert (await line.sms.status(ADA)).stopped
        assert await paused(line, phone_of(ADA.id).lane)
        assert (await texted(line, ADA)).kind is DeliveryKind.PERMANENT


# What Twilio knows counts as said to us.


async def test_a_text_that_twilio_refuses_for_a_stop_records_it(line: Line) -> None:
    await line.linked()
    line.twilio.stopped.add(PHONE)
    assert (await texted(line, ADA)).kind is DeliveryKind.PERMANENT
    line.twilio.stopped.clear()

    assert (await texted(line, ADA, 2)).kind is DeliveryKind.PERMANENT
    assert (await line.sms.status(ADA)).stopped
    assert await withdrawals(line) == [How.REFUSED]


async def test_a_code_that_twilio_refuses_for_a_stop_records_it_and_does_not_tell(line: Line) -> None:
    line.verify.faults.plan(refused(21610))
    assert await line.link(ADA, PHONE) == "+49…001"
    assert (await line.sms.status(ADA)).under_way == "+49…001"
    assert await optouts(line).binds(PHONE)


async def test_its_own_member_hears_of_such_a_refusal(line: Line) -> None:
    await line.linked()
    line.verify.faults.plan(refused(21610))
    assert "reply START" in await said(line.link(ADA, PHONE))


# The operator's own phone.


async def test_the_operators_phone_obeys_a_stop_too(line: Line) -> None:
    await optouts(line).stopped(OPERATORS_PHONE)
    assert (await texted(line, None)).kind is DeliveryKind.PERMANENT
    assert await paused(line, OPERATOR.lane)
    await optouts(line).started(OPERATORS_PHONE)
    assert (await texted(line, None, 2)).kind is DeliveryKind.DELIVERED


async def test_the_operators_stop_holds_without_keys_over_a_restart_and_when_keys_are_set_later(
    place: Place,
) -> None:
    without = {"phone_keys": None, "phone_hash_key": None}
    async with place.open(**without) as line:
        await optouts(line).stopped(OPERATORS_PHONE)
    for changes in (without, {}, {"phone_hash_key": SecretStr(new_key())}):
        async with place.open(**changes) as line:
            assert await paused(line, OPERATOR.lane)
            assert (await texted(line, None)).kind is DeliveryKind.PERMANENT
    assert place.twilio.messages == []


async def test_another_operators_phone_is_texted(place: Place) -> None:
    async with place.open() as line:
        await optouts(line).stopped(OPERATORS_PHONE)
    async with place.open(to_number=OTHER_PHONE) as line:
        assert (await texted(line, None)).kind is DeliveryKind.DELIVERED


# What is kept.


async def test_forgetting_and_changing_the_number_are_kept_by_hash_and_bind_nobody(line: Line) -> None:
    await line.linked(ADA, PHONE)
    await line.linked(ADA, OTHER_PHONE)
    await line.clock.advance(60)
    await line.sms.forget(ADA)
    async with line.store.transaction() as tx:
        rows = await tx.sql.rows(select(WITHDRAWALS).order_by(WITHDRAWALS.c.seq))
    assert [row.how for row in rows] == [How.FORGOTTEN] * 2
    assert (rows[1].at - START).total_seconds() == 60
    assert not any(PHONE.lstrip("+") in str(row) for row in rows)
    await line.linked(BEN, PHONE)


@pytest.mark.parametrize("number", [PHONE, OPERATORS_PHONE, "+15559870001"])
async def test_a_stop_of_any_phone_is_kept_even_of_one_that_nobody_linked(line: Line, number: str) -> None:
    await optouts(line).stopped(number)
    assert await optouts(line).binds(number)
