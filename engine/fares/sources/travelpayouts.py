"""Travelpayouts (Aviasales) Data API: what other people were shown in the last days.

Its prices are leads: from a cache, for one adult in economy, without the time when they were seen.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import aiohttp
from cachetools import TTLCache

from engine.clock import Clock
from engine.domain import details
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Cabin, FixedDates, Route
from engine.domain.trips import Dates
from engine.fares.abilities import Abilities, Sweep
from engine.fares.exchange import Method, Reply, Unanswered, exchange
from engine.fares.flight import SingleFlight
from engine.fares.gate import Gate
from engine.fares.pacing import Pace
from engine.fares.reading import Reached, left_out, to_airport
from engine.fares.sieve import HIDDEN
from engine.fares.sources.travelpayouts_errors import BadQuestion, refusal
from engine.fares.sources.travelpayouts_fares import NAME, Found, native, summed, swept
from engine.fares.sources.travelpayouts_reply import Page, Rows, read_rows
from engine.fares.sources.travelpayouts_request import (
    MOST_ROWS,
    PATH,
    Month,
    round_trip,
    way_back,
    way_out,
)

DEFAULT_BASE_URL: Final = "https://api.travelpayouts.com"
# Published for this endpoint: 600 a minute, over that all calls are refused until the minute ends.
DEFAULT_PACE: Final = Pace(600, 60_000)
_OK: Final = 200
# A longer stay is refused with 400.
_LONGEST_STAY: Final = timedelta(days=30)
# Days end last at UTC-12: before that a departure may still lie ahead.
_WESTMOST: Final = timedelta(hours=12)
# A page serves all routes of its month for so long; the prices on it are days old anyway.
_REMEMBERED_S: Final = 300.0
_MOST_REMEMBERED: Final = 50_000  # rows on all remembered pages: some 30 MB
_MOST_PAGES: Final = 3  # of one month


class Travelpayouts:
    """The source `travelpayouts`: cached fares by the month, shared between routes.

    `base_url` is scheme and host. `market_of` gives the two-letter country whose searches are to be
    looked through for trips from a place, `reached` where a flight leads. `marker` is
    the operator's partner id, which goes into links. `timeout` is the deadline of one request in
    seconds, waiting for a turn not included. `reply_tap` is handed the body of every reply.
    """

    name = NAME
    kind = SourceKind.CACHED
    abilities = Abilities(sweep=Sweep.MONTH, party=False, anywhere=True)

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str = DEFAULT_BASE_URL,
        token: str,
        marker: str | None,
        market_of: Callable[[Place], str],
        reached: Reached = to_airport,
        gate: Gate,
        clock: Clock,
        timeout: float,
        reply_tap: Callable[[bytes], None] | None = None,
    ) -> None:
        self._session = session
        self._url = base_url.rstrip("/") + PATH
        self._headers = {"X-Access-Token": token, "Accept": "application/json"}
        self._marker = marker
        self._market_of = market_of
        self._reached = reached
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout
        self._reply_tap = reply_tap
        self._pages: TTLCache[Month, Page] = TTLCache(
            _MOST_REMEMBERED, _REMEMBERED_S, timer=clock.monotonic, getsizeof=lambda page: 1 + len(page.fares)
        )
        self._flights: SingleFlight[Month, Page] = SingleFlight()

    async def search(self, route: Route) -> Outcome:
        """What others saw for a route, of one month out and one back; never raises for a reply."""
        dates = route.trip.on(self._clock.now().date())
        try:
            self._check(route, dates)
            outcome = await self._found(route, dates)
        except Unanswered as why:
            outcome = self._outcome(why)
        return outcome

    async def check(self) -> Outcome | None:
        """Ask for one page that everybody has fares on: None when it came, else what came instead."""
        next_month = f"{self._clock.now().date() + timedelta(days=31):%Y-%m}"
        month = Month(
            origin="LON",
            destination="PAR",
            depart_in=next_month,
            return_in=None,
            currency="EUR",
            market="us",
        )
        try:
            await self._rows(month, 1)
        except Unanswered as why:
            return self._outcome(why)
        return None

    def _check(self, route: Route, dates: Dates) -> None:
        """Refuse what the service would answer with nothing, or with something else."""
        if route.cabin is not Cabin.ECONOMY:
            raise Unanswered(OutcomeKind.REJECTED, details.ECONOMY_ONLY)
        if dates.last_departure_on < (self._clock.now() - _WESTMOST).date():
            raise Unanswered(OutcomeKind.REJECTED, details.HAS_PASSED)

    async def _found(self, route: Route, dates: Dates) -> Outcome:
        market = self._market_of(route.origin)
        if not dates.round_trip:
            page = await self._page(way_out(route, dates, market))
            return _answer(self._native(page, route, dates), page)
        if _shortest_stay(dates) <= _LONGEST_STAY:
            try:
                page = await self._page(round_trip(route, dates, market))
            except BadQuestion:
                if route.to_anywhere:
                    raise
                # Which stays it takes is written nowhere: what it does not take whole, it takes in halves.
                return await self._sum(route, dates, market)
            return _answer(self._native(page, route, dates), page)
        if route.to_anywhere:  # which way back belongs to which way out is not to be guessed
            raise Unanswered(OutcomeKind.REJECTED, details.STAYS_TOO_LONG)
        return await self._sum(route, dates, market)

    def _native(self, page: Page, route: Route, dates: Dates) -> Found:
        if route.to_anywhere:
            return swept(page, route, dates, self._marker, self._reached)
        return native(page, route, dates, self._marker)

    async def _sum(self, route: Route, dates: Dates, market: str) -> Outcome:
        months = (way_out(route, dates, market), way_back(route, dates, market))
        ways = await asyncio.gather(*map(self._page, months), return_exceptions=True)
        for way in ways:
            if isinstance(way, BaseException):
                raise way
        out, back = (way for way in ways if isinstance(way, Page))
        return _answer(summed(out, back, route, dates), out, back)

    async def _page(self, month: Month) -> Page:
        """A month's fares: remembered, under way for another route, or asked for now."""
        page: Page | None = self._pages.get(month)
        return page if page is not None else await self._flights.join(month, lambda: self._read(month))

    async def _read(self, month: Month) -> Page:
        read: list[Rows] = []
        while len(read) < _MOST_PAGES and (not read or read[-1].count >= MOST_ROWS):
            read.append(await self._rows(month, len(read) + 1))
        page = Page(
            fares=tuple(fare for rows in read for fare in rows.fares),
            unreadable=sum(rows.unreadable for rows in read),
            read_at=self._clock.now(),
            reaches=_reaches(read[-1]),
        )
        self._pages[month] = page
        return page

    async def _rows(self, month: Month, number: int) -> Rows:
        """One request. Raises Unanswered for whatever is not a list of prices."""
        async with self._gate.call():
            reply = await exchange(
                self._session,
                Method.GET,
                self._url,
                timeout_s=self._timeout_s,
                headers=self._headers,
                query=month.query(number),
            )
            self._tap(reply)
            if reply.status != _OK:
                raise refusal(reply, self._clock.now())
            return read_rows(reply.body)

    def _tap(self, reply: Reply) -> None:
        if self._reply_tap is not None:
            self._reply_tap(reply.body)

    def _outcome(self, why: Unanswered) -> Outcome:
        return Outcome(
            kind=why.kind,
            source=NAME,
            source_kind=SourceKind.CACHED,
            observed_at=self._clock.now(),
            detail=why.detail,
            retry_at=why.retry_at,
        )


def _answer(found: Found, *pages: Page) -> Outcome:
    """Quotes, or no_fares: that nobody looked for these days lately, which is not that nothing flies."""
    return Outcome(
        kind=OutcomeKind.QUOTES if found.quotes else OutcomeKind.NO_FARES,
        source=NAME,
        source_kind=SourceKind.CACHED,
        observed_at=min(page.read_at for page in pages),
        quotes=found.quotes,
        detail=left_out({"unreadable": sum(page.unreadable for page in pages), HIDDEN: found.left_out}),
        hidden=found.hidden,
        reaches=found.reaches,
    )


def _reaches(last: Rows) -> Money | None:
    """What a full last page leaves out costs no less than its last row: rows come sorted by price."""
    if last.count < MOST_ROWS or not last.fares:
        return None
    end = last.fares[-1].price
    return end.with_minor(end.minor - 1)


def _shortest_stay(dates: Dates) -> timedelta:
    """The least that a stay may last; a window's longer ones are then looked for as whole trips too."""
    if isinstance(dates, FixedDates):
        return (dates.return_on or dates.depart_on) - dates.depart_on
    stays = [ways_back.first - out for out, ways_back in dates.choices() if ways_back is not None]
    return min(stays, default=timedelta())
