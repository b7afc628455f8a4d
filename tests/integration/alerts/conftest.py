"""A pretend Twilio on loopback, and the real client on our transport."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs
from twilio.rest import Client  # type: ignore[import-untyped]

from engine.alerts.channels.twilio_transport import open_client
from engine.http import open_session
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, SERVICE, FakeTwilio
from tests.support.clock import HandClock

# Long enough for loopback on a busy machine, short enough to wait for.
DEADLINE_S = 0.3


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
    """Everything that anybody logged, at any level."""

    def __init__(self, entries: list[Any], records: list[logging.LogRecord]) -> None:
        self.entries = entries
        self._records = records

    def text(self) -> str:
        lines = [_rendered(entry) for entry in self.entries]
        lines += [f"{record.getMessage()} {_traceback(record.exc_info)}" for record in self._records]
        return "\n".join(lines)


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    with caplog.at_level(logging.DEBUG), capture_logs() as entries:
        yield Logs(entries, caplog.records)


def _rendered(entry: dict[str, Any]) -> str:
    fault = entry.get("exc_info")
    return f"{entry} {_traceback(fault)}"


def _traceback(fault: Any) -> str:
    match fault:
        case BaseException():
            return "".join(traceback.format_exception(fault))
        case (_, BaseException() as error, _):
            return "".join(traceback.format_exception(error))
        case _:
            return ""
