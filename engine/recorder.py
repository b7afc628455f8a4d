"""The recorder: one task that takes what looks have gathered into one transaction after another.

In each it reads the watches as they stand, judges, and writes quotes, history, states and outbox
rows. Nothing but SQL and the judge runs inside.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from engine.announcing import Announcer, Verdict
from engine.clock import Clock
from engine.domain import judge
from engine.domain.alert import Reason
from engine.domain.calendars import Calendar, after_look, leaves_choice, replaces
from engine.domain.history import DayLow, History
from engine.domain.judgement import Confirming, Judgement, Look, WatchState
from engine.domain.money import Money
from engine.domain.planner import Dice, Intervals, Plan
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import RouteId
from engine.domain.watch import Watch, WatchStatus
from engine.steps import AtStep, Step, pass_by
from engine.store.database import Store, Transaction
from engine.store.routes import LookRecord, RouteRow
from engine.sweeps import FindFacts, SweepJudged, find_facts, judge_sweep, keep_finds

_log = structlog.get_logger(__name__)

_MOST_IN_A_GROUP: Final = 500
_TURN: Final = 50  # visits judged before the rest of the loop gets its turn
_HISTORY: Final = timedelta(days=60)
_FEWEST_DAYS: Final = 5  # a median of fewer daily lows says little
_ALIVE: Final = timedelta(hours=24)  # how lately a source must have answered elsewhere (rule 7)


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What a look brings home; `outcome` is None when nothing was fetched (departed).

    `lead` is the outcome that a confirmation was made for. Of a sweep to anywhere `live` is instead what
    live looks for single finds came to, by the codes of their places.
    """

    row: RouteRow
    outcome: Outcome | None
    at: datetime
    confirming: Confirming = Confirming.IMPOSSIBLE
    lead: Outcome | None = None
    live: Mapping[str, Outcome | None] | None = None


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What was committed of a visit; nothing, when a judgement asks for a confirmation first."""

    judgements: tuple[tuple[Watch, Judgement], ...]
    next_look_at: datetime
    best: Quote | None
    sweep: SweepJudged | None = None


class _Pending(msgspec.Struct):
    visit: Visit
    done: asyncio.Future[Recorded]


class _Facts(msgspec.Struct, frozen=True):
    """What the store knows that bears on a group of visits."""

    watches: Mapping[RouteId, Sequence[tuple[Watch, WatchState]]]
    histories: Mapping[RouteId, History]
    alive: frozenset[RouteId]
    finds: FindFacts
    calendars: Mapping[RouteId, Calendar]


class _Judged(msgspec.Struct, frozen=True):
    """One visit after the judge: what is to be written of it."""

    visit: Visit
    history: History
    judgements: tuple[tuple[Watch, Judgement], ...]
    best: Quote | None
    counted: Quote | None
    next_look_at: datetime
    sweep: SweepJudged | None = None
    calendar: Calendar | None = None

    @property
    def waits(self) -> bool:
        """Whether a confirmation comes first: then nothing of it is written."""
        if self.sweep is not None and self.visit.live is None:
            return self.sweep.asks
        return any(judgement.reason is Reason.CONFIRM for _, judgement in self.judgements)


class Recorder:
    """Takes visits, judges them against the watches as they stand, commits, wakes the relay.

    `record` waits for the commit; `run` must be running. Visits that come while a transaction is
    under way gather for the next one.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        intervals: Intervals,
        dice: Dice,
        announcer: Announcer,
        committed: Callable[[], None],
        at_step: AtStep = pass_by,
    ) -> None:
        self._store = store
        self._clock = clock
        self._intervals = intervals
        self._dice = dice
        self._announcer = announcer
        self._committed = committed
        self._at_step = at_step
        self._queue: asyncio.Queue[_Pending] = asyncio.Queue()
        self._put_off: _Pending | None = None

    async def record(self, visit: Visit) -> Recorded:
        """Hand in a visit and wait until it is committed. Raises StoreError when it cannot be."""
        done: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Pending(visit, done))
        return await done

    async def run(self) -> None:
        """Commit what gathers until cancelled."""
        while True:
            await self._commit(await self._gathered())

    async def _gathered(self) -> list[_Pending]:
        """What waits, up to the second visit of a route: it is judged by what the first one leaves."""
        first = self._put_off or await self._queue.get()
        self._put_off = None
        group = {first.visit.row.route.id: first}
        while len(group) < _MOST_IN_A_GROUP and not self._queue.empty():
            pending = self._queue.get_nowait()
            if pending.visit.row.route.id in group:
                self._put_off = pending
                break
            group[pending.visit.row.route.id] = pending
        return list(group.values())

    async def _commit(self, group: list[_Pending]) -> None:
        """One transaction for all; when it fails, one for each, so that a bad visit fails alone."""
        try:
            recorded = await self._record_all([pending.visit for pending in group])
        except Exception as error:  # noqa: BLE001  the root of a group: the others go on
            if len(group) == 1:
                _log.exception("visit could not be recorded", route=group[0].visit.row.route.id)
                _fail(group[0], error)
                return
            _log.warning("group could not be recorded, one by one now", visits=len(group), error=repr(error))
            for pending in group:
                await self._commit([pending])
            return
        for pending, result in zip(group, recorded, strict=True):
            if not pending.done.done():
                pending.done.set_result(result)
        self._committed()

    async def _record_all(self, visits: Sequence[Visit]) -> list[Recorded]:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            facts = await _facts(tx, visits, now)
            judged = []
            for at, visit in enumerate(visits, start=1):
                judged.append(await self._judge(visit, facts, now))
                route = visit.row.route
                if at % _TURN == 0 or route.to_anywhere or leaves_choice(route):  # many looks in one
                    await asyncio.sleep(0)
            await self._write(tx, [each for each in judged if not each.waits], now)
            self._at_step(Step.RECORDING)
        self._at_step(Step.RECORDED)
        return [
            Recorded(
                judgements=each.judgements,
                next_look_at=each.next_look_at,
                best=each.best,
                sweep=each.sweep,
            )
            for each in judged
        ]

    async def _judge(self, visit: Visit, facts: _Facts, now: datetime) -> _Judged:
        route = visit.row.route
        history = facts.histories.get(route.id, History())
        look = Look(
            route=route,
            outcome=visit.outcome,
            at=visit.at,
            confirming=visit.confirming,
            source_alive=route.id in facts.alive,
            lead=visit.lead,
        )
        watches = facts.watches.get(route.id, ())
        sweep = None
        if route.to_anywhere:
            sweep = await judge_sweep(look, visit.live, watches, facts.finds, now)
            judgements = sweep.judgements
            look = msgspec.structs.replace(look, outcome=sweep.outcome)
        else:
            judgements = tuple(
                (watch, judge.judge(watch, state, look, history, now)) for watch, state in watches
            )
        return _Judged(
            visit=visit,
            history=history,
            judgements=judgements,
            best=judge.best_quote(look, now).quote,
            counted=judge.history_total(look, history, visit.row.last_quote, now),
            next_look_at=self._next_look_at(visit, judgements, now),
            sweep=sweep,
            calendar=_calendar(visit, facts.calendars.get(route.id), now),
        )

    def _next_look_at(
        self, visit: Visit, judgements: Sequence[tuple[Watch, Judgement]], now: datetime
    ) -> datetime:
        outcome = visit.outcome
        regular = visit.lead or outcome  # a confirmation does not change who is asked by and by
        plan = Plan(
            intervals=self._intervals,
            kind=regular.source_kind if regular else SourceKind.LIVE,
            look_again_at=tuple(judged.look_again_at for _, judged in judgements if judged.look_again_at),
            retry_at=outcome.retry_at if outcome else None,
        )
        return plan.next_look_at(now, self._dice)

    async def _write(self, tx: Transaction, judged: Sequence[_Judged], now: datetime) -> None:
        await tx.routes.record([_look_record(each) for each in judged])
        await tx.quotes.record([each.best for each in judged if each.best is not None])
        await tx.history.save([_day_low(each, each.counted) for each in judged if each.counted is not None])
        for each in judged:
            if each.sweep is not None:
                await keep_finds(tx, each.sweep, now)
        calendars = {each.visit.row.route.id: each.calendar for each in judged if each.calendar is not None}
        await tx.calendars.save(calendars, now)
        everything = [pair for each in judged for pair in each.judgements]
        await tx.watches.save_states({watch.id: judgement.state for watch, judgement in everything})
        for watch, judgement in everything:
            if judgement.reason is Reason.EXPIRED and watch.status is WatchStatus.ACTIVE:
                await tx.watches.update(msgspec.structs.replace(watch, status=WatchStatus.EXPIRED))
        verdicts = [_verdict(each) for each in judged]
        await tx.notifications.enqueue(await self._announcer.announced(tx, verdicts, now))


