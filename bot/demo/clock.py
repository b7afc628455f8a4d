"""The demo's clock: the simulated Discord says what time it is, the machine says how fast it passes."""

import asyncio
import time
from datetime import datetime

import simcord

# Where the simulated Discord begins; used until it is there.
EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


class DemoClock:
    """An `engine.clock.Clock`, so that "seen 2 minutes ago" is true on the demo's page."""

    def __init__(self) -> None:
        self._env: simcord.Env | None = None

    def follow(self, env: simcord.Env) -> None:
        """Take the instant from this simulated Discord from now on."""
        self._env = env

    def now(self) -> datetime:
        """The instant in the simulated world."""
        return self._env.now() if self._env else EPOCH

    def monotonic(self) -> float:
        """The machine's monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep in real time."""
        await asyncio.sleep(seconds)
