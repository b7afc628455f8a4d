"""A clock that runs faster than the machine's, and shows the same time in several processes."""

import asyncio
import time
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

    @classmethod
    def start(cls, now: datetime, speed: float) -> "ScaledClock":
        return cls(Dial(now, time.monotonic(), speed))

    def now(self) -> datetime:
        passed_s = (time.monotonic() - self.dial.at) * self.dial.speed
        return self.dial.now + timedelta(seconds=passed_s)

    def monotonic(self) -> float:
        return time.monotonic() * self.dial.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.dial.speed)

    def leap_to(self, now: datetime) -> None:
        """Let time pass that nobody waits for: only while nobody of the run is asleep."""
        self.dial = Dial(now, time.monotonic(), self.dial.speed)
