"""A pretend Kiwi Tequila: the search of legacy keys, strict about what it is asked.

As there, parameters are looked at before the key, local times carry a false Z, both directions come in
one list, prices are numbers in the currency asked for (euros, if none was), and among the fares are
some that nobody should be told of: the cheapest hides a city.
"""

import asyncio
import itertools
import random
import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
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
from sandbox.tequila_query import as_amadeus, codes, day, leaves_in_time, window
from sandbox.windows import offered

SERVICE: Final = "tequila"
SEARCH_PATH: Final = "/v2/search"
PLACES_PATH: Final = "/locations/query"
API_KEY: Final = "sandbox-tequila-key"
DEFAULT_LATENCY: Final = (0.9, 1.2)

_DAY: Final = r"\d{2}/\d{2}/\d{4}"
_PLACE: Final = r"((city|airport):)?[A-Z]{3}(,((city|airport):)?[A-Z]{3})*"
_CLOCK: Final = r"([01]\d|2[0-3]):[0-5]\d"
_FLAG: Final = r"[01]"
# name: required, pattern; after the public clients of the service.
_PARAMETERS: Final = {
    "fly_from": (True, _PLACE),
    "fly_to": (False, _PLACE),
    "date_from": (True, _DAY),
    "date_to": (True, _DAY),
    "return_from": (False, _DAY),
    "return_to": (False, _DAY),
    "nights_in_dst_from": (False, r"\d{1,3}"),
    "nights_in_dst_to": (False, r"\d{1,3}"),
    "flight_type": (False, r"round|oneway"),
    "fly_days": (False, r"[0-6]"),
    "fly_days_type": (False, r"departure|arrival"),
    "dtime_from": (False, _CLOCK),
    "dtime_to": (False, _CLOCK),
    "ret_dtime_from": (False, _CLOCK),
    "ret_dtime_to": (False, _CLOCK),
    "select_airlines": (False, r"[A-Z0-9]{2}(,[A-Z0-9]{2})*"),
    "select_airlines_exclude": (False, r"true|false"),
    "adults": (False, r"[1-9]"),
    "children": (False, r"[0-8]"),
    "selected_cabins": (False, r"[MWCF]"),
    "curr": (False, r"[A-Z]{3}"),
    "locale": (False, r"[a-z]{2}"),
    "max_stopovers": (False, r"\d"),
    "max_sector_stopovers": (False, r"\d"),
    "one_for_city": (False, _FLAG),
    "ret_from_diff_airport": (False, _FLAG),
    "ret_to_diff_airport": (False, _FLAG),
    "vehicle_type": (False, r"aircraft|bus|train"),
    "sort": (False, r"price|duration|quality|date"),
    "asc": (False, _FLAG),
    "limit": (False, r"[1-9]\d{0,2}|1000"),
}
_TOGETHER: Final = (("return_from", "return_to"), ("nights_in_dst_from", "nights_in_dst_to"))
_UNKNOWN_PARTNER: Final = (
    "unknown partner provided - if you would like to cooperate with Kiwi.com, "
    "please register at tequila.kiwi.com"
)
_PRICES: Final = {Fault.ZERO: 0, Fault.NEGATIVE: -120}
# The hidden city takes this off the market's fare.
_HIDDEN: Final = 0.8
_DEFAULT_LIMIT: Final = 200
_HUGE_BYTES: Final = 2_000_000
# Every place lies two hours east of Greenwich here: enough to tell a false Z.
_EAST: Final = timedelta(hours=2)


