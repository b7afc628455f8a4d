"""A route: everything that decides what a source would answer. Equal routes are one row."""

import hashlib
from datetime import date
from enum import StrEnum
from typing import NewType

import msgspec

from engine.domain.places import Place
from engine.domain.trips import FixedDates, RollingDates

__all__ = ["Cabin", "FixedDates", "RollingDates", "Route", "RouteId", "Trip"]

RouteId = NewType("RouteId", str)


# The trips that routes can have so far.
Trip = FixedDates | RollingDates


class Cabin(StrEnum):
    """Where one sits; not the booking class."""

    ECONOMY = "economy"
    PREMIUM_ECONOMY = "premium_economy"
    BUSINESS = "business"
    FIRST = "first"


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked up. Prices are totals for the whole party in `currency`.

    `max_stops` counts per direction; None allows any number.
    """

    origin: Place
    destination: Place
    trip: Trip
    currency: str
    cabin: Cabin = Cabin.ECONOMY
    adults: int = 1
    max_stops: int | None = None

    @property
    def id(self) -> RouteId:
        """The fingerprint: 32 hex digits of SHA-256 over the canonical JSON of the route."""
        canonical = msgspec.json.encode(self, order="sorted")
        return RouteId(hashlib.sha256(canonical).hexdigest()[:32])

    @property
    def pair(self) -> str:
        """Both place codes, as logs and messages name a route: HYD-TYO."""
        return f"{self.origin.code}-{self.destination.code}"

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
