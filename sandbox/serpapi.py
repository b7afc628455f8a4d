"""A pretend SerpApi: its Google Flights engine, with the traps of the real one.

It knows airports and no metropolitan areas, answers "no results" inside a 200, shows of a round trip the
way out alone, and prices in whole units. Its fares are the market's of now.
"""

import asyncio
import random
import re
import time
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Final, cast
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from engine.clock import Clock, SystemClock
from sandbox.broken import broken
from sandbox.faults import Fault, FaultPlan, Trouble
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.offers import MAIN_AIRPORT, RATES, Json, offers

SERVICE: Final = "serpapi"
SEARCH_PATH: Final = "/search"
ACCOUNT_PATH: Final = "/account"
KEY: Final = "sandbox-serpapi"
DEFAULT_LATENCY: Final = (0.9, 1.2)

_NO_RESULTS: Final = "Google Flights hasn't returned any results for this query."
_AIRPORTS: Final = r"[A-Z]{3}(,[A-Z]{3})*"
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_AIRLINES: Final = r"[A-Z0-9]{2}(,[A-Z0-9]{2})*"
_HOURS: Final = r"([01]?\d|2[0-3]),([01]?\d|2[0-3])"
# name: required, pattern; after the engine's documentation.
_PARAMETERS: Final = {
    "engine": (True, r"google_flights"),
    "departure_id": (True, _AIRPORTS),
    "arrival_id": (True, _AIRPORTS),
    "outbound_date": (True, _DAY),
    "return_date": (False, _DAY),
    "type": (False, r"[123]"),
    "travel_class": (False, r"[1-4]"),
    "stops": (False, r"[0-3]"),
    "adults": (False, r"[1-9]"),
    "children": (False, r"[0-8]"),
    "include_airlines": (False, _AIRLINES),
    "exclude_airlines": (False, _AIRLINES),
    "outbound_times": (False, _HOURS),
    "return_times": (False, _HOURS),
    "currency": (False, r"[A-Z]{3}"),
    "hl": (False, r"[a-z]{2}"),
    "gl": (False, r"[a-z]{2}"),
    "sort_by": (False, r"[1-6]"),
    "no_cache": (False, r"true|false"),
}
_CABINS: Final = {
    "1": ("ECONOMY", "Economy"),
    "2": ("PREMIUM_ECONOMY", "Premium economy"),
    "3": ("BUSINESS", "Business"),
    "4": ("FIRST", "First"),
}
_MOST_AIRPORTS: Final = 10
_BEST: Final = 3
_PRICES: Final = {Fault.ZERO: 0, Fault.NEGATIVE: -120}
_BAD_KEY: Final = "Invalid API key. Your API key should be here: https://serpapi.com/manage-api-key"
_FAILED: Final = "We couldn't get valid results for this search. Please try again later."
_ERRORS: Final = {
    Fault.RATE_LIMIT: (429, "This key exceeds the hourly throughput limit of its plan."),
    Fault.QUOTA: (429, "Your account has run out of searches."),
    Fault.KEY_REVOKED: (401, _BAD_KEY),
    Fault.SERVER_ERROR: (503, "Service unavailable."),
}


