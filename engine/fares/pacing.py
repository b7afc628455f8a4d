"""How fast a source may be asked: a pace, and the turnstile that keeps it."""

import math
import re
from typing import Final, Protocol

import msgspec
from pyrate_limiter import GCRA, Limiter, Rate, SingleBucketFactory, StateBucket

_PACE: Final = re.compile(r"(?P<calls>[1-9]\d*)\s*/\s*(?P<count>[1-9]\d*)?\s*(?P<unit>ms|s|m|h|d)")
_UNIT_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
# The limiter counts in whole milliseconds: a spacing finer than this is kept by groups.
_FINEST_GAP_MS: Final = 5.0
_US_PER_MS: Final = 1_000


class Pace(msgspec.Struct, frozen=True):
    """`calls` per `period_ms`, evenly spaced: 10 per 1000 ms means no two closer than 100 ms."""

    calls: int
    period_ms: int

    @classmethod
    def parse(cls, text: str) -> "Pace":
        """Read a pace as settings write it: `10/1s`, `600/1m`, `1/500ms`, `10/s`.

        Raises ValueError with a sentence for the person who wrote it.
        """
        match = _PACE.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a pace; write calls per time, for example 10/1s or 600/1m")
        return cls(int(match["calls"]), int(match["count"] or 1) * _UNIT_MS[match["unit"]])

    @property
    def gap_ms(self) -> float:
        """Milliseconds from one call to the next."""
        return self.period_ms / self.calls

    @property
    def group(self) -> int:
        """How many calls may go at once: one, or 5 ms' worth where the gap is finer than that."""
        return 1 if self.gap_ms >= _FINEST_GAP_MS else math.ceil(_FINEST_GAP_MS / self.gap_ms)


class SharedTurns(Protocol):
    """The turns of a source that several processes take from one place."""

    async def take(self, *, wait: bool) -> bool:
        """Take the next turn, or a free one if there is one; True as well where nobody can be asked."""
        ...


class Pacer:
    """A turnstile for calls to one source: whoever comes first goes first, at the pace.

    Keep one per source and pass every call through it. It counts on the machine's monotonic
    clock, so that a step of the wall clock neither stalls nor floods a source. With `shared` turns a call
    takes one here and then one there: while they cannot be reached, the pace of this process holds.
    """

    def __init__(self, pace: Pace, shared: SharedTurns | None = None) -> None:
        self.pace = pace
        self._shared = shared
        # No thread to tidy up: the state of GCRA is one number.
        bucket = SingleBucketFactory(StateBucket([rate_of(pace)], algorithm=GCRA()), schedule_leak=False)
        # The allowance for counting in milliseconds is in the rate, see rate_of.
        self._limiter = Limiter(bucket, buffer_ms=0)

    async def acquire(self) -> None:
        """Wait for the next turn."""
        await self._limiter.try_acquire_async()
        if self._shared is not None:
            await self._shared.take(wait=True)

    async def take_if_free(self) -> bool:
        """Take a turn without waiting, for a call that must not queue (a token); False when none was free."""
        free = bool(self._limiter.try_acquire(blocking=False))
        return free if self._shared is None else await self._shared.take(wait=False) and free


def rate_of(pace: Pace) -> Rate:
    """The limiter's rate; `Rate(1000, n)` spaces calls by n microseconds.

    Two instants whose whole milliseconds lie 100 apart can be 99.001 ms apart, so one
    millisecond is added to the gap wherever calls are spaced singly.
    """
    gap_us = math.ceil(pace.gap_ms * _US_PER_MS)
    if pace.group == 1:
        return Rate(_US_PER_MS, gap_us + _US_PER_MS, burst=1)
    return Rate(pace.calls, pace.period_ms, burst=pace.group)
