"""The ways to send and check a code that the suite runs over, all at one pretend Twilio."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from twilio.rest import Client

from engine.actions.owncodes import OwnCodes
from engine.alerts.channels.single_texts import SingleTexts
from engine.alerts.channels.twilio_transport import open_client
from engine.alerts.codes import Codes
from engine.alerts.phones import PhoneVault, new_key
from engine.alerts.verify import VerifyCodes
from engine.http import open_session
from engine.store.database import Store
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER, SERVICE, FakeTwilio
from sandbox.twilio_faults import TroublePlan
from sandbox.twilio_verify import VERIFY_SERVICE_SID
from tests.support.clock import HandClock

PHONE, OTHER_PHONE = "+4915187650001", "+4915187650002"
DEADLINE_S = 0.3


@dataclass
class World:
    """One implementation, and what the phones behind it got."""

    codes: Codes
    twilio: FakeTwilio
    clock: HandClock
    by_verify: bool

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Each text with a code: to whom, and its words."""
        if self.by_verify:
            return [(text.to, text.body) for text in self.twilio.verify.texts]
        return [(message.to, message.body) for message in self.twilio.messages]

    @property
    def faults(self) -> TroublePlan:
        """What goes wrong with sendings."""
        return self.twilio.verify.faults if self.by_verify else self.twilio.faults

    def code_on(self, number: str) -> str:
        """The newest code on a phone."""
        body = next(body for to, body in reversed(self.texts) if to == number)
        found = re.search(r"\b\d{6}\b", body)
        assert found
        return found.group()

    def wrong_on(self, number: str) -> str:
        """Six digits that are not the code."""
        return f"{(int(self.code_on(number)) + 1) % 10**6:06}"


@pytest.fixture(params=["verify", "own"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    clock, ledger = HandClock(), Ledger()
    twilio = FakeTwilio(ledger, clock=clock)
    async with (
        serve(twilio, SERVICE, ledger),
        open_session(limit=10) as session,
        Store.open(f"sqlite:///{tmp_path / 'fares.db'}", clock) as store,
    ):
        client = await asyncio.to_thread(
            open_client,
            session,
            account_sid=ACCOUNT_SID,
            auth_token=AUTH_TOKEN,
            base_url=twilio.base_url,
            deadline_s=DEADLINE_S,
        )
        by_verify = request.param == "verify"
        make = _verify if by_verify else _own
        yield World(await asyncio.to_thread(make, client, store, clock), twilio, clock, by_verify)


def _verify(client: Client, _store: Store, _clock: HandClock) -> Codes:
    return VerifyCodes(client, VERIFY_SERVICE_SID)


def _own(client: Client, store: Store, clock: HandClock) -> Codes:
    texts = SingleTexts(client, from_number=FROM_NUMBER)
    return OwnCodes(store, texts, PhoneVault([new_key()], new_key()), clock)
