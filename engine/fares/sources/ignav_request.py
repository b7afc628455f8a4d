"""What is asked of Ignav: `POST /api/fares/one-way` or `/api/fares/round-trip`, for one pair of airports."""

from collections.abc import Callable
from itertools import product
from typing import Final

import msgspec

from engine.domain import details
from engine.domain.places import Place, PlaceKind
from engine.domain.quote import OutcomeKind
from engine.domain.route import FixedDates, Route
from engine.fares.exchange import Unanswered

ONE_WAY: Final = "/api/fares/one-way"
ROUND_TRIP: Final = "/api/fares/round-trip"
AIRPORTS: Final = "/api/airports"
# A search takes airports only and costs a call, so that LON-TYO could cost twelve. The two largest
# airports of a city have most of its fares: four calls at the most.
MOST_AIRPORTS: Final = 2
# The service can be asked for no more than two stops; "any" is asked for by saying nothing.
_MOST_STOPS: Final = 2

AirportsOf = Callable[[str], tuple[str, ...]]


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """The pairs of airports to ask for, the largest first, and how many there are in all."""

    asked: tuple[tuple[str, str], ...]
    count: int

    @property
    def complete(self) -> bool:
        """Whether no airport of either place is left out."""
        return len(self.asked) == self.count


def pairs_of(route: Route, airports_of: AirportsOf) -> Pairs:
    """The pairs of airports that stand for a route. Raises Unanswered where a city has none that we know."""
    origins, destinations = (_airports(place, airports_of) for place in (route.origin, route.destination))
    return Pairs(
        asked=tuple(product(origins[:MOST_AIRPORTS], destinations[:MOST_AIRPORTS])),
        count=len(origins) * len(destinations),
    )


def search_body(route: Route, dates: FixedDates, pair: tuple[str, str]) -> bytes:
    """The body of a search for one pair. `max_price` is not used: what just missed a target is history too.

    Raises Unanswered where no market has the route's currency.
    """
    origin, destination = pair
    asked: dict[str, str | int | tuple[str, ...]] = {
        "origin": origin,
        "destination": destination,
        "departure_date": dates.depart_on.isoformat(),
        "adults": route.adults,
        **({"children": route.children} if route.children else {}),
        "cabin_class": route.cabin.value,
        "market": market_of(route.currency),
    }
    if dates.return_on is not None:
        asked["return_date"] = dates.return_on.isoformat()
    if route.max_stops is not None and route.max_stops <= _MOST_STOPS:
        asked["max_stops"] = route.max_stops
    if route.airlines:
        asked["airlines_include"] = route.airlines
    if route.not_airlines:
        asked["airlines_exclude"] = route.not_airlines
    if route.bags:
        asked["min_checked_bags"] = route.bags
    return msgspec.json.encode(asked)


def market_of(currency: str) -> str:
    """The country in which fares are sold in a currency: its code begins with the country's.

    Unsaid it would be US, and dollars. Euros are asked for in Germany. Raises Unanswered for money of
    no one country (XAF): asking would cost a call and bring another currency.
    """
    if currency == "EUR":
        return "DE"
    if currency.startswith("X"):
        raise Unanswered(OutcomeKind.REJECTED, details.NO_MARKET.format(currency=currency))
    return currency[:2]


def _airports(place: Place, airports_of: AirportsOf) -> tuple[str, ...]:
    airports = airports_of(place.code) if place.kind is PlaceKind.METRO else (place.code,)
    if not airports:
        raise Unanswered(OutcomeKind.REJECTED, details.NO_AIRPORT.format(place=place.code))
    return airports
