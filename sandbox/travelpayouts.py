"""A pretend Travelpayouts Data API, `prices_for_dates`, with the traps of the real one.

What it shows is what somebody was shown some hours ago: the market's fares of an earlier instant, for
one adult in economy. Unsaid, a question is about one-way fares in roubles of the market `ru`.
"""

import asyncio
import calendar
import random
import re
import time
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Final, cast

import msgspec
from aiohttp import web

from engine.clock import Clock, SystemClock
from sandbox.broken import broken
from sandbox.faults import Fault, FaultPlan, Trouble
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.offers import AIRLINES, MAIN_AIRPORT, ONE_WAY, RATES, Json

SERVICE: Final = "travelpayouts"
PRICES_PATH: Final = "/aviasales/v3/prices_for_dates"
TOKEN: Final = "sandbox-travelpayouts"  # noqa: S105  opens nothing but this pretend world
DEFAULT_LATENCY: Final = (0.2, 0.4)

_PARAMETERS: Final = {
    "origin": r"[A-Z]{3}",
    "destination": r"[A-Z]{3}",
    "departure_at": r"\d{4}-\d{2}(-\d{2})?",
    "return_at": r"\d{4}-\d{2}(-\d{2})?",
    "one_way": r"true|false",
    "direct": r"true|false",
    "unique": r"true|false",
    "sorting": r"price|route",
    "currency": r"[a-z]{3}",
    "market": r"[a-z]{2}",
    "limit": r"[1-9]\d{0,3}",
    "page": r"[1-9]\d{0,2}",
}
_ROUBLES: Final = Decimal(95)
_LONGEST_STAY: Final = 30
_MOST_ROWS: Final = 1000
_REFRESHED: Final = timedelta(hours=6)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
# Of a question without a destination there is a fare a day and stay for each; of fewer stays.
_SWEEP_STAYS: Final = (2, 3, 4, 7)
# Two fares a day and stay: how much dearer than the market's, and stops each way.
_SHELF: Final = ((Decimal("1.00"), 1), (Decimal("1.15"), 0))
_PRICES: Final = {Fault.ZERO: 0, Fault.NEGATIVE: -120}


