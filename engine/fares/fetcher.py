"""Fetching: one route from the first source that answers, many routes side by side."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec
import structlog

from engine.clock import Clock
from engine.domain import details
from engine.domain.budget import Asker, BudgetSpent, CallLimits, CallsMade
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import Route, RouteId
from engine.fares.advice import NO_SOURCE, NONE_SET_UP, NONE_SWEEPS
from engine.fares.breaker import Breakers
from engine.fares.budget import Budgets, NotCounted
from engine.fares.cache import MemoryQuotes, QuoteCache
from engine.fares.certainty import Doubt, doubt
from engine.fares.combining import combined
from engine.fares.expansion import confirmations
from engine.fares.flight import SingleFlight
from engine.fares.gate import asking_for
from engine.fares.parts import LookPrice, Parts
from engine.fares.ports import Source

_log = structlog.get_logger(__name__)
# Rule 2 gives a confirmation two minutes, waiting for a turn included.
_CONFIRM_WITHIN_S: Final = 120.0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a source stands: `why` it gives no answer since `down_since`, and `until` when it is left alone.

    `down_since` is None while it is up. `made` and `limits` are its calls and what bounds them.
    """

    source: str
    kind: SourceKind
    down_since: datetime | None = None
    until: datetime | None = None
    why: Outcome | None = None
    made: CallsMade
    limits: CallLimits
    spent: BudgetSpent | None = None


