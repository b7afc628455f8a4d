"""Supervised loops on the monotonic clock; none of them can die of an exception."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Any, Final, ParamSpec, Protocol

import msgspec
import structlog

from engine.clock import Clock
from engine.domain.alert import Reason
from engine.domain.route import RouteId
from engine.domain.watch import Owner
from engine.look import LastBatch, Looker, LookReport
from engine.store.database import Store
from engine.store.routes import RouteRow

_log = structlog.get_logger(__name__)
_P = ParamSpec("_P")

_FIRST_BACKOFF_S: Final = 1.0
_LONGEST_BACKOFF_S: Final = 60.0
_LONGEST_NAP_S: Final = 30.0  # a step of the wall clock goes unnoticed for no longer than this
_SHORTEST_NAP_S: Final = 0.05
_LEASE: Final = timedelta(minutes=10)  # a look that failed of a fault of ours comes round again after it
_MOST_DUE: Final = 10_000


class BatchReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one tick dispatched and what came of it.

    parsed (quotes, no_fares) + failed (every other outcome) = dispatched; `alerts` counts
    judgements with ALERT or LOWER_STILL; `elapsed_s` runs from the first dispatch to the last
    commit, delivery not included.
    """

    batch: int
    dispatched: int
    parsed: int
    failed: int
    alerts: int
    elapsed_s: float
    reports: tuple[LookReport, ...]


class Observer(Protocol):
    """Somebody who follows the batches: the headless log, a progress bar, a metric.

    What it raises is logged and stops no look.
    """

    def dispatched(self, batch: int, count: int) -> None:
        """A tick sent that many looks on their way."""
        ...

    def looked(self, batch: int, report: LookReport) -> None:
        """One of them is committed."""
        ...

    def finished(self, report: BatchReport) -> None:
        """All of them are."""
        ...


