"""Bodies of Duffel replies: the recordings, and offers built in their form."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from engine.domain.quote import Outcome
from engine.domain.route import FixedDates, Route
from engine.fares.sources.duffel_reply import read_offers
from tests.support.build import route
from tests.support.clock import START

FIXTURES = Path(__file__).parents[2] / "fixtures" / "duffel"
OUT, BACK = date(2027, 3, 10), date(2027, 3, 24)

Body = dict[str, Any]


def fixture(name: str) -> bytes:
    return (FIXTURES / f"ruby__{name}.json").read_bytes()


def recorded(name: str) -> Any:
    return json.loads(fixture(name))["data"]


def segment(start: str, end: str, departs: str, arrives: str, **changes: Any) -> Body:
    return {
        "origin": {"iata_code": start},
        "destination": {"iata_code": end},
        "departing_at": departs,
        "arriving_at": arrives,
        "marketing_carrier": {"iata_code": "NH"},
        "marketing_carrier_flight_number": "212",
        "operating_carrier": {"iata_code": "NH"},
        "stops": [],
        "passengers": [{"cabin_class": "economy"}],
        **changes,
    }


def way(*segments: Body, duration: object = "PT13H") -> Body:
    return {"duration": duration, "segments": list(segments)}


def there(**changes: Any) -> Body:
    return way(segment("LHR", "HND", "2027-03-10T10:00:00", "2027-03-11T07:00:00", **changes))


def back(**changes: Any) -> Body:
    return way(segment("HND", "LHR", "2027-03-24T11:00:00", "2027-03-24T15:00:00", **changes))


def offer(total: object = "450.00", **changes: Any) -> Body:
    """A nonstop round trip LHR-HND on the days of the everyday route."""
    return {
        "id": "off_1",
        "live_mode": True,
        "partial": False,
        "total_amount": total,
        "total_currency": "EUR",
        "expires_at": "2026-11-22T09:30:00Z",
        "slices": [there(), back()],
        **changes,
    }


def body(*offers: Body | None, live_mode: object = True, **changes: Any) -> bytes:
    return json.dumps({"data": {"live_mode": live_mode, "offers": list(offers), **changes}}).encode()


def read(raw: bytes, of: Route | None = None, dates: FixedDates | None = None) -> Outcome:
    return read_offers(raw, of or route(), dates or FixedDates(OUT, BACK), START)
