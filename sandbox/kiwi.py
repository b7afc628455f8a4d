"""A pretend MCP server of Kiwi.com: its search tool, strict about what it is asked. Live fares, no key."""

import asyncio
import random
import re
import time
from collections.abc import Mapping
from datetime import date, datetime
from itertools import product
from typing import Final, cast

import msgspec
from aiohttp import web

from engine.clock import Clock, SystemClock
from sandbox.broken import broken
from sandbox.faults import Fault, FaultPlan, Trouble
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.offers import RATES, Json
from sandbox.windows import Window, offered

SERVICE: Final = "kiwi"
TOOL: Final = "search-flight"
DEFAULT_LATENCY: Final = (0.9, 1.2)

_DAY: Final = r"\d{2}/\d{2}/\d{4}"
_AIRLINES: Final = r"[A-Z0-9]{2}(,[A-Z0-9]{2})*"
_A_BAG: Final = 30.0  # what one bag of one adult adds to a price
# name: required, pattern; after public descriptions of the tool.
_ARGUMENTS: Final = {
    "flyFrom": (True, r"[A-Z]{3}(,[A-Z]{3})*"),
    "flyTo": (True, r"[A-Z]{3}(,[A-Z]{3})*"),
    "departureDate": (True, _DAY),
    "departureDateTo": (False, _DAY),
    "returnDate": (False, _DAY),
    "returnDateTo": (False, _DAY),
    "nights_in_dst_from": (False, r"\d{1,3}"),
    "nights_in_dst_to": (False, r"\d{1,3}"),
    "adults": (False, r"[1-9]"),
    "children": (False, r"[0-8]"),
    "select_airlines": (False, _AIRLINES),
    "exclude_airlines": (False, _AIRLINES),
    "adults_hold_bags": (False, r"\[\d(, \d)*\]"),
    "cabinClass": (False, r"M|W|C|F"),
    "currency": (False, r"[A-Z]{3}"),
    "sort": (False, r"price|duration|quality|date"),
    "max_sector_stopovers": (False, r"\d"),
}
_CABINS: Final = {"M": "ECONOMY", "W": "PREMIUM_ECONOMY", "C": "BUSINESS", "F": "FIRST"}
_MOST_SHOWN: Final = 15
_PRICES: Final = {Fault.ZERO: 0.0, Fault.NEGATIVE: -120.0}


class FakeKiwi:
    """The service; `faults` trouble its searches.

    Its fares are the market's of now. `latency` is the range in seconds from which the delay of a
    reply is drawn, seeded.
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
        self.base_url = ""
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [web.post("/", self._rpc)]

    async def _rpc(self, request: web.Request) -> web.StreamResponse:
        due = time.monotonic() + self._random.uniform(*self.latency)
        if "text/event-stream" not in request.headers.get("Accept", ""):
            return web.Response(status=406, text="Not Acceptable")
        try:
            call = msgspec.json.decode(await request.read(), type=Json)
        except msgspec.MsgspecError:
            return _stream(
                {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "Parse error"}}
            )
        if call.get("method") == "tools/list":
            return _answer(call, {"tools": [{"name": TOOL, "inputSchema": {"type": "object"}}]})
        params = cast("Json", call.get("params", {}))
        if call.get("method") != "tools/call" or params.get("name") != TOOL:
            return _refused(call, "Method not found", -32601)
        arguments = cast("Json", params.get("arguments", {}))
        self.asked.append(arguments)
        if (wrong := _unacceptable(arguments)) is not None:
            return _refused(call, wrong, -32602)
        body = self._found(arguments)
        await asyncio.sleep(due - time.monotonic())  # the work counts as part of the delay
        trouble = self.faults.take({name: str(value) for name, value in arguments.items()})
        if trouble is not None:
            return await self._troubled(request, call, trouble, body)
        return _tool_answer(call, body)

    def _found(self, arguments: Mapping[str, object]) -> Json:
        """The inside of an answer: what Amadeus would offer too, in this service's form."""
        ends = list(product(str(arguments["flyFrom"]).split(","), str(arguments["flyTo"]).split(",")))
        window = _window(arguments)
        offers = offered(self.market, _as_amadeus(arguments), ends, window, self._clock.now())
        found = [_itinerary(each, arguments) for each in offers]
        most = int(cast("int", arguments.get("max_sector_stopovers", 9)))
        fits = [each for each in found if cast("Json", each["outbound"])["stops"] <= most]  # type: ignore[operator]
        asked = str(arguments.get("currency", "EUR"))
        currency = asked if asked in RATES else "EUR"
        return {
            "query": dict(arguments),
            "currency": currency,
            "passengers": {"adults": arguments.get("adults", 1), "children": 0, "infants": 0},
            "resultsCount": len(fits[:_MOST_SHOWN]),
            "itineraries": fits[:_MOST_SHOWN],
            "searchTimeMs": 900,
            "error": None,
        }

    async def _troubled(
        self, request: web.Request, call: Json, trouble: Trouble, body: Json
    ) -> web.StreamResponse:
        """Answer as badly as was planned."""
        match trouble.fault:
            case Fault.RATE_LIMIT:
                headers = {"Retry-After": trouble.retry_after} if trouble.retry_after else {}
                return web.Response(status=429, text="Too Many Requests", headers=headers)
            case Fault.SERVER_ERROR:
                return web.Response(status=503, text="Service Unavailable")
            case Fault.KEY_REVOKED:
                return web.Response(status=403, text="Forbidden")
            case Fault.ERROR_INSIDE:
                return _tool_answer(call, {**body, "itineraries": [], "error": "Search failed upstream"})
            case Fault.EMPTY:
                return _tool_answer(call, {**body, "itineraries": [], "resultsCount": 0})
            case Fault.OTHER_CURRENCY:
                return _tool_answer(call, {**body, "currency": "USD" if body["currency"] != "USD" else "EUR"})
            case Fault.ZERO | Fault.NEGATIVE:
                for itinerary in cast("list[Json]", body["itineraries"]):
                    itinerary["price"] = _PRICES[trouble.fault]
                return _tool_answer(call, body)
            case _:
                return await broken(
                    request, trouble.fault, bytes(cast("bytes", _tool_answer(call, body).body))
                )


