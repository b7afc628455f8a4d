"""Watches whose routes get no answer, and of which of them their owners know."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select

from engine.domain.watch import OwnerKind, WatchId, WatchStatus
from engine.store.sql import Sql, chunks
from engine.store.tables import FAILING_TOLD, ROUTES, WATCHES
from engine.store.watches import WatchRow, read_watches


class Failing:
    """The repository of what was said about failing routes."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def since_before(self, instant: datetime) -> list[tuple[WatchRow, datetime | None]]:
        """Active watches whose route has had no answer since before then, each with when that was told."""
        rows = await read_watches(
            self._sql,
            ROUTES.c.failing_since <= instant,
            WATCHES.c.created_at <= instant,  # the route may have failed for somebody else before
            WATCHES.c.status == WatchStatus.ACTIVE.value,
            WATCHES.c.owner_kind != OwnerKind.LIST.value,
            WATCHES.c.removed_at.is_(None),
        )
        told = await self._told()
        return [(row, told.get(row.watch.id)) for row in rows]

    async def recovered(self) -> list[WatchRow]:
        """Watches that were said to fail and whose route had an answer since."""
        told = select(FAILING_TOLD.c.watch_id)
        return await read_watches(self._sql, WATCHES.c.id.in_(told), ROUTES.c.failing_since.is_(None))

    async def note_told(self, watch_ids: Iterable[WatchId], at: datetime) -> None:
        """Their owners know."""
        await self._sql.run_many(
            insert(FAILING_TOLD), [{"watch_id": id_, "told_at": at} for id_ in watch_ids]
        )

    async def note_recovered(self, watch_ids: Iterable[WatchId]) -> None:
        """Their owners know that it is over, or need not."""
        for some in chunks(list(watch_ids)):
            await self._sql.run(delete(FAILING_TOLD).where(FAILING_TOLD.c.watch_id.in_(some)))

    async def _told(self) -> dict[WatchId, datetime]:
        rows = await self._sql.rows(select(FAILING_TOLD))
        return {WatchId(row.watch_id): row.told_at for row in rows}
