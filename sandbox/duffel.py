"""A pretend Duffel: offer requests with their offers, strict about what it is asked.

The token decides the mode, as there: with the test token prices come with `live_mode` false. They are
in the account's currency whatever is asked, in the order of their ids, and are the market's of now.
"""

import asyncio
import random
import re
import time
from collections import deque
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final, cast

import msgspec
from aiohttp import web

from engine.clock import Clock, SystemClock
from sandbox.broken import broken
from sandbox.duffel_query import as_amadeus, leaves_in_time, wrong
from sandbox.faults import Fault, FaultPlan, Trouble
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.offers import Json, offers

SERVICE: Final = "duffel"
SEARCH_PATH: Final = "/air/offer_requests"
AIRLINES_PATH: Final = "/air/airlines"
TEST_TOKEN: Final = "duffel_test_sandbox"  # noqa: S105  opens nothing but this pretend world
LIVE_TOKEN: Final = "duffel_live_sandbox"  # noqa: S105  nor does this
DEFAULT_LATENCY: Final = (0.9, 1.2)

_MINUTE: Final = timedelta(minutes=1)
_LIVES: Final = timedelta(minutes=30)
# Routes of the test environment with a known end.
_NO_OFFERS: Final = ("PVD", "RAI")
_TIMES_OUT: Final = ("STN", "LHR")
_STOPS_INSIDE: Final = ("DXB", "AMS")
_PRICES: Final = {Fault.NAN: "NaN", Fault.ZERO: "0.00", Fault.NEGATIVE: "-120.00"}
_ERRORS: Final = {
    Fault.KEY_REVOKED: (401, "authentication_error", "Access token not found", "access_token_not_found"),
    Fault.SERVER_ERROR: (500, "api_error", "Internal server error", "internal_server_error"),
    Fault.ERROR_INSIDE: (502, "airline_error", "Unexpected Airline Error", "airline_unknown"),
}
_QUERY: Final = {"return_offers": r"true|false", "supplier_timeout": r"\d{1,6}"}


