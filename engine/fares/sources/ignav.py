"""Ignav: live fares with verified prices; the first 1,000 successful calls are free.

Best as what confirms the leads of a cached source. It takes airports only, so a city is asked for by its
largest airports, and every pair of them is a call.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp

from engine.clock import Clock
from engine.domain.budget import CallLimits
from engine.domain.filters import Filter
from engine.domain.quote import Hidden, Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import FixedDates, Route
from engine.fares.abilities import Abilities
from engine.fares.exchange import Method, Reply, Unanswered, exchange
from engine.fares.gate import Gate
from engine.fares.pacing import Pace
from engine.fares.reading import day_by_day, left_out
from engine.fares.sources.ignav_errors import refusal
from engine.fares.sources.ignav_reply import NAME, Found, read_itineraries
from engine.fares.sources.ignav_request import (
    AIRPORTS,
    MOST_AIRPORTS,
    ONE_WAY,
    ROUND_TRIP,
    AirportsOf,
    Pairs,
    pairs_of,
    search_body,
)

DEFAULT_BASE_URL: Final = "https://ignav.com"
# No limit is published, and the service is young: two a second.
DEFAULT_PACE: Final = Pace(2, 1000)
# As many as are free; more must be allowed by whoever pays for them.
DEFAULT_LIMITS: Final = CallLimits(in_total=1000)
_OK: Final = 200


class Ignav:
    """The source `ignav`; live, for the whole party, in the currency of the market that is asked.

    `base_url` is scheme and host. `airports_of` gives the airports of a city by its code, the largest
    first. `timeout` is the deadline of one request in seconds, waiting for a turn not included.
    `reply_tap` is handed the body of every reply to a search.
    """

    name = NAME
    kind = SourceKind.LIVE
    abilities = Abilities(airports_each=MOST_AIRPORTS, shows=frozenset(Filter))

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str = DEFAULT_BASE_URL,
        api_key: str,
        airports_of: AirportsOf,
        gate: Gate,
        clock: Clock,
        timeout: float,
        reply_tap: Callable[[bytes], None] | None = None,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = {
            "X-Api-Key": api_key,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self._airports_of = airports_of
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout
        self._reply_tap = reply_tap

    async def search(self, route: Route) -> Outcome:
        """Ask for one route: quotes cheapest first, or a typed outcome; never raises for a reply."""
        try:
            return await self._search(route, day_by_day(route, self._clock.now().date()))
        except Unanswered as why:
            return self._outcome(why)

    async def check(self) -> Outcome | None:
        """Look an airport up, which is no search: None when it answers, else what came instead."""
        try:
            await self._ask(Method.GET, AIRPORTS, query={"q": "London", "limit": "1"})
        except Unanswered as why:
            return self._outcome(why)
        return None

    async def _search(self, route: Route, dates: FixedDates) -> Outcome:
        """All pairs side by side; what some of them found stands, whatever became of the others."""
        pairs = pairs_of(route, self._airports_of)
        bodies = [search_body(route, dates, pair) for pair in pairs.asked]
        came = await asyncio.gather(*(self._found(body, route, dates) for body in bodies))
        found = [each for each in came if isinstance(each, Found)]
        failed = [each for each in came if isinstance(each, Unanswered)]
        quotes = tuple(sorted((quote for each in found for quote in each.quotes), key=_cheapest_in(route)))
        if not quotes:
            _check_empty(failed, pairs)
        return Outcome(
            kind=OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
            source=NAME,
            observed_at=self._clock.now(),
            quotes=quotes,
            detail=_left_out(found, failed),
            hidden=_hidden(found),
            partial=any(why.kind is not OutcomeKind.REJECTED for why in failed),
        )

    async def _found(self, body: bytes, route: Route, dates: FixedDates) -> Found | Unanswered:
        """What one search came to; a reason to stay away holds for those that still queue."""
        path = ONE_WAY if dates.return_on is None else ROUND_TRIP
        try:
            async with self._gate.call():
                reply = await self._ask(Method.POST, path, body=body)
            return read_itineraries(reply.body, route, dates, self._clock.now())
        except Unanswered as why:
            return why

    async def _ask(
        self, method: Method, path: str, *, body: bytes | None = None, query: dict[str, str] | None = None
    ) -> Reply:
        """The reply with status 200. Raises Unanswered for any other."""
        reply = await exchange(
            self._session,
            method,
            self._base_url + path,
            timeout_s=self._timeout_s,
            headers=self._headers,
            query=query,
            body=body,
        )
        if self._reply_tap is not None and body is not None:
            self._reply_tap(reply.body)
        if reply.status != _OK:
            raise refusal(reply, self._clock.now())
        return reply

    def _outcome(self, why: Unanswered) -> Outcome:
        return Outcome(
            kind=why.kind,
            source=NAME,
            observed_at=self._clock.now(),
            detail=why.detail,
            retry_at=why.retry_at,
        )


def _cheapest_in(route: Route) -> Callable[[Quote], tuple[bool, int]]:
    """Prices in the currency asked for first: those in another cannot be held against them."""
    return lambda quote: (quote.total.currency != route.currency, quote.total.minor)


def _check_empty(failed: Sequence[Unanswered], pairs: Pairs) -> None:
    """Raise Unanswered where "nothing found" does not mean that nothing flies."""
    if failed:
        raise failed[0]
    if not pairs.complete:
        words = f"nothing between the largest airports ({len(pairs.asked)} of {pairs.count} pairs asked)"
        raise Unanswered(OutcomeKind.REJECTED, words)


def _hidden(found: Sequence[Found]) -> Hidden | None:
    hidden = [each.hidden for each in found if each.hidden is not None]
    if not hidden:
        return None
    cheapest = min((each.cheapest for each in hidden), key=lambda quote: quote.total.minor)
    return Hidden(count=sum(each.count for each in hidden), cheapest=cheapest)


def _left_out(found: Sequence[Found], failed: Sequence[Unanswered]) -> str | None:
    out: Counter[str] = sum((each.out for each in found), Counter())
    if failed:
        out[f"pairs of airports without an answer ({failed[0].detail})"] = len(failed)
    return left_out(out)
