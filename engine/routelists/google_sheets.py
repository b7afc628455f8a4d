"""A Google sheet through the Sheets API v4: read with an API key, read and written as a service account.

Cells are asked for as people see them (FORMATTED_VALUE). Unformatted, a cell that shows `₹45,000` would
come as the number 45000 and be taken for any currency; as it is shown, it is read right or refused.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import quote

import aiohttp
import msgspec
from yarl import URL

from engine.clock import Clock
from engine.errors import RouteListFault
from engine.routelists.cells import cell_text
from engine.routelists.google_account import READ, WRITE, ServiceAccount
from engine.routelists.links import SheetLink
from engine.routelists.ports import CellChange, Grid, ListRefused
from engine.routelists.wire import Method, Reply, ask

# Without a tab's name: the first tab.
WHOLE: Final = "A1:Z"

_REFRESH: Final = timedelta(minutes=5)
_AFTER_429: Final = timedelta(minutes=5)
_CORNER: Final = re.compile(r"\$?([A-Z]{0,3})\$?(\d{0,7})(?::.*)?")
_LETTERS: Final = 26
_UNAUTHORIZED: Final = 401
_NUMBERS: Final = msgspec.json.Encoder(decimal_format="number")


class _Values(msgspec.Struct, frozen=True):
    """A ValueRange; `values` is absent when every cell is empty, short rows lack their empty ends."""

    range: str
    values: list[list[str | int | float | bool | None]] = []


class _Error(msgspec.Struct, frozen=True):
    status: str = ""
    message: str = ""
    details: list[dict[str, object]] = []


class _Refusal(msgspec.Struct, frozen=True):
    error: _Error


class GoogleSheet:
    """A ListSource over one range of a sheet.

    With `account` every request carries its token and cells can be written; else `api_key` is the only
    proof, and the sheet must be open to everyone who has its link.
    """

    label = "sheet"
    refresh_every = _REFRESH
    local = False

    def __init__(
        self,
        session: aiohttp.ClientSession,
        link: SheetLink,
        clock: Clock,
        *,
        base: str,
        range_: str | None,
        api_key: str | None = None,
        account: ServiceAccount | None = None,
    ) -> None:
        self.name = link.list_name
        self.most_writes: int | None = None if account else 0
        self._session = session
        self._clock = clock
        self._sheet = f"{base}/v4/spreadsheets/{link.id}"
        self._range = range_ or WHOLE
        self._key = api_key
        self._account = account
        self._tab = ""

    async def read(self) -> Grid:
        """The cells, moved to where they stand in the sheet."""
        options = "majorDimension=ROWS&valueRenderOption=FORMATTED_VALUE"
        reply = await self._ask("GET", f"/values/{quote(self._range, safe='')}?{options}", READ)
        self._check(reply)
        try:
            found = msgspec.json.decode(reply.body, type=_Values)
        except msgspec.MsgspecError:
            raise RouteListFault("Google's reply cannot be read as the cells of a sheet") from None
        self._tab, _, corner = found.range.rpartition("!")
        above, left = _offset(corner)
        rows = (("",) * left + tuple(cell_text(cell) for cell in row) for row in found.values)
        return ((),) * above + tuple(rows)

    async def write(self, changes: Sequence[CellChange]) -> None:
        """Write the cells in one request, numbers as numbers, nothing interpreted as a formula."""
        if self._account is None:
            raise RouteListFault("an API key cannot write; GOOGLE_SERVICE_ACCOUNT_FILE can")
        data = [{"range": self._a1(change), "values": [[change.value]]} for change in changes]
        body = _NUMBERS.encode({"valueInputOption": "RAW", "data": data})
        self._check(await self._ask("POST", "/values:batchUpdate", WRITE, body))

    def _a1(self, change: CellChange) -> str:
        cell = f"{_letters(change.column)}{change.row}"
        return f"{self._tab}!{cell}" if self._tab else cell

    async def _ask(self, method: Method, path: str, scope: str, body: bytes | None = None) -> Reply:
        if self._account is None:
            key = "" if self._key is None else f"&key={quote(self._key, safe='')}"
            return await ask(self._session, method, URL(f"{self._sheet}{path}{key}", encoded=True))
        address = URL(f"{self._sheet}{path}", encoded=True)
        headers = {"Authorization": f"Bearer {await self._account.token(scope)}"}
        reply = await ask(self._session, method, address, headers=headers, body=body)
        if reply.status == _UNAUTHORIZED:
            self._account.forget()
        return reply

    def _check(self, reply: Reply) -> None:
        if reply.ok:
            if reply.page:
                raise RouteListFault("Google answered with a web page, not with cells")
            return
        error = _error(reply.body)
        if reply.status == 429:
            now = self._clock.now()
            raise ListRefused(
                "Google asks to wait ({why})",
                retry_at=now + reply.wait(now, _AFTER_429),
                why=error.status or "HTTP 429",
            )
        raise self._refused(reply.status, error)

    def _refused(self, status: int, error: _Error) -> RouteListFault:
        reasons = {str(detail.get("reason", "")) for detail in error.details}
        if "SERVICE_DISABLED" in reasons:
            return RouteListFault(
                "the Google Sheets API is not enabled in the project that the key belongs to"
            )
        if "API_KEY_INVALID" in reasons or "api key not valid" in error.message.lower():
            return RouteListFault("Google refuses GOOGLE_API_KEY (API_KEY_INVALID)")
        match status:
            case 400:
                return RouteListFault(
                    "the sheet has no such tab or range; check GOOGLE_SHEET_RANGE (such as prices!A1:J)"
                )
            case 401:
                return RouteListFault("Google refuses the key or token (HTTP 401)")
            case 403 if self._account:
                return RouteListFault(
                    "the sheet is not shared with the service account's e-mail for this (PERMISSION_DENIED)"
                )
            case 403:
                return RouteListFault(
                    "the sheet is not shared with everyone who has the link for this (PERMISSION_DENIED)"
                )
            case 404:
                return RouteListFault("there is no such sheet; check GOOGLE_SHEET_ID")
            case _:
                return RouteListFault("Google answered with HTTP {status}", status=str(status))


def _error(body: bytes) -> _Error:
    try:
        return msgspec.json.decode(body, type=_Refusal).error
    except msgspec.MsgspecError:
        return _Error()


def _offset(corner: str) -> tuple[int, int]:
    """How many rows and columns stand before a range: none before `A1:H`, 4 and 2 before `C5:F`."""
    found = _CORNER.fullmatch(corner)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return max(int(found[2] or 1) - 1, 0), max(column - 1, 0)


def _letters(column: int) -> str:
    """The letters of a column counted from 0: A, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
