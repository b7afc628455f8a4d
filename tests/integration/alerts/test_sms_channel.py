"""The SMS channel against a pretend Twilio: what each answer means, and never a second POST."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
import pytest
from aiohttp import web
from twilio.rest import Client

from engine.alerts.channels.sms import SmsChannel
from engine.alerts.channels.twilio_transport import TwilioTransport
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.alerts.texts import sms_text
from engine.domain.alert import Notification, NotificationKind
from engine.errors import StoreError
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER, FakeTwilio
from sandbox.twilio_faults import Reply, Trouble, late, rate_limited, refused
from tests.integration.alerts.conftest import Logs
from tests.support.clock import START, HandClock
from tests.support.texts import Stops, Unlimited, Willing, always, in_english
from tests.unit.alerts.stage import SMS, notification

PHONE = "+15559870001"
SERVICE_SID = "MG" + "0" * 32
SPEC = json.loads((Path(__file__).parents[2] / "fixtures/specs/twilio-messages.json").read_text())
CREATE = SPEC["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
FORM = CREATE["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]

LEASED = Leased(seq=1, notification=notification("a1B2c3", SMS))
SENT = Delivery(kind=DeliveryKind.DELIVERED, ref=f"SM{1:032x}")


def channel_for(client: Client, clock: HandClock, to: str | None = PHONE, **changes: Any) -> SmsChannel:
    given: dict[str, Any] = {
        "from_number": FROM_NUMBER,
        "allowance": Unlimited(),
        "said_stop": Stops(),
        "sender": Willing(),
        "tongue_of": in_english,
        **changes,
    }
    return SmsChannel(client, always(to), clock=clock, **given)


@pytest.fixture
def channel(client: Client, clock: HandClock) -> SmsChannel:
    return channel_for(client, clock)


def posts(twilio: FakeTwilio) -> list[dict[str, str]]:
    return [dict(entry.form) for entry in twilio.ledger.entries if entry.method == "POST"]


async def test_an_alert_becomes_one_message(channel: SmsChannel, twilio: FakeTwilio) -> None:
    assert await channel.deliver(LEASED) == SENT
    assert posts(twilio) == [
        {
            "To": PHONE,
            "From": FROM_NUMBER,
            "Body": sms_text(LEASED.notification),
            "ValidityPeriod": "900",
        }
    ]


async def test_a_messaging_service_takes_the_place_of_the_number(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    channel = channel_for(client, clock, messaging_service_sid=SERVICE_SID)
    assert await channel.deliver(LEASED) == SENT
    assert (twilio.messages[0].service_sid, twilio.messages[0].sender) == (SERVICE_SID, None)


@pytest.mark.parametrize("sender", [{}, {"from_number": None, "messaging_service_sid": SERVICE_SID}])
async def test_forms_are_as_the_public_description_wants_them(
    client: Client, clock: HandClock, twilio: FakeTwilio, sender: dict[str, Any]
) -> None:
    await channel_for(client, clock, **sender).deliver(LEASED)
    (form,) = posts(twilio)
    typed = {**form, "ValidityPeriod": int(form["ValidityPeriod"])}
    jsonschema.validate(typed, {**FORM, "components": SPEC["components"], "additionalProperties": False})
    assert re.fullmatch(r"\+[1-9]\d{1,14}", form["To"])


def test_a_channel_needs_a_sender(clock: HandClock) -> None:
    with pytest.raises(ValueError, match="sender"):
        channel_for(Client("a", "b"), clock, from_number=None)


async def test_a_destination_without_a_number_is_refused(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    channel = channel_for(client, clock, to=None)
    assert (await channel.deliver(LEASED)).kind is DeliveryKind.PERMANENT
    assert twilio.ledger.entries == []


async def test_a_text_in_doubt_is_looked_for_also_when_its_number_is_gone_meanwhile(
    client: Client, clock: HandClock, channel: SmsChannel
) -> None:
    gone = channel_for(client, clock, to=None)
    assert (await gone.reconcile(begun(30))).kind is DeliveryKind.UNKNOWN
    assert await channel.deliver(LEASED) == SENT
    assert await gone.reconcile(begun(30)) == SENT


async def test_a_phone_that_twilio_says_replied_stop_is_noted(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    stops = Stops()
    twilio.stopped.add(PHONE)
    answer = await channel_for(client, clock, said_stop=stops).deliver(LEASED)
    assert (answer.kind, answer.stop_lane) == (DeliveryKind.PERMANENT, True)
    assert stops.numbers == [PHONE]


async def test_a_stop_that_cannot_be_written_down_is_a_refusal_all_the_same(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    async def no_store(_number: str) -> None:
        raise StoreError("disk full")

    twilio.stopped.add(PHONE)
    answer = await channel_for(client, clock, said_stop=no_store).deliver(LEASED)
    assert answer.kind is DeliveryKind.PERMANENT


async def test_an_edit_costs_no_text(channel: SmsChannel, twilio: FakeTwilio) -> None:
    edit = Leased(seq=1, notification=notification("a", SMS, kind=NotificationKind.EDIT))
    assert (await channel.deliver(edit)).kind is DeliveryKind.PERMANENT
    assert posts(twilio) == []


@pytest.mark.parametrize(
    ("trouble", "kind", "stops"),
    [
        (rate_limited(), DeliveryKind.RETRY, False),
        (refused(60202, 429), DeliveryKind.PERMANENT, False),
        (refused(63038, 429), DeliveryKind.PERMANENT, False),
        (refused(21611, 429), DeliveryKind.PERMANENT, False),
        (refused(21611), DeliveryKind.RETRY, False),
        (refused(30001), DeliveryKind.RETRY, False),
        (refused(20003, 401), DeliveryKind.PERMANENT, False),
        (refused(21211), DeliveryKind.PERMANENT, True),
        (refused(21614), DeliveryKind.PERMANENT, True),
        (refused(21635), DeliveryKind.PERMANENT, True),
        (refused(30006), DeliveryKind.PERMANENT, True),
        (refused(21610), DeliveryKind.PERMANENT, True),
        (refused(21606), DeliveryKind.PERMANENT, False),
        (refused(21612), DeliveryKind.PERMANENT, True),
        (refused(21408), DeliveryKind.PERMANENT, False),
        (refused(21608), DeliveryKind.PERMANENT, False),
        (refused(21617), DeliveryKind.PERMANENT, False),
        (refused(29999), DeliveryKind.PERMANENT, False),
        (refused(20404, 404), DeliveryKind.UNKNOWN, False),
        (refused(20500, 500), DeliveryKind.UNKNOWN, False),
        (refused(20503, 503), DeliveryKind.UNKNOWN, False),
        (Trouble(reply=Reply.SERVER_ERROR), DeliveryKind.UNKNOWN, False),
        (Trouble(reply=Reply.HTML), DeliveryKind.UNKNOWN, False),
        (Trouble(reply=Reply.CUT_JSON), DeliveryKind.UNKNOWN, False),
        (Trouble(reply=Reply.HANG), DeliveryKind.UNKNOWN, False),
        (Trouble(reply=Reply.RESET), DeliveryKind.UNKNOWN, False),
        (late(1), DeliveryKind.UNKNOWN, False),
    ],
)
async def test_each_answer_has_its_meaning_and_costs_one_post(
    channel: SmsChannel, twilio: FakeTwilio, trouble: Trouble, kind: DeliveryKind, stops: bool, logs: Logs
) -> None:
    twilio.faults.plan(trouble)
    answer = await channel.deliver(LEASED)
    assert (answer.kind, answer.stop_lane) == (kind, stops)
    assert len(posts(twilio)) == 1
    _nothing_secret_in(f"{answer} {logs.text()}")


@pytest.mark.parametrize("digit", "12349")
async def test_the_magic_numbers_are_refused_by_their_codes(
    client: Client, clock: HandClock, digit: str, logs: Logs
) -> None:
    number = f"+1500555000{digit}"
    answer = await channel_for(client, clock, to=number).deliver(LEASED)
    code = {"1": 21211, "2": 21612, "3": 21408, "4": 21610, "9": 21614}[digit]
    assert (answer.kind, str(code) in (answer.why or "")) == (DeliveryKind.PERMANENT, True)
    assert number not in f"{answer} {logs.text()}"


async def test_wrong_credentials_are_said_to_whoever_keeps_the_sender(
    session: aiohttp.ClientSession, clock: HandClock, twilio: FakeTwilio
) -> None:
    client = Client(ACCOUNT_SID, "wrong", http_client=TwilioTransport(session, base_url=twilio.base_url))
    sender = Willing()
    answer = await channel_for(client, clock, sender=sender).deliver(LEASED)
    assert (answer.kind, answer.stop_lane) == (DeliveryKind.PERMANENT, False)
    assert sender.codes == [20003]


async def test_without_a_connection_nothing_can_have_been_sent(
    session: aiohttp.ClientSession, clock: HandClock, unused_tcp_port: int
) -> None:
    base_url = f"http://127.0.0.1:{unused_tcp_port}"
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=TwilioTransport(session, base_url=base_url))
    assert (await channel_for(client, clock).deliver(LEASED)).kind is DeliveryKind.RETRY


class StrangeTwilio:
    """Answers everything with 201 or 200 and a body that is JSON, and nothing else about it is right."""

    base_url = ""

    def __init__(self, body: str) -> None:
        self._body = body

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/{path:.*}", self._answer), web.get("/{path:.*}", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        return web.Response(
            status=201 if request.method == "POST" else 200, text=self._body, content_type="application/json"
        )


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", "null", '"SM1"', '{"sid": 5}', '{"messages": 5}', '{"messages": [5]}', "NaN", "[" * 9999],
)
async def test_json_of_another_shape_leaves_the_outcome_unknown(
    session: aiohttp.ClientSession, clock: HandClock, body: str
) -> None:
    service = StrangeTwilio(body)
    async with serve(service, "strange", Ledger()):
        transport = TwilioTransport(session, base_url=service.base_url)
        channel = channel_for(Client(ACCOUNT_SID, AUTH_TOKEN, http_client=transport), clock)
        answers = [await channel.deliver(LEASED), await channel.reconcile(begun(45, reconciled=2))]
    assert [(answer.kind, answer.answered) for answer in answers] == [(DeliveryKind.UNKNOWN, False)] * 2


# The sender as a whole, and where Twilio reports to.


async def test_while_the_sender_is_held_back_nothing_is_posted_nor_counted(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    held = Delivery(kind=DeliveryKind.PERMANENT, why="no texts until 14:00 UTC")
    allowance = Unlimited()
    channel = channel_for(client, clock, sender=Willing(held), allowance=allowance)
    assert await channel.deliver(LEASED) == held
    assert (posts(twilio), allowance.taken) == ([], [])


@pytest.mark.parametrize(
    ("trouble", "silences", "codes"),
    [
        (None, 0, []),
        (refused(63038, 429), 0, [63038]),
        (rate_limited(), 0, [20429]),
        (Trouble(reply=Reply.RESET), 1, []),
        (Trouble(reply=Reply.SERVER_ERROR), 1, []),
        (Trouble(reply=Reply.CUT_JSON), 1, []),
        (Trouble(reply=Reply.HANG), 1, []),
    ],
)
async def test_the_sender_hears_of_each_answer_and_of_each_silence(
    client: Client, clock: HandClock, twilio: FakeTwilio, trouble: Trouble | None, silences: int, codes: Any
) -> None:
    if trouble is not None:
        twilio.faults.plan(trouble)
    sender = Willing()
    await channel_for(client, clock, sender=sender).deliver(LEASED)
    assert (sender.silences, sender.codes, sender.took_texts) == (silences, codes, int(trouble is None))


def reports_to(id_: str) -> str:
    return f"https://fares.example.org/twilio/status?k={id_}"


async def test_twilio_is_told_where_to_report_to_only_where_somebody_listens(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    await channel_for(client, clock).deliver(LEASED)
    await channel_for(client, clock, callback=reports_to).deliver(LEASED)
    first, second = posts(twilio)
    assert "StatusCallback" not in first
    assert second["StatusCallback"] == reports_to(LEASED.notification.id)


async def test_an_address_that_twilio_cannot_call_is_left_out_once_and_for_all(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    twilio.faults.plan(refused(21609))
    sender = Willing()
    channel = channel_for(client, clock, callback=reports_to, sender=sender)
    assert await channel.deliver(LEASED) == SENT
    await channel.deliver(Leased(seq=2, notification=notification("other1", SMS)))
    assert ["StatusCallback" in post for post in posts(twilio)] == [True, False, False]
    assert (len(twilio.messages), sender.codes) == (2, [21609])


# Caps.


class UsedUp(Unlimited):
    """Nothing more may be sent."""

    async def take(self, notification: Notification, segments: int) -> str | None:
        await super().take(notification, segments)
        return "your 3 texts of today are used up"


class Unreadable(Unlimited):
    """Nobody knows what was sent already."""

    async def take(self, notification: Notification, segments: int) -> str | None:  # noqa: ARG002
        raise StoreError("the disk is full")


async def test_a_text_is_counted_in_segments_before_it_is_sent(client: Client, clock: HandClock) -> None:
    allowance = Unlimited()
    await channel_for(client, clock, allowance=allowance).deliver(LEASED)
    assert (allowance.taken, allowance.given_back) == ([(LEASED.notification.id, 1)], [])


async def test_over_a_cap_nothing_is_sent_and_the_reason_is_said(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    answer = await channel_for(client, clock, allowance=UsedUp()).deliver(LEASED)
    assert (answer.kind, answer.why) == (DeliveryKind.PERMANENT, "your 3 texts of today are used up")
    assert posts(twilio) == []


async def test_while_the_count_cannot_be_read_nothing_is_sent(
    client: Client, clock: HandClock, twilio: FakeTwilio
) -> None:
    answer = await channel_for(client, clock, allowance=Unreadable()).deliver(LEASED)
    assert (answer.kind, posts(twilio)) == (DeliveryKind.RETRY, [])


@pytest.mark.parametrize(
    ("trouble", "back"),
    [
        (rate_limited(), True),
        (refused(21610), True),
        (Trouble(reply=Reply.RESET), False),
        (Trouble(reply=Reply.HTML), False),
        (refused(20500, 500), False),
    ],
)
async def test_what_was_certainly_not_sent_is_given_back_and_what_may_have_been_is_not(
    client: Client, clock: HandClock, twilio: FakeTwilio, trouble: Trouble, back: bool
) -> None:
    allowance = Unlimited()
    twilio.faults.plan(trouble)
    await channel_for(client, clock, allowance=allowance).deliver(LEASED)
    assert bool(allowance.given_back) is back


# Reconciling.


def begun(seconds_ago: int, *, reconciled: int = 1) -> Leased:
    since = START - timedelta(seconds=seconds_ago)
    return Leased(seq=1, notification=LEASED.notification, sending_since=since, reconciled=reconciled)


async def test_a_message_that_was_made_is_found_by_its_reference(channel: SmsChannel) -> None:
    await channel.deliver(LEASED)
    await channel.deliver(Leased(seq=2, notification=notification("other1", SMS)))
    assert await channel.reconcile(begun(30)) == SENT


async def test_the_message_of_another_number_is_not_it(
    client: Client, channel: SmsChannel, clock: HandClock
) -> None:
    await channel_for(client, clock, to="+15559870002").deliver(LEASED)
    assert (await channel.reconcile(begun(30))).kind is DeliveryKind.UNKNOWN


async def test_absent_once_is_not_yet_certain(channel: SmsChannel) -> None:
    answer = await channel.reconcile(begun(30))
    assert (answer.kind, answer.answered) == (DeliveryKind.UNKNOWN, True)
    assert answer.retry_after == timedelta(seconds=15)


async def test_absent_again_after_the_wait_is_certain(channel: SmsChannel) -> None:
    assert (await channel.reconcile(begun(45, reconciled=2))).kind is DeliveryKind.RETRY


async def test_absent_for_the_first_time_is_not_certain_however_late(channel: SmsChannel) -> None:
    answer = await channel.reconcile(begun(3600))
    assert (answer.answered, answer.retry_after) == (True, timedelta(seconds=15))


async def test_the_wait_is_as_it_was_set(client: Client, clock: HandClock) -> None:
    channel = channel_for(client, clock, unknown_wait=timedelta(seconds=90))
    assert (await channel.reconcile(begun(30))).retry_after == timedelta(seconds=60)
    assert (await channel.reconcile(begun(89, reconciled=2))).kind is DeliveryKind.UNKNOWN
    assert (await channel.reconcile(begun(90, reconciled=2))).kind is DeliveryKind.RETRY


@pytest.mark.parametrize(
    "trouble",
    [
        rate_limited(),
        refused(20003, 401),
        *(Trouble(reply=reply) for reply in Reply if reply is not Reply.REFUSED),
    ],
)
async def test_a_list_that_cannot_be_read_is_no_answer(
    channel: SmsChannel, twilio: FakeTwilio, trouble: Trouble, logs: Logs
) -> None:
    await channel.deliver(LEASED)
    twilio.list_faults.plan(trouble, times=None)
    answer = await channel.reconcile(begun(45, reconciled=2))
    assert (answer.kind, answer.answered) == (DeliveryKind.UNKNOWN, False)
    _nothing_secret_in(f"{answer} {logs.text()}")


def _nothing_secret_in(text: str) -> None:
    for secret in (PHONE, PHONE.lstrip("+"), AUTH_TOKEN, "450 EUR"):
        assert secret not in text
