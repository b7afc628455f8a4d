"""The engine's middle on a real store: scripted sources in front, an outbox to look into behind."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.announcing import Announcer
from engine.domain import judge
from engine.domain.alert import Notification
from engine.domain.announce import Operator
from engine.domain.judgement import WatchState
from engine.domain.planner import Intervals
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Route
from engine.domain.watch import Watch
from engine.fares.abilities import Abilities
from engine.fares.fetcher import Fetcher
from engine.fares.ports import Source
from engine.look import Looker, LookReport
from engine.loops import BatchReport, LookLoop
from engine.recorder import Recorder
from engine.store.database import Store
from tests.support import build
from tests.support.clock import HandClock

Answer = Callable[[Route, HandClock], Outcome]


@dataclass
class ScriptedSource:
    """A source that answers as a test says, and remembers what it was asked."""

    clock: HandClock
    answer: Answer
    name: str = "amadeus"
    kind: SourceKind = SourceKind.LIVE
    asked: list[Route] = field(default_factory=list)
    abilities: Abilities = field(default_factory=Abilities)

    async def search(self, route: Route) -> Outcome:
        self.asked.append(route)
        return self.answer(route, self.clock)


@dataclass
class Seen:
    """An observer that keeps what it was told; `await seen.batch()` waits for the next that ends."""

    counts: list[int] = field(default_factory=list)
    reports: list[LookReport] = field(default_factory=list)
    ended: "asyncio.Queue[BatchReport]" = field(default_factory=asyncio.Queue)

    async def batch(self) -> BatchReport:
        async with asyncio.timeout(10):
            return await self.ended.get()

    def dispatched(self, batch: int, count: int) -> None:  # noqa: ARG002
        self.counts.append(count)

    def looked(self, batch: int, report: LookReport) -> None:  # noqa: ARG002
        self.reports.append(report)

    def finished(self, report: BatchReport) -> None:
        self.ended.put_nowait(report)


@dataclass
class Rig:
    """The parts, joined as assembly joins them."""

    store: Store
    clock: HandClock
    looker: Looker
    looks: LookLoop
    recorder: Recorder
    commits: list[int]

    async def watch(self, *watches: Watch, of: Route | None = None, from_list: bool = True) -> None:
        """Keep watches of one route, armed unless said otherwise."""
        of = of or build.route()
        async with self.store.transaction() as tx:
            await tx.routes.ensure(of, self.clock.now())
            for watch in watches:
                await tx.watches.add(watch, judge.fresh_state(from_list=from_list))

    async def state(self, watch: Watch) -> WatchState:
        async with self.store.transaction() as tx:
            row = await tx.watches.get(watch.id)
        assert row is not None
        return row.state

    async def outbox(self) -> list[Notification]:
        """Everything that waits to be told, in order."""
        leased = await self.store.outbox.lease(self.clock.now(), timedelta(seconds=0), 1000)
        return [row.notification for row in leased]


def fares(*totals: int | str) -> Answer:
    """One fare after the other, the last one for ever."""
    left = list(totals)

    def answer(route: Route, clock: HandClock) -> Outcome:
        total = left.pop(0) if len(left) > 1 else left[0]
        quote = build.quote(total, of=route, observed_at=clock.now())
        return build.outcome(quote, at=clock.now())

    return answer


def fails(kind: OutcomeKind, detail: str = "timeout") -> Answer:
    """The same failure, always."""

    def answer(_: Route, clock: HandClock) -> Outcome:
        return build.outcome(at=clock.now(), kind=kind, detail=detail)

    return answer


@asynccontextmanager
async def open_rig(
    folder: Path,
    answer: Answer | None = None,
    *,
    sources: Callable[[HandClock], Sequence[Source]] | None = None,
    fetcher_on: Callable[[Store], Awaitable[Fetcher]] | None = None,
    clock: HandClock | None = None,
    operator: Operator | None = None,
    intervals: Intervals | None = None,
    concurrency: int = 100,
) -> AsyncIterator[Rig]:
    """A rig on a fresh database; the recorder runs until the block ends.

    `fetcher_on` makes the fetcher once the store is open, where scripted sources will not do.
    """
    clock = clock or HandClock()
    asked = sources(clock) if sources else [ScriptedSource(clock, answer or fares(450))]
    commits: list[int] = []
    async with Store.open(f"sqlite:///{folder / 'fares.db'}", clock) as store:
        recorder = Recorder(
            store,
            clock=clock,
            intervals=intervals or Intervals(jitter=0.0),
            dice=random.Random(1),  # noqa: S311  no secret
            announcer=Announcer(clocks=ZoneInfo, operator=operator, has_webhooks=True),
            committed=lambda: commits.append(1),
        )
        if fetcher_on is not None:
            fetcher = await fetcher_on(store)
        else:
            fetcher = Fetcher(asked, confirm_sources=asked, concurrency=concurrency, clock=clock)
        looker = Looker(store, fetcher, recorder, clock)
        recording = asyncio.create_task(recorder.run())
        try:
            yield Rig(
                store=store,
                clock=clock,
                looker=looker,
                looks=LookLoop(
                    store, looker, clock, interval=(intervals or Intervals()).live, concurrency=concurrency
                ),
                recorder=recorder,
                commits=commits,
            )
        finally:
            recording.cancel()
            await asyncio.wait([recording])
