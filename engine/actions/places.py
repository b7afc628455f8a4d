"""Use-cases on the places where alerts are told: one closed, one opened again."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from engine.clock import Clock
from engine.domain.watch import Destination, DestinationKind
from engine.store import faults
from engine.store.database import Store


class Places:
    """What a face reports of the places that it sees.

    `changed` is called after something was committed that others wait for: notices to deliver,
    rows that can go out again, routes to look at.
    """

    def __init__(self, store: Store, *, clock: Clock, changed: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed

    async def closed(self, place: Destination, why: str) -> None:
        """Nothing can be told there any more; whoever is told there hears of it once."""
        async with self._store.transaction() as tx:
            if not await faults.is_told_on(tx, place.lane):
                return
            await faults.pause(tx, place.lane, why, self._clock.now())
        self._changed()

    async def opened(self, places: Sequence[Destination]) -> None:
        """Try them again where they were paused; what was held for them is judged again."""
        reopened = False
        async with self._store.transaction() as tx:
            for place in places:
                if await faults.waits(tx, place.lane):
                    await faults.reinstate(tx, place.lane, self._clock.now())
                    reopened = True
        if reopened:
            self._changed()

    async def paused(self, *, for_at_least: timedelta = timedelta()) -> list[Destination]:
        """The channels and threads to which nothing has gone out for so long."""
        async with self._store.transaction() as tx:
            before = self._clock.now() - for_at_least
            lanes = await tx.notifications.paused_lanes(DestinationKind.CHANNEL, before)
        return [Destination(DestinationKind.CHANNEL, lane.partition(":")[2]) for lane in sorted(lanes)]
