"""Kiwi Tequila: live fares for holders of a legacy key.

Nobody new gets one without an invitation since 2024. The adapter serves old keys, and every server
that speaks the same contract.
"""

from collections.abc import Callable
from typing import Final

import aiohttp

from engine.clock import Clock
from engine.domain.filters import Filter
from engine.domain.quote import Outcome, SourceKind
from engine.domain.route import Route
from engine.fares.abilities import Abilities, Sweep
from engine.fares.exchange import Method, Reply, Unanswered, exchange
from engine.fares.gate import Gate
from engine.fares.pacing import Pace
from engine.fares.reading import Reached, to_airport
from engine.fares.sources.tequila_errors import refusal
from engine.fares.sources.tequila_reply import NAME, read_itineraries
from engine.fares.sources.tequila_request import MOST_PLACES, search_query

DEFAULT_BASE_URL: Final = "https://tequila-api.kiwi.com"
# No limit is published, and some have met 429: two a second.
DEFAULT_PACE: Final = Pace(2, 1000)
_PATH: Final = "/v2/search"
_PLACES_PATH: Final = "/locations/query"
_OK: Final = 200


class Tequila:
    """The source `tequila`; live, for the whole party, in the currency asked for.

    `base_url` is scheme and host. `timeout` is the deadline of one request in seconds, waiting for
    a turn not included. `reached` says where a flight leads. `reply_tap` is handed the body of every
    reply to a search.
    """

    name = NAME
    kind = SourceKind.LIVE
    abilities = Abilities(
        sweep=Sweep.SPAN, weekday=True, places=MOST_PLACES, anywhere=True, shows=frozenset(Filter)
    )

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str = DEFAULT_BASE_URL,
        api_key: str,
        reached: Reached = to_airport,
        gate: Gate,
        clock: Clock,
        timeout: float,
        reply_tap: Callable[[bytes], None] | None = None,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = {"apikey": api_key, "Accept": "application/json"}
        self._reached = reached
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout
        self._reply_tap = reply_tap

    async def search(self, route: Route) -> Outcome:
        """Ask for one route: quotes cheapest first, or a typed outcome; never raises for a reply."""
        dates = route.trip.on(self._clock.now().date())
        try:
            async with self._gate.call():
                reply = await self._ask(_PATH, search_query(route, dates))
            outcome = read_itineraries(reply.body, route, dates, self._clock.now(), self._reached)
        except Unanswered as why:
            outcome = self._outcome(why)
        return outcome

    async def check(self) -> Outcome | None:
        """Look a place up, which is no search: None when it takes the key, else what came instead."""
        try:
            await self._ask(_PLACES_PATH, {"term": "London", "location_types": "city", "limit": "1"})
        except Unanswered as why:
            return self._outcome(why)
        return None

    async def _ask(self, path: str, query: dict[str, str]) -> Reply:
        """The reply with status 200. Raises Unanswered for any other."""
        reply = await exchange(
            self._session,
            Method.GET,
            self._base_url + path,
            timeout_s=self._timeout_s,
            headers=self._headers,
            query=query,
        )
        if self._reply_tap is not None and path == _PATH:
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
