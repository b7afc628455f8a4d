"""Bodies of Tequila replies: the recordings, and itineraries built in their form."""

import json
from pathlib import Path
from typing import Any

from engine.domain.quote import Outcome
from engine.domain.route import FixedDates, Route
from engine.fares.exchange import Reply
from engine.fares.sources.tequila_reply import read_itineraries
from tests.support.build import route
from tests.support.clock import START

FIXTURES = Path(__file__).parents[2] / "fixtures" / "tequila"

Body = dict[str, Any]


def recorded(name: str) -> Reply:
    """A recording as the engine would see it."""
    whole = json.loads((FIXTURES / name).read_text())
    inside = whole["body"]
    body = inside if isinstance(inside, str) else json.dumps(inside)
    return Reply(status=whole["status"]["code"], body=body.encode())


def hop(origin: str, destination: str, day: str, **changes: Any) -> Body:
    """A flight from ten to one o'clock, local, with the service's false Z."""
    return {
        "flyFrom": origin,
        "flyTo": destination,
        "local_departure": f"{day}T10:00:00.000Z",
        "local_arrival": f"{day}T13:00:00.000Z",
        "utc_departure": f"{day}T01:00:00.000Z",
        "airline": "NH",
        "flight_no": 212,
        "operating_carrier": "",
        "return": 0,
        "vehicle_type": "aircraft",
        "fare_category": "M",
        "bags_recheck_required": False,
        "vi_connection": False,
        **changes,
    }


OUT = hop("LHR", "HND", "2027-03-10")
BACK = hop("HND", "LHR", "2027-03-24", **{"return": 1, "flight_no": "211"})


def itinerary(price: Any = 450, *hops: Body, **changes: Any) -> Body:
    """A nonstop round trip on the days of the everyday route."""
    return {
        "id": "a|b",
        "price": price,
        "conversion": {"EUR": price},
        "route": list(hops) or [OUT, BACK],
        "duration": {"departure": 46800, "return": 50400, "total": 97200},
        "availability": {"seats": None},
        "pnr_count": 1,
        "virtual_interlining": False,
        "has_airport_change": False,
        "throw_away_ticketing": False,
        "hidden_city_ticketing": False,
        "deep_link": "https://www.kiwi.com/deep?flightsId=a%7Cb&price=450",
        **changes,
    }


def body(*itineraries: Body, **changes: Any) -> bytes:
    whole = {"search_id": "s", "currency": "EUR", "fx_rate": 1, "data": list(itineraries), **changes}
    return json.dumps(whole).encode()


def read(raw: bytes, of: Route | None = None) -> Outcome:
    """What a reply comes to for a route on fixed dates."""
    of = of or route()
    assert isinstance(of.trip, FixedDates)
    return read_itineraries(raw, of, of.trip, START)
