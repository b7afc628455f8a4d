"""How the engine stands: its sources, its last batch, what waits to be told."""

from collections.abc import Callable, Sequence

import msgspec

from engine.clock import Clock
from engine.domain.quote import SourceKind
from engine.fares.fetcher import Standing
from engine.fares.prices import Cost, cost_of_month
from engine.look import LastBatch
from engine.store.database import Store


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One source, and what this month has cost; None where its calls have no known price."""

    standing: Standing
    cost: Cost | None = None


class EngineStatus(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `waiting` alerts can be told now, `held` ones wait for a retry or for their place."""

    sources: tuple[SourceStatus, ...]
    last_batch: LastBatch | None
    waiting: int
    held: int
    version: str


class Status:
    """Reads how the engine stands; asks nobody outside."""

    def __init__(
        self,
        store: Store,
        *,
        standings: Callable[[], Sequence[Standing]],
        last_batch: Callable[[], LastBatch | None],
        clock: Clock,
        version: str,
    ) -> None:
        self._store = store
        self._standings = standings
        self._last_batch = last_batch
        self._clock = clock
        self._version = version

    async def read(self) -> EngineStatus:
        """As of now."""
        async with self._store.transaction() as tx:
            waiting, held = await tx.notifications.open_count(self._clock.now())
        return EngineStatus(
            sources=tuple(_with_cost(standing) for standing in self._standings()),
            last_batch=self._last_batch(),
            waiting=waiting,
            held=held,
            version=self._version,
        )


def _with_cost(standing: Standing) -> SourceStatus:
    if standing.kind is SourceKind.TEST:  # made-up fares are free
        return SourceStatus(standing=standing)
    return SourceStatus(
        standing=standing, cost=cost_of_month(standing.source, standing.made, standing.limits)
    )