async def _facts(tx: Transaction, visits: Sequence[Visit], now: datetime) -> _Facts:
    ids = [visit.row.route.id for visit in visits]
    alive = await _with_alive_source(tx, visits, now)
    watches = await tx.watches.on_routes(ids)
    routes = [visit.row.route for visit in visits]
    return _Facts(
        watches=watches,
        histories=await tx.history.of_routes(ids, (now - _HISTORY).date()),
        alive=frozenset(alive),
        finds=await find_facts(tx, routes, (watch for of in watches.values() for watch, _ in of), now),
        calendars=await tx.calendars.of_routes(
            visit.row.route.id
            for visit in visits
            if leaves_choice(visit.row.route) and not replaces(visit.lead or visit.outcome)
        ),
    )


async def _with_alive_source(tx: Transaction, visits: Sequence[Visit], now: datetime) -> list[RouteId]:
    """The routes without fares whose source gave quotes for another route lately (rule 7)."""
    empty: dict[str, list[RouteId]] = {}
    for visit in visits:
        if visit.outcome is not None and visit.outcome.kind is OutcomeKind.NO_FARES:
            empty.setdefault(visit.outcome.source, []).append(visit.row.route.id)
    alive: list[RouteId] = []
    for source, route_ids in empty.items():
        with_quotes = await tx.routes.with_quotes(source, now - _ALIVE, at_most=2)
        alive += [route_id for route_id in route_ids if with_quotes - {route_id}]
    return alive


