"""A pretend Ignav: the searches of its REST interface, strict about what it is asked.

It takes airports only, sells in the money of the market that is asked, and counts what it would bill.
The largest airport of a city has the city's fare, the others a dearer one.
"""

import asyncio
import random
import re
import time
from collections.abc import Mapping
from datetime import date
from typing import Final, cast

import msgspec
from aiohttp import web

from engine.clock import Clock, SystemClock
from sandbox.broken import broken
from sandbox.faults import Fault, FaultPlan, Trouble
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.offers import MAIN_AIRPORT, Json, offers

SERVICE: Final = "ignav"
ONE_WAY_PATH: Final = "/api/fares/one-way"
ROUND_TRIP_PATH: Final = "/api/fares/round-trip"
AIRPORTS_PATH: Final = "/api/airports"
API_KEY: Final = "sandbox-ignav-key"
DEFAULT_LATENCY: Final = (0.9, 1.2)

_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_AIRLINES: Final = r"\['[A-Z0-9]{2}'(, '[A-Z0-9]{2}')*\]"
# name: required, pattern; after the documentation.
_FIELDS: Final = {
    "origin": (True, r"[A-Z]{3}"),
    "destination": (True, r"[A-Z]{3}"),
    "departure_date": (True, _DAY),
    "return_date": (False, _DAY),
    "adults": (False, r"[1-9]"),
    "children": (False, r"[0-8]"),
    "airlines_include": (False, _AIRLINES),
    "airlines_exclude": (False, _AIRLINES),
    "min_checked_bags": (False, r"\d"),
    "cabin_class": (False, r"economy|premium_economy|business|first"),
    "max_stops": (False, r"[012]"),
    "max_price": (False, r"\d+"),
    "allow_self_transfer": (False, r"True|False"),
    "market": (False, r"[A-Z]{2}"),
}
_MONEY: Final = {
    "US": "USD", "DE": "EUR", "FR": "EUR", "GB": "GBP", "IN": "INR", "JP": "JPY", "CH": "CHF", "CA": "CAD",
    "AU": "AUD",
}  # fmt: skip
_CITY_OF: Final = {airport: city for city, airport in MAIN_AIRPORT.items()}
_SECOND_AIRPORT: Final = {
    "LGW": "LON", "STN": "LON", "ORY": "PAR", "NRT": "TYO", "EWR": "NYC", "CIA": "ROM", "GMP": "SEL",
    "LIN": "MIL", "ITM": "OSA", "PKX": "BJS", "SHA": "SHA", "MDW": "CHI", "DCA": "WAS",
}  # fmt: skip
_DEARER: Final = 1.07  # from a second airport
_ERRORS: Final = {
    Fault.KEY_REVOKED: (401, "invalid_api_key", "Missing or invalid API key."),
    Fault.QUOTA: (402, "billing_required", "Free requests are used up."),
    Fault.EMAIL_UNVERIFIED: (403, "email_unverified", "Verify your e-mail address first."),
    Fault.UPSTREAM: (424, "request_failed", "The request could not be completed."),
    Fault.RATE_LIMIT: (429, "rate_limited", "Too many requests."),
    Fault.SERVER_ERROR: (500, "internal_error", "Something went wrong."),
}
_PRICES: Final = {Fault.ZERO: 0, Fault.NEGATIVE: -120}


