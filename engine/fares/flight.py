"""Single flight: work that several want at the same time is done once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class _Flight(Generic[T]):
    """Work under way and how many wait for it."""

    def __init__(self, task: asyncio.Task[T]) -> None:
        self.task = task
        self.waiting = 0


class SingleFlight(Generic[K, T]):
    """Shares work by key while it is under way; nothing is remembered afterwards.

    One waiter's cancellation does not cancel the others; when the last of them goes, the work
    is cancelled, so that nothing runs on for nobody.
    """

    def __init__(self) -> None:
        self._flights: dict[K, _Flight[T]] = {}

    def under_way(self, key: K) -> bool:
        """Whether somebody works on it now."""
        return key in self._flights

    async def join(self, key: K, work: Callable[[], Coroutine[object, object, T]]) -> T:
        """The result of `work`, or of the same work that somebody else began."""
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.create_task(self._run(key, work)))
            self._flights[key] = flight
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                flight.task.cancel()
                self._land(key, flight.task)

    async def _run(self, key: K, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        finally:
            self._land(key, asyncio.current_task())

    def _land(self, key: K, task: asyncio.Task[T] | None) -> None:
        """Take a flight off the board, unless a newer one of the same key stands there."""
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
