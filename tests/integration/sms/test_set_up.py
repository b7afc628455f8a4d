"""What the operator has to set: without it no member is texted, and nothing breaks."""

import socket
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from pydantic import SecretStr
from structlog.testing import capture_logs

from engine.alerts.phones import new_key
from engine.domain.announce import phone_of
from engine.errors import InvalidInput, SettingsFault
from engine.http import open_session
from engine.store.database import Store
from engine.telephony import open_telephony
from tests.integration.sms.conftest import ADA, AGREED, HASH_KEY, KEY, PHONE, Place

ALL = {
    "SMS_COUNTRIES": "sms_countries",
    "PHONE_KEYS": "phone_keys",
    "PHONE_HASH_KEY": "phone_hash_key",
}


@pytest.mark.parametrize("name", ALL)
async def test_without_one_of_them_linking_is_refused_by_its_name(place: Place, name: str) -> None:
    async with place.open(**{ALL[name]: None}) as line:
        with pytest.raises(InvalidInput, match=f"has to set {name}"):
            await line.link(ADA, PHONE)
        assert line.sms.lacks == (name,)
        assert not line.telephony.texts_members
        assert line.telephony.operator
        assert (await line.sms.status(ADA)).number is None
        assert not await line.sms.forget(ADA)
    assert place.twilio.ledger.entries == []


async def test_without_twilio_all_are_named(place: Place) -> None:
    nothing = dict.fromkeys(
        (
            *ALL.values(),
            "twilio_verify_service_sid",
            "twilio_sid",
            "twilio_auth_token",
            "from_number",
            "to_number",
        )
    )
    async with place.open(**nothing) as line:
        assert line.sms.lacks == ("TWILIO_SID", *sorted(ALL, key=line.sms.lacks.index))
        assert line.telephony.channel is None


@pytest.mark.parametrize(
    "changes",
    [
        {"phone_keys": SecretStr(new_key())},
        {"phone_hash_key": SecretStr(new_key())},
    ],
)
async def test_other_keys_than_the_stored_numbers_need_stop_the_start(
    place: Place, changes: dict[str, Any]
) -> None:
    async with place.open() as line:
        await line.linked()
    with pytest.raises(SettingsFault, match="1 of 1 linked phones") as fault:
        async with place.open(**changes):
            pass
    assert KEY not in str(fault.value)
    assert HASH_KEY not in str(fault.value)
    async with place.open() as line:
        assert (await line.sms.status(ADA)).number == "+49…001"


async def test_a_new_key_in_front_of_the_old_one_opens_what_is_stored(place: Place) -> None:
    async with place.open() as line:
        await line.linked()
    async with place.open(phone_keys=SecretStr(f"{new_key()},{KEY}")) as line:
        assert (await line.sms.status(ADA)).number == "+49…001"


async def test_while_keys_lack_linked_phones_are_kept_and_can_be_forgotten(place: Place) -> None:
    async with place.open() as line:
        await line.linked()
    with capture_logs() as logs:
        async with place.open(phone_keys=None, phone_hash_key=None) as line:
            status = await line.sms.status(ADA)
            assert (status.number, status.lacks) == ("a number", ("PHONE_KEYS", "PHONE_HASH_KEY"))
            assert await line.sms.forget(ADA)
    assert "linked phones are not texted" in [log["event"] for log in logs]


async def test_a_start_opens_lanes_that_the_sender_was_at_fault_for_and_no_others(place: Place) -> None:
    async with place.open() as line:
        for member, why in (("1", "Twilio 20003: wrong token"), ("2", "Twilio 21610: replied STOP")):
            await line.store.outbox.pause_lane(phone_of(member).lane, why, line.clock.now())
    async with place.open() as line, line.store.transaction() as tx:
        assert await tx.notifications.why_paused(phone_of("1").lane) is None
        assert await tx.notifications.why_paused(phone_of("2").lane) is not None


async def test_without_a_verify_service_codes_are_our_own(place: Place) -> None:
    async with place.open(twilio_verify_service_sid=None) as line:
        await line.linked()
        assert line.telephony.texts_members
    assert [message.to for message in place.twilio.messages] == [PHONE]
    assert place.twilio.verify.texts == []


class NoWayOut(AbstractResolver):
    """Notes which hosts are asked for and finds none."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.hosts.append(host)
        raise OSError(f"no {host}:{port} {family}")

    async def close(self) -> None:
        pass


async def test_with_twilios_own_address_codes_are_asked_of_verify(place: Place) -> None:
    resolver = NoWayOut()
    settings = place.settings(twilio_base_url="https://api.twilio.com")
    async with (
        Store.open(f"sqlite:///{place.folder / 'fares.db'}", place.clock) as store,
        open_session(limit=1, resolver=resolver) as session,
    ):
        assert isinstance(session, aiohttp.ClientSession)
        telephony = await open_telephony(settings, session, store, place.clock)
        with pytest.raises(InvalidInput, match="cannot be reached"):
            await telephony.sms.link(ADA, PHONE, AGREED)
        assert (await telephony.sms.status(ADA)).today == 0
    assert resolver.hosts == ["verify.twilio.com"]
