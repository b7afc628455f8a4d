"""A pretend Sheety: a tab as JSON rows, each with its row number as id; titles become camelCase keys."""

import base64
import re
from typing import Final

from aiohttp import web

from sandbox.broken import broken
from sandbox.faults import Fault, FaultPlan
from sandbox.ledger import Ledger
from sandbox.worksheet import Worksheet, first_tab, shown

SERVICE: Final = "sheety"
PATH: Final = "/sandbox-user/flightDeals/prices"
TOKEN: Final = "sandbox-sheety-token"  # noqa: S105
USERNAME: Final = "sandbox"
PASSWORD: Final = "sandbox-sheety-password"  # noqa: S105

_TAB: Final = "prices"
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


class FakeSheety:
    """The service; `faults` trouble every request.

    `auth` is what the project asks for: "none", "basic" or "bearer". `verbs` are those enabled.
    """

    def __init__(self, ledger: Ledger, sheet: Worksheet | None = None) -> None:
        self.ledger = ledger
        self.sheet = sheet or first_tab()
        self.auth = "none"
        self.verbs = {"GET", "PUT"}
        self.faults = FaultPlan()
        self.base_url = ""

    @property
    def endpoint(self) -> str:
        """What goes into SHEETY_PRICES_ENDPOINT."""
        return f"{self.base_url}{PATH}"

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [web.get(PATH, self._get), web.put(PATH + "/{row}", self._put)]

    async def _get(self, request: web.Request) -> web.StreamResponse:
        refused = await self._refused(request)
        return web.json_response({_TAB: self._rows()}) if refused is None else refused

    async def _put(self, request: web.Request) -> web.StreamResponse:
        refused = await self._refused(request)
        if refused is not None:
            return refused
        number = int(request.match_info["row"])
        row = (await request.json()).get("price")
        if not isinstance(row, dict):
            return _error(400, "Bad Request. The root property must be 'price'.")
        titles = [_camel(title) for title in self.sheet.rows(_TAB)[0]]
        for key, value in row.items():
            self.sheet.put(_TAB, number, titles.index(key), shown(value))
        return web.json_response({"price": {**row, "id": number}})

    async def _refused(self, request: web.Request) -> web.StreamResponse | None:
        if request.method not in self.verbs:
            return _error(403, f"{request.method} requests are not enabled for this sheet.")
        if self.auth != "none" and request.headers.get("Authorization") != self._proof():
            return _error(401, "Unauthorized.")
        trouble = self.faults.take({})
        if trouble is None:
            return None
        match trouble.fault:
            case Fault.QUOTA:
                return _error(402, "You have used up all your requests for this month.")
            case Fault.RATE_LIMIT:
                return _error(429, "Too many requests.")
            case Fault.EMPTY:
                return web.json_response({_TAB: []})
            case _:
                return await broken(request, trouble.fault, b'{"prices":[{"iataCode":"PAR","id":2}]}')

    def _proof(self) -> str:
        if self.auth == "bearer":
            return f"Bearer {TOKEN}"
        return f"Basic {base64.b64encode(f'{USERNAME}:{PASSWORD}'.encode()).decode()}"

    def _rows(self) -> list[dict[str, str | int | float]]:
        titles, *rows = self.sheet.rows(_TAB)
        keys = [_camel(title) for title in titles]
        return [
            {**dict.fromkeys(keys, ""), **dict(zip(keys, map(_cell, row), strict=False)), "id": number}
            for number, row in enumerate(rows, start=2)
            if any(row)
        ]


def _cell(text: str) -> str | int | float:
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _camel(title: str) -> str:
    first, *rest = re.split(r"[\s_]+", title.strip())
    return first.lower() + "".join(word.capitalize() if not word.isupper() else word for word in rest)


def _error(status: int, detail: str) -> web.Response:
    return web.json_response({"errors": [{"detail": detail}]}, status=status)
