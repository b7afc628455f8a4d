"""What leaving on each day of a route costs, for who asks."""

from datetime import timedelta
from typing import Final

from engine.clock import Clock
from engine.domain.calendars import Calendar, leaves_choice
from engine.domain.route import Route
from engine.store.database import Store

# A day that no look found a fare for since is one without an answer.
_BELIEVED_FOR: Final = timedelta(days=3)


class Calendars:
    """Reads the calendar of a route."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, route: Route) -> Calendar | None:
        """The days from today on, as they were seen lately; None where the route leaves no choice."""
        if not leaves_choice(route):
            return None
        async with self._store.transaction() as tx:
            found = await tx.calendars.of_routes([route.id])
        now = self._clock.now()
        return found.get(route.id, Calendar()).since(now.date(), now - _BELIEVED_FOR)
