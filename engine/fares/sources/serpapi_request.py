"""What is asked of SerpApi's Google Flights engine, parameter by parameter."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from engine.domain.places import Place, PlaceKind
from engine.domain.route import Cabin, FixedDates, Hours, Route

SEARCH_PATH: Final = "/search"
# What is left of the plan; costs no search.
CHECK_PATH: Final = "/account"
# The engine knows no metro codes (it answers LON with "no results"), and with more than ten or so airports
# at one end it answers nothing at all.
_MOST_AIRPORTS: Final = 10
MOST_PLACES: Final = 5
_ROUND_TRIP, _ONE_WAY = "1", "2"
_BY_PRICE: Final = "2"
_CABINS: Final[Mapping[Cabin, str]] = {
    Cabin.ECONOMY: "1",
    Cabin.PREMIUM_ECONOMY: "2",
    Cabin.BUSINESS: "3",
    Cabin.FIRST: "4",
}
# 1 is nonstop, 2 one stop or fewer, 3 two or fewer; more cannot be asked for.
_STOPS: Final = {0: "1", 1: "2", 2: "3"}

AirportsOf = Callable[[str], Sequence[str]]


def airports(places: Sequence[Place], airports_of: AirportsOf) -> tuple[str, ...]:
    """The airports to name for an end of a route: its own, or the largest of its metropolitan areas."""
    each = [_airports(place, airports_of) for place in places]
    # One of each place in turn, so that the largest of every place are among those that are asked for.
    in_turn = (codes[at] for at in range(_MOST_AIRPORTS) for codes in each if at < len(codes))
    return tuple(dict.fromkeys(in_turn))[:_MOST_AIRPORTS]


def _airports(place: Place, airports_of: AirportsOf) -> tuple[str, ...]:
    if place.kind is PlaceKind.AIRPORT:
        return (place.code,)
    return tuple(airports_of(place.code)) or (place.code,)


def search_query(
    route: Route, dates: FixedDates, origins: Sequence[str], destinations: Sequence[str]
) -> dict[str, str]:
    """The query of a search, without the key; the price that comes back is for the party.

    `no_cache`: a reply kept for up to an hour would be free, but confirms nothing. `hl`: the sentence
    that means "no flights" is known in English. `stops` is documented for a flight, not for each way.
    """
    query = {
        "engine": "google_flights",
        "departure_id": ",".join(origins),
        "arrival_id": ",".join(destinations),
        "outbound_date": dates.depart_on.isoformat(),
        "type": _ONE_WAY if dates.return_on is None else _ROUND_TRIP,
        "travel_class": _CABINS[route.cabin],
        "adults": str(route.adults),
        **({"children": str(route.children)} if route.children else {}),
        "currency": route.currency,
        "hl": "en",
        "sort_by": _BY_PRICE,
        "no_cache": "true",
    }
    if dates.return_on is not None:
        query["return_date"] = dates.return_on.isoformat()
    if route.max_stops in _STOPS:
        query["stops"] = _STOPS[route.max_stops]
    if route.airlines:
        query["include_airlines"] = ",".join(route.airlines)
    elif route.not_airlines:
        query["exclude_airlines"] = ",".join(route.not_airlines)
    return query | _times("outbound_times", route.out_hours) | _times("return_times", route.back_hours)


def _times(name: str, hours: Hours | None) -> dict[str, str]:
    """Whole hours, the last one included; what lies over midnight cannot be asked for."""
    if hours is None or hours.earliest > hours.latest:
        return {}
    return {name: f"{hours.earliest // 60},{hours.latest // 60}"}