class FakeTravelpayouts:
    """The service; `faults` trouble its replies.

    `latency` is the range in seconds from which the delay of a reply is drawn, seeded. Over
    `per_minute` calls everything is refused until the minute ends. `longest_stay` is what it takes
    as a round trip, in days, `stays` those that somebody looked for, and `sweep_stays` those among them
    that are shown where no destination was asked for; `shelf` are the fares of each day, how much dearer
    than the market's and with how many stops each way.
    """

    def __init__(
        self,
        ledger: Ledger,
        market: Market,
        *,
        seed: int = 1,
        latency: tuple[float, float] = DEFAULT_LATENCY,
        per_minute: int = 600,
        clock: Clock | None = None,
    ) -> None:
        self.ledger = ledger
        self.market = market
        self.latency = latency
        self.per_minute = per_minute
        self.longest_stay = _LONGEST_STAY
        self.stays: Collection[int] = range(1, _LONGEST_STAY + 1)
        self.sweep_stays: Collection[int] = _SWEEP_STAYS
        self.shelf: tuple[tuple[Decimal, int], ...] = _SHELF
        self.faults = FaultPlan()
        self.base_url = ""
        self._seed = seed
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)
        self._minute = _EPOCH
        self._calls = 0
        self._blocked_until = _EPOCH
        self._kept: dict[str, Decimal] = {}
        self._bodies: dict[tuple[object, ...], bytes] = {}

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [web.get(PRICES_PATH, self._prices)]

    def keep_showing(self, pair: str, fare: Decimal | None) -> None:
        """Show a fare although the market has moved on; None shows the market's again."""
        if fare is None:
            self._kept.pop(pair, None)
        else:
            self._kept[pair] = fare

    def seen_at(self, pair: str, at: datetime) -> datetime:
        """When what is shown of a pair at an instant was true: up to six hours before."""
        offset = random.Random(f"{self._seed}|{pair}").random() * _REFRESHED
        return at - (at - _EPOCH - offset) % _REFRESHED

    async def _prices(self, request: web.Request) -> web.StreamResponse:
        due = time.monotonic() + self._random.uniform(*self.latency)
        refused = self._unauthorized(request) or self._too_fast() or self._unacceptable(request)
        if refused is not None:
            return refused
        query = dict(request.query)
        body = self._body(query)
        await asyncio.sleep(due - time.monotonic())  # the work counts as part of the delay
        if (trouble := self.faults.take(query)) is not None:
            return await self._troubled(request, trouble, query, body)
        return web.Response(body=body, content_type="application/json")

    def _unauthorized(self, request: web.Request) -> web.Response | None:
        if request.headers.get("X-Access-Token") == TOKEN:
            return None
        return _refusal(401, "Unauthorized")

    def _too_fast(self) -> web.Response | None:
        now = self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        if minute > self._minute:
            self._minute, self._calls = minute, 0
        self._calls += 1
        if self._calls > self.per_minute:
            self._blocked_until = minute + _MINUTE
        return _refusal(429, "Too many requests") if now < self._blocked_until else None

    def _unacceptable(self, request: web.Request) -> web.Response | None:
        query = request.query
        for name in query:
            pattern = _PARAMETERS.get(name)
            if pattern is None or re.fullmatch(pattern, query[name]) is None:
                return _refusal(400, f"bad parameter {name}")
        if "origin" not in query and "destination" not in query:
            return _refusal(400, "origin or destination is required")
        if query.get("one_way", "true") == "false" and "return_at" in query:
            shortest = _first(query["return_at"]) - _last(query["departure_at"])
            if shortest.days > self.longest_stay:
                return _refusal(400, "return_at must be within 30 days of departure_at")
        return None

    def _body(self, query: dict[str, str], currency: str | None = None) -> bytes:
        """The reply to a good question; the same until its fares are looked up anew."""
        now = self._clock.now()
        currency = currency or query.get("currency", "rub")
        asked = self._asked(query)
        fares = tuple(self._shown(each, now) for each in asked)
        key = (fares, self.market.held_days, currency, now.date(), *sorted(query.items()))
        if key not in self._bodies:
            if len(self._bodies) >= 1000:
                self._bodies.clear()
            each = zip(asked, fares, strict=True)
            sweeps = "destination" not in query
            made = (self._rows(one, fare, currency, now.date(), sweeps=sweeps) for one, fare in each)
            rows = sorted(chain.from_iterable(made), key=_price)
            limit = min(int(query.get("limit", "30")), _MOST_ROWS)
            skipped = limit * (int(query.get("page", "1")) - 1)
            shown = rows[skipped : skipped + limit]
            self._bodies[key] = msgspec.json.encode({"success": True, "data": shown, "currency": currency})
        return self._bodies[key]

    def _asked(self, query: dict[str, str]) -> list[dict[str, str]]:
        """The question itself; without a destination, or an origin, one for each place that may be meant."""
        if "destination" not in query:
            return [{**query, "destination": code} for code in self.market.destinations(query["origin"])]
        if "origin" not in query:
            return [{**query, "origin": "LON"}]
        return [query]

    def _shown(self, query: dict[str, str], now: datetime) -> Decimal:
        """The fare of a pair as it was shown to somebody some hours ago."""
        pair = _pair(query)
        seen_at = self.seen_at(f"{pair}|{query.get('market', 'ru')}", now)
        return self._kept.get(pair, self.market.price(pair, seen_at))

    def _rows(
        self, query: dict[str, str], fare: Decimal, currency: str, today: date, *, sweeps: bool
    ) -> Iterator[Json]:
        one_way = query.get("one_way", "true") == "true"
        exact = len(query["departure_at"]) > len("2027-03")
        rate = _ROUBLES if currency == "rub" else Decimal(RATES.get(currency.upper(), "1"))
        shelf = self.shelf
        if exact or query.get("direct") == "true":
            shelf = tuple((dearer, stops) for dearer, stops in shelf if not stops)
        stays = self.stays
        if sweeps:
            shelf, stays = shelf[:1], [stay for stay in stays if stay in self.sweep_stays]
        for out, back in _trips(query, one_way, stays):
            if out < today:
                continue  # the past is not refused, just empty
            for dearer, stops in shelf:
                price = int(
                    self._of_day(query, fare, out) * rate * dearer * (ONE_WAY if one_way else 1)
                    + Decimal("0.5")
                )
                yield _row(query, out, back, price, stops)
            if exact:
                return  # one record where the month has dozens

    def _of_day(self, query: dict[str, str], fare: Decimal, out: date) -> Decimal:
        """The fare of a day that the market holds apart, else the one of all days."""
        return self.market.held(_pair(query), out) or fare

    async def _troubled(
        self, request: web.Request, trouble: Trouble, query: dict[str, str], body: bytes
    ) -> web.StreamResponse:
        """Answer as badly as was planned."""
        match trouble.fault:
            case Fault.RATE_LIMIT:
                self._blocked_until = self._clock.now().replace(second=0, microsecond=0) + _MINUTE
                return _refusal(429, "Too many requests")
            case Fault.KEY_REVOKED:
                return _refusal(403, "Forbidden")
            case Fault.SERVER_ERROR:
                return _refusal(502, "Bad gateway")
            case Fault.ERROR_INSIDE:
                return _refusal(200, "something went wrong")
            case Fault.EMPTY:
                return _json(200, {"success": True, "data": [], "currency": query.get("currency", "rub")})
            case Fault.OTHER_CURRENCY:
                return web.Response(body=self._body(query, "rub"), content_type="application/json")
            case Fault.ZERO | Fault.NEGATIVE:
                price = f'"price":{_PRICES[trouble.fault]},'.encode()
                spoilt = re.sub(rb'"price":\d+,', price, body)
                return web.Response(body=spoilt, content_type="application/json")
            case _:
                return await broken(request, trouble.fault, body)