class FakeDuffel:
    """The service; `faults` trouble its searches, by the fields of the first slice (`origin`, ...).

    `latency` is the range in seconds from which the delay of a reply is drawn, seeded. More than
    `per_minute` requests within a minute get 429. `currency` is the account's.
    """

    def __init__(
        self,
        ledger: Ledger,
        market: Market,
        *,
        seed: int = 1,
        latency: tuple[float, float] = DEFAULT_LATENCY,
        per_minute: int = 10_000,
        currency: str = "EUR",
        clock: Clock | None = None,
    ) -> None:
        self.ledger = ledger
        self.market = market
        self.latency = latency
        self.per_minute = per_minute
        self.currency = currency
        self.faults = FaultPlan()
        self.asked: list[Json] = []
        self.base_url = ""
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)
        self._lately: deque[datetime] = deque()

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [web.post(SEARCH_PATH, self._search), web.get(AIRLINES_PATH, self._airlines)]

    async def _airlines(self, request: web.Request) -> web.StreamResponse:
        airline = {"id": "arl_sandbox", "name": "Duffel Airways", "iata_code": "ZZ"}
        body: Json = {"data": [airline], "meta": {"limit": 1, "before": None, "after": None}}
        return self._refused(request) or self._limited(_json(200, body))

    async def _search(self, request: web.Request) -> web.StreamResponse:
        due = time.monotonic() + self._random.uniform(*self.latency)
        if (refused := self._refused(request)) is not None:
            return refused
        try:
            asked = cast("Json", msgspec.json.decode(await request.read(), type=Json)["data"])
        except (msgspec.MsgspecError, KeyError):
            return _error(400, "invalid_request_error", "Malformed request", "malformed_json")
        self.asked.append(asked)
        if (field := wrong(asked, self._clock.now().date())) is not None:
            message = f"Field '{field}' is invalid"
            return _error(422, "validation_error", "Invalid field", "validation_invalid", message)
        first = cast("list[dict[str, str]]", asked["slices"])[0]
        if (first["origin"], first["destination"]) == _TIMES_OUT:
            await asyncio.Event().wait()  # until the client gives up: the server then cancels this
        body = self._found(asked, _bearer(request) == LIVE_TOKEN)
        if request.query.get("return_offers") == "false":
            del cast("Json", body["data"])["offers"]
        await asyncio.sleep(due - time.monotonic())  # the work counts as part of the delay
        if (trouble := self.faults.take(first)) is not None:
            return await self._troubled(request, trouble, body)
        return self._limited(_json(201, body))

    def _refused(self, request: web.Request) -> web.Response | None:
        """What is wrong with a request before anybody reads its body."""
        if _bearer(request) not in (TEST_TOKEN, LIVE_TOKEN):
            return _error(*_ERRORS[Fault.KEY_REVOKED])
        if request.headers.get("Duffel-Version") != "v2":
            return _error(400, "invalid_request_error", "Unsupported version", "unsupported_version")
        for name, value in request.query.items():
            if name in _QUERY and re.fullmatch(_QUERY[name], value) is None:
                return _error(400, "invalid_request_error", "Invalid query parameter", "invalid_parameter")
        return self._too_fast()

    def _too_fast(self) -> web.Response | None:
        now = self._clock.now()
        while self._lately and now - self._lately[0] >= _MINUTE:
            self._lately.popleft()
        if len(self._lately) >= self.per_minute:
            return self._rate_limit()
        self._lately.append(now)
        return None

    def _rate_limit(self) -> web.Response:
        return self._limited(_error(429, "rate_limit_error", "Rate limit exceeded", "rate_limit_exceeded"))

    def _limited(self, response: web.Response) -> web.Response:
        """With the headers of the limit, which stand on every reply; its end is a date."""
        reset = (self._lately[0] if self._lately else self._clock.now()) + _MINUTE
        response.headers["ratelimit-limit"] = str(self.per_minute)
        response.headers["ratelimit-remaining"] = str(max(0, self.per_minute - len(self._lately)))
        response.headers["ratelimit-reset"] = format_datetime(reset, usegmt=True)
        return response

    def _found(self, asked: Json, live: bool) -> Json:
        """What Amadeus would offer too, in this service's form and order."""
        ways = cast("list[dict[str, str]]", asked["slices"])
        ends = (ways[0]["origin"], ways[0]["destination"])
        found = offers(self.market, as_amadeus(asked, self.currency), self._clock.now())
        made = [_offer(each, asked, live, self._clock.now()) for each in cast("list[Json]", found["data"])]
        most = cast("int", asked.get("max_connections", 1))
        fits = [
            each
            for each in made
            if _connections(each) <= most and ends != _NO_OFFERS and leaves_in_time(each, asked)
        ]
        request: Json = {
            "id": f"orq_{self._random.getrandbits(64):016x}",
            "live_mode": live,
            "created_at": self._clock.now().isoformat(),
            "cabin_class": asked.get("cabin_class"),
            "slices": ways,
            "passengers": asked["passengers"],
            "offers": sorted(fits, key=lambda offer: cast("str", offer["id"])),
        }
        return {"data": request}

    async def _troubled(self, request: web.Request, trouble: Trouble, body: Json) -> web.StreamResponse:
        """Answer as badly as was planned."""
        made = cast("list[Json]", cast("Json", body["data"]).get("offers", []))
        match trouble.fault:
            case Fault.RATE_LIMIT:
                return self._rate_limit()
            case Fault.KEY_REVOKED | Fault.SERVER_ERROR | Fault.ERROR_INSIDE:
                return _error(*_ERRORS[trouble.fault])
            case Fault.HTML:
                page = "<!DOCTYPE html><title>502 Bad Gateway</title>"
                return web.Response(status=502, text=page, content_type="text/html")
            case Fault.EMPTY:
                made.clear()
            case Fault.NAN | Fault.ZERO | Fault.NEGATIVE:
                for offer in made:
                    offer["total_amount"] = _PRICES[trouble.fault]
            case Fault.OTHER_CURRENCY:
                for offer in made:
                    offer["total_currency"] = "GBP"
            case _:
                return await broken(request, trouble.fault, msgspec.json.encode(body))
        return self._limited(_json(201, body))


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _offer(offer: Json, asked: Json, live: bool, now: datetime) -> Json:
    price = cast("dict[str, str]", offer["price"])
    ways = [_way(each, asked) for each in cast("list[Json]", offer["itineraries"])]
    # Ids say nothing about prices, so their order does not either.
    shuffled = random.Random(f"{asked['slices']}{offer['id']}").getrandbits(64)
    return {
        "id": f"off_{shuffled:016x}",
        "live_mode": live,
        "partial": False,
        "total_amount": price["grandTotal"],
        "total_currency": price["currency"],
        "base_amount": price["base"],
        "base_currency": price["currency"],
        "tax_amount": None,
        "tax_currency": price["currency"],
        "created_at": now.isoformat(),
        "expires_at": (now + _LIVES).isoformat(),
        "owner": {"name": "Duffel Airways", "iata_code": "ZZ"},
        "passengers": asked["passengers"],
        "slices": ways,
    }


def _way(itinerary: Json, asked: Json) -> Json:
    segments = [_segment(each, asked) for each in cast("list[Json]", itinerary["segments"])]
    return {
        "origin": segments[0]["origin"],
        "destination": segments[-1]["destination"],
        "duration": itinerary["duration"],
        "fare_brand_name": "Basic",
        "segments": segments,
    }


def _segment(segment: Json, asked: Json) -> Json:
    departure, arrival = cast("Json", segment["departure"]), cast("Json", segment["arrival"])
    carrier = {"name": segment["carrierCode"], "iata_code": segment["carrierCode"]}
    inside = (departure["iataCode"], arrival["iataCode"]) == _STOPS_INSIDE
    cabin = asked.get("cabin_class", "economy")
    return {
        "origin": {"iata_code": departure["iataCode"], "time_zone": "Etc/UTC"},
        "destination": {"iata_code": arrival["iataCode"], "time_zone": "Etc/UTC"},
        "departing_at": departure["at"],
        "arriving_at": arrival["at"],
        "duration": segment["duration"],
        "marketing_carrier": carrier,
        "marketing_carrier_flight_number": segment["number"],
        "operating_carrier": carrier,
        "stops": [{"airport": {"iata_code": "VIE"}, "duration": "PT45M"}] if inside else [],
        "passengers": [
            {"cabin_class": cabin, "baggages": [{"type": "carry_on", "quantity": 1}]}
            for _ in cast("list[Json]", asked["passengers"])
        ],
    }


def _connections(offer: Json) -> int:
    ways = cast("list[dict[str, list[Json]]]", offer["slices"])
    return max(len(way["segments"]) - 1 for way in ways)


def _error(status: int, type_: str, title: str, code: str, message: str | None = None) -> web.Response:
    fault: Json = {"type": type_, "title": title, "code": code, "message": message or f"{title}."}
    return _json(status, {"meta": {"status": status, "request_id": "sandbox"}, "errors": [fault]})


def _json(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json")
