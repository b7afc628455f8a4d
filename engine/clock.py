"""Time as an argument: what the engine asks of a clock, the clock of the machine, and waiting by it."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the engine gets its time; tests move one by hand, soak runs scale one."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step back, for intervals."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long by `monotonic`."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The machine's monotonic clock in seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep on the running loop."""
        await asyncio.sleep(seconds)


async def whichever_first(*waits: Coroutine[object, object, object]) -> None:
    """Wait for one of them and cancel the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
