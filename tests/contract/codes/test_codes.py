"""What every way to prove a phone by a code has to do, whoever makes the code."""

import asyncio
import re

import pytest

from engine.alerts.codes import CodeKind
from engine.alerts.gsm7 import segments
from sandbox.twilio_faults import Reply, Trouble, rate_limited, refused
from tests.contract.codes.conftest import OTHER_PHONE, PHONE, World
from tests.support.canaries import Canaries, listening


async def sent(world: World, number: str = PHONE) -> str:
    reply = await world.codes.send(number)
    assert reply.kind is CodeKind.SENT
    assert reply.sid
    return reply.sid


async def test_a_code_arrives_and_the_right_one_is_right(world: World) -> None:
    sid = await sent(world)
    assert [to for to, _ in world.texts] == [PHONE]
    assert (await world.codes.check(sid, world.wrong_on(PHONE))).kind is CodeKind.WRONG
    assert (await world.codes.check(sid, world.code_on(PHONE))).kind is CodeKind.RIGHT


async def test_a_code_has_six_digits_and_its_text_is_one_segment(world: World) -> None:
    await sent(world)
    ((_, body),) = world.texts
    assert re.fullmatch(r"\d{6}", world.code_on(PHONE))
    assert segments(body) == 1
    assert "Fare Engine" in body


async def test_a_code_is_good_once(world: World) -> None:
    sid = await sent(world)
    await world.codes.check(sid, world.code_on(PHONE))
    assert (await world.codes.check(sid, world.code_on(PHONE))).kind is CodeKind.GONE


async def test_a_code_is_good_for_nine_minutes_and_not_for_ten(world: World) -> None:
    sid = await sent(world)
    await world.clock.advance(9 * 60)
    assert (await world.codes.check(sid, world.wrong_on(PHONE))).kind is CodeKind.WRONG
    await world.clock.advance(60)
    assert (await world.codes.check(sid, world.code_on(PHONE))).kind is CodeKind.GONE


async def test_after_five_tries_the_right_one_is_no_good_either(world: World) -> None:
    sid = await sent(world)
    for _ in range(5):
        assert (await world.codes.check(sid, world.wrong_on(PHONE))).kind is CodeKind.WRONG
    assert (await world.codes.check(sid, world.code_on(PHONE))).kind is CodeKind.TOO_MANY_TRIES


async def test_the_fifth_try_still_counts(world: World) -> None:
    sid = await sent(world)
    for _ in range(4):
        await world.codes.check(sid, world.wrong_on(PHONE))
    assert (await world.codes.check(sid, world.code_on(PHONE))).kind is CodeKind.RIGHT


async def test_of_fifty_tries_at_once_five_are_held_against_the_code(world: World) -> None:
    sid, wrong = await sent(world), world.wrong_on(PHONE)
    replies = await asyncio.gather(*(world.codes.check(sid, wrong) for _ in range(50)))
    kinds = [reply.kind for reply in replies]
    assert (kinds.count(CodeKind.WRONG), kinds.count(CodeKind.TOO_MANY_TRIES)) == (5, 45)


async def test_the_code_of_one_phone_is_no_good_for_another(world: World) -> None:
    first, second = await sent(world, PHONE), await sent(world, OTHER_PHONE)
    assert (await world.codes.check(first, world.code_on(OTHER_PHONE))).kind is CodeKind.WRONG
    assert (await world.codes.check(second, world.code_on(OTHER_PHONE))).kind is CodeKind.RIGHT


@pytest.mark.parametrize("sid", ["VE" + "0" * 32, "own 00", ""])
async def test_of_a_code_that_was_never_sent_nothing_is_right(world: World, sid: str) -> None:
    await sent(world)
    reply = await world.codes.check(sid or "VE1", world.code_on(PHONE))
    assert reply.kind is CodeKind.GONE


async def test_pretending_sends_nothing_and_asks_twilio_as_often(world: World) -> None:
    await sent(world)
    before = len(world.twilio.ledger.entries)
    assert (await world.codes.pretend_send()).kind is CodeKind.SENT
    assert len(world.twilio.ledger.entries) == before + 1
    assert len(world.texts) == 1


async def test_a_pretended_check_asks_twilio_as_often_as_a_real_one_and_is_wrong(world: World) -> None:
    sid = await sent(world)
    counts = []
    for check in (world.codes.check(sid, world.wrong_on(PHONE)), world.codes.pretend_check()):
        before = len(world.twilio.ledger.entries)
        assert (await check).kind is CodeKind.WRONG
        counts.append(len(world.twilio.ledger.entries) - before)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (rate_limited(), CodeKind.BUSY),
        (refused(21610), CodeKind.STOPPED),
        (refused(21614), CodeKind.NO_SUCH_PHONE),
        (refused(20003, 401), CodeKind.REFUSED),
        (refused(20500, 500), CodeKind.UNKNOWN),
        *((Trouble(reply=reply), CodeKind.UNKNOWN) for reply in Reply if reply is not Reply.REFUSED),
    ],
)
async def test_each_answer_to_a_sending_has_its_meaning_and_costs_one_post(
    world: World, trouble: Trouble, kind: CodeKind
) -> None:
    world.faults.plan(trouble)
    reply = await world.codes.send(PHONE)
    assert (reply.kind, reply.sid) == (kind, None)
    assert [entry.method for entry in world.twilio.ledger.entries] == ["POST"]


async def test_neither_number_nor_code_nor_token_is_logged(world: World) -> None:
    with listening() as heard:
        sid = await sent(world)
        for code in (world.wrong_on(PHONE), world.code_on(PHONE)):
            await world.codes.check(sid, code)
        world.faults.plan(refused(21610))
        world.faults.plan(Reply.RESET)
        for _ in range(2):
            await world.codes.send(PHONE)
    codes = [world.code_on(PHONE), world.wrong_on(PHONE)]
    assert "21610" in heard.text
    Canaries(numbers=[PHONE], codes=codes, secrets=["sandbox-token"]).assert_absent({"log": heard.text})
