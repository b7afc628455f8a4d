"""Answers of the last five minutes, kept for members who ask again; in memory, or shared over Redis.

A kept answer serves what a member asks for (`/route check`, the first look of `/route add`) and nothing
else: a due look of the loop, whatever its interval, an alert looked at again before it is told, and
`fare-engine quote` ask the source, and a confirmation neither takes an answer from here nor leaves one.
Every other answer is left here, the loop's too, so that a member sees at once what the loop saw a minute
ago, with its own time. Only answers are kept (quotes and no_fares), never a failure, and never in the
store.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

from cachetools import TTLCache

from engine.clock import Clock
from engine.domain.quote import Outcome

KEPT_S: Final = 300.0
# Quotes of all kept answers together: some 25 MB.
_MOST_QUOTES: Final = 10_000


class QuoteCache(Protocol):
    """Where answers are kept for KEPT_S. Never raises: what cannot be kept is asked for again."""

    async def recall(self, key: str) -> Outcome | None:
        """The answer that was kept, if it is not too old."""
        ...

    async def keep(self, key: str, outcome: Outcome) -> None:
        """Keep an answer in the place of an older one."""
        ...

    def alone(self, key: str) -> AbstractAsyncContextManager[None]:
        """Hold back whoever else in another process wants to ask for the same."""
        ...


class MemoryQuotes:
    """Answers in the memory of this process."""

    def __init__(self, clock: Clock) -> None:
        self._kept: TTLCache[str, Outcome] = TTLCache(
            _MOST_QUOTES, KEPT_S, timer=clock.monotonic, getsizeof=lambda outcome: 1 + len(outcome.quotes)
        )

    async def recall(self, key: str) -> Outcome | None:
        """The answer that was kept, if it is not too old."""
        outcome: Outcome | None = self._kept.get(key)
        return outcome

    async def keep(self, key: str, outcome: Outcome) -> None:
        """Keep an answer in the place of an older one."""
        if 1 + len(outcome.quotes) <= _MOST_QUOTES:
            self._kept[key] = outcome

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:  # noqa: ARG002  there is no other process
        """Nobody else is there: within the process the fetcher sees to it."""
        yield