def _unacceptable(arguments: Mapping[str, object]) -> str | None:
    for name in arguments:
        if name not in _ARGUMENTS:
            return f"Unrecognized key: {name}"
    for name, (required, pattern) in _ARGUMENTS.items():
        if required and name not in arguments:
            return f"Required: {name}"
        if name in arguments and re.fullmatch(pattern, str(arguments[name])) is None:
            return f"Invalid {name}"
    return None


def _as_amadeus(arguments: Mapping[str, object]) -> dict[str, str]:
    query = {
        "adults": str(arguments.get("adults", 1)),
        "children": str(arguments.get("children", 0)),
        "travelClass": _CABINS[str(arguments.get("cabinClass", "M"))],
        "currencyCode": str(arguments.get("currency", "EUR")),
    }
    for name, which in (("select_airlines", "included"), ("exclude_airlines", "excluded")):
        if name in arguments:
            query[f"{which}AirlineCodes"] = str(arguments[name])
    return query


def _window(arguments: Mapping[str, object]) -> Window:
    def days(name: str) -> tuple[date, date]:
        first = _day(arguments[name])
        return first, _day(arguments.get(f"{name}To", arguments[name]))

    nights = None
    if "nights_in_dst_from" in arguments:
        least, most = (int(str(arguments[f"nights_in_dst_{end}"])) for end in ("from", "to"))
        nights = (least, most)
    back = days("returnDate") if "returnDate" in arguments else None
    return Window(out=days("departureDate"), back=back, nights=nights)


def _day(text: object) -> date:
    return datetime.strptime(str(text), "%d/%m/%Y").date()  # noqa: DTZ007  a day has no zone


def _itinerary(offer: Json, arguments: Mapping[str, object]) -> Json:
    legs = [_leg(each, arguments) for each in cast("list[Json]", offer["itineraries"])]
    price = float(cast("dict[str, str]", offer["price"])["grandTotal"])
    bags = sum(cast("list[int]", arguments.get("adults_hold_bags", [])))
    price += bags * _A_BAG
    id_ = f"{arguments['flyFrom']}{arguments['flyTo']}_{offer['id']}".replace(",", "")
    return {
        "id": id_,
        "price": price,
        "priceFormatted": f"{price:.0f}",
        "totalDurationSeconds": 43_200,
        "bookingUrl": f"https://on.kiwi.com/{id_}",
        "baggage": {"personalItem": 1, "cabinBag": 0, "checkedBag": bags},
        "outbound": legs[0],
        "inbound": legs[1] if len(legs) > 1 else None,
    }


def _leg(itinerary: Json, arguments: Mapping[str, object]) -> Json:
    segments = [_segment(each) for each in cast("list[Json]", itinerary["segments"])]
    return {
        "from": segments[0]["from"],
        "to": segments[-1]["to"],
        "departureTime": segments[0]["departureTime"],
        "arrivalTime": segments[-1]["arrivalTime"],
        "stops": len(segments) - 1,
        "route": [segments[0]["from"], *(segment["to"] for segment in segments)],
        "cabinClass": arguments.get("cabinClass", "M"),
        "segments": segments,
    }


def _segment(segment: Json) -> Json:
    departure, arrival = cast("Json", segment["departure"]), cast("Json", segment["arrival"])
    return {
        "from": departure["iataCode"],
        "to": arrival["iataCode"],
        "departureTime": departure["at"],
        "arrivalTime": arrival["at"],
        "carrier": segment["carrierCode"],
        "flightNumber": f"{segment['carrierCode']}{segment['number']}",
    }


def _tool_answer(call: Json, body: Json) -> web.Response:
    """The answer of a tool: JSON in a string in JSON, on an event stream, after some prose for a model."""
    text = msgspec.json.encode(body).decode()
    return _answer(call, {"content": [{"type": "text", "text": text}]})


def _answer(call: Json, result: Json) -> web.Response:
    return _stream({"jsonrpc": "2.0", "id": call.get("id"), "result": result})


def _refused(call: Json, message: str, code: int) -> web.Response:
    return _stream({"jsonrpc": "2.0", "id": call.get("id"), "error": {"code": code, "message": message}})


def _stream(message: Json) -> web.Response:
    data = b"event: message\ndata: " + msgspec.json.encode(message) + b"\n\n"
    return web.Response(body=data, content_type="text/event-stream")