async def supervise(name: str, run: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Run for ever: whatever escapes `run` is logged and `run` begins again after a pause.

    The pause doubles from one second to a minute and starts over once a run held for a minute.
    """
    backoff = _FIRST_BACKOFF_S
    while True:
        begun = clock.monotonic()
        try:
            await run()
            return
        except Exception:  # noqa: BLE001  the root of a supervised loop
            _log.exception("loop failed, starting it again", loop=name, in_s=backoff)
        if clock.monotonic() - begun > _LONGEST_BACKOFF_S:
            backoff = _FIRST_BACKOFF_S
        await clock.sleep(backoff)
        backoff = min(backoff * 2, _LONGEST_BACKOFF_S)


class LookLoop:
    """Starts every due route as soon as it is due; what one tick starts is a batch.

    A started route is leased in the store, so that no tick starts it twice; a crash lets the
    lease go when the store is opened again, and the route is looked at once. `only` leaves out
    routes that this owner does not watch. No route waits longer than `interval` for the loop to begin, nor
    after a wall clock that was set back. `concurrency` is how many searches are in flight at most.
    """

    def __init__(
        self,
        store: Store,
        looker: Looker,
        clock: Clock,
        *,
        interval: timedelta,
        concurrency: int,
        only: Owner | None = None,
    ) -> None:
        self._store = store
        self._looker = looker
        self._clock = clock
        self._interval = interval
        # A look waits for its commit after its fetch: twice as many keep every slot busy.
        self._width = 2 * concurrency
        self._only = only
        self._asked: dict[RouteId, list[asyncio.Future[LookReport]]] = {}
        self._anew: set[RouteId] = set()
        self._in_flight: set[RouteId] = set()
        self._news = asyncio.Event()
        self._last_tick_at = clock.now()
        self._beat = clock.monotonic()
        self._next_tick_at = clock.now()
        self._batches = 0
        self._last_batch: LastBatch | None = None
        self._running = False

    def poke(self) -> None:
        """Something became due: a new watch, a resumed one, the end of a snooze."""
        self._news.set()

    @property
    def still_for_s(self) -> float:
        """Seconds since the loop last asked what is due; well under a minute while it works."""
        return self._clock.monotonic() - self._beat

    @property
    def last_batch(self) -> LastBatch | None:
        """What the batch that ended last came to; None before the first."""
        return self._last_batch

    async def ask(self, route_id: RouteId) -> LookReport:
        """Look at a route now for a member, due or not; shares a look that is under way already.

        The look runs on the loop's own task: whoever asked may give up waiting.
        """
        answer: asyncio.Future[LookReport] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(route_id, []).append(answer)
        self.poke()
        return await answer

    async def revisit(self, route_id: RouteId) -> LookReport:
        """Look at a route anew, whether the loop runs or not; a running loop shares its looks."""
        if not self._running:
            return await self._looker.look(route_id)
        self._anew.add(route_id)
        return await self.ask(route_id)

    async def run(self, observer: Observer) -> None:
        """Dispatch until cancelled."""
        batches: set[asyncio.Task[BatchReport]] = set()
        async with self._store.transaction() as tx:
            await tx.routes.release_all()  # what an earlier run of this loop was cut short in
            # The interval may have been made shorter.
            await tx.routes.bring_forward(self._clock.now() + self._interval)
        self._running = True
        try:
            while True:
                self._news.clear()
                rows = await self._claim()
                if rows:
                    batch = asyncio.create_task(self._batch(rows, observer))
                    batches.add(batch)
                    batch.add_done_callback(batches.discard)
                await self._nap()
        finally:
            self._running = False
            await _cancelled(batches)

    async def run_once(self, observer: Observer) -> BatchReport:
        """Look at every watched route now, due or not, and report when all are committed."""
        async with self._store.transaction() as tx:
            rows = await tx.routes.watched(self._only)
        return await self._batch(rows, observer)

    async def _claim(self) -> list[RouteRow]:
        """What this tick starts: the due routes and the ones asked for, leased."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if now < self._last_tick_at:  # the wall clock was set back: nobody waits longer for it
                await tx.routes.bring_forward(now + self._interval)
            rows = {row.route.id: row for row in await tx.routes.due(now, _MOST_DUE, self._only)}
            asked = [route_id for route_id in self._asked if route_id not in rows]
            rows |= await tx.routes.get_many(asked)
            started = {id_: row for id_, row in rows.items() if id_ not in self._in_flight}
            await tx.routes.lease(tuple(started), now + _LEASE)
        self._last_tick_at = now
        self._beat = self._clock.monotonic()
        for route_id in asked:  # whoever asked since then is seen by the next tick
            if route_id not in rows:
                self._refuse(route_id, LookupError("no such route"))
        # Whoever waits for a look comes before those that are merely due.
        return sorted(started.values(), key=lambda row: row.route.id not in self._asked)

    async def _nap(self) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            next_due_at = await tx.routes.next_due_at(now, self._only)
        wait = (next_due_at - now).total_seconds() if next_due_at else _LONGEST_NAP_S
        wait = min(max(wait, _SHORTEST_NAP_S), _LONGEST_NAP_S)
        self._next_tick_at = now + timedelta(seconds=wait)
        napping = asyncio.ensure_future(self._clock.sleep(wait))
        poked = asyncio.ensure_future(self._news.wait())
        try:
            await asyncio.wait((napping, poked), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancelled((napping, poked))

    async def _batch(self, rows: list[RouteRow], observer: Observer) -> BatchReport:
        self._batches += 1
        number, begun = self._batches, self._clock.monotonic()
        self._in_flight.update(row.route.id for row in rows)
        _tell(observer.dispatched, number, len(rows))
        reports: list[LookReport] = []
        waiting = iter(rows)

        async def work_off() -> None:
            for row in waiting:
                report = await self._look(row)
                if report is not None:
                    reports.append(report)
                    _tell(observer.looked, number, report)

        try:
            # Workers rather than a task per route: ten thousand tasks at once would hold the loop up.
            async with asyncio.TaskGroup() as workers:
                for _ in range(min(self._width, len(rows))):
                    workers.create_task(work_off())
        finally:
            # Cut short, those whose turn had not come are free to be started again.
            self._in_flight.difference_update(row.route.id for row in waiting)
        report = _report(number, len(rows), reports, self._clock.monotonic() - begun)
        self._last_batch = LastBatch(
            at=self._clock.now(),
            dispatched=report.dispatched,
            failed=report.failed,
            elapsed_s=report.elapsed_s,
        )
        _tell(observer.finished, report)
        return report

    async def _look(self, row: RouteRow) -> LookReport | None:
        route_id = row.route.id
        try:
            report = await self._looker.look_at(row, for_member=self._is_for_member(row))
        except Exception as error:  # noqa: BLE001  the root of one look: the others go on
            _log.exception("look failed", route=route_id)
            self._refuse(route_id, error)
            return None
        finally:
            self._in_flight.discard(route_id)
        for answer in self._asked.pop(route_id, ()):
            if not answer.done():
                answer.set_result(report)
        if report.next_look_at < self._next_tick_at:
            self.poke()
        return report

    def _is_for_member(self, row: RouteRow) -> bool:
        """Whether it is made only because a member asked: not planned by now, or new to us."""
        planned = row.last_look_at is not None and row.next_look_at <= self._clock.now()
        anew = row.route.id in self._anew
        self._anew.discard(row.route.id)
        return row.route.id in self._asked and not planned and not anew

    def _refuse(self, route_id: RouteId, error: Exception) -> None:
        for answer in self._asked.pop(route_id, ()):
            if not answer.done():
                answer.set_exception(error)


def _report(number: int, dispatched: int, reports: list[LookReport], elapsed_s: float) -> BatchReport:
    parsed = sum(report.parsed for report in reports)
    pings = (Reason.ALERT, Reason.LOWER_STILL)
    return BatchReport(
        batch=number,
        dispatched=dispatched,
        parsed=parsed,
        failed=dispatched - parsed,
        alerts=sum(judgement.reason in pings for report in reports for _, judgement in report.judgements),
        elapsed_s=elapsed_s,
        reports=tuple(reports),
    )


def _tell(observe: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
    try:
        observe(*args, **kwargs)
    except Exception:  # noqa: BLE001  whoever only watches must not stop the looks
        _log.exception("observer failed")


async def _cancelled(running: Collection[asyncio.Future[Any]]) -> None:
    """Cancel what still runs and wait until it has ended."""
    tasks = tuple(running)
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()):
            _log.error("task ended badly", error=repr(error))
