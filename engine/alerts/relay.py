"""The relay: takes rows from the outbox and carries them out, one lane per destination.

Lanes run side by side; within a lane rows go in their order, and a row that waits for a retry lets
later ones pass. The relay sleeps until a commit wakes it or the earliest waiting row is due; with
nothing to do it costs nothing. A row in hand is leased: whatever becomes of this process, the row
comes back, and if its sending had begun it is asked about instead of sent (`engine.alerts.unknowns`).
"""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from engine.alerts.courier import Courier
from engine.alerts.lane import Lane
from engine.alerts.ports import Channel, Leased, Outbox, Recheck
from engine.clock import Clock, whichever_first
from engine.domain.alert import NotificationId
from engine.domain.watch import DestinationKind
from engine.steps import AtStep, Step, pass_by

logger = structlog.get_logger(__name__)

# Longer than one delivery takes (10 s for a text, 25 s of discord.py's own retries), short enough
# that the alerts of a process that died soon leave. Rows in hand that are leased again are known.
LEASE_FOR: Final = timedelta(minutes=1)
BATCH: Final = 100
_OUTBOX_FAULT_WAIT_S: Final = 5.0
# A row that is due and yet cannot be leased must not make the relay spin.
_SHORTEST_REST_S: Final = 1.0
# A row may wait for hours (quiet hours); a step of the wall clock goes unnoticed for no longer than this.
_LONGEST_REST_S: Final = 60.0


