"""What is asked of Kiwi.com's public MCP server: JSON-RPC 2.0, one `tools/call` per search."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from engine.domain.route import Cabin, FixedDates, Route

HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
}
REQUEST_ID: Final = 1
TOOL: Final = "search-flight"
# Public descriptions disagree about how a cabin is written ("M" or "Economy"). Economy is the
# default, so it is left out; the others go by their letters, and the reply's own cabin is checked.
_CABINS: Final[Mapping[Cabin, str]] = {
    Cabin.PREMIUM_ECONOMY: "W",
    Cabin.BUSINESS: "C",
    Cabin.FIRST: "F",
}


def search_body(route: Route, dates: FixedDates) -> bytes:
    """The body of a search for a route on these dates; the price that comes back is for the party."""
    arguments: dict[str, str | int] = {
        "flyFrom": route.origin.code,
        "flyTo": route.destination.code,
        "departureDate": _day(dates.depart_on),
        "adults": route.adults,
        "currency": route.currency,
        "sort": "price",
    }
    if dates.return_on is not None:
        arguments["returnDate"] = _day(dates.return_on)
    if route.cabin in _CABINS:
        arguments["cabinClass"] = _CABINS[route.cabin]
    if route.max_stops is not None:
        # Per direction. Asked for, since only the fifteen cheapest are shown.
        arguments["max_sector_stopovers"] = route.max_stops
    return _call("tools/call", {"name": TOOL, "arguments": arguments})


def tools_body() -> bytes:
    """The body that asks which tools there are: no search."""
    return _call("tools/list", {})


def _call(method: str, params: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({"jsonrpc": "2.0", "id": REQUEST_ID, "method": method, "params": params})


def _day(day: date) -> str:
    """Day before month: 2027-03-10 is 10/03/2027."""
    return f"{day:%d/%m/%Y}"
