"""Bodies of Ignav replies, written by hand: whole files, and itineraries built in their form."""

import json
from pathlib import Path
from typing import Any

from engine.domain.route import FixedDates, Route
from engine.fares.sources.ignav_reply import Found, read_itineraries
from tests.support.build import route
from tests.support.clock import START

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ignav"

Body = dict[str, Any]


def handwritten(name: str) -> bytes:
    return (FIXTURES / f"handwritten__{name}.json").read_bytes()


def segment(origin: str, destination: str, day: str, **changes: Any) -> Body:
    """A flight from ten to one o'clock, local."""
    return {
        "departure_airport": origin,
        "arrival_airport": destination,
        "departure_time_local": f"{day}T10:00:00",
        "arrival_time_local": f"{day}T13:00:00",
        "marketing_carrier_code": "NH",
        "flight_number": "212",
        "duration_minutes": 180,
        **changes,
    }


def way(*segments: Body, **changes: Any) -> Body:
    return {"carrier": "ANA", "duration_minutes": 720, "segments": list(segments), **changes}


OUT = way(segment("LHR", "HND", "2027-03-10"))
BACK = way(segment("HND", "LHR", "2027-03-24"))


def price(amount: Any = 450, currency: str = "EUR", status: str | None = "verified") -> Body:
    return {"amount": amount, "currency": currency, "status": status}


def itinerary(amount: Any = 450, **changes: Any) -> Body:
    """A nonstop round trip on the days of the everyday route."""
    return {
        "price": price(amount),
        "outbound": OUT,
        "inbound": BACK,
        "cabin_class": "economy",
        "requires_self_transfer": False,
        "ignav_id": "5e4f",
        **changes,
    }


def body(*itineraries: Body) -> bytes:
    return json.dumps({"origin": "LHR", "destination": "HND", "itineraries": list(itineraries)}).encode()


def read(raw: bytes, of: Route | None = None) -> Found:
    """What one search came to for a route on fixed dates."""
    of = of or route()
    assert isinstance(of.trip, FixedDates)
    return read_itineraries(raw, of, of.trip, START)
