"""The loop that has each digest made when its time has come."""

import asyncio
from typing import Final

from engine.actions.digesting import Digesting
from engine.clock import Clock, whichever_first

# A new digest, or a step of the wall clock, goes unnoticed for no longer than this.
_LONGEST_NAP_S: Final = 60.0
_SHORTEST_NAP_S: Final = 1.0


class DigestLoop:
    """Makes digests as they become due, until it is cancelled."""

    def __init__(self, digesting: Digesting, clock: Clock) -> None:
        self._digesting = digesting
        self._clock = clock
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Something may be due by now."""
        self._news.set()

    async def run(self) -> None:
        """Make what is due at once, then sleep until more is."""
        while True:
            self._news.clear()
            next_at = await self._digesting.make_due()
            left_s = _LONGEST_NAP_S if next_at is None else (next_at - self._clock.now()).total_seconds()
            nap_s = min(max(left_s, _SHORTEST_NAP_S), _LONGEST_NAP_S)
            await whichever_first(self._news.wait(), self._clock.sleep(nap_s))
