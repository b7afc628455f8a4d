"""The last good copy of each route list, for when its origin cannot be read."""

from datetime import datetime

from sqlalchemy import delete, select

from engine.store.columns import insert_for
from engine.store.sql import Sql
from engine.store.tables import ROUTE_LISTS


class RouteLists:
    """The repository of route lists."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def save(self, name: str, rows_json: bytes, at: datetime) -> None:
        """Keep this as the last good copy of the list."""
        insert = insert_for(self._sql.dialect, ROUTE_LISTS).values(name=name, rows=rows_json, saved_at=at)
        await self._sql.run(
            insert.on_conflict_do_update(
                index_elements=["name"],
                set_={"rows": insert.excluded.rows, "saved_at": insert.excluded.saved_at},
            )
        )

    async def forget(self, name: str) -> None:
        """Delete what is kept of a list."""
        await self._sql.run(delete(ROUTE_LISTS).where(ROUTE_LISTS.c.name == name))

    async def last(self, name: str) -> tuple[bytes, datetime] | None:
        """The last good copy and when it was read."""
        row = await self._sql.first(select(ROUTE_LISTS).where(ROUTE_LISTS.c.name == name))
        return None if row is None else (bytes(row._mapping["rows"]), row.saved_at)  # noqa: SLF001
