"""What is asked of Kiwi Tequila, `GET /v2/search`, parameter by parameter."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from engine.domain.places import Place, PlaceKind
from engine.domain.route import Cabin, FixedDates, Route

# Sorted by price, these are the cheapest; unasked, 200 come (a recording of 685 weighs 2.5 MB).
MOST_ITINERARIES: Final = 50
CABINS: Final[Mapping[Cabin, str]] = {
    Cabin.ECONOMY: "M",
    Cabin.PREMIUM_ECONOMY: "W",
    Cabin.BUSINESS: "C",
    Cabin.FIRST: "F",
}


def search_query(route: Route, dates: FixedDates) -> dict[str, str]:
    """The query of a search for a route on these dates; nothing that matters is left to a default.

    Unsaid, `curr` is EUR, `limit` 200, buses and trains are flights too, and the way back may leave
    from and arrive at other airports than the ones asked for. `price_to` is not used: a fare that
    just missed its target still belongs in the history.
    """
    query = {
        "fly_from": _place(route.origin),
        "fly_to": _place(route.destination),
        "date_from": _day(dates.depart_on),
        "date_to": _day(dates.depart_on),
        "flight_type": "oneway",
        "adults": str(route.adults),
        "selected_cabins": CABINS[route.cabin],
        "curr": route.currency,
        "locale": "en",
        "vehicle_type": "aircraft",
        "sort": "price",
        "asc": "1",
        "limit": str(MOST_ITINERARIES),
    }
    if dates.return_on is not None:
        query |= _way_back(route, dates.return_on)
    if route.max_stops is not None:
        # Per direction; `max_stopovers` would count both together.
        query["max_sector_stopovers"] = str(route.max_stops)
    return query


def _way_back(route: Route, day: date) -> dict[str, str]:
    """A way back may use another airport of a city that was asked for, not of an airport."""
    return {
        "flight_type": "round",
        "return_from": _day(day),
        "return_to": _day(day),
        "ret_from_diff_airport": _any_airport(route.destination),
        "ret_to_diff_airport": _any_airport(route.origin),
    }


def _any_airport(place: Place) -> str:
    return "1" if place.kind is PlaceKind.METRO else "0"


def _place(place: Place) -> str:
    """`city:LON`, `airport:LHR`: of BKK alone it would not be known which is meant."""
    return f"{'city' if place.kind is PlaceKind.METRO else 'airport'}:{place.code}"


def _day(day: date) -> str:
    """Day before month: 2027-03-10 is 10/03/2027."""
    return f"{day:%d/%m/%Y}"
