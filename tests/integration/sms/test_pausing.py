"""A member lets texts rest: the phone stays linked, nothing is texted, until it is resumed."""

import pytest

from engine.alerts.ports import DeliveryKind
from engine.domain.member import Member
from engine.errors import InvalidInput
from tests.integration.sms.conftest import ADA, OTHER_PHONE, PHONE, Line, Place, text_to
from tests.integration.sms.test_optouts import texted
from tests.support.clock import START


async def test_a_paused_phone_stays_linked_and_is_not_texted(line: Line) -> None:
    await line.linked()
    status = await line.sms.pause(ADA)
    assert (status.number, status.paused_at) == ("+49…001", START)
    assert (await texted(line, ADA)).kind is DeliveryKind.PERMANENT
    assert line.twilio.messages == []


async def test_resumed_it_is_texted_again(line: Line) -> None:
    await line.linked()
    await line.sms.pause(ADA)
    assert (await line.sms.resume(ADA)).paused_at is None
    assert (await texted(line, ADA)).kind is DeliveryKind.DELIVERED


async def test_what_waits_when_texts_are_paused_is_dropped(line: Line) -> None:
    await line.linked()
    async with line.store.transaction() as tx:
        await tx.notifications.enqueue([text_to(ADA, 1)])
    await line.sms.pause(ADA)
    async with line.store.transaction() as tx:
        assert await tx.notifications.open_count(line.clock.now()) == (0, 0)


async def test_a_pause_outlives_a_restart_and_keeps_its_beginning(place: Place) -> None:
    async with place.open() as line:
        await line.linked()
        await line.sms.pause(ADA)
    await place.clock.advance(600)
    async with place.open() as line:
        assert (await line.sms.pause(ADA)).paused_at == START


@pytest.mark.parametrize("act", ["pause", "resume"])
async def test_without_a_phone_there_is_nothing_to_pause(line: Line, act: str) -> None:
    with pytest.raises(InvalidInput, match="No phone is linked"):
        await getattr(line.sms, act)(ADA)


@pytest.mark.parametrize("number", [PHONE, OTHER_PHONE])
async def test_linking_a_phone_ends_a_pause(line: Line, number: str) -> None:
    await line.linked()
    await line.sms.pause(ADA)
    await line.linked(ADA, number)
    assert (await line.sms.status(ADA)).paused_at is None


async def test_forgetting_the_phone_ends_a_pause(line: Line) -> None:
    await line.linked()
    await line.sms.pause(ADA)
    await line.sms.forget(ADA)
    async with line.store.transaction() as tx:
        assert (await tx.members.of(ADA.id)).texts_paused_at is None


async def test_other_choices_of_the_member_stay(line: Line) -> None:
    await line.linked()
    async with line.store.transaction() as tx:
        await tx.members.save(Member(id=ADA.id, timezone="Europe/Berlin"))
    await line.sms.pause(ADA)
    await line.sms.resume(ADA)
    async with line.store.transaction() as tx:
        assert await tx.members.of(ADA.id) == Member(id=ADA.id, timezone="Europe/Berlin")
