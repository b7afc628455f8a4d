"""The door of one source: its pace, its budget, its share of what is in flight, its word to stay away."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final

from engine.domain import details
from engine.domain.budget import Asker
from engine.domain.quote import OutcomeKind
from engine.fares.breaker import Breaker, Breakers
from engine.fares.budget import Budget, Budgets, quota
from engine.fares.exchange import Unanswered
from engine.fares.pacing import Pace, Pacer, SharedTurns

_NO_CAP: Final = 1_000_000
# Carried by the task of a search, so that no adapter has to hand it through.
_ASKER: Final[ContextVar[Asker]] = ContextVar("asker", default=Asker.LOOP)


@contextmanager
def asking_for(asker: Asker) -> Iterator[None]:
    """Have every call that is made inside count as made on this behalf."""
    before = _ASKER.set(asker)
    try:
        yield
    finally:
        _ASKER.reset(before)


class Gate:
    """Lets calls to a source through one by one, and sends everybody home while it is down.

    Keep one per source and make every call through it. The fetcher does not ask a source that is down
    either; this door is for those who already stood in line. `slots` are the calls that may be in flight
    at once, over all sources: a call holds one from its turn to its reply, and of all that wait for a
    turn only the first in line does, so that a slow pace does not keep the slots from others. Members
    have a line of their own; where both lines are long, they take turns.
    """

    def __init__(
        self,
        pacer: Pacer,
        *,
        breaker: Breaker | None = None,
        budget: Budget | None = None,
        slots: asyncio.Semaphore | None = None,
    ) -> None:
        self._pacer = pacer
        self._breaker = breaker
        self._budget = budget
        self._slots = slots or asyncio.Semaphore(_NO_CAP)
        self._lines = {asker: asyncio.Lock() for asker in Asker}

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """Wait for a turn, first come first served, count the call, and make it inside.

        Raises Unanswered as soon as the source is down or no call is left. Where what is made inside
        raises Unanswered with an instant to come back at, those that still stand in line are sent home.
        """
        asker = _ASKER.get()
        async with self._lines[asker]:
            self._check(asker)
            await self._slots.acquire()
            try:
                await self._pacer.acquire()
                self._check(asker)
                if self._budget is not None:
                    await self._budget.take(asker)
            except BaseException:
                self._slots.release()
                raise
        try:
            with self._heeding():
                yield
        finally:
            self._slots.release()

    @asynccontextmanager
    async def call_aside(self) -> AsyncIterator[None]:
        """Make a call inside that must not queue (a token); it takes a turn if one is free.

        Raises Unanswered where the source is down.
        """
        self._check_up()
        await self._pacer.take_if_free()
        with self._heeding():
            yield

    @contextmanager
    def _heeding(self) -> Iterator[None]:
        """Close the door as soon as somebody was told when to come back."""
        try:
            yield
        except Unanswered as why:
            if self._breaker is not None and why.retry_at is not None:
                self._breaker.heed(why.kind, why.detail, why.retry_at)
            raise

    def _check(self, asker: Asker) -> None:
        self._check_up()
        if self._budget is not None and (spent := self._budget.spent(asker)) is not None:
            raise quota(spent)

    def _check_up(self) -> None:
        if self._breaker is None or (until := self._breaker.until) is None:
            return
        why = self._breaker.why
        kind, detail = (why.kind, why.detail) if why else (OutcomeKind.BLOCKED, None)
        raise Unanswered(kind, detail or details.RESTING, retry_at=until)


class Gates:
    """Makes the gates of all sources: each with its own pace, breaker and budget, all with the same slots.

    `shared_turns` gives the turns of a source that other processes keep to as well.
    """

    def __init__(
        self,
        breakers: Breakers,
        budgets: Budgets,
        *,
        concurrency: int,
        shared_turns: Callable[[str, Pace], SharedTurns] | None = None,
    ) -> None:
        self.breakers = breakers
        self.budgets = budgets
        self._slots = asyncio.Semaphore(concurrency)
        self._shared_turns = shared_turns

    def of(self, source: str, pace: Pace) -> Gate:
        """A gate for one source; make one per source."""
        shared = self._shared_turns(source, pace) if self._shared_turns else None
        return Gate(
            Pacer(pace, shared),
            breaker=self.breakers.of(source),
            budget=self.budgets.of(source),
            slots=self._slots,
        )