class Relay:
    """Delivers what the outbox holds until it is cancelled or stopped.

    `channels` serve one kind of destination each; more can be registered before `run`.
    """

    def __init__(
        self,
        outbox: Outbox,
        channels: Sequence[Channel],
        *,
        clock: Clock,
        recheck: Recheck,
        random: random.Random,
        at_step: AtStep = pass_by,
    ) -> None:
        self._outbox = outbox
        self._at_step = at_step
        self._clock = clock
        self._channels: dict[DestinationKind, Channel] = {channel.kind: channel for channel in channels}
        self._courier = Courier(
            outbox, self._channels, clock=clock, recheck=recheck, chance=random, at_step=at_step
        )
        self._lanes: dict[str, Lane] = {}
        self._in_hand: set[NotificationId] = set()
        self._woken = asyncio.Event()
        self._stopped = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._rested = asyncio.Condition()
        self._resting_until: datetime | None = None
        self._resting = False
        self._outbox_fails = False
        self._carried = asyncio.Event()

    def register(self, channel: Channel) -> None:
        """Add a way out, before `run` or while it runs."""
        self._channels[channel.kind] = channel
        self.wake()

    def wake(self) -> None:
        """Say that rows were committed."""
        self._resting = False
        self._woken.set()

    @property
    def carried(self) -> asyncio.Event:
        """An event that is set when the next row has been carried; each row has one of its own."""
        return self._carried

    async def run(self) -> None:
        """Deliver until cancelled or stopped; no fault of a channel or of the outbox ends it.

        Cancelled, it cuts what is in flight; the rows stay as recorded. `stop` is the polite way.
        """
        while self._running is not None:  # `drain` may be at it
            await _ended(self._running)
        self._running = asyncio.current_task()
        try:
            async with asyncio.TaskGroup() as group:
                while not self._stopped.is_set():
                    await self._turn(group)
        finally:
            self._running = None

    async def drain(self, timeout_s: float) -> None:
        """Wait until nothing is left that can be delivered within that time.

        Rows that wait for longer (a retry later than that, a paused lane) are not waited for. Runs
        the relay for so long if nobody does.
        """
        helper = None if self._running else asyncio.create_task(self.run())
        try:
            self.wake()
            until = self._clock.now() + timedelta(seconds=timeout_s)
            await whichever_first(self._nothing_due(until), self._clock.sleep(timeout_s))
        finally:
            if helper:
                helper.cancel()
                with suppress(asyncio.CancelledError):
                    await helper

    async def stop(self, grace_s: float) -> None:
        """Take no more rows, let what is in flight finish for so long, then cut it; `run` returns."""
        self._stopped.set()
        self.wake()
        running = self._running
        if running is None:
            return
        await whichever_first(_ended(running), self._clock.sleep(grace_s))
        for lane in tuple(self._lanes.values()):
            logger.warning("delivery_cut", lane=lane.name)
            lane.cut()
        await _ended(running)

    async def _turn(self, group: asyncio.TaskGroup) -> None:
        """Take what is due, then rest until woken or until the next row is."""
        self._woken.clear()
        try:
            await self._take_due(group)
            due = await self._outbox.next_due(self._clock.now())
        except Exception:
            if not self._outbox_fails:  # once, not every five seconds of a full disk
                logger.exception("outbox_unavailable")
            self._outbox_fails = True
            await whichever_first(self._stopped.wait(), self._clock.sleep(_OUTBOX_FAULT_WAIT_S))
            return
        if self._outbox_fails:
            logger.info("outbox_available")
            self._outbox_fails = False
        await self._rest(due)

    async def _take_due(self, group: asyncio.TaskGroup) -> None:
        while not self._stopped.is_set():
            # A row in hand for longer than its lease is leased again, which renews it. It may be
            # settled while that answer is on its way: what was in hand before is no news.
            in_hand = frozenset(self._in_hand)
            rows = await self._outbox.lease(self._clock.now(), LEASE_FOR, BATCH)
            if rows:
                self._at_step(Step.LEASED)
            for row in rows:
                if row.notification.id not in in_hand:
                    self._hand_over(row, group)
            await self._free([row.notification.id for row in rows if row.notification.id in in_hand])
            if len(rows) < BATCH:
                return

    async def _free(self, leased_again: Sequence[NotificationId]) -> None:
        """Let go of rows that left our hands while they were leased again.

        Whether that lease came before they were settled or after they had become due again, its answer
        does not say: what is open yet is leased anew.
        """
        let_go = [id_ for id_ in leased_again if id_ not in self._in_hand]
        if let_go:
            await self._outbox.release(let_go)
            self.wake()

    def _hand_over(self, row: Leased, group: asyncio.TaskGroup) -> None:
        self._in_hand.add(row.notification.id)
        name = row.notification.destination.lane
        lane = self._lanes.get(name)
        if lane is not None:
            lane.add(row)
            return
        lane = self._lanes[name] = Lane(name)
        lane.add(row)
        lane.task = group.create_task(self._work(lane))

    async def _work(self, lane: Lane) -> None:
        """Carry the rows of a lane until none is left."""
        try:
            while row := lane.next():
                if self._stopped.is_set():
                    lane.add(row)
                    await self._give_back(lane)
                elif not await self._carry(row):
                    await self._give_back(lane)
        finally:
            del self._lanes[lane.name]
            self._in_hand.difference_update(lane.clear())

    async def _carry(self, row: Leased) -> bool:
        try:
            return await self._courier.carry(row)
        except Exception:
            # The outbox could not be written: the row comes back when its lease ends.
            logger.exception("delivery_not_recorded", notification=row.notification.id)
            return True
        finally:
            self._in_hand.discard(row.notification.id)
            self._carried.set()
            self._carried = asyncio.Event()
            self.wake()  # an edit may have waited for this post, a notice may have come of it

    async def _give_back(self, lane: Lane) -> None:
        ids = lane.clear()
        self._in_hand.difference_update(ids)
        if not ids:
            return
        try:
            await self._outbox.release(ids)
        except Exception:
            logger.exception("rows_not_released", lane=lane.name)

    async def _rest(self, due: datetime | None) -> None:
        async with self._rested:
            self._resting_until = due
            self._resting = not (self._woken.is_set() or self._in_hand)
            self._rested.notify_all()
        if due is None:
            await self._woken.wait()
            return
        rest_s = (due - self._clock.now()).total_seconds()
        rest = self._clock.sleep(min(rest_s, _LONGEST_REST_S) if rest_s > 0 else _SHORTEST_REST_S)
        await whichever_first(self._woken.wait(), rest)

    async def _nothing_due(self, until: datetime) -> None:
        async with self._rested:
            await self._rested.wait_for(
                lambda: self._resting and (self._resting_until is None or self._resting_until > until)
            )


async def _ended(task: asyncio.Task[None]) -> None:
    await asyncio.wait({task})
