"""A clock moved by hand: `await clock.advance(60)` wakes whoever sleeps, in order, without waiting."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class HandClock:
    """An `engine.clock.Clock` whose seconds pass only when a test says so."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._monotonic = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._slept = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wake = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + seconds, next(self._order), wake))
        self._slept.set()
        await wake

    async def until_asleep(self) -> None:
        """Wait, in real turns, until somebody sleeps: threads (a store) may have to finish first."""
        async with asyncio.timeout(10):
            while not any(not wake.done() for _, _, wake in self._sleepers):
                self._slept.clear()
                await self._slept.wait()

    async def advance(self, seconds: float) -> None:
        """Let that many seconds pass, waking each sleeper at its own time."""
        end = self._monotonic + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, wake = heapq.heappop(self._sleepers)
            self._move_to(due)
            if not wake.done():
                wake.set_result(None)
            await settle()
        self._move_to(end)
        await settle()

    def step_wall(self, seconds: float) -> None:
        """Set the wall clock forward or back without time passing."""
        self._now += timedelta(seconds=seconds)

    def _move_to(self, monotonic: float) -> None:
        self._now += timedelta(seconds=monotonic - self._monotonic)
        self._monotonic = monotonic


async def settle(rounds: int = 20) -> None:
    """Give the other tasks of the loop their turns; no time passes."""
    for _ in range(rounds):
        await asyncio.sleep(0)