class FakeTequila:
    """The service; `faults` trouble its searches.

    Its fares are the market's of now. `latency` is the range in seconds from which the delay of a
    reply is drawn, seeded. An unknown key is refused with `refusal_status`, 400 or 403.
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
        self.refusal_status = 400
        self.faults = FaultPlan()
        self.base_url = ""
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [web.get(SEARCH_PATH, self._search), web.get(PLACES_PATH, self._places)]

    async def _places(self, request: web.Request) -> web.StreamResponse:
        if "term" not in request.query:
            return web.Response(status=400, text="400: Bad Request")
        return self._stranger(request) or _json(200, {"locations": [{"id": "london_gb", "code": "LON"}]})

    async def _search(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        refused = self._unacceptable(query) or self._stranger(request)
        if refused is not None:
            return refused
        due = time.monotonic() + self._random.uniform(*self.latency)
        body = self._found(query)
        await asyncio.sleep(due - time.monotonic())  # the work counts as part of the delay
        trouble = self.faults.take(query)
        return _json(200, body) if trouble is None else await self._troubled(request, trouble, body)

    def _unacceptable(self, query: Mapping[str, str]) -> web.Response | None:
        for name, value in query.items():
            if name not in _PARAMETERS:
                return _wrong(400, name, "Unknown field.")
            if re.fullmatch(_PARAMETERS[name][1], value) is None:
                return _wrong(400, name, f"Not a valid value: `{value}`")
        for name, (required, _) in _PARAMETERS.items():
            if required and name not in query:
                return _wrong(400, name, f"Field {name} cannot be anywhere or unspecified.")
        for pair in _TOGETHER:
            if len(set(pair) & set(query)) == 1:
                return _wrong(400, pair[0], f"Fields {' and '.join(pair)} go together.")
        return self._impossible(query)

    def _impossible(self, query: Mapping[str, str]) -> web.Response | None:
        """Well-formed parameters that make no trip."""
        try:
            out, last = day(query["date_from"]), day(query["date_to"])
            back = day(query["return_to"]) if "return_to" in query else None
        except ValueError:
            return _wrong(400, "date_from", "Not a valid date.")
        if out < self._clock.now().date():
            return _wrong(400, "date_from", "Date is in the past.")
        if last < out:
            return _wrong(400, "date_to", "Before date_from.")
        if back is not None and back < out:
            return _wrong(400, "return_from", "Return before departure.")
        if back is not None and query.get("one_for_city") == "1":
            return _wrong(400, "one_for_city", "Not for return flights.")
        return None

    def _stranger(self, request: web.Request) -> web.Response | None:
        if request.headers.get("apikey") == API_KEY:
            return None
        return _json(self.refusal_status, {"status": "Bad Request", "error": _UNKNOWN_PARTNER})

    def _found(self, query: Mapping[str, str]) -> Json:
        ends = self._ends(query)
        offers = offered(self.market, as_amadeus(query), ends, window(query), self._clock.now())
        most = int(query.get("max_sector_stopovers", "9"))
        cabin = query.get("selected_cabins", "M")
        found = [_itinerary(each, cabin) for each in offers]
        fits = [each for each in found if _stops(each) <= most and leaves_in_time(each, query)]
        if query.get("one_for_city") == "1":
            fits = list({str(each["flyTo"]): each for each in reversed(fits)}.values())[::-1]
        if fits:
            fits.insert(0, _hiding_a_city(fits[0]))
        asked = query.get("curr", "EUR")
        currency = asked if asked in RATES else "EUR"
        return {
            "search_id": f"{self._random.getrandbits(64):016x}",
            "currency": currency,
            "fx_rate": 1,
            "data": fits[: int(query.get("limit", _DEFAULT_LIMIT))],
            "all_airlines": [],
            "all_stopover_airports": [],
            "_results": len(fits),
        }

    def _ends(self, query: Mapping[str, str]) -> list[tuple[str, str]]:
        """Between which places; without `fly_to` to wherever flights lead."""
        origins = codes(query["fly_from"])
        if "fly_to" in query:
            return list(product(origins, codes(query["fly_to"])))
        return [(origin, to) for origin in origins for to in self.market.destinations(origin)]

    async def _troubled(self, request: web.Request, trouble: Trouble, body: Json) -> web.StreamResponse:
        """Answer as badly as was planned."""
        data = cast("list[Json]", body["data"])
        match trouble.fault:
            case Fault.RATE_LIMIT:
                headers = {"Retry-After": trouble.retry_after} if trouble.retry_after else {}
                return web.Response(status=429, text="Too Many Requests", headers=headers)
            case Fault.SERVER_ERROR:
                return _json(500, {"error": "Internal Server Error"})
            case Fault.KEY_REVOKED:
                return _json(403, {"status": "Forbidden", "error": _UNKNOWN_PARTNER})
            case Fault.PLAIN_TEXT:
                return web.Response(status=400, text="400: Bad Request")
            case Fault.UNKNOWN_PLACE:
                return _wrong(422, "fly_from", f"Not recognized location: `{request.query['fly_from']}`")
            case Fault.EMPTY:
                return _json(200, {**body, "data": []})
            case Fault.HUGE:
                return _json(200, {**body, "data": _many(data)})
            case Fault.OTHER_CURRENCY:
                return _json(200, {**body, "currency": "USD" if body["currency"] != "USD" else "EUR"})
            case Fault.ZERO | Fault.NEGATIVE:
                return _json(
                    200, {**body, "data": [each | {"price": _PRICES[trouble.fault]} for each in data]}
                )
            case _:
                return await broken(request, trouble.fault, msgspec.json.encode(body))


def _itinerary(offer: Json, cabin: str) -> Json:
    ways = [cast("list[Json]", way["segments"]) for way in cast("list[Json]", offer["itineraries"])]
    hops = [_hop(each, direction, cabin) for direction, way in enumerate(ways) for each in way]
    price = float(cast("dict[str, str]", offer["price"])["grandTotal"])
    id_ = "|".join(str(hop["id"]) for hop in hops)
    # One in three is made of two tickets, as the service likes to do.
    tickets = 2 if int(str(offer["id"])) % 3 == 0 else 1
    return {
        "id": id_,
        "price": price,
        "flyFrom": hops[0]["flyFrom"],
        "flyTo": [hop for hop in hops if hop["return"] == 0][-1]["flyTo"],
        "airlines": list(dict.fromkeys(str(hop["airline"]) for hop in hops)),
        "route": hops,
        "duration": {"departure": 46_800, "return": 46_800, "total": 93_600},
        "nightsInDest": None,
        "availability": {"seats": None},
        "bags_price": {"1": 24.46},
        "pnr_count": tickets,
        "virtual_interlining": tickets > 1,
        "has_airport_change": False,
        "throw_away_ticketing": False,
        "hidden_city_ticketing": False,
        "booking_token": "t" * 400,
        # As long as the recorded ones: longer than a link button takes.
        "deep_link": f"https://www.kiwi.com/deep?price={price}&booking_token={'t' * 700}",
        **_times(hops[0]),
    }


def _hop(segment: Json, direction: int, cabin: str) -> Json:
    departure, arrival = (
        cast("dict[str, str]", segment["departure"]),
        cast("dict[str, str]", segment["arrival"]),
    )
    leaves, lands = datetime.fromisoformat(departure["at"]), datetime.fromisoformat(arrival["at"])
    return {
        "id": f"{departure['iataCode']}{arrival['iataCode']}{segment['id']}_0",
        "return": direction,
        "flyFrom": departure["iataCode"],
        "flyTo": arrival["iataCode"],
        "airline": segment["carrierCode"],
        "operating_carrier": segment["carrierCode"],
        "flight_no": int(str(segment["number"])),
        "vehicle_type": "aircraft",
        "fare_category": cabin,
        "bags_recheck_required": False,
        "vi_connection": False,
        "local_departure": _false_z(leaves),
        "utc_departure": _false_z(leaves - _EAST),
        "local_arrival": _false_z(lands),
        "utc_arrival": _false_z(lands - _EAST),
    }


def _times(hop: Json) -> Json:
    return {name: hop[name] for name in hop if name.startswith(("local_", "utc_"))}


def _false_z(reading: datetime) -> str:
    return f"{reading.isoformat()}.000Z"


def _stops(itinerary: Json) -> int:
    """The most stops of a direction."""
    hops = cast("list[Json]", itinerary["route"])
    return max(len(list(way)) for _, way in itertools.groupby(hops, key=lambda hop: hop["return"])) - 1


def _hiding_a_city(itinerary: Json) -> Json:
    cheaper = round(cast("float", itinerary["price"]) * _HIDDEN, 2)
    return itinerary | {"price": cheaper, "hidden_city_ticketing": True}


def _many(data: list[Json]) -> list[Json]:
    """As many as weigh two megabytes, ever dearer."""
    weight = len(msgspec.json.encode(data))
    return [
        each | {"price": cast("float", each["price"]) + dearer}
        for dearer in range(_HUGE_BYTES // weight + 1)
        for each in data
    ]


def _wrong(status: int, parameter: str, words: str) -> web.Response:
    return _json(status, {"message": [{"param": parameter, "errors": [words]}]})


def _json(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json")
