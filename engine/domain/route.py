"""A route: everything that decides what a source would answer. Equal routes are one row."""

import hashlib
from datetime import date, timedelta
from enum import StrEnum
from typing import NewType

import msgspec

from engine.domain.places import Place

RouteId = NewType("RouteId", str)


class Cabin(StrEnum):
    """Where one sits; not the booking class."""

    ECONOMY = "economy"
    PREMIUM_ECONOMY = "premium_economy"
    BUSINESS = "business"
    FIRST = "first"


class FixedDates(msgspec.Struct, frozen=True, tag="fixed"):
    """Out on one day, back on another (None: one way)."""

    depart_on: date
    return_on: date | None = None

    def on(self, today: date) -> "FixedDates":  # noqa: ARG002  the same for every day
        """The dates as seen from a day."""
        return self


class RollingDates(msgspec.Struct, frozen=True, tag="rolling"):
    """Dates that move with today: a row without dates means tomorrow and 30 days later."""

    depart_in_days: int
    return_after_days: int | None = None

    def on(self, today: date) -> FixedDates:
        """The dates as seen from a day."""
        depart_on = today + timedelta(days=self.depart_in_days)
        if self.return_after_days is None:
            return FixedDates(depart_on)
        return FixedDates(depart_on, depart_on + timedelta(days=self.return_after_days))


Trip = FixedDates | RollingDates


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
        match self.trip:
            case FixedDates(return_on=None) | RollingDates(return_after_days=None):
                return False
            case _:
                return True

    @property
    def directions(self) -> int:
        """1 for one way, 2 for a round trip."""
        return 2 if self.round_trip else 1

    @property
    def last_departure_on(self) -> date | None:
        """The last day on which it can begin; None when it rolls with today."""
        return self.trip.depart_on if isinstance(self.trip, FixedDates) else None