class FakeSerpApi:
    """The service; `faults` trouble its searches. `searches_left` is what the account says of its plan.

    `latency` is the range in seconds from which the delay of a reply is drawn, seeded.
    """

    def __init__(
        self,
        ledger: Ledger,
        market: Market,
        *,
        seed: int = 1,
        latency: tuple[float, float] = DEFAULT_LATENCY,
        searches_left: int = 250,
        clock: Clock | None = None,
    ) -> None:
        self.ledger = ledger
        self.market = market
        self.latency = latency
        self.searches_left = searches_left
        self.faults = FaultPlan()
        self.base_url = ""
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [web.get(SEARCH_PATH, self._search), web.get(ACCOUNT_PATH, self._account)]

    async def _account(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("api_key") != KEY:
            return _error(*_ERRORS[Fault.KEY_REVOKED])
        left = self.searches_left
        return _json(200, {"plan_name": "Free Plan", "searches_per_month": 250, "total_searches_left": left})

    async def _search(self, request: web.Request) -> web.StreamResponse:
        due = time.monotonic() + self._random.uniform(*self.latency)
        query = dict(request.query)
        if query.pop("api_key", None) != KEY:
            return _error(*_ERRORS[Fault.KEY_REVOKED])
        if (wrong := _wrong(query, self._clock.now().date())) is not None:
            return _error(400, wrong)
        if self.searches_left <= 0:
            return _error(*_ERRORS[Fault.QUOTA])
        self.searches_left -= 1
        body = self._found(query)
        await asyncio.sleep(due - time.monotonic())  # the work counts as part of the delay
        if (trouble := self.faults.take(query)) is not None:
            return await self._troubled(request, trouble, body)
        return _json(200, body)

    def _found(self, query: Mapping[str, str]) -> Json:
        origins, destinations = query["departure_id"].split(","), query["arrival_id"].split(",")
        metro = any(len(codes) == 1 and codes[0] in MAIN_AIRPORT for codes in (origins, destinations))
        if metro or max(len(origins), len(destinations)) > _MOST_AIRPORTS:
            return _nothing(query, self.base_url)
        found = offers(self.market, _as_amadeus(query, origins, destinations), self._clock.now())
        options = [_option(each, query) for each in cast("list[Json]", found["data"])]
        most = int(query.get("stops", "0")) - 1
        fits = [
            each
            for each in options
            if (most < 0 or len(cast("list[Json]", each["flights"])) - 1 <= most)
            and _leaves_in_time(each, query.get("outbound_times", "0,23"))
        ]
        if fits:
            del fits[-1]["price"]  # Google shows some flights without one
        return {**_head(query, self.base_url), "best_flights": fits[:_BEST], "other_flights": fits[_BEST:]}

    async def _troubled(self, request: web.Request, trouble: Trouble, body: Json) -> web.StreamResponse:
        """Answer as badly as was planned."""
        match trouble.fault:
            case Fault.RATE_LIMIT | Fault.QUOTA | Fault.KEY_REVOKED | Fault.SERVER_ERROR:
                return _error(*_ERRORS[trouble.fault])
            case Fault.ERROR_INSIDE:
                return _json(200, {"search_metadata": {"status": "Error"}, "error": _FAILED})
            case Fault.EMPTY:
                return _json(200, _nothing(request.query, self.base_url))
            case Fault.ZERO | Fault.NEGATIVE:
                for option in _options(body):
                    option["price"] = _PRICES[trouble.fault]
                return _json(200, body)
            case Fault.NAN:
                for option in _options(body):
                    option.pop("price", None)
                return _json(200, body)
            case Fault.OTHER_CURRENCY:
                parameters = cast("Json", body["search_parameters"])
                parameters["currency"] = "USD" if parameters["currency"] != "USD" else "EUR"
                return _json(200, body)
            case _:
                return await broken(request, trouble.fault, msgspec.json.encode(body))


def _wrong(query: Mapping[str, str], today: date) -> str | None:
    """What is wrong with a query, in a sentence; None when nothing is."""
    for name in query:
        if name not in _PARAMETERS:
            return f"Unsupported `{name}` parameter."
    for name, (required, pattern) in _PARAMETERS.items():
        if required and name not in query:
            return f"Missing `{name}` parameter."
        if name in query and re.fullmatch(pattern, query[name]) is None:
            return f"Unsupported `{query[name]}` value of `{name}` parameter."
    if query.get("currency", "USD") not in RATES:
        return "Unsupported currency."
    if (query.get("type", "1") == "1") != ("return_date" in query):
        return "`return_date` is required if `type` is `1` (Round trip)."
    if date.fromisoformat(query["outbound_date"]) < today:
        return "`outbound_date` cannot be in the past."
    return None


def _metro(codes: list[str]) -> str:
    """The metropolitan area of several airports, else the airport itself: what the market calls it."""
    areas = (metro for metro, main in MAIN_AIRPORT.items() if main in codes and len(codes) > 1)
    return next(areas, codes[0])


def _as_amadeus(query: Mapping[str, str], origins: list[str], destinations: list[str]) -> dict[str, str]:
    asked = {
        "originLocationCode": _metro(origins),
        "destinationLocationCode": _metro(destinations),
        "departureDate": query["outbound_date"],
        "adults": query.get("adults", "1"),
        "children": query.get("children", "0"),
        "travelClass": _CABINS[query.get("travel_class", "1")][0],
        "currencyCode": query.get("currency", "USD"),
    }
    if "return_date" in query:
        asked["returnDate"] = query["return_date"]
    for name, which in (("include_airlines", "included"), ("exclude_airlines", "excluded")):
        if name in query:
            asked[f"{which}AirlineCodes"] = query[name]
    return asked


def _option(offer: Json, query: Mapping[str, str]) -> Json:
    """One way out with the price of the whole trip, in whole units."""
    out = cast("list[Json]", offer["itineraries"])[0]
    price = Decimal(cast("dict[str, str]", offer["price"])["grandTotal"])
    cabin = _CABINS[query.get("travel_class", "1")][1]
    token = "booking_token" if query.get("type") == "2" else "departure_token"
    return {
        "flights": [_flight(each, cabin) for each in cast("list[Json]", out["segments"])],
        "layovers": [],
        "total_duration": 600,
        "price": int(price.to_integral_value(ROUND_CEILING)),
        "type": "One way" if query.get("type") == "2" else "Round trip",
        token: f"sandbox{offer['id']}",
    }


def _leaves_in_time(option: Json, hours: str) -> bool:
    first, last = (int(hour) for hour in hours.split(","))
    airport = cast("Json", cast("list[Json]", option["flights"])[0]["departure_airport"])
    return first <= int(str(airport["time"])[11:13]) <= last


def _flight(segment: Json, cabin: str) -> Json:
    return {
        "departure_airport": _airport(cast("Json", segment["departure"])),
        "arrival_airport": _airport(cast("Json", segment["arrival"])),
        "duration": 120,
        "airline": f"Airline {segment['carrierCode']}",
        "flight_number": f"{segment['carrierCode']} {segment['number']}",
        "travel_class": cabin,
    }


def _airport(point: Json) -> Json:
    return {
        "name": f"Airport {point['iataCode']}",
        "id": point["iataCode"],
        "time": str(point["at"])[:16].replace("T", " "),
    }


def _head(query: Mapping[str, str], base_url: str) -> Json:
    words = f"{query['departure_id']} to {query['arrival_id']} on {query['outbound_date']}"
    link = f"https://www.google.com/travel/flights?{urlencode({'q': words})}"
    return {
        "search_metadata": {
            "id": "sandbox",
            "status": "Success",
            "json_endpoint": f"{base_url}/searches/sandbox.json",
            "google_flights_url": link,
        },
        "search_parameters": {
            **{name: value for name, value in query.items() if name != "api_key"},
            "currency": query.get("currency", "USD"),
        },
    }


def _nothing(query: Mapping[str, str], base_url: str) -> Json:
    return {**_head(query, base_url), "error": _NO_RESULTS}


def _options(body: Json) -> list[Json]:
    return [
        *cast("list[Json]", body.get("best_flights", [])),
        *cast("list[Json]", body.get("other_flights", [])),
    ]


def _error(status: int, words: str) -> web.Response:
    return _json(status, {"error": words})


def _json(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json")
