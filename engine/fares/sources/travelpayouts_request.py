"""What is asked of the Travelpayouts Data API, `prices_for_dates`: whole months, never single days.

A query for one day finds next to nothing (one record where the month has thirty to fifty), and a
month serves every route that lies in it.
"""

from datetime import date
from typing import Final

import msgspec

from engine.domain.places import Place, PlaceKind
from engine.domain.route import FixedDates, Route
from engine.domain.trips import Dates

PATH: Final = "/aviasales/v3/prices_for_dates"
MOST_ROWS: Final = 1000  # the most that a page may be asked to hold


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """One question: the fares between two places that leave, and come back, in given months.

    `return_in` is None for one-way fares. Months are written `2027-03`. Without a destination the fares
    to all of them are meant.
    """

    origin: str
    destination: str | None
    depart_in: str
    return_in: str | None
    currency: str
    market: str

    def query(self, page: int) -> dict[str, str]:
        """The parameters; nothing is left to a default.

        Unsaid, `one_way` is true, `currency` rub and `market` whatever the service takes the asker
        for. `unique` would leave one fare per pair of places, and `direct` looks at the way out only.
        """
        query = {
            "origin": self.origin,
            "departure_at": self.depart_in,
            "one_way": "true" if self.return_in is None else "false",
            "direct": "false",
            "unique": "false",
            "sorting": "price",
            "currency": self.currency.lower(),
            "market": self.market,
            "limit": str(MOST_ROWS),
            "page": str(page),
        }
        if self.destination is not None:
            query["destination"] = self.destination
        if self.return_in is not None:
            query["return_at"] = self.return_in
        return query


def round_trip(route: Route, dates: Dates, market: str) -> Month:
    """The fares that go out and come back in the months of these dates."""
    return _month(route, (route.origin, route.destination), (_out(dates), _back(dates)), market)


def way_out(route: Route, dates: Dates, market: str) -> Month:
    """The one-way fares of the month of departure."""
    return _month(route, (route.origin, route.destination), (_out(dates), None), market)


def way_back(route: Route, dates: Dates, market: str) -> Month:
    """The one-way fares home in the month of return."""
    return _month(route, (route.destination, route.origin), (_back(dates), None), market)


def _out(dates: Dates) -> date:
    """A day of the month to leave in: a search takes one month (`Sweep.MONTH`)."""
    return dates.depart_on if isinstance(dates, FixedDates) else dates.out.first


def _back(dates: Dates) -> date:
    """A day of the month to come back in."""
    if isinstance(dates, FixedDates):
        assert dates.return_on is not None  # noqa: S101  asked for round trips only
        return dates.return_on
    assert dates.back is not None  # noqa: S101  a search of a month out has a month back
    return dates.back.first


def _month(route: Route, ends: tuple[Place, Place], days: tuple[date, date | None], market: str) -> Month:
    out, back = days
    return Month(
        origin=ends[0].code,
        destination=None if ends[1].kind is PlaceKind.ANYWHERE else ends[1].code,
        depart_in=f"{out:%Y-%m}",
        return_in=None if back is None else f"{back:%Y-%m}",
        currency=route.currency,
        market=market,
    )
