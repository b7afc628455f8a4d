"""Bodies of Travelpayouts replies: the documented and observed ones, and rows built in their form."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from engine.domain.places import Place
from engine.domain.route import FixedDates, Route
from engine.fares.sources.travelpayouts_fares import Found, native, summed
from engine.fares.sources.travelpayouts_reply import Page, read_rows
from tests.support.build import route
from tests.support.clock import START

FIXTURES = Path(__file__).parents[2] / "fixtures" / "travelpayouts"
OUT, BACK = date(2027, 3, 10), date(2027, 3, 24)

Body = dict[str, Any]


def recorded(name: str) -> bytes:
    """One body of the fixture file that holds several."""
    return json.dumps(json.loads((FIXTURES / "v3__documented_and_observed.json").read_text())[name]).encode()


def row(price: Any = 450, **changes: Any) -> Body:
    """A nonstop round trip LON-TYO on the days of the everyday route."""
    return {
        "origin": "LON",
        "destination": "TYO",
        "origin_airport": "LHR",
        "destination_airport": "HND",
        "price": price,
        "airline": "NH",
        "flight_number": "212",
        "departure_at": "2027-03-10T10:00:00Z",
        "return_at": "2027-03-24T11:00:00+09:00",
        "transfers": 0,
        "return_transfers": 0,
        "duration": 1500,
        "link": "/search/LON1003TYO24031?t=NH1",
        **changes,
    }


def one_way(price: Any = 250, **changes: Any) -> Body:
    """A nonstop one-way fare; the service names stops of a way back there too."""
    return {name: value for name, value in row(price, **changes).items() if name != "return_at"}


def home(price: Any = 200, **changes: Any) -> Body:
    """A one-way fare back from TYO."""
    return one_way(
        price,
        origin="TYO",
        origin_airport="NRT",
        destination="LON",
        destination_airport="LGW",
        departure_at="2027-03-24T11:00:00+09:00",
        **changes,
    )


def body(*rows: Body, currency: str | None = "eur") -> bytes:
    return json.dumps({"success": True, "data": list(rows), "currency": currency}).encode()


def page(*rows: Body, currency: str = "eur") -> Page:
    return read(body(*rows, currency=currency))


def read(raw: bytes) -> Page:
    rows = read_rows(raw)
    return Page(fares=rows.fares, unreadable=rows.unreadable, read_at=START)


def fares_of(raw: bytes, of: Route | None = None, *, marker: str | None = None) -> Found:
    """What a page has for a route on fixed dates."""
    of = of or route()
    assert isinstance(of.trip, FixedDates)
    return native(read(raw), of, of.trip, marker)


def sum_of(out: Page, back: Page, of: Route | None = None) -> Found:
    of = of or route()
    assert isinstance(of.trip, FixedDates)
    return summed(out, back, of, of.trip)


def route_of(origin: str, destination: str, out: date, back: date | None = None, **changes: Any) -> Route:
    return route(
        origin=Place.metro(origin),
        destination=Place.metro(destination),
        trip=FixedDates(out, back),
        **changes,
    )
