"""Bodies of Kiwi replies, written by hand: whole files, and itineraries built in their form."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from engine.domain.quote import Outcome
from engine.domain.route import FixedDates, Route
from engine.fares.sources.kiwi_reply import read_itineraries
from engine.fares.sources.kiwi_rpc import json_of, result_of
from tests.support.build import route
from tests.support.clock import START

FIXTURES = Path(__file__).parents[2] / "fixtures" / "kiwi"

Body = dict[str, Any]


def handwritten(name: str) -> bytes:
    return (FIXTURES / f"handwritten__{name}.sse").read_bytes()


def segment(origin: str, destination: str, departs: str, **changes: Any) -> Body:
    return {
        "from": origin,
        "to": destination,
        "departureTime": departs,
        "arrivalTime": departs.replace("T10", "T13"),
        "carrier": "NH",
        "flightNumber": "NH212",
        **changes,
    }


def leg(*segments: Body, **changes: Any) -> Body:
    return {
        "from": segments[0]["from"],
        "to": segments[-1]["to"],
        "departureTime": segments[0]["departureTime"],
        "arrivalTime": segments[-1]["arrivalTime"],
        "stops": len(segments) - 1,
        "cabinClass": "M",
        "segments": list(segments),
        **changes,
    }


OUT = leg(segment("LHR", "HND", "2027-03-10T10:00:00"))
BACK = leg(segment("HND", "LHR", "2027-03-24T10:30:00"))


def itinerary(price: Any = 450.0, **changes: Any) -> Body:
    """A nonstop round trip on the days of the everyday route."""
    return {
        "id": "a_b",
        "price": price,
        "bookingUrl": "https://on.kiwi.com/abc",
        "outbound": OUT,
        "inbound": BACK,
        **changes,
    }


def answer(*itineraries: Body, **changes: Any) -> str:
    """The inside of an answer, the second layer of JSON."""
    whole = {"currency": "EUR", "resultsCount": len(itineraries), "itineraries": itineraries, "error": None}
    return json.dumps(whole | changes)


def stream(text: str) -> bytes:
    """An answer as it comes over the wire."""
    message = {"jsonrpc": "2.0", "id": 1, "result": {"content": [{"type": "text", "text": text}]}}
    return f"event: message\ndata: {json.dumps(message)}\n\n".encode()


def read(raw: bytes, of: Route | None = None) -> Outcome:
    """What a reply comes to for a route on fixed dates."""
    return read_text(json_of(result_of(raw, START)), of)


def read_text(text: str, of: Route | None = None) -> Outcome:
    of = of or route()
    assert isinstance(of.trip, FixedDates)
    return read_itineraries(text, of, of.trip, START)


def on(out: date, back: date | None = None, **changes: Any) -> Route:
    return route(trip=FixedDates(out, back), **changes)
