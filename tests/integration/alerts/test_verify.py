"""Codes by Verify: the real client against a pretend Verify, itself held against the public description."""

import asyncio
import json
import re

import aiohttp
import pytest
from twilio.rest import Client

from engine.alerts.channels.twilio_transport import TwilioTransport
from engine.alerts.codes import CodeKind
from engine.alerts.verify import VerifyCodes
from sandbox.ledger import Entry
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FakeTwilio
from sandbox.twilio_faults import Reply, Trouble, refused
from sandbox.twilio_verify import CHECK_PARAMETERS, VERIFY_PARAMETERS, VERIFY_SERVICE_SID, FakeVerify
from tests.integration.alerts.conftest import Logs
from tests.integration.alerts.openapi import Description
from tests.support.clock import HandClock

PHONE = "+4915187650001"
WRONG = "000000"
SPEC = Description("twilio-verify.json")
SENDS = "/v2/Services/{ServiceSid}/Verifications"
CHECKS = "/v2/Services/{ServiceSid}/VerificationCheck"


@pytest.fixture
def verify(twilio: FakeTwilio) -> FakeVerify:
    return twilio.verify


@pytest.fixture
async def codes(client: Client) -> VerifyCodes:
    return await asyncio.to_thread(VerifyCodes, client, VERIFY_SERVICE_SID)


async def sent(codes: VerifyCodes) -> str:
    reply = await codes.send(PHONE)
    assert reply.kind is CodeKind.SENT
    return reply.sid or ""


def requests(twilio: FakeTwilio, method: str = "POST") -> list[Entry]:
    return [entry for entry in twilio.ledger.entries if entry.method == method]


async def test_a_code_arrives_and_the_right_one_is_right(codes: VerifyCodes, verify: FakeVerify) -> None:
    sid = await sent(codes)
    assert verify.texts[0].to == PHONE
    assert (await codes.check(sid, WRONG)).kind is CodeKind.WRONG
    assert (await codes.check(sid, verify.code_on(PHONE))).kind is CodeKind.RIGHT


async def test_a_code_is_good_once(codes: VerifyCodes, verify: FakeVerify) -> None:
    sid = await sent(codes)
    await codes.check(sid, verify.code_on(PHONE))
    assert (await codes.check(sid, verify.code_on(PHONE))).kind is CodeKind.GONE


async def test_after_ten_minutes_a_code_is_gone(
    codes: VerifyCodes, verify: FakeVerify, clock: HandClock
) -> None:
    sid = await sent(codes)
    await clock.advance(600)
    assert (await codes.check(sid, verify.code_on(PHONE))).kind is CodeKind.GONE


async def test_the_sixth_send_and_the_sixth_check_are_too_many(
    codes: VerifyCodes, verify: FakeVerify
) -> None:
    sid = await sent(codes)
    for _ in range(4):
        assert (await codes.send(PHONE)).sid == sid
    assert (await codes.send(PHONE)).kind is CodeKind.TOO_MANY_CODES
    for _ in range(5):
        assert (await codes.check(sid, WRONG)).kind is CodeKind.WRONG
    assert (await codes.check(sid, verify.code_on(PHONE))).kind is CodeKind.TOO_MANY_TRIES


