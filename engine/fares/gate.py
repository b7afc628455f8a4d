"""The door of one source: its pace, its budget, and its word to stay away."""

import asyncio

from engine.clock import Clock
from engine.domain.quote import Outcome
from engine.fares.budget import Budget, quota
from engine.fares.exchange import Unanswered
from engine.fares.pacing import Pacer
from engine.fares.rest import Rest


class Gate:
    """Lets calls to a source through one by one, and sends everybody home while it rests.

    The fetcher does not ask a resting source either; this door is for those who already stood
    in the queue when the source said to stay away. Whoever is let through has been counted against
    the budget, if there is one.
    """

    def __init__(self, pacer: Pacer, clock: Clock, budget: Budget | None = None) -> None:
        self._pacer = pacer
        self._budget = budget
        self._rest = Rest(clock)
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for a turn, first come first served, and count the call.

        Raises Unanswered as soon as the source rests or its budget is spent.
        """
        async with self._queue:
            self._check()
            await self._pacer.acquire()
            self._check()
            if self._budget is not None:
                await self._budget.take()

    def count(self) -> None:
        """Count a call that does not queue against the pace, if a turn is free."""
        self._pacer.take_if_free()

    def note(self, outcome: Outcome) -> None:
        """Close the door when an outcome says when to come back."""
        self._rest.note(outcome)

    def _check(self) -> None:
        if (resting := self._rest.current()) is not None:
            raise Unanswered(resting.kind, resting.detail or "resting", retry_at=resting.retry_at)
        if self._budget is not None and (spent := self._budget.spent()) is not None:
            raise quota(spent)
