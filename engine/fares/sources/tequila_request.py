"""What is asked of Kiwi Tequila, `GET /v2/search`, parameter by parameter."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from engine.domain.places import Place, PlaceKind
from engine.domain.route import Cabin, DateWindow, FixedDates, Route
from engine.domain.trips import Dates, Span

# Sorted by price, these are the cheapest; unasked, 200 come (a recording of 685 weighs 2.5 MB).
MOST_ITINERARIES: Final = 50
# Of a search to anywhere many may lead to the same place, of one over several days leave on the same day.
MOST_SWEPT: Final = 200
MOST_PLACES: Final = 5
CABINS: Final[Mapping[Cabin, str]] = {
    Cabin.ECONOMY: "M",
    Cabin.PREMIUM_ECONOMY: "W",
    Cabin.BUSINESS: "C",
    Cabin.FIRST: "F",
}


def search_query(route: Route, dates: Dates) -> dict[str, str]:
    """The query of a search for a route on these dates; nothing that matters is left to a default.

    A window is asked for at once: days to leave on, and days to come back on or a number of nights.

    Unsaid, `curr` is EUR, `limit` 200, buses and trains are flights too, and the way back may leave
    from and arrive at other airports than the ones asked for. `price_to` is not used: a fare that
    just missed its target still belongs in the history. Without `fly_to` a search is to anywhere; there
    `one_for_city` gives the cheapest fare to each city, but of one-way trips only.
    """
    query = {
        "fly_from": _places(route.origins),
        **({} if route.to_anywhere else {"fly_to": _places(route.destinations)}),
        **_days(dates),
        "adults": str(route.adults),
        **({"children": str(route.children)} if route.children else {}),
        "selected_cabins": CABINS[route.cabin],
        "curr": route.currency,
        "locale": "en",
        "vehicle_type": "aircraft",
        "sort": "price",
        "asc": "1",
        "limit": str(most_of(route)),
    }
    if route.to_anywhere and not dates.round_trip:
        query["one_for_city"] = "1"
    if dates.round_trip:
        query["ret_from_diff_airport"] = _any_airport(route.destinations)
        query["ret_to_diff_airport"] = _any_airport(route.origins)
    if route.max_stops is not None:
        # Per direction; `max_stopovers` would count both together.
        query["max_sector_stopovers"] = str(route.max_stops)
    return query | _airlines(route) | _hours(route)


def most_of(route: Route) -> int:
    """How many itineraries are asked for."""
    sweeps = route.to_anywhere or isinstance(route.trip, DateWindow)
    return MOST_SWEPT if sweeps else MOST_ITINERARIES


def _days(dates: Dates) -> dict[str, str]:
    if isinstance(dates, FixedDates):
        back = None if dates.return_on is None else Span(dates.return_on, dates.return_on)
        dates = DateWindow(out=Span(dates.depart_on, dates.depart_on), back=back)
    asked = {
        "date_from": _day(dates.out.first),
        "date_to": _day(dates.out.last),
        "flight_type": "round" if dates.round_trip else "oneway",
    }
    if dates.nights is not None:
        asked |= {
            "nights_in_dst_from": str(dates.nights.least),
            "nights_in_dst_to": str(dates.nights.most),
        }
    elif dates.back is not None:
        asked |= {"return_from": _day(dates.back.first), "return_to": _day(dates.back.last)}
    if dates.leaves_on is not None:
        # Sunday is 0 there, Monday 1.
        asked |= {"fly_days": str((dates.leaves_on + 1) % 7), "fly_days_type": "departure"}
    return asked


def _airlines(route: Route) -> dict[str, str]:
    """Those that may fly it, else those that may not: one list, and which of the two it is."""
    asked = route.airlines or route.not_airlines
    if not asked:
        return {}
    return {
        "select_airlines": ",".join(asked),
        "select_airlines_exclude": "false" if route.airlines else "true",
    }


def _hours(route: Route) -> dict[str, str]:
    """When flights may leave, where that is within one day."""
    asked: dict[str, str] = {}
    for prefix, hours in (("dtime", route.out_hours), ("ret_dtime", route.back_hours)):
        if hours is not None and hours.earliest <= hours.latest:
            asked |= {f"{prefix}_from": _clock(hours.earliest), f"{prefix}_to": _clock(hours.latest)}
    return asked


def _any_airport(places: Sequence[Place]) -> str:
    """A way back may use another airport of a city, or of several places, that were asked for."""
    return "1" if len(places) > 1 or places[0].kind is PlaceKind.METRO else "0"


def _places(places: Sequence[Place]) -> str:
    """`city:LON`, `airport:LHR`: of BKK alone it would not be known which is meant."""
    return ",".join(
        f"{'city' if place.kind is PlaceKind.METRO else 'airport'}:{place.code}" for place in places
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day(day: date) -> str:
    """Day before month: 2027-03-10 is 10/03/2027."""
    return f"{day:%d/%m/%Y}"
