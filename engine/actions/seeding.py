"""What a watch begins with: the newest fare of its route, or that of a look now (rule 9)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import msgspec

from engine.actions.showing import history_of
from engine.clock import Clock
from engine.domain import judge
from engine.domain.judgement import Look
from engine.domain.quote import Outcome, OutcomeKind, Quote
from engine.domain.route import RouteId
from engine.domain.watch import WatchId
from engine.look import LookReport
from engine.store.database import Store

FRESH: Final = timedelta(hours=1)  # a look not older than this seeds a watch
# A member waits that long for today's fare; a slower look goes on without the member.
PATIENCE_S: Final = 12.0


class Seeding:
    """Seeds watches; `look_now` visits a route."""

    def __init__(
        self, store: Store, look_now: Callable[[RouteId], Awaitable[LookReport]], clock: Clock
    ) -> None:
        self._store = store
        self._look_now = look_now
        self._clock = clock

    async def seed(self, watch_id: WatchId, route_id: RouteId) -> Outcome | None:
        """The outcome with the fare that it was seeded from; None when no answer came in time."""
        outcome = await self._from_newest(watch_id, route_id)
        if outcome is not None:
            return outcome
        report = await self.look(route_id)
        return as_judged(report) if report else None

    async def look(self, route_id: RouteId) -> LookReport | None:
        """A look now; None when its answer takes its time."""
        try:
            return await asyncio.wait_for(self._look_now(route_id), PATIENCE_S)
        except TimeoutError:
            return None

    async def _from_newest(self, watch_id: WatchId, route_id: RouteId) -> Outcome | None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await tx.watches.get(watch_id)
            quote = row.route.last_quote if row else None
            if row is None or quote is None or now - quote.observed_at > FRESH or row.route.route.to_anywhere:
                return None
            outcome = _seen(quote)
            look = Look(route=row.route.route, outcome=outcome, at=quote.observed_at)
            history = await history_of(tx, route_id, now)
            judgement = judge.seed(row.watch, row.state, look, history, now)
            await tx.watches.save_states({watch_id: judgement.state})
        return outcome


def as_judged(report: LookReport) -> Outcome:
    """The outcome with the fare that was judged and no other: what nobody could use is not shown."""
    return msgspec.structs.replace(report.outcome, quotes=(report.best,) if report.best else ())


def _seen(quote: Quote) -> Outcome:
    return Outcome(
        kind=OutcomeKind.QUOTES,
        source=quote.source,
        source_kind=quote.kind,
        observed_at=quote.observed_at,
        quotes=(quote,),
    )
