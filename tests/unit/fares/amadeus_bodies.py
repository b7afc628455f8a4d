"""Bodies of Amadeus replies: the recorded examples, and offers built in their form."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from engine.domain.quote import Outcome
from engine.domain.route import FixedDates, Route
from engine.fares.sources.amadeus_reply import read_offers
from tests.support.build import route
from tests.support.clock import START

FIXTURES = Path(__file__).parents[2] / "fixtures"
OUT, BACK = date(2027, 3, 10), date(2027, 3, 24)

Body = dict[str, Any]


def fixture(name: str) -> bytes:
    return (FIXTURES / "amadeus" / name).read_bytes()


def segment(origin: str, destination: str, departs: str, arrives: str, **changes: Any) -> Body:
    return {
        "departure": {"iataCode": origin, "at": departs},
        "arrival": {"iataCode": destination, "at": arrives},
        "carrierCode": "NH",
        "number": "212",
        "numberOfStops": 0,
        **changes,
    }


def offer(total: str = "450.00", **changes: Any) -> Body:
    """A nonstop round trip LHR-HND on the days of the everyday route."""
    return {
        "type": "flight-offer",
        "id": "1",
        "price": {"currency": "EUR", "total": total, "grandTotal": total},
        "itineraries": [
            {
                "duration": "PT13H",
                "segments": [segment("LHR", "HND", "2027-03-10T10:00:00", "2027-03-11T07:00:00")],
            },
            {
                "duration": "PT14H",
                "segments": [segment("HND", "LHR", "2027-03-24T11:00:00", "2027-03-24T15:00:00")],
            },
        ],
        **changes,
    }


def price(currency: str = "EUR", **amounts: object) -> Body:
    return {"price": {"currency": currency, **amounts}}


def body(*offers: Body) -> bytes:
    return json.dumps({"meta": {"count": len(offers)}, "data": list(offers)}).encode()


def read(raw: bytes, of: Route | None = None, dates: FixedDates | None = None) -> Outcome:
    return read_offers(raw, of or route(), dates or FixedDates(OUT, BACK), START)