def _pair(query: dict[str, str]) -> str:
    return f"{query.get('origin', 'MOW')}-{query.get('destination', 'LED')}"


def _price(row: Json) -> int:
    return cast("int", row["price"])


def _trips(
    query: dict[str, str], one_way: bool, stays: Collection[int]
) -> Iterator[tuple[date, date | None]]:
    """All days out, and back after one of the stays, that lie in what was asked for."""
    day, last = _first(query["departure_at"]), _last(query["departure_at"])
    while day <= last:
        if one_way:
            yield day, None
        else:
            for stay in stays:
                back = day + timedelta(days=stay)
                if back.isoformat().startswith(query.get("return_at", "")):
                    yield day, back
        day += timedelta(days=1)


def _row(query: dict[str, str], out: date, back: date | None, price: int, stops: int) -> Json:
    origin, destination = query.get("origin", "MOW"), query.get("destination", "LED")
    draw = random.Random(f"{origin}{destination}{out}{stops}")
    row: Json = {
        "origin": origin,
        "destination": destination,
        "origin_airport": MAIN_AIRPORT.get(origin, origin),
        "destination_airport": MAIN_AIRPORT.get(destination, destination),
        "price": price,
        "airline": draw.choice(AIRLINES),
        "flight_number": str(draw.randint(10, 4999)),
        "departure_at": f"{out}T{draw.randint(6, 20):02}:{draw.choice((0, 15, 30, 45)):02}:00+01:00",
        "transfers": stops,
        "return_transfers": 0 if back is None else stops,
        "duration": 600,
        "duration_to": 300,
        "duration_back": 0 if back is None else 300,
        "gate": "Trip.com",
        "link": f"/search/{origin}{out:%d%m}{destination}{f'{back:%d%m}' if back else ''}1?t=sandbox{price}",
    }
    if back is not None:
        row["return_at"] = f"{back}T{draw.randint(6, 20):02}:10:00+09:00"
    return row


def _first(month_or_day: str) -> date:
    return date.fromisoformat(month_or_day if len(month_or_day) > len("2027-03") else f"{month_or_day}-01")


def _last(month_or_day: str) -> date:
    first = _first(month_or_day)
    if len(month_or_day) > len("2027-03"):
        return first
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _refusal(status: int, words: str) -> web.Response:
    return _json(status, {"success": False, "data": None, "error": words})


def _json(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json")
