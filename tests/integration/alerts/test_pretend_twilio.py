"""The pretend Twilio is held against the public description of the real one."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from sandbox.moments import Moment
from sandbox.twilio import FROM_NUMBER, LIST_PARAMETERS, MESSAGES_PATH, FakeTwilio
from sandbox.twilio_faults import late
from sandbox.twilio_rules import CREATE_PARAMETERS
from tests.integration.alerts.openapi import nullable
from tests.support.clock import HandClock

PHONE = "+15559870001"
SPEC = json.loads((Path(__file__).parents[2] / "fixtures/specs/twilio-messages.json").read_text())
PATH = SPEC["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]
FORM = PATH["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
MESSAGE = {"$ref": "#/components/schemas/api.v2010.account.message"}
LIST = PATH["get"]["responses"]["200"]["content"]["application/json"]["schema"]


def validate(body: Any, schema: Any) -> None:
    jsonschema.validate(body, nullable({**schema, "components": SPEC["components"]}))


async def create(client: Client, body: str = "Hello", to: str = PHONE, **more: Any) -> Any:
    return await client.messages.create_async(**{"to": to, "from_": FROM_NUMBER, "body": body, **more})


async def test_it_knows_the_parameters_of_the_description_and_no_others(twilio: FakeTwilio) -> None:
    assert frozenset(FORM["properties"]) == CREATE_PARAMETERS
    assert {parameter["name"] for parameter in PATH["get"]["parameters"]} >= LIST_PARAMETERS
    assert twilio.messages == []


async def test_its_replies_have_the_described_shape(client: Client, twilio: FakeTwilio) -> None:
    await create(client)
    replies = [
        await client.request_async(
            "POST", f"https://x{MESSAGES_PATH}", data={"To": PHONE, "From": FROM_NUMBER, "Body": "b"}
        ),
        await client.request_async(
            "GET", f"https://x{MESSAGES_PATH}".replace(".json", f"/{twilio.messages[0].sid}.json")
        ),
        await client.request_async("GET", f"https://x{MESSAGES_PATH}"),
    ]
    assert [reply.status_code for reply in replies] == [201, 200, 200]
    validate(json.loads(replies[0].text), MESSAGE)
    validate(json.loads(replies[1].text), MESSAGE)
    validate(json.loads(replies[2].text), LIST)


async def test_the_list_is_newest_first_filtered_and_paged(client: Client) -> None:
    for number in range(5):
        await create(client, f"text {number}", to=f"+1555000000{number % 2}")
    bodies = [message.body for message in await client.messages.list_async(page_size=2)]
    assert bodies == [f"text {number}" for number in (4, 3, 2, 1, 0)]
    to_one = await client.messages.list_async(to="+15550000001", limit=1)
    assert [message.body for message in to_one] == ["text 3"]


async def test_a_message_can_be_fetched(client: Client) -> None:
    sid = (await create(client)).sid
    assert (await client.messages(sid).fetch_async()).status == "delivered"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"to": "5550001"}, 21211),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"validity_period": 36_001}, 20001),
        ({"from_": None, "messaging_service_sid": "MGshort"}, 20001),
    ],
)
async def test_it_refuses_what_the_real_one_refuses(
    client: Client, twilio: FakeTwilio, form: dict[str, Any], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        await create(client, **form)
    assert (refusal.value.code, twilio.messages) == (code, [])


async def test_a_late_accept_lands_after_the_client_went_away(
    client: Client, twilio: FakeTwilio, clock: HandClock
) -> None:
    twilio.faults.plan(late(2))
    with pytest.raises(TimeoutError):
        await create(client)
    await client.messages.list_async(to=PHONE)  # the server noticed that the client had gone
    await clock.advance(1)
    assert twilio.messages == []
    await clock.advance(1)
    await twilio.until(lambda world: len(world.messages) == 1)


async def test_every_accept_may_come_late_and_is_told_of(
    client: Client, twilio: FakeTwilio, clock: HandClock
) -> None:
    moments: list[Moment] = []
    twilio.late, twilio.watcher = lambda: 2.0, lambda _, moment: moments.append(moment)
    with pytest.raises(TimeoutError):
        await create(client)
    assert (moments, twilio.messages) == ([Moment.ARRIVED], [])
    await clock.advance(2)
    await twilio.until(lambda world: len(world.messages) == 1)
    assert moments == [Moment.ARRIVED, Moment.ACCEPTED]
