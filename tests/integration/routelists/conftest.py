"""A pretend Google and Sheety, and sources that read them as production does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from engine.http import open_session
from engine.routelists.google_account import ServiceAccount
from engine.routelists.google_sheets import GoogleSheet
from engine.routelists.links import SheetLink
from engine.routelists.sheet_csv import SheetCsv
from engine.routelists.sheety import Sheety
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.sheets import API_KEY, SHEET_ID, FakeSheets
from sandbox.sheety import FakeSheety
from tests.support.clock import HandClock


@dataclass
class Google:
    """The service, and the ways to read the sheet there."""

    service: FakeSheets
    session: aiohttp.ClientSession
    clock: HandClock
    folder: Path

    def by_key(self, *, range_: str | None = None, key: str = API_KEY, sheet: str = SHEET_ID) -> GoogleSheet:
        return GoogleSheet(
            self.session,
            SheetLink(id=sheet),
            self.clock,
            base=self.service.base_url,
            range_=range_,
            api_key=key,
        )

    async def by_account(self, change: Callable[[str], str] = str) -> GoogleSheet:
        """As the service account; `change` spoils its key file."""
        path = self.folder / "account.json"
        text = change(await asyncio.to_thread(self.service.key_file))
        await asyncio.to_thread(path.write_text, text)
        return GoogleSheet(
            self.session,
            SheetLink(id=SHEET_ID),
            self.clock,
            base=self.service.base_url,
            range_="prices!A1:J",
            account=ServiceAccount(path, self.session, self.clock),
        )

    def by_link(self, sheet: str = SHEET_ID, *, published: bool = False) -> SheetCsv:
        link = SheetLink(id=sheet, published=published)
        return SheetCsv(self.session, link, self.clock, base=self.service.base_url)


@pytest.fixture
async def google(tmp_path: Path) -> AsyncIterator[Google]:
    ledger = Ledger()
    service = FakeSheets(ledger)
    async with serve(service, "sheets", ledger), open_session(limit=5) as session:
        yield Google(service=service, session=session, clock=HandClock(), folder=tmp_path)


@dataclass
class Rows:
    """The pretend Sheety, and the way to read it."""

    service: FakeSheety
    session: aiohttp.ClientSession
    clock: HandClock

    def source(self, authorization: str | None = None) -> Sheety:
        return Sheety(self.session, self.service.endpoint, self.clock, authorization=authorization)


@pytest.fixture
async def sheety() -> AsyncIterator[Rows]:
    ledger = Ledger()
    service = FakeSheety(ledger)
    async with serve(service, "sheety", ledger), open_session(limit=5) as session:
        yield Rows(service=service, session=session, clock=HandClock())