def _calendar(visit: Visit, known: Calendar | None, now: datetime) -> Calendar | None:
    """What each day costs after this look; None where it says nothing of that."""
    if visit.outcome is None or not visit.outcome.parsed or not leaves_choice(visit.row.route):
        return None
    outcomes = [outcome for outcome in (visit.lead, visit.outcome) if outcome is not None]
    return after_look(known or Calendar(), visit.row.route, outcomes, now)


def _look_record(judged: _Judged) -> LookRecord:
    outcome = judged.visit.outcome
    return LookRecord(
        route_id=judged.visit.row.route.id,
        at=judged.visit.at,
        outcome_kind=outcome.kind if outcome else OutcomeKind.REJECTED,
        detail=outcome.detail if outcome else None,
        quote=judged.best,
        next_look_at=judged.next_look_at,
        # A confirmation asks for the days of a lead only; what is hidden was seen by the look before it.
        hidden=regular.hidden if (regular := judged.visit.lead or outcome) else None,
    )


def _verdict(judged: _Judged) -> Verdict:
    visit = judged.visit
    median = judged.history.median(visit.at.date(), fewest=_FEWEST_DAYS)
    return Verdict(
        route=visit.row.route,
        at=visit.at,
        judgements=judged.judgements,
        found=judged.sweep.found if judged.sweep is not None else (),
        median=None if median is None else Money(median, visit.row.route.currency),
    )


def _day_low(judged: _Judged, counted: Quote) -> tuple[RouteId, DayLow]:
    today = judged.visit.at.date()
    row = judged.history.with_total(today, counted.kind, counted.total.minor)
    return judged.visit.row.route.id, row


def _fail(pending: _Pending, error: Exception) -> None:
    if not pending.done.done():
        pending.done.set_exception(error)