async def test_pretending_sends_nothing_and_asks_twilio_all_the_same(
    codes: VerifyCodes, twilio: FakeTwilio
) -> None:
    assert (await codes.pretend_send()).kind is CodeKind.SENT
    assert twilio.verify.texts == []
    assert [entry.path.split("/")[-2] for entry in requests(twilio, "GET")] == ["Verifications"]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (refused(60200), CodeKind.NO_SUCH_PHONE),
        (refused(60205), CodeKind.NO_SUCH_PHONE),
        (refused(60203, 429), CodeKind.TOO_MANY_CODES),
        (refused(60212, 429), CodeKind.BUSY),
        (refused(20429, 429), CodeKind.BUSY),
        (refused(60410, 403), CodeKind.BLOCKED),
        (refused(60605, 403), CodeKind.BLOCKED),
        (refused(20003, 401), CodeKind.REFUSED),
        (refused(20404, 404), CodeKind.REFUSED),
        (refused(20500, 500), CodeKind.UNKNOWN),
        *((Trouble(reply=reply), CodeKind.UNKNOWN) for reply in Reply if reply is not Reply.REFUSED),
    ],
)
async def test_each_answer_to_a_send_has_its_meaning_and_costs_one_post(
    codes: VerifyCodes, twilio: FakeTwilio, trouble: Trouble, kind: CodeKind, logs: Logs
) -> None:
    twilio.verify.faults.plan(trouble)
    reply = await codes.send(PHONE)
    assert reply.kind is kind
    assert len(requests(twilio)) == 1
    assert PHONE.lstrip("+") not in f"{reply} {logs.text()}"


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (refused(60202, 429), CodeKind.TOO_MANY_TRIES),
        (refused(20404, 404), CodeKind.GONE),
        (refused(20003, 401), CodeKind.REFUSED),
        (Trouble(reply=Reply.SERVER_ERROR), CodeKind.UNKNOWN),
        (Trouble(reply=Reply.CUT_JSON), CodeKind.UNKNOWN),
        (Trouble(reply=Reply.HANG), CodeKind.UNKNOWN),
    ],
)
async def test_each_answer_to_a_check_has_its_meaning(
    codes: VerifyCodes, twilio: FakeTwilio, trouble: Trouble, kind: CodeKind, logs: Logs
) -> None:
    sid = await sent(codes)
    code = twilio.verify.code_on(PHONE)
    twilio.verify.check_faults.plan(trouble)
    assert (await codes.check(sid, code)).kind is kind
    assert code not in logs.text()


async def test_without_a_connection_nothing_was_sent(
    session: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    transport = TwilioTransport(session, base_url=f"http://127.0.0.1:{unused_tcp_port}")
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=transport)
    codes = await asyncio.to_thread(VerifyCodes, client, VERIFY_SERVICE_SID)
    replies = [await codes.send(PHONE), await codes.check("VE1", WRONG), await codes.pretend_send()]
    assert {reply.kind for reply in replies} == {CodeKind.UNREACHABLE}


# The pretend Verify against the description of the real one.


async def test_it_knows_the_parameters_of_the_description_and_no_others() -> None:
    assert frozenset(SPEC.form(SENDS)["properties"]) == VERIFY_PARAMETERS
    assert frozenset(SPEC.form(CHECKS)["properties"]) == CHECK_PARAMETERS


async def test_what_we_post_is_as_described(
    codes: VerifyCodes, twilio: FakeTwilio, verify: FakeVerify
) -> None:
    await codes.check(await sent(codes), verify.code_on(PHONE))
    send, check = requests(twilio)
    SPEC.validate(dict(send.form), SPEC.form(SENDS), additionalProperties=False)
    SPEC.validate(dict(check.form), SPEC.form(CHECKS), additionalProperties=False)
    assert set(check.form) == {"VerificationSid", "Code"}
    assert re.fullmatch(r"\+[1-9]\d{1,14}", send.form["To"])


async def test_its_replies_have_the_described_shape(client: Client, codes: VerifyCodes) -> None:
    base = f"https://verify.twilio.com/v2/Services/{VERIFY_SERVICE_SID}"
    sid = await sent(codes)
    made = await client.request_async("POST", f"{base}/Verifications", data={"To": PHONE, "Channel": "sms"})
    fetched = await client.request_async("GET", f"{base}/Verifications/{sid}")
    checked = await client.request_async(
        "POST", f"{base}/VerificationCheck", data={"To": PHONE, "Code": WRONG}
    )
    assert [reply.status_code for reply in (made, fetched, checked)] == [201, 200, 201]
    for reply in (made, fetched):
        SPEC.validate(json.loads(reply.text), SPEC.schema("verify.v2.service.verification"))
    SPEC.validate(json.loads(checked.text), SPEC.schema("verify.v2.service.verification_check"))
