"""The one way through: a visit to a route, from its row in the store to committed judgements.

The inline loop, `/route check` and `fare-engine run` call this and nothing else.
"""

import asyncio
from datetime import datetime

import msgspec

from engine.clock import Clock
from engine.domain import details, judge
from engine.domain.alert import Reason
from engine.domain.finds import to_place
from engine.domain.judgement import Confirming, Judgement
from engine.domain.quote import Outcome, OutcomeKind, Quote
from engine.domain.route import Route, RouteId
from engine.domain.sweep import Found, Sweep, lead_of
from engine.domain.sweeping import to_confirm
from engine.domain.watch import Watch, WatchId
from engine.fares.fetcher import Fetcher
from engine.recorder import Recorder
from engine.store.database import Store
from engine.store.routes import RouteRow
from engine.visits import Visit


class LookReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one visit came to. `row` is the route as it stood before the visit.

    `outcome` is the one that was judged last (of the confirmation, where one was made); `best`
    is the cheapest usable quote of it. `found` are the finds of a sweep to anywhere.
    """

    row: RouteRow
    outcome: Outcome
    at: datetime
    next_look_at: datetime
    best: Quote | None = None
    judgements: tuple[tuple[Watch, Judgement], ...] = ()
    found: tuple[Found, ...] = ()

    @property
    def route(self) -> Route:
        """The route that was visited."""
        return self.row.route

    @property
    def parsed(self) -> bool:
        """Whether the source answered the question (quotes or no_fares)."""
        return self.outcome.parsed

    def judgement_of(self, watch_id: WatchId) -> Judgement | None:
        """The judgement of one watch, None when it was not judged (paused, removed)."""
        return next((judgement for watch, judgement in self.judgements if watch.id == watch_id), None)

    def find_of(self, watch_id: WatchId, code: str) -> Judgement | None:
        """The judgement of one find for one watch, None where it was not judged."""
        for found in self.found:
            if found.route.destination.code == code:
                return next((each for watch, each in found.judgements if watch.id == watch_id), None)
        return None


class LastBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What one tick of the loop came to, in numbers; it ended at `at`."""

    at: datetime
    dispatched: int
    failed: int
    elapsed_s: float


class Looker:
    """Visits routes: fetch, record and judge; confirms once where a lead would be told."""

    def __init__(self, store: Store, fetcher: Fetcher, recorder: Recorder, clock: Clock) -> None:
        self._store = store
        self._fetcher = fetcher
        self._recorder = recorder
        self._clock = clock

    async def look(self, route_id: RouteId) -> LookReport:
        """Visit a route by its id. Raises LookupError when there is no such route."""
        async with self._store.transaction() as tx:
            row = await tx.routes.get(route_id)
        if row is None:
            raise LookupError(route_id)
        return await self.look_at(row)

    async def look_at(self, row: RouteRow, *, for_member: bool = False) -> LookReport:
        """Visit a route whose row is at hand. Never raises for what a source may do.

        A look that is not due, only asked for by a member, makes do with an answer of the last five
        minutes and spends the members' share of a budget.
        """
        if judge.expired(row.route, self._clock.now()):
            return await self._departed(row)
        outcome = await (self._fetcher.ask(row.route) if for_member else self._fetcher.fetch(row.route))
        if for_member and self._fetcher.held_back(row.route, outcome):
            return await self._not_made(row, outcome)
        confirming = Confirming.POSSIBLE if self._fetcher.can_confirm else Confirming.IMPOSSIBLE
        if row.route.to_anywhere:
            return await self._sweep(row, outcome, confirming)
        report = await self._record(row, outcome, confirming)
        if any(judgement.reason is Reason.CONFIRM for _, judgement in report.judgements):
            return await self._confirm(row, outcome)
        return report

    async def _confirm(self, row: RouteRow, lead: Outcome) -> LookReport:
        """One live look past the cache; without an answer the lead is judged as it stands."""
        leads = judge.usable_quotes(lead, row.route, self._clock.now())
        live = await self._fetcher.confirm(row.route, leads)
        if live is None or not live.parsed:
            return await self._record(row, lead, Confirming.FAILED)
        return await self._record(row, live, Confirming.THIS, lead)

    async def _sweep(self, row: RouteRow, outcome: Outcome, confirming: Confirming) -> LookReport:
        """A sweep to anywhere: the cheapest finds that would be told are confirmed side by side first."""
        visit = Visit(row=row, outcome=outcome, at=outcome.observed_at, confirming=confirming)
        recorded = await self._recorder.record(visit)
        judged = recorded.sweep
        if judged is not None and judged.asks:
            asked, without = to_confirm((each for _, each in judged.of), judged.sweep)
            answers = await asyncio.gather(*(self._ask_about(judged.sweep, code) for code in asked))
            live: dict[str, Outcome | None] = dict.fromkeys(without)
            live |= zip(asked, answers, strict=True)
            recorded = await self._recorder.record(msgspec.structs.replace(visit, live=live))
            judged = recorded.sweep
        return LookReport(
            row=row,
            outcome=(judged and judged.outcome) or outcome,
            at=visit.at,
            next_look_at=recorded.next_look_at,
            best=recorded.best,
            judgements=recorded.judgements,
            found=judged.found if judged is not None else (),
        )

    async def _ask_about(self, sweep: Sweep, code: str) -> Outcome | None:
        """What live sources say of one find for the days at which it was seen, as quotes of the sweep."""
        route, lead = sweep.look.route, lead_of(sweep, code)
        place = sweep.place(code)
        live = await self._fetcher.confirm(to_place(route, place), () if lead is None else (lead,))
        if live is None:
            return None
        start = lead.ends[0] if lead is not None and lead.ends is not None else route.origin
        quotes = (
            msgspec.structs.replace(
                quote, route_id=route.id, ends=(quote.ends[0] if quote.ends else start, place)
            )
            for quote in live.quotes
        )
        return msgspec.structs.replace(live, quotes=tuple(quotes))

    async def _not_made(self, row: RouteRow, outcome: Outcome) -> LookReport:
        """No look, since members' calls are spent for today: nothing is written, the plan stands."""
        async with self._store.transaction() as tx:
            await tx.routes.release(row.route.id)
        return LookReport(row=row, outcome=outcome, at=self._clock.now(), next_look_at=row.next_look_at)

    async def _departed(self, row: RouteRow) -> LookReport:
        now = self._clock.now()
        recorded = await self._recorder.record(Visit(row=row, outcome=None, at=now))
        outcome = Outcome(kind=OutcomeKind.REJECTED, source="none", observed_at=now, detail=details.DEPARTED)
        return LookReport(
            row=row,
            outcome=outcome,
            at=now,
            next_look_at=recorded.next_look_at,
            judgements=recorded.judgements,
        )

    async def _record(
        self, row: RouteRow, outcome: Outcome, confirming: Confirming, lead: Outcome | None = None
    ) -> LookReport:
        visit = Visit(row=row, outcome=outcome, at=outcome.observed_at, confirming=confirming, lead=lead)
        recorded = await self._recorder.record(visit)
        return LookReport(
            row=row,
            outcome=outcome,
            at=visit.at,
            next_look_at=recorded.next_look_at,
            best=recorded.best,
            judgements=recorded.judgements,
        )