class FakeIgnav:
    """The service; `faults` trouble its searches, by the fields of their bodies.

    Its fares are the market's of now. `latency` is the range in seconds from which the delay of a
    reply is drawn, seeded. `asked` holds the bodies of the searches, `billed` how many succeeded.
    """

    def __init__(
        self,
        ledger: Ledger,
        market: Market,
        *,
        seed: int = 1,
        latency: tuple[float, float] = DEFAULT_LATENCY,
        clock: Clock | None = None,
    ) -> None:
        self.ledger = ledger
        self.market = market
        self.latency = latency
        self.faults = FaultPlan()
        self.asked: list[Json] = []
        self.billed = 0
        self.base_url = ""
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [
            web.post(ONE_WAY_PATH, self._search),
            web.post(ROUND_TRIP_PATH, self._search),
            web.get(AIRPORTS_PATH, self._airports),
        ]

    async def _airports(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-Api-Key") != API_KEY:
            return _error(*_ERRORS[Fault.KEY_REVOKED])
        return _json(200, [{"code": "LHR", "name": "Heathrow", "city": "London", "country": "GB"}])

    async def _search(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-Api-Key") != API_KEY:
            return _error(*_ERRORS[Fault.KEY_REVOKED])
        try:
            asked = msgspec.json.decode(await request.read(), type=Json)
        except msgspec.MsgspecError:
            return _error(400, "invalid_json", "The body is not a JSON object.")
        self.asked.append(asked)
        refused = self._unacceptable(asked, round_trip=request.path == ROUND_TRIP_PATH)
        if refused is not None:
            return refused
        due = time.monotonic() + self._random.uniform(*self.latency)
        body = self._found(asked)
        await asyncio.sleep(due - time.monotonic())  # the work counts as part of the delay
        trouble = self.faults.take({name: str(value) for name, value in asked.items()})
        if trouble is not None and trouble.fault in _ERRORS:
            return _with_retry_after(_error(*_ERRORS[trouble.fault]), trouble.retry_after)
        self.billed += 1
        return _json(200, body) if trouble is None else await self._troubled(request, trouble, body)

    def _unacceptable(self, asked: Mapping[str, object], *, round_trip: bool) -> web.Response | None:
        for name in asked:
            if name not in _FIELDS:
                return _error(400, "unknown_field", f"{name} is not a field.", name)
        for name, (required, pattern) in _FIELDS.items():
            if (required or (round_trip and name == "return_date")) and name not in asked:
                return _error(400, "missing_field", f"{name} is required.", name)
            if name in asked and re.fullmatch(pattern, str(asked[name])) is None:
                return _error(400, "invalid_value", f"{name} is not valid.", name)
        return self._impossible(asked)

    def _impossible(self, asked: Mapping[str, object]) -> web.Response | None:
        """Well-formed fields that make no search."""
        for name in ("origin", "destination"):
            if asked[name] in MAIN_AIRPORT:
                words = f"{name} must be a supported 3-letter IATA code."
                return _error(400, "invalid_airport_code", words, name)
        if asked.get("market", "US") not in _MONEY:
            return _error(400, "invalid_market", "market is not supported.", "market")
        try:
            out = date.fromisoformat(str(asked["departure_date"]))
            back = date.fromisoformat(str(asked.get("return_date", out.isoformat())))
        except ValueError:
            return _error(400, "invalid_date", "No such day.", "departure_date")
        if out < self._clock.now().date() or back < out:
            return _error(400, "invalid_date", "Dates must be in the future and in order.", "departure_date")
        return None

    def _found(self, asked: Mapping[str, object]) -> Json:
        offered = offers(self.market, _as_amadeus(asked), self._clock.now())
        most = int(str(asked.get("max_stops", 9)))
        found = [_itinerary(each, asked) for each in cast("list[Json]", offered["data"])]
        return {
            "origin": asked["origin"],
            "destination": asked["destination"],
            "departure_date": asked["departure_date"],
            "return_date": asked.get("return_date"),
            "itineraries": [each for each in found if _stops(each) <= most],
        }

    async def _troubled(self, request: web.Request, trouble: Trouble, body: Json) -> web.StreamResponse:
        """Answer as badly, or as differently, as was planned."""
        found = cast("list[Json]", body["itineraries"])
        match trouble.fault:
            case Fault.EMPTY:
                return _json(200, {**body, "itineraries": []})
            case Fault.UNVERIFIED:
                return _json(
                    200, {**body, "itineraries": [_priced(each, status="unverified") for each in found]}
                )
            case Fault.OTHER_CURRENCY:
                return _json(200, {**body, "itineraries": [_priced(each, currency="SEK") for each in found]})
            case Fault.ZERO | Fault.NEGATIVE:
                amount = _PRICES[trouble.fault]
                return _json(200, {**body, "itineraries": [_priced(each, amount=amount) for each in found]})
            case Fault.OTHER_SHAPE:
                return _json(200, {**body, "itineraries": [_in_legs(each) for each in found]})
            case _:
                return await broken(request, trouble.fault, msgspec.json.encode(body))


def _as_amadeus(asked: Mapping[str, object]) -> dict[str, str]:
    """The same question about the cities, whose fares the market knows."""
    query = {
        "originLocationCode": _city(str(asked["origin"])),
        "destinationLocationCode": _city(str(asked["destination"])),
        "departureDate": str(asked["departure_date"]),
        "adults": str(asked.get("adults", 1)),
        "children": str(asked.get("children", 0)),
        "travelClass": str(asked.get("cabin_class", "economy")).upper(),
        "currencyCode": _MONEY[str(asked.get("market", "US"))],
    }
    if "return_date" in asked:
        query["returnDate"] = str(asked["return_date"])
    for name, which in (("airlines_include", "included"), ("airlines_exclude", "excluded")):
        if name in asked:
            query[f"{which}AirlineCodes"] = ",".join(cast("list[str]", asked[name]))
    return query


def _city(airport: str) -> str:
    return _CITY_OF.get(airport) or _SECOND_AIRPORT.get(airport, airport)


def _itinerary(offer: Json, asked: Mapping[str, object]) -> Json:
    ends = (str(asked["origin"]), str(asked["destination"]))
    price = cast("dict[str, str]", offer["price"])
    dearer = _DEARER ** sum(end in _SECOND_AIRPORT for end in ends)
    ways = [
        _way(cast("list[Json]", way["segments"]), *each)
        for way, each in zip(cast("list[Json]", offer["itineraries"]), (ends, ends[::-1]), strict=False)
    ]
    return {
        "price": {
            "amount": round(float(price["grandTotal"]) * dearer, 2),
            "currency": price["currency"],
            "status": "verified",
        },
        "outbound": ways[0],
        "inbound": ways[1] if len(ways) > 1 else None,
        "bags": {"carry_on": 1, "checked": asked.get("min_checked_bags", 0)},
        "cabin_class": asked.get("cabin_class", "economy"),
        "requires_self_transfer": int(str(offer["id"])) % 3 == 0,
        "ignav_id": f"{ends[0]}{ends[1]}{offer['id']}",
    }


def _way(segments: list[Json], start: str, end: str) -> Json:
    flights = [_segment(each) for each in segments]
    flights[0]["departure_airport"], flights[-1]["arrival_airport"] = start, end
    return {"carrier": "Sandbox Air", "duration_minutes": 780, "segments": flights}


def _segment(segment: Json) -> Json:
    departure, arrival = cast("Json", segment["departure"]), cast("Json", segment["arrival"])
    return {
        "marketing_carrier_code": segment["carrierCode"],
        "flight_number": segment["number"],
        "operating_carrier_name": None,
        "departure_airport": departure["iataCode"],
        "departure_time_local": departure["at"],
        "arrival_airport": arrival["iataCode"],
        "arrival_time_local": arrival["at"],
        "duration_minutes": 180,
        "aircraft": "Airbus A320",
    }


def _stops(itinerary: Json) -> int:
    """The most stops of a direction."""
    ways = [cast("Json", way) for way in (itinerary["outbound"], itinerary["inbound"]) if way]
    return max(len(cast("list[Json]", way["segments"])) for way in ways) - 1


def _priced(itinerary: Json, **changes: object) -> Json:
    return itinerary | {"price": cast("Json", itinerary["price"]) | changes}


def _in_legs(itinerary: Json) -> Json:
    """The newer shape: both directions in one list."""
    ways = [itinerary[name] for name in ("outbound", "inbound") if itinerary[name]]
    rest = {name: value for name, value in itinerary.items() if name not in ("outbound", "inbound")}
    return rest | {"legs": ways}


def _error(status: int, code: str, message: str, field: str | None = None) -> web.Response:
    type_ = "invalid_request" if field else "error"
    return _json(status, {"error": {"type": type_, "code": code, "message": message, "field": field}})


def _with_retry_after(response: web.Response, retry_after: str | None) -> web.Response:
    if retry_after is not None:
        response.headers["Retry-After"] = retry_after
    return response


def _json(status: int, body: object) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json")
