"""Kiwi.com's public MCP server: live fares without a key.

Its terms for asking without a person at the keyboard are not published, so it is off unless named,
asked slowly and seldom: best as what confirms the leads of a cached source.
"""

from collections.abc import Callable
from typing import Final

import aiohttp

from engine.clock import Clock
from engine.domain.budget import CallLimits
from engine.domain.filters import Filter
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Route
from engine.fares.abilities import Abilities, Sweep
from engine.fares.exchange import Method, Unanswered, exchange
from engine.fares.gate import Gate
from engine.fares.pacing import Pace
from engine.fares.sources.kiwi_reply import NAME, read_itineraries
from engine.fares.sources.kiwi_request import HEADERS, MOST_PLACES, TOOL, search_body, tools_body
from engine.fares.sources.kiwi_rpc import Result, json_of, refusal, result_of

DEFAULT_BASE_URL: Final = "https://mcp.kiwi.com"
# No limit is published; others leave half a second. One in two seconds, and no more in a day than
# somebody might type.
DEFAULT_PACE: Final = Pace(1, 2000)
DEFAULT_LIMITS: Final = CallLimits(per_day=300)
_OK: Final = 200


class Kiwi:
    """The source `kiwi`; live, for the whole party, the fifteen cheapest itineraries of a search.

    `base_url` is scheme and host. `timeout` is the deadline of one request in seconds, waiting for
    a turn not included. `reply_tap` is handed the body of every reply to a search.
    """

    name = NAME
    kind = SourceKind.LIVE
    abilities = Abilities(sweep=Sweep.SPAN, places=MOST_PLACES, shows=frozenset(Filter))

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str = DEFAULT_BASE_URL,
        gate: Gate,
        clock: Clock,
        timeout: float,
        reply_tap: Callable[[bytes], None] | None = None,
    ) -> None:
        self._session = session
        self._url = base_url.rstrip("/") + "/"
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout
        self._reply_tap = reply_tap

    async def search(self, route: Route) -> Outcome:
        """Ask for one route: quotes cheapest first, or a typed outcome; never raises for a reply."""
        dates = route.trip.on(self._clock.now().date())
        try:
            async with self._gate.call():
                result = await self._call(search_body(route, dates), self._reply_tap)
            outcome = read_itineraries(json_of(result), route, dates, self._clock.now())
        except Unanswered as why:
            outcome = self._outcome(why)
        return outcome

    async def check(self) -> Outcome | None:
        """Ask which tools there are, which is no search: None when it answers, else what came instead."""
        try:
            result = await self._call(tools_body(), None)
        except Unanswered as why:
            return self._outcome(why)
        if any(TOOL.encode() in bytes(tool) for tool in result.tools):
            return None
        return self._outcome(Unanswered(OutcomeKind.REJECTED, "its search tool is gone"))

    async def _call(self, body: bytes, tap: Callable[[bytes], None] | None) -> Result:
        """The result of one call. Raises Unanswered for whatever is none."""
        reply = await exchange(
            self._session,
            Method.POST,
            self._url,
            timeout_s=self._timeout_s,
            headers=HEADERS,
            body=body,
        )
        if tap is not None:
            tap(reply.body)
        if reply.status != _OK:
            raise refusal(reply, self._clock.now())
        return result_of(reply.body, self._clock.now())

    def _outcome(self, why: Unanswered) -> Outcome:
        return Outcome(
            kind=why.kind,
            source=NAME,
            observed_at=self._clock.now(),
            detail=why.detail,
            retry_at=why.retry_at,
        )
