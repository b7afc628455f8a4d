"""A clock that runs faster than the machine's, and shows the same time in several processes."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec


class Dial(msgspec.Struct, frozen=True):
    """What makes the time: `now` stood at the monotonic second `at`, and `speed` seconds pass per second.

    The machine's monotonic clock is the same for all its processes, so a dial can be handed on.
    """

    now: datetime
    at: float
    speed: float


class ScaledClock:
    """An `engine.clock.Clock` by a dial."""

    def __init__(self, dial: Dial) -> None:
        self.dial = dial

    def now(self) -> datetime:
        passed_s = (time.monotonic() - self.dial.at) * self.dial.speed
        return self.dial.now + timedelta(seconds=passed_s)

    def monotonic(self) -> float:
        return time.monotonic() * self.dial.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.dial.speed)


class StoppableClock:
    """An `engine.clock.Clock` that goes by a dial or stands still; whoever sleeps sleeps on after a stop."""

    def __init__(self, now: datetime, speed: float) -> None:
        self._speed = speed
        self._dial = Dial(now, time.monotonic(), 0.0)
        self._goes = asyncio.Event()
        self._stands = asyncio.Event()
        self._stands.set()

    def now(self) -> datetime:
        return ScaledClock(self._dial).now()

    def monotonic(self) -> float:
        return time.monotonic() * self._speed

    async def sleep(self, seconds: float) -> None:
        left_s = seconds / self._speed
        while left_s > 0:
            await self._goes.wait()
            begun = time.monotonic()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stands.wait(), left_s)
            left_s -= time.monotonic() - begun

    def stop(self) -> None:
        self._show(Dial(self.now(), time.monotonic(), 0.0))

    def go(self) -> None:
        """Go on from where it stands."""
        self.go_by(self.dial())

    def go_by(self, dial: Dial) -> None:
        """Show what another clock shows."""
        self._show(dial)

    def dial(self) -> Dial:
        """A dial that goes from now on."""
        return Dial(self.now(), time.monotonic(), self._speed)

    def leap_to(self, now: datetime) -> None:
        """Let time pass that no sleeper notices."""
        self._show(Dial(now, time.monotonic(), self._dial.speed))

    def _show(self, dial: Dial) -> None:
        self._dial = dial
        starts, ends = (self._goes, self._stands) if dial.speed else (self._stands, self._goes)
        starts.set()
        ends.clear()
