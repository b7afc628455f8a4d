"""A Google sheet through its CSV link, exported or published: no key, nothing can be written."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import aiohttp
from yarl import URL

from engine.clock import Clock
from engine.errors import RouteListFault
from engine.routelists.csv_file import decode_csv, parse_csv
from engine.routelists.links import GOOGLE_DOCS, SheetLink
from engine.routelists.ports import CellChange, Grid, ListRefused
from engine.routelists.wire import Reply, ask

_REFRESH: Final = timedelta(minutes=5)
_AFTER_429: Final = timedelta(minutes=5)
_MOST_REDIRECTS: Final = 4
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LOGIN_HOST: Final = "accounts.google.com"
_PRIVATE: Final = (
    "the sheet is private: share it with everyone who has the link (as viewer), or set GOOGLE_API_KEY or "
    "GOOGLE_SERVICE_ACCOUNT_FILE"
)


class SheetCsv:
    """A ListSource over the CSV that Google gives without a key; `base` is another host in tests."""

    label = "sheet"
    refresh_every = _REFRESH
    local = False
    most_writes: int | None = 0

    def __init__(
        self, session: aiohttp.ClientSession, link: SheetLink, clock: Clock, *, base: str = GOOGLE_DOCS
    ) -> None:
        self.name = link.list_name
        self._session = session
        self._address = link.csv_address(base)
        self._clock = clock

    async def read(self) -> Grid:
        """The cells of the tab."""
        reply = await self._fetch()
        self._check(reply)
        # A thousand rows of text take a moment.
        return await asyncio.to_thread(_grid, reply.body)

    async def write(self, changes: Sequence[CellChange]) -> None:
        """Nothing can be written without a key."""
        raise RouteListFault("a CSV link cannot be written to ({cells} cells)", cells=len(changes))

    async def _fetch(self) -> Reply:
        """The reply behind the redirects that Google sends every export through."""
        address = self._address
        for _ in range(_MOST_REDIRECTS):
            reply = await ask(self._session, "GET", address)
            if reply.status not in _REDIRECTS or reply.location is None:
                return reply
            address = self._followed(reply.location)
        raise RouteListFault("it redirects without end")

    def _followed(self, location: str) -> URL:
        """The address a redirect points to, if it is Google's own; a link must not lead elsewhere."""
        address = URL(location)
        host = address.host or ""
        if host == _LOGIN_HOST:
            raise RouteListFault(_PRIVATE)
        googles = host == "docs.google.com" or host.endswith(".googleusercontent.com")
        if (address.scheme == "https" and googles) or address.origin() == self._address.origin():
            return address
        raise RouteListFault("it redirects to a host that is not Google's")

    def _check(self, reply: Reply) -> None:
        if reply.status == 429:
            now = self._clock.now()
            raise ListRefused("Google asks to wait (HTTP 429)", retry_at=now + reply.wait(now, _AFTER_429))
        if reply.status in (401, 403) or (reply.ok and reply.page):
            raise RouteListFault(_PRIVATE)
        if reply.status in (400, 404, 410):
            raise RouteListFault("there is no such sheet or tab; check GOOGLE_SHEET_ID, or the link")
        if not reply.ok:
            raise RouteListFault("Google answered with HTTP {status}", status=str(reply.status))


def _grid(body: bytes) -> Grid:
    return tuple(tuple(row) for row in parse_csv(decode_csv(body)))
