"""Bodies of SerpApi replies: those written by hand from the documentation, and others in their form."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from engine.domain.quote import Outcome
from engine.domain.route import FixedDates, Route
from engine.fares.sources.serpapi_reply import Asked, read_flights
from tests.support.build import route
from tests.support.clock import START

FIXTURES = Path(__file__).parents[2] / "fixtures" / "serpapi"
OUT, BACK = date(2027, 3, 10), date(2027, 3, 24)
LONDON, TOKYO = ("LHR", "LGW", "STN", "LTN", "LCY"), ("HND", "NRT")
LINK = "https://www.google.com/travel/flights?hl=en&curr=EUR&tfs=CBwQAhoe_-"

Body = dict[str, Any]


def fixture(name: str) -> bytes:
    return (FIXTURES / f"handwritten__{name}.json").read_bytes()


def flight(
    start: object = "LHR",
    end: object = "HND",
    leaves: object = "2027-03-10 11:30",
    lands: object = "2027-03-11 08:20",
    **changes: Any,
) -> Body:
    return {
        "departure_airport": {"id": start, "name": "Somewhere", "time": leaves},
        "arrival_airport": {"id": end, "name": "Elsewhere", "time": lands},
        "airline": "ANA",
        "flight_number": "NH 212",
        "travel_class": "Economy",
        **changes,
    }


def option(price: object = 450, *flights: Body, **changes: Any) -> Body:
    """A nonstop way out LHR-HND on the day of the everyday route, priced for the whole trip."""
    return {"flights": list(flights) or [flight()], "total_duration": 830, "price": price, **changes}


def body(*others: Body | None, best: Any = None, currency: object = "EUR", **changes: Any) -> bytes:
    return json.dumps(
        {
            "search_metadata": {"status": "Success", "google_flights_url": LINK},
            "search_parameters": {"currency": currency},
            "best_flights": best,
            "other_flights": list(others),
            **changes,
        }
    ).encode()


def read(raw: bytes, of: Route | None = None, **changes: Any) -> Outcome:
    asked = {
        "route": of or route(),
        "dates": FixedDates(OUT, BACK),
        "origins": LONDON,
        "destinations": TOKYO,
        **changes,
    }
    return read_flights(raw, Asked(**asked), START)
