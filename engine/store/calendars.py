"""What leaving on each day of a window costs: one calendar for each route that leaves a choice."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from engine.domain.calendars import Calendar
from engine.domain.route import RouteId
from engine.store.columns import insert_for
from engine.store.sql import Sql, chunks
from engine.store.tables import CALENDARS


class Calendars:
    """The repository of calendars."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of_routes(self, route_ids: Iterable[RouteId]) -> dict[RouteId, Calendar]:
        """The calendars of those routes that have one."""
        found: dict[RouteId, Calendar] = {}
        for some in chunks(list(route_ids)):
            query = select(CALENDARS.c.route_id, CALENDARS.c.calendar).where(CALENDARS.c.route_id.in_(some))
            found |= {RouteId(row.route_id): row.calendar for row in await self._sql.rows(query)}
        return found

    async def save(self, calendars: Mapping[RouteId, Calendar], seen_at: datetime) -> None:
        """Write calendars over those that are there; their routes must be."""
        new = insert_for(self._sql.dialect, CALENDARS)
        upsert = new.on_conflict_do_update(
            index_elements=["route_id"],
            set_={"seen_at": new.excluded.seen_at, "calendar": new.excluded.calendar},
        )
        rows = [
            {"route_id": route_id, "seen_at": seen_at, "calendar": calendar}
            for route_id, calendar in calendars.items()
        ]
        await self._sql.run_many(upsert, rows)

    async def prune(self, before: datetime) -> int:
        """Delete those that no look has written since that instant; how many that were."""
        return await self._sql.run(delete(CALENDARS).where(CALENDARS.c.seen_at < before))
