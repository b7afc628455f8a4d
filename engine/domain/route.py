"""A route: everything that decides what a source would answer. Equal routes are one row."""

import hashlib
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import ClassVar, Final, NewType

import msgspec

from engine.domain.places import Place, PlaceKind
from engine.domain.trips import DateWindow, FixedDates, RollingDates, RollingWindow, Trip

__all__ = [
    "Cabin",
    "DateWindow",
    "FixedDates",
    "Hours",
    "RollingDates",
    "RollingWindow",
    "Route",
    "RouteId",
    "Trip",
]

RouteId = NewType("RouteId", str)


class Cabin(StrEnum):
    """Where one sits; not the booking class."""

    ECONOMY = "economy"
    PREMIUM_ECONOMY = "premium_economy"
    BUSINESS = "business"
    FIRST = "first"


class Hours(msgspec.Struct, frozen=True):
    """When a departure may be by the clock there, in minutes of the day; over midnight if it ends first."""

    LAST_MINUTE: ClassVar[int] = 24 * 60 - 1

    earliest: int
    latest: int

    def __contains__(self, reading: time) -> bool:
        minute = reading.hour * 60 + reading.minute
        if self.earliest <= self.latest:
            return self.earliest <= minute <= self.latest
        return minute >= self.earliest or minute <= self.latest


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked up. Prices are totals for the whole party in `currency`.

    `max_stops` counts per direction; None allows any number. `also_from` and `also_to` are further places
    that will do, by code. `children` are 2 to 11 years old. `airlines` are the only ones that may fly it
    and `not_airlines` those that may not, as IATA codes in order. `out_hours` and `back_hours` bound the
    departures. `bags` is how many checked bags of each traveller the price must include.
    """

    origin: Place
    destination: Place
    trip: Trip
    currency: str
    cabin: Cabin = Cabin.ECONOMY
    adults: int = 1
    max_stops: int | None = None
    also_from: tuple[Place, ...] = ()
    also_to: tuple[Place, ...] = ()
    children: int = 0
    airlines: tuple[str, ...] = ()
    not_airlines: tuple[str, ...] = ()
    out_hours: Hours | None = None
    back_hours: Hours | None = None
    bags: int = 0

    @property
    def id(self) -> RouteId:
        """The fingerprint: 32 hex digits of SHA-256 over the canonical JSON of the route."""
        asked = msgspec.structs.asdict(self)
        for name, default in _LATER.items():
            if asked[name] == default:
                del asked[name]
        canonical = msgspec.json.encode(asked, order="sorted")
        return RouteId(hashlib.sha256(canonical).hexdigest()[:32])

    @property
    def origins(self) -> tuple[Place, ...]:
        """Every place that it may begin at."""
        return (self.origin, *self.also_from)

    @property
    def destinations(self) -> tuple[Place, ...]:
        """Every place that it may lead to."""
        return (self.destination, *self.also_to)

    @property
    def to_anywhere(self) -> bool:
        """Whether it leads to whatever is cheap, each destination a series of its own."""
        return self.destination.kind is PlaceKind.ANYWHERE

    @property
    def travellers(self) -> int:
        """How many seats it takes."""
        return self.adults + self.children

    @property
    def pair(self) -> str:
        """The place codes of both ends, as logs and messages name a route: HYD-TYO, LGW/STN-TYO."""
        ends = (self.origins, self.destinations)
        return "-".join("/".join(place.code for place in places) for places in ends)

    @property
    def round_trip(self) -> bool:
        """Whether the way back belongs to it."""
        return self.trip.round_trip

    @property
    def directions(self) -> int:
        """1 for one way, 2 for a round trip."""
        return 2 if self.round_trip else 1

    @property
    def last_departure_on(self) -> date | None:
        """The last day on which it can begin; None when it rolls with today."""
        return self.trip.last_departure_on


# What was added after the first routes were stored is left out of the canonical JSON where it stands at its
# default: the fingerprint of a route never changes.
_LATER: Final[Mapping[str, object]] = {
    "also_from": (),
    "also_to": (),
    "children": 0,
    "airlines": (),
    "not_airlines": (),
    "out_hours": None,
    "back_hours": None,
    "bags": 0,
}
