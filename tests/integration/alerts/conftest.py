"""A pretend Twilio on loopback, and the real client on our transport."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from structlog.processors import format_exc_info
from structlog.testing import capture_logs
from twilio.rest import Client

from engine.alerts.channels.twilio_transport import open_client
from engine.http import open_session
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, SERVICE, FakeTwilio
from tests.support.clock import HandClock

# Long enough for loopback on a busy machine, short enough to wait for.
DEADLINE_S = 0.3
# The pretend Twilio serves in this process and logs each request, numbers and all.
_OTHER_SIDE = ("aiohttp.access", "aiohttp.server")


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
    async with open_session(limit=10) as session:
        yield session


@pytest.fixture
async def client(session: aiohttp.ClientSession, twilio: FakeTwilio) -> Client:
    return await asyncio.to_thread(
        open_client,
        session,
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        base_url=twilio.base_url,
        deadline_s=DEADLINE_S,
    )


class Logs:
    """Everything that anybody on our side logged, at any level."""

    def __init__(self, entries: list[Any], caplog: pytest.LogCaptureFixture) -> None:
        self._entries = entries
        self._caplog = caplog

    def text(self) -> str:
        formatter = logging.Formatter()  # with tracebacks
        lines = [str(entry) for entry in self._entries]
        lines += [
            formatter.format(record) for record in self._caplog.records if record.name not in _OTHER_SIDE
        ]
        return "\n".join(lines)


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    with caplog.at_level(logging.DEBUG), capture_logs(processors=[format_exc_info]) as entries:
        yield Logs(entries, caplog)
