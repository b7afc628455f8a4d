"""Texts to members over a real store, the real client and a pretend Twilio; time is moved by hand."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from pydantic import SecretStr

from engine.actions.operatornews import Operators
from engine.actions.sms import Sms
from engine.actions.texting import OPERATOR
from engine.alerts.consent import Consent
from engine.alerts.phones import new_key
from engine.domain.alert import Notification
from engine.domain.announce import phone_of
from engine.domain.watch import Owner, OwnerKind
from engine.http import open_session
from engine.settings import Settings
from engine.store.database import Store
from engine.telephony import Telephony, open_telephony
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER, SERVICE, FakeTwilio
from sandbox.twilio_verify import VERIFY_SERVICE_SID, FakeVerify
from tests.support.clock import HandClock
from tests.unit.alerts.stage import notification

ADA = Owner(OwnerKind.MEMBER, "1001", "5001")
BEN = Owner(OwnerKind.MEMBER, "1002", "5001")
CLEO = Owner(OwnerKind.MEMBER, "1003", "5002")
PHONE, OTHER_PHONE = "+4915187650001", "+4915187650002"
OPERATORS_PHONE = "+4915187650009"
KEY, HASH_KEY = new_key(), new_key()
AGREED = Consent(version="1, at most 3 a day", sentence="What stood above the field, word by word.")


@dataclass
class Line:
    """Everything a test acts with."""

    telephony: Telephony
    store: Store
    clock: HandClock
    twilio: FakeTwilio

    @property
    def sms(self) -> Sms:
        return self.telephony.sms

    @property
    def verify(self) -> FakeVerify:
        return self.twilio.verify

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Each code that was sent, with the phone it went to; Verify's and our own alike."""
        by_verify = [(text.to, text.code) for text in self.verify.texts]
        found = ((each.to, re.search(r"code is (\d{6})\b", each.body)) for each in self.twilio.messages)
        return by_verify + [(to, code.group(1)) for to, code in found if code]

    def code_on(self, number: str) -> str:
        """The newest code on a phone."""
        return next(code for to, code in reversed(self.codes) if to == number)

    async def link(self, member: Owner, number: str) -> str:
        """Ask for a code, having read the sentence."""
        return await self.sms.link(member, number, AGREED)

    async def linked(self, member: Owner = ADA, number: str = PHONE) -> None:
        await self.link(member, number)
        await self.sms.confirm(member, self.code_on(number))


def text_to(member: Owner | None, number: int) -> Notification:
    """An alert for a member's phone, or for the operator's."""
    made = notification(f"n{number:05}", OPERATOR if member is None else phone_of(member.id))
    if member is None:
        return made
    about = tuple(msgspec.structs.replace(subject, owner=member) for subject in made.subjects)
    return msgspec.structs.replace(made, subjects=about)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def twilio(clock: HandClock) -> AsyncIterator[FakeTwilio]:
    ledger = Ledger()
    service = FakeTwilio(ledger, clock=clock)
    async with serve(service, SERVICE, ledger):
        yield service


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(limit=10, timeout_s=1.0) as session:
        yield session


@dataclass
class Place:
    """Opens the line again and again on the same database.

    `operators` is the channel in which whoever runs this is told, `wake` hears of new rows.
    """

    folder: Path
    session: aiohttp.ClientSession
    clock: HandClock
    twilio: FakeTwilio
    verify_service: str | None = VERIFY_SERVICE_SID
    operators: int | None = None
    wake: Callable[[], None] = lambda: None

    def settings(self, **changes: Any) -> Settings:
        return Settings(
            **{
                "twilio_sid": ACCOUNT_SID,
                "twilio_auth_token": SecretStr(AUTH_TOKEN),
                "twilio_base_url": self.twilio.base_url,
                "from_number": FROM_NUMBER,
                "to_number": OPERATORS_PHONE,
                "twilio_verify_service_sid": self.verify_service,
                "sms_countries": ("DE",),
                "phone_keys": SecretStr(KEY),
                "phone_hash_key": SecretStr(HASH_KEY),
                **changes,
            }
        )

    @asynccontextmanager
    async def open(self, **changes: Any) -> AsyncIterator[Line]:
        async with Store.open(f"sqlite:///{self.folder / 'fares.db'}", self.clock) as store:
            telephony = await open_telephony(
                self.settings(**changes),
                self.session,
                store,
                self.clock,
                operators=Operators(self.clock, channel_id=self.operators),
                wake=self.wake,
            )
            yield Line(telephony, store, self.clock, self.twilio)


@pytest.fixture
def verify_service() -> str | None:
    """The Verify service that sends codes; a module may run over None as well, which is our own codes."""
    return VERIFY_SERVICE_SID


@pytest.fixture
def place(
    tmp_path: Path,
    session: aiohttp.ClientSession,
    clock: HandClock,
    twilio: FakeTwilio,
    verify_service: str | None,
) -> Place:
    return Place(tmp_path, session, clock, twilio, verify_service)


@pytest.fixture
async def line(place: Place) -> AsyncIterator[Line]:
    async with place.open(sms_user_daily_cap=50, sms_server_daily_cap=100, sms_daily_cap=200) as line:
        yield line
