"""Amadeus Flight Offers Search v2.

The Self-Service API closed on 17 July 2026; the adapter serves Enterprise keys, and every server
that speaks the same contract.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import aiohttp

from engine.clock import Clock
from engine.domain.filters import Filter
from engine.domain.quote import Outcome, SourceKind
from engine.domain.route import Route
from engine.fares.abilities import Abilities
from engine.fares.exchange import Method, Reply, Unanswered, exchange
from engine.fares.gate import Gate
from engine.fares.pacing import Pace
from engine.fares.reading import day_by_day
from engine.fares.sources.amadeus_errors import CLOSED, refusal, token_expired
from engine.fares.sources.amadeus_reply import NAME, read_offers
from engine.fares.sources.amadeus_request import offers_query
from engine.fares.sources.amadeus_token import Tokens

DEFAULT_BASE_URL: Final = "https://api.amadeus.com"
# What the test environment allows: 10 per second and at least 100 ms between two requests.
DEFAULT_PACE: Final = Pace(10, 1000)
_PATH: Final = "/v2/shopping/flight-offers"
_OK: Final = 200


class Amadeus:
    """The source `amadeus`; live, for the whole party, in the currency asked for where it can.

    `base_url` is scheme and host. `timeout` is the deadline of one request in seconds, waiting
    for a turn not included. `reply_tap` is handed the body of every reply to a search.
    """

    name = NAME
    kind = SourceKind.LIVE
    abilities = Abilities(shows=frozenset(Filter))

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str = DEFAULT_BASE_URL,
        client_id: str,
        client_secret: str,
        gate: Gate,
        clock: Clock,
        timeout: float,
        reply_tap: Callable[[bytes], None] | None = None,
    ) -> None:
        self._session = session
        self._url = base_url.rstrip("/") + _PATH
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout
        self._reply_tap = reply_tap
        self._tokens = Tokens(
            session,
            base_url=base_url.rstrip("/"),
            client_id=client_id,
            client_secret=client_secret,
            gate=self._gate,
            clock=clock,
            timeout_s=timeout,
        )

    async def search(self, route: Route) -> Outcome:
        """Ask for one route: quotes cheapest first, or a typed outcome; never raises for a reply."""
        try:
            dates = day_by_day(route, self._clock.now().date())
            reply = await self._ask(offers_query(route, dates))
            outcome = read_offers(reply.body, route, dates, self._clock.now())
        except Unanswered as why:
            outcome = _outcome(why, self._clock.now())
        return outcome

    async def check(self) -> Outcome | None:
        """Ask for a token, which costs no search: None when there is one, else why there is none."""
        try:
            await self._tokens.current()
        except Unanswered as why:
            return _outcome(why, self._clock.now())
        return None

    async def _ask(self, query: dict[str, str]) -> Reply:
        """The reply with status 200. Raises Unanswered for any other."""
        token = await self._tokens.current()
        reply = await self._ask_with(token, query)
        if token_expired(reply):
            self._tokens.forget(token)
            reply = await self._ask_with(await self._tokens.current(), query)
        if token_expired(reply):
            raise refusal(reply, self._clock.now())
        return reply

    async def _ask_with(self, token: str, query: dict[str, str]) -> Reply:
        async with self._gate.call():
            reply = await exchange(
                self._session,
                Method.GET,
                self._url,
                timeout_s=self._timeout_s,
                headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
                query=query,
            )
            if self._reply_tap is not None:
                self._reply_tap(reply.body)
            if reply.status != _OK and not token_expired(reply):
                raise refusal(reply, self._clock.now())
        return reply


def _outcome(why: Unanswered, now: datetime) -> Outcome:
    return Outcome(
        kind=why.kind,
        source=NAME,
        observed_at=now,
        detail=f"{why.detail}: {CLOSED}" if why.dns else why.detail,
        retry_at=why.retry_at,
    )
