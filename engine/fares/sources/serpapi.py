"""SerpApi: what Google Flights shows now, by a search engine's scraper. A key of one's own, few searches.

Its prices are whole units of a currency as a person sees them; they count as live.
"""

from collections.abc import Callable, Mapping
from typing import Final

import aiohttp
import msgspec

from engine.clock import Clock
from engine.domain.budget import CallLimits
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Route
from engine.fares.abilities import Abilities
from engine.fares.exchange import Method, Reply, Unanswered, exchange
from engine.fares.gate import Gate
from engine.fares.pacing import Pace
from engine.fares.reading import day_by_day
from engine.fares.sources.serpapi_errors import failed, refusal
from engine.fares.sources.serpapi_reply import NAME, Asked, read_flights
from engine.fares.sources.serpapi_request import (
    CHECK_PATH,
    MOST_PLACES,
    SEARCH_PATH,
    AirportsOf,
    airports,
    search_query,
)

DEFAULT_BASE_URL: Final = "https://serpapi.com"
# The free plan: 250 searches a month, 50 an hour.
DEFAULT_PACE: Final = Pace(50, 3_600_000)
DEFAULT_LIMITS: Final = CallLimits(per_month=250)
_OK: Final = 200


class _Account(msgspec.Struct):
    total_searches_left: int | None = None


_ACCOUNT: Final = msgspec.json.Decoder(_Account)


class SerpApi:
    """The source `serpapi`; live, for the whole party, in the currency asked for.

    `airports_of` gives the airports of a metropolitan area, the largest first. `base_url` is scheme and
    host. `timeout` is the deadline of one request in seconds, waiting for a turn not included.
    `reply_tap` is handed the body of every reply to a search, without the key.
    """

    name = NAME
    kind = SourceKind.LIVE
    abilities = Abilities(places=MOST_PLACES)

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str = DEFAULT_BASE_URL,
        key: str,
        airports_of: AirportsOf,
        gate: Gate,
        clock: Clock,
        timeout: float,
        reply_tap: Callable[[bytes], None] | None = None,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._airports_of = airports_of
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout
        self._reply_tap = reply_tap

    async def search(self, route: Route) -> Outcome:
        """Ask for one route: quotes cheapest first, or a typed outcome; never raises for a reply."""
        try:
            asked = Asked(
                route=route,
                dates=day_by_day(route, self._clock.now().date()),
                origins=airports(route.origins, self._airports_of),
                destinations=airports(route.destinations, self._airports_of),
            )
            query = search_query(route, asked.dates, asked.origins, asked.destinations)
            async with self._gate.call():
                reply = await self._ask(SEARCH_PATH, query)
                self._tap(reply)
                self._check(reply)
                outcome = read_flights(reply.body, asked, self._clock.now())
        except Unanswered as why:
            outcome = self._outcome(why)
        return outcome

    async def check(self) -> Outcome | None:
        """Ask what is left of the plan, which is no search: None when there is something."""
        try:
            reply = await self._ask(CHECK_PATH, {})
            self._check(reply)
            if _searches_left(reply.body) == 0:
                raise failed("Your account has run out of searches.", self._clock.now())
        except Unanswered as why:
            return self._outcome(why)
        return None

    async def _ask(self, path: str, query: Mapping[str, str]) -> Reply:
        """The key goes into the query, as no header is documented: nothing may log an address."""
        return await exchange(
            self._session,
            Method.GET,
            self._base_url + path,
            timeout_s=self._timeout_s,
            headers={"Accept": "application/json"},
            query={**query, "api_key": self._key},
        )

    def _tap(self, reply: Reply) -> None:
        if self._reply_tap is not None:
            body = reply.body.replace(self._key.encode(), b"***") if self._key else reply.body
            self._reply_tap(body)

    def _check(self, reply: Reply) -> None:
        if reply.status != _OK:
            raise refusal(reply, self._clock.now())

    def _outcome(self, why: Unanswered) -> Outcome:
        return Outcome(
            kind=why.kind,
            source=NAME,
            observed_at=self._clock.now(),
            detail=why.detail,
            retry_at=why.retry_at,
        )


def _searches_left(body: bytes) -> int | None:
    try:
        return _ACCOUNT.decode(body).total_searches_left
    except (ValueError, RecursionError) as error:
        raise Unanswered(OutcomeKind.MALFORMED, "unreadable account") from error