class Fetcher:
    """Asks the sources.

    `sources` stand in order of preference: the next one is asked when one gives no answer or is down.
    `confirm_sources` are those that may confirm a lead; only live ones among them count. `concurrency`
    is how many routes of a fan-out wait for answers at once (how many calls are in flight is the gates'
    business). `breakers` and `budgets` are those that the gates of the sources ask too.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        confirm_sources: Sequence[Source],
        concurrency: int,
        clock: Clock,
        breakers: Breakers | None = None,
        cache: QuoteCache | None = None,
        budgets: Budgets | None = None,
    ) -> None:
        self._sources = tuple(sources)
        self._confirmers = tuple(source for source in confirm_sources if source.kind is SourceKind.LIVE)
        self._concurrency = concurrency
        self._clock = clock
        self._budgets = budgets or Budgets({}, NotCounted("nothing is limited"), clock)
        self._parts = Parts(self._budgets, clock)
        self._breakers = breakers or Breakers(clock)
        self._cache = cache or MemoryQuotes(clock)
        self._fetches: SingleFlight[tuple[RouteId, Asker], Outcome] = SingleFlight()
        self._confirms: SingleFlight[RouteId, Outcome] = SingleFlight()
        self._searches: SingleFlight[tuple[str, RouteId, Asker], Outcome] = SingleFlight()

    @property
    def can_confirm(self) -> bool:
        """Whether a live source could be asked to confirm a lead: there is one, with calls left."""
        return any(not self._budgets.spent(source.name, Asker.LOOP) for source in self._confirmers)

    async def fetch(self, route: Route) -> Outcome:
        """The answer of the first source that gives one, else what the most preferred one said.

        Asked now, whatever was kept. Equal routes asked for at the same time share one fetch. Raises
        nothing but CancelledError.
        """
        return await self._fetches.join((route.id, Asker.LOOP), lambda: self._fetched(route))

    async def ask(self, route: Route) -> Outcome:
        """The same for a member who waits: an answer of the last five minutes will do.

        What has to be asked is counted against the members' share of a budget. Raises nothing but
        CancelledError.
        """
        kept = await self._cache.recall(self._key(route))
        if kept is not None:
            return kept
        if self._fetches.under_way((route.id, Asker.LOOP)):
            return await self.fetch(route)
        return await self._fetches.join((route.id, Asker.MEMBER), lambda: self._asked(route))

    def held_back(self, route: Route, outcome: Outcome) -> bool:
        """Whether this is the word of a source that has calls left for the route, but not for members."""
        if outcome.kind is not OutcomeKind.QUOTA:
            return False
        asked = (source for source in self._sources if source.name == outcome.source)
        return any(self._parts.kept_for_the_loop(source, route) for source in asked)

    def price_of(self, route: Route) -> tuple[LookPrice, ...]:
        """What a look at the route takes from each source that would be asked for it, in their order."""
        return tuple(self._parts.price(source, route) for source in _able(self._sources, route))

    def doubt_of(self, route: Route) -> Doubt | None:
        """What of the route no live source, or only some, can price exactly."""
        return doubt((*_able(self._sources, route), *self._confirmers), route)

    async def confirm(self, route: Route, leads: Sequence[Quote] = ()) -> Outcome | None:
        """Ask the live sources anew, whatever was fetched before; None when there is none.

        Of a route that leaves a choice only the days and places of the cheapest lead are asked for; where
        that is dearer than it was seen, those of the next ones, three in all. The quotes are the route's.
        Unreachable when no answer came within two minutes.
        """
        if not self._confirmers:
            return None
        answers: list[tuple[Route, Outcome]] = []
        asking = asyncio.ensure_future(self._ask_in_turn(confirmations(route, leads), answers))
        patience = asyncio.ensure_future(self._clock.sleep(_CONFIRM_WITHIN_S))
        try:
            await asyncio.wait((asking, patience), return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                asking.result()
        finally:
            asking.cancel()
            patience.cancel()
        if not answers:
            confirmer = self._confirmers[0].name
            return self._failed(confirmer, OutcomeKind.UNREACHABLE, details.TOO_LATE)
        return answers[0][1] if answers[0][0] is route else combined(route, answers)

    async def _ask_in_turn(
        self, wanted: Sequence[tuple[Route, Quote | None]], answers: list[tuple[Route, Outcome]]
    ) -> None:
        """One after the other, until a lead is borne out or the rest is dearer than what was found."""
        cheapest: int | None = None
        for search, lead in wanted:
            if lead is not None and cheapest is not None and lead.total.minor >= cheapest:
                return
            outcome = await self._confirms.join(search.id, partial(self._live, search))
            if answers and not outcome.parsed:
                return  # what was answered stands
            answers.append((search, outcome))
            found = [each.total.minor for each in outcome.quotes if each.total.currency == search.currency]
            cheapest = min((total for total in (cheapest, *found) if total is not None), default=None)
            if not outcome.parsed or lead is None or (cheapest is not None and cheapest <= lead.total.minor):
                return

    async def _live(self, route: Route) -> Outcome:
        return await self._in_order(self._confirmers, route, Asker.LOOP)

    def standings(self) -> tuple[Standing, ...]:
        """All sources, in order of preference; those that only confirm come last."""
        every = dict.fromkeys((*self._sources, *self._confirmers))
        return tuple(self._standing(source) for source in every)

    async def fan_out(self, routes: Iterable[Route]) -> AsyncGenerator[tuple[Route, Outcome], None]:
        """Fetch many routes side by side and yield each as it lands.

        Equal routes are fetched once and yielded as often as they were given. Wrap it in
        `contextlib.aclosing` where the loop over it may end early.
        """
        alike: dict[RouteId, list[Route]] = {}
        for route in routes:
            alike.setdefault(route.id, []).append(route)
        waiting = iter([same[0] for same in alike.values()])
        landed: asyncio.Queue[tuple[Route, Outcome]] = asyncio.Queue()
        # Workers rather than a task per route: ten thousand tasks at once would hold the loop up.
        workers = [
            asyncio.create_task(self._work_off(waiting, landed))
            for _ in range(min(self._concurrency, len(alike)))
        ]
        try:
            for _ in range(len(alike)):
                route, outcome = await landed.get()
                for same in alike[route.id]:
                    yield same, outcome
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work_off(
        self, waiting: Iterator[Route], landed: "asyncio.Queue[tuple[Route, Outcome]]"
    ) -> None:
        for route in waiting:
            landed.put_nowait((route, await self.fetch(route)))

    async def _fetched(self, route: Route) -> Outcome:
        outcome = await self._in_order(self._sources, route, Asker.LOOP)
        if outcome.parsed:
            await self._cache.keep(self._key(route), outcome)
        return outcome

    async def _asked(self, route: Route) -> Outcome:
        key = self._key(route)
        async with self._cache.alone(key):
            if (kept := await self._cache.recall(key)) is not None:
                return kept
            outcome = await self._in_order(self._sources, route, Asker.MEMBER)
            if outcome.parsed:
                await self._cache.keep(key, outcome)
        return outcome

    def _key(self, route: Route) -> str:
        """The question: rolling dates mean others tomorrow, and other sources give other answers."""
        names = ",".join(source.name for source in self._sources)
        return f"{names}:{route.id}:{self._clock.now().date()}"

    async def _in_order(self, sources: Sequence[Source], route: Route, asker: Asker) -> Outcome:
        first: Outcome | None = None
        able = _able(sources, route)
        for source in able:
            outcome = await self._look_over(source, route, asker)
            if outcome.parsed:
                return outcome
            first = first or outcome
        why = NONE_SWEEPS if sources and not able else NONE_SET_UP
        return first or self._failed(NO_SOURCE, OutcomeKind.REJECTED, why)

    async def _look_over(self, source: Source, route: Route, asker: Asker) -> Outcome:
        """All searches that the route takes at one source, side by side, as one outcome.

        A look is made whole or not at all: what would not fit into the budget is not begun.
        """
        parts = self._parts.of(source, route)
        if len(parts) == 1 and parts[0] is route:
            return await self._search(source, route, asker)
        if (refusal := self._parts.refusal(source, parts, asker)) is not None:
            return refusal
        outcomes = await asyncio.gather(*(self._part(source, part, asker) for part in parts))
        return combined(route, list(zip(parts, outcomes, strict=True)))

    async def _part(self, source: Source, part: Route, asker: Asker) -> Outcome:
        """One of several searches; two routes that overlap share it while it is under way."""
        key = (source.name, part.id, asker)
        return await self._searches.join(key, lambda: self._search(source, part, asker))

    async def _search(self, source: Source, route: Route, asker: Asker) -> Outcome:
        breaker = self._breakers.of(source.name)
        if (passed_over := breaker.passed_over()) is not None:
            return passed_over
        probe = breaker.begin()
        news: Outcome | None = None
        try:
            with asking_for(asker):
                outcome = news = await source.search(route)
        except Exception:  # noqa: BLE001  the root of every search: one adapter's bug must not stop others
            _log.exception("source_fault", source=source.name, route_id=route.id)
            outcome = news = self._failed(source.name, OutcomeKind.MALFORMED, "fault in the adapter")
        finally:
            breaker.end(None if news is None or self._is_ours(news, asker) else news, probe=probe)
        return outcome

    def _is_ours(self, outcome: Outcome, asker: Asker) -> bool:
        """Whether a budget of ours speaks here: that says nothing of the source."""
        return outcome.kind is OutcomeKind.QUOTA and self._budgets.spent(outcome.source, asker)

    def _standing(self, source: Source) -> Standing:
        breaker, budget = self._breakers.of(source.name), self._budgets.of(source.name)
        return Standing(
            source=source.name,
            kind=source.kind,
            down_since=breaker.down_since,
            until=breaker.until,
            why=breaker.why,
            made=budget.made,
            limits=budget.limits,
            spent=budget.spent(),
        )

    def _failed(self, source: str, kind: OutcomeKind, detail: str) -> Outcome:
        return Outcome(kind=kind, source=source, observed_at=self._clock.now(), detail=detail)


def _able(sources: Sequence[Source], route: Route) -> Sequence[Source]:
    """Those that can be asked for the route: not every one takes a search to anywhere."""
    return [source for source in sources if source.abilities.anywhere] if route.to_anywhere else sources
