"""What is asked of Kiwi.com's public MCP server: JSON-RPC 2.0, one `tools/call` per search."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates, Route
from engine.domain.trips import Dates

HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
}
REQUEST_ID: Final = 1
TOOL: Final = "search-flight"
MOST_PLACES: Final = 5
# Public descriptions disagree about how a cabin is written ("M" or "Economy"). Economy is the
# default, so it is left out; the others go by their letters, and the reply's own cabin is checked.
_CABINS: Final[Mapping[Cabin, str]] = {
    Cabin.PREMIUM_ECONOMY: "W",
    Cabin.BUSINESS: "C",
    Cabin.FIRST: "F",
}


def search_body(route: Route, dates: Dates) -> bytes:
    """The body of a search for a route on these dates; the price that comes back is for the party."""
    arguments: dict[str, str | int | list[int]] = {
        "flyFrom": _places(route.origins),
        "flyTo": _places(route.destinations),
        **_days(dates),
        "adults": route.adults,
        **({"children": route.children} if route.children else {}),
        "currency": route.currency,
        "sort": "price",
    }
    if route.cabin in _CABINS:
        arguments["cabinClass"] = _CABINS[route.cabin]
    if route.max_stops is not None:
        # Per direction. Asked for, since only the fifteen cheapest are shown.
        arguments["max_sector_stopovers"] = route.max_stops
    if route.airlines:
        arguments["select_airlines"] = ",".join(route.airlines)
    if route.not_airlines:
        arguments["exclude_airlines"] = ",".join(route.not_airlines)
    if route.bags:
        # Of each adult; what a bag costs more is in the price then.
        arguments["adults_hold_bags"] = [route.bags] * route.adults
    return _call("tools/call", {"name": TOOL, "arguments": arguments})


def _days(dates: Dates) -> dict[str, str | int]:
    """One day out, and one back, or the last ones as well; nights in place of days to come back on."""
    if isinstance(dates, FixedDates):
        back = {} if dates.return_on is None else {"returnDate": _day(dates.return_on)}
        return {"departureDate": _day(dates.depart_on), **back}
    asked: dict[str, str | int] = {"departureDate": _day(dates.out.first)}
    if dates.out.last != dates.out.first:
        asked["departureDateTo"] = _day(dates.out.last)
    if dates.nights is not None:
        return asked | {"nights_in_dst_from": dates.nights.least, "nights_in_dst_to": dates.nights.most}
    if dates.back is not None:
        asked["returnDate"] = _day(dates.back.first)
        if dates.back.last != dates.back.first:
            asked["returnDateTo"] = _day(dates.back.last)
    return asked


def _places(places: Sequence[Place]) -> str:
    return ",".join(place.code for place in places)


def tools_body() -> bytes:
    """The body that asks which tools there are: no search."""
    return _call("tools/list", {})


def _call(method: str, params: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({"jsonrpc": "2.0", "id": REQUEST_ID, "method": method, "params": params})


def _day(day: date) -> str:
    """Day before month: 2027-03-10 is 10/03/2027."""
    return f"{day:%d/%m/%Y}"
