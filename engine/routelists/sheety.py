"""A sheet through Sheety, as the original read it: rows as JSON objects, each with its row number as id.

The free plan has about 200 requests a month. A reading every six hours takes 120 of them; two rows
written a day take 60. When they are used up Sheety answers 402, and is left alone for a day.
"""

import base64
import hashlib
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import aiohttp
import msgspec
from yarl import URL

from engine.clock import Clock
from engine.errors import RouteListFault
from engine.routelists.cells import Cell, cell_text
from engine.routelists.ports import CellChange, Grid, ListRefused
from engine.routelists.wire import Reply, ask

_REFRESH: Final = timedelta(hours=6)
_AFTER_402: Final = timedelta(hours=24)
_WRITES_A_DAY: Final = 2
_DAY: Final = timedelta(days=1)
_MOST_ROWS: Final = 20_000
_FIRST_ROW: Final = 2  # the header is row 1
_ID: Final = "id"
_NUMBERS: Final = msgspec.json.Encoder(decimal_format="number")

Row = dict[str, Cell]


class Sheety:
    """A ListSource over one Sheety endpoint; `authorization` is a whole header, None where none is needed."""

    label = "sheety"
    refresh_every = _REFRESH
    local = False

    def __init__(
        self, session: aiohttp.ClientSession, endpoint: str, clock: Clock, *, authorization: str | None
    ) -> None:
        self.name = name_of(endpoint)
        self._session = session
        self._endpoint = endpoint
        self._clock = clock
        self._headers = {} if authorization is None else {"Authorization": authorization}
        self._root = ""
        self._written: deque[datetime] = deque(maxlen=_WRITES_A_DAY)

    @property
    def most_writes(self) -> int | None:
        """How many rows the plan leaves room for today."""
        since = self._clock.now() - _DAY
        return _WRITES_A_DAY - sum(at > since for at in self._written)

    async def read(self) -> Grid:
        """The cells, each row where its id says that it stands."""
        reply = await ask(self._session, "GET", URL(self._endpoint), headers=self._headers)
        self._check(reply)
        try:
            found = msgspec.json.decode(reply.body, type=dict[str, list[Row]])
        except msgspec.MsgspecError:
            raise RouteListFault("Sheety's reply cannot be read as the rows of a sheet") from None
        if len(found) != 1:
            raise RouteListFault("Sheety's reply holds no single sheet; the endpoint must name the tab")
        self._root, rows = next(iter(found.items()))
        return _grid(rows)

    async def write(self, changes: Sequence[CellChange]) -> None:
        """Write row after row: Sheety knows no other way."""
        rows: dict[int, dict[str, str | Decimal]] = {}
        for change in changes:
            rows.setdefault(change.row, {})[change.title] = change.value
        for number, cells in rows.items():
            self._written.append(self._clock.now())
            body = _NUMBERS.encode({_singular(self._root): cells})
            address = URL(f"{self._endpoint}/{number}")
            self._check(await ask(self._session, "PUT", address, headers=self._headers, body=body))

    def _check(self, reply: Reply) -> None:
        now = self._clock.now()
        match reply.status:
            case 402:
                raise ListRefused(
                    "Sheety's requests of this month are used up (HTTP 402)", retry_at=now + _AFTER_402
                )
            case 429:
                raise ListRefused("Sheety asks to wait (HTTP 429)", retry_at=now + reply.wait(now, _REFRESH))
            case 401:
                raise RouteListFault("Sheety refuses SHEETY_TOKEN, or SHEETY_USERNAME and SHEETY_PASSWORD")
            case 403:
                raise RouteListFault(
                    "Sheety does not allow this: enable GET (and PUT, to write fares back) in its dashboard"
                )
            case 404:
                raise RouteListFault("there is no such project or tab; check SHEETY_PRICES_ENDPOINT")
        if not reply.ok:
            raise RouteListFault("Sheety answered with HTTP {status}", status=str(reply.status))
        if reply.page:
            raise RouteListFault("Sheety answered with a web page, not with rows")


def name_of(endpoint: str) -> str:
    """The name of the list there. Who knows the address of an open endpoint can read it: it is not shown."""
    return f"sheety:{hashlib.sha256(endpoint.encode()).hexdigest()[:12]}"


def bearer(token: str) -> str:
    """The header of Bearer authentication."""
    return f"Bearer {token}"


def basic(username: str, password: str) -> str:
    """The header of Basic authentication."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"


def _grid(rows: Sequence[Row]) -> Grid:
    """A header of all the keys, and each row at its number; rows without an id follow one another."""
    if not rows:
        return ()
    titles = tuple(dict.fromkeys(key for row in rows for key in row if key != _ID))
    placed: dict[int, tuple[str, ...]] = {}
    for position, row in enumerate(rows, start=_FIRST_ROW):
        id_ = row.get(_ID)
        number = id_ if isinstance(id_, int) else position
        if not _FIRST_ROW <= number <= _MOST_ROWS or number in placed:
            raise RouteListFault("the ids of Sheety's rows are not row numbers of a sheet")
        placed[number] = tuple(cell_text(row.get(title)) for title in titles)
    return (titles, *(placed.get(number, ()) for number in range(_FIRST_ROW, max(placed) + 1)))


def _singular(root: str) -> str:
    """The name of one row of a tab, as Sheety wants it: `prices` holds a `price`."""
    return root[:-1] if root.endswith("s") and not root.endswith("ss") else root
