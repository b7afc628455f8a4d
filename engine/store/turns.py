"""Who may use the one connection next: in the order of asking, but people who wait for an answer first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Final

# However many people ask, looks and alerts get every ninth turn at least.
_MOST_IN_A_ROW: Final = 8

_somebody_waits: ContextVar[bool] = ContextVar("somebody_waits", default=False)


def put_first() -> None:
    """From now on the transactions of this task, and of those it starts, go before all others.

    For what somebody waits for: Discord takes an answer within three seconds, and a queue of looks and
    alerts may take longer than that on a busy machine.
    """
    _somebody_waits.set(True)


class Turns:
    """One at a time. A turn is handed on directly, so nobody slips in between."""

    def __init__(self) -> None:
        self._taken = False
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._in_a_row = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and hand it on at the end."""
        await self._take()
        try:
            yield
        finally:
            self._hand_on()

    async def _take(self) -> None:
        if not self._taken:
            self._taken = True
            return
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._first if _somebody_waits.get() else self._others
        queue.append(called)
        try:
            await called
        except asyncio.CancelledError:
            with suppress(ValueError):
                queue.remove(called)
            if not called.cancelled():  # it was this one's turn already
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        called = self._next()
        if called is None:
            self._taken = False
        else:
            called.set_result(None)

    def _next(self) -> asyncio.Future[None] | None:
        """Who comes next; who was cancelled while waiting is passed over."""
        for queue in (self._first, self._others):
            while queue and queue[0].done():
                queue.popleft()
        if self._first and (self._in_a_row < _MOST_IN_A_ROW or not self._others):
            self._in_a_row += 1
            return self._first.popleft()
        self._in_a_row = 0
        return self._others.popleft() if self._others else None
