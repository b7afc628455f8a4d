"""Duffel: live fares for those who hold an account, made-up ones for everybody with a test token.

Made for sellers: a search may cost money where nothing is booked, and there is no page to send a person
to.
"""

from collections.abc import Callable, Mapping
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
from engine.fares.sources.duffel_errors import refusal
from engine.fares.sources.duffel_reply import NAME, read_offers
from engine.fares.sources.duffel_request import (
    CHECK_PATH,
    CHECK_QUERY,
    SEARCH_PATH,
    headers,
    search_body,
    search_query,
)
from engine.fares.sources.duffel_token import is_test

DEFAULT_BASE_URL: Final = "https://api.duffel.com"
# Not published; others report 60 a minute. Every reply names its limit in `ratelimit-limit`.
DEFAULT_PACE: Final = Pace(60, 60_000)
_OK, _CREATED = 200, 201


class Duffel:
    """The source `duffel`; for the whole party, in the account's currency, whatever was asked for.

    Whether a price is live or of the test mode is read from the reply; `kind` says what the token lets
    expect. `base_url` is scheme and host. `timeout` is the deadline of one request in seconds, waiting
    for a turn not included. `reply_tap` is handed the body of every reply to a search.
    """

    name = NAME
    abilities = Abilities(shows=frozenset(Filter))

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str = DEFAULT_BASE_URL,
        token: str,
        gate: Gate,
        clock: Clock,
        timeout: float,
        reply_tap: Callable[[bytes], None] | None = None,
    ) -> None:
        self.kind = SourceKind.TEST if is_test(token) else SourceKind.LIVE
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = headers(token)
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout
        self._reply_tap = reply_tap

    async def search(self, route: Route) -> Outcome:
        """Ask for one route: quotes cheapest first, or a typed outcome; never raises for a reply."""
        try:
            dates = day_by_day(route, self._clock.now().date())
            async with self._gate.call():
                reply = await self._ask(
                    Method.POST, SEARCH_PATH, search_query(self._timeout_s), search_body(route, dates)
                )
                if self._reply_tap is not None:
                    self._reply_tap(reply.body)
                self._check(reply)
            outcome = read_offers(reply.body, route, dates, self._clock.now())
        except Unanswered as why:
            outcome = self._outcome(why)
        return outcome

    async def check(self) -> Outcome | None:
        """Ask for an airline, which is no search: None when it came, else what came instead."""
        try:
            self._check(await self._ask(Method.GET, CHECK_PATH, CHECK_QUERY))
        except Unanswered as why:
            return self._outcome(why)
        return None

    async def _ask(
        self, method: Method, path: str, query: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        return await exchange(
            self._session,
            method,
            self._base_url + path,
            timeout_s=self._timeout_s,
            headers=self._headers,
            query=query,
            body=body,
        )

    def _check(self, reply: Reply) -> None:
        """Raise Unanswered unless it is a good reply: 201 to a search, 200 to a question."""
        if reply.status not in (_OK, _CREATED):
            raise refusal(reply, self._clock.now())

    def _outcome(self, why: Unanswered) -> Outcome:
        return Outcome(
            kind=why.kind,
            source=NAME,
            source_kind=self.kind,
            observed_at=self._clock.now(),
            detail=why.detail,
            retry_at=why.retry_at,
        )
