"""Fetching: one route from the first source that answers, many routes side by side."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from typing import Final

import structlog

from engine.clock import Clock
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Route, RouteId
from engine.fares.advice import NO_SOURCE, NONE_SET_UP
from engine.fares.flight import SingleFlight
from engine.fares.ports import Source
from engine.fares.rest import Rest

_log = structlog.get_logger(__name__)
# Rule 2 gives a confirmation two minutes, waiting for a turn included.
_CONFIRM_WITHIN_S: Final = 120.0


def _never(source: str) -> bool:  # noqa: ARG001  whichever source
    return False


class Fetcher:
    """Asks the sources, at most `concurrency` fetches at once over all of them, and as many confirmations.

    `sources` stand in order of preference: the next one is asked when one gives no answer.
    `confirm_sources` are those that may confirm a lead; only live ones among them count. `spent` says
    of a source whether its budget is used up.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        confirm_sources: Sequence[Source],
        concurrency: int,
        clock: Clock,
        spent: Callable[[str], bool] = _never,
    ) -> None:
        self._sources = tuple(sources)
        self._confirmers = tuple(source for source in confirm_sources if source.kind is SourceKind.LIVE)
        self._concurrency = concurrency
        self._slots = asyncio.Semaphore(concurrency)
        # Apart: those who queue for the slow pace of a confirmer must not hold up everybody's fetches.
        self._confirm_slots = asyncio.Semaphore(concurrency)
        self._clock = clock
        self._spent = spent
        self._rests = {source.name: Rest(clock) for source in (*self._sources, *self._confirmers)}
        self._fetches: SingleFlight[RouteId, Outcome] = SingleFlight()
        self._confirms: SingleFlight[RouteId, Outcome] = SingleFlight()

    @property
    def can_confirm(self) -> bool:
        """Whether a live source could be asked to confirm a lead: there is one, with calls left."""
        return any(not self._spent(source.name) for source in self._confirmers)

    async def fetch(self, route: Route) -> Outcome:
        """The answer of the first source that gives one, else what the most preferred one said.

        Equal routes asked for at the same time share one fetch. Raises nothing but CancelledError.
        """
        return await self._fetches.join(route.id, lambda: self._in_order(self._sources, route, self._slots))

    async def confirm(self, route: Route) -> Outcome | None:
        """Ask the live sources anew, whatever was fetched before; None when there is none.

        Unreachable when no answer came within two minutes.
        """
        if not self._confirmers:
            return None
        asking = asyncio.ensure_future(
            self._confirms.join(
                route.id, lambda: self._in_order(self._confirmers, route, self._confirm_slots)
            )
        )
        patience = asyncio.ensure_future(self._clock.sleep(_CONFIRM_WITHIN_S))
        try:
            await asyncio.wait((asking, patience), return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()
        finally:
            asking.cancel()
            patience.cancel()
        return self._failed(self._confirmers[0].name, OutcomeKind.UNREACHABLE, "no answer in two minutes")

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

    async def _in_order(self, sources: Sequence[Source], route: Route, slots: asyncio.Semaphore) -> Outcome:
        first: Outcome | None = None
        for source in sources:
            outcome = await self._ask(source, route, slots)
            if outcome.parsed:
                return outcome
            first = first or outcome
        return first or self._failed(NO_SOURCE, OutcomeKind.REJECTED, NONE_SET_UP)

    async def _ask(self, source: Source, route: Route, slots: asyncio.Semaphore) -> Outcome:
        rest = self._rests[source.name]
        async with slots:
            if (resting := rest.current()) is not None:
                return resting
            try:
                outcome = await source.search(route)
            except Exception:  # noqa: BLE001  the root of every search: one adapter's bug must not stop others
                _log.exception("source_fault", source=source.name, route_id=route.id)
                outcome = self._failed(source.name, OutcomeKind.MALFORMED, "fault in the adapter")
        rest.note(outcome)
        return outcome

    def _failed(self, source: str, kind: OutcomeKind, detail: str) -> Outcome:
        return Outcome(kind=kind, source=source, observed_at=self._clock.now(), detail=detail)
