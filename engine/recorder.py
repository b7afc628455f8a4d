"""The recorder: one task that takes what looks have gathered into one transaction after another.

In each it reads the watches as they stand, judges, and writes quotes, history, states and outbox
rows. Nothing but SQL and the judge runs inside.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec
import structlog

from engine.announcing import Announcer
from engine.clock import Clock
from engine.domain.calendars import leaves_choice
from engine.domain.judgement import Judgement
from engine.domain.planner import Dice, Intervals, Plan
from engine.domain.quote import Quote, SourceKind
from engine.domain.watch import Watch
from engine.steps import AtStep, Step, pass_by
from engine.store.database import Store
from engine.sweeps import SweepJudged
from engine.visits import Visit, judge_visit, read_facts, verdict_of, write_judged

_log = structlog.get_logger(__name__)

_MOST_IN_A_GROUP: Final = 500
_TURN: Final = 50  # visits judged before the rest of the loop gets its turn


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What was committed of a visit; nothing, when a judgement asks for a confirmation first."""

    judgements: tuple[tuple[Watch, Judgement], ...]
    next_look_at: datetime
    best: Quote | None
    sweep: SweepJudged | None = None


class _Pending(msgspec.Struct):
    visit: Visit
    done: asyncio.Future[Recorded]


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
            facts = await read_facts(tx, visits, now)
            judged = []
            for at, visit in enumerate(visits, start=1):
                judged.append(await judge_visit(visit, facts, self._next_look_at, now))
                route = visit.row.route
                if at % _TURN == 0 or route.to_anywhere or leaves_choice(route):  # many looks in one
                    await asyncio.sleep(0)
            done = [each for each in judged if not each.waits]
            await write_judged(tx, done, now)
            verdicts = [verdict_of(each) for each in done]
            await tx.notifications.enqueue(await self._announcer.announced(tx, verdicts, now))
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

    def _next_look_at(self, visit: Visit, judgements: Sequence[tuple[Watch, Judgement]]) -> datetime:
        outcome = visit.outcome
        regular = visit.lead or outcome  # a confirmation does not change who is asked by and by
        plan = Plan(
            intervals=self._intervals,
            kind=regular.source_kind if regular else SourceKind.LIVE,
            look_again_at=tuple(judged.look_again_at for _, judged in judgements if judged.look_again_at),
            retry_at=outcome.retry_at if outcome else None,
        )
        return plan.next_look_at(self._clock.now(), self._dice)


def _fail(pending: _Pending, error: Exception) -> None:
    if not pending.done.done():
        pending.done.set_exception(error)
