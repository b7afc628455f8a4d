"""Daily lows per route, read as one summary per look."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, String, Text, cast, func, literal, select

from engine.domain.history import DayLow, History
from engine.domain.route import RouteId
from engine.store.columns import insert_for
from engine.store.sql import Sql, chunks
from engine.store.tables import DAY_LOWS

# A route's rows become one JSON text inside the database: thirty rows for each of two thousand
# routes would otherwise be built one by one on the loop.
_ROUTES_AT_ONCE: Final = 250
_NUMBERS: Final = ("low", "first", "last", "looks")


def _as_json() -> ColumnElement[str]:
    row: ColumnElement[str] = literal('{"day":"') + cast(DAY_LOWS.c.day, Text)
    row = row + '","kind":"' + DAY_LOWS.c.kind + '"'
    for name in _NUMBERS:
        row = row + f',"{name}":' + cast(DAY_LOWS.c[name], String)
    return func.aggregate_strings(row + "}", ",")


class Histories:
    """The repository of price histories."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._decoder = msgspec.json.Decoder(list[DayLow])

    async def of_routes(self, route_ids: Iterable[RouteId], since: date) -> dict[RouteId, History]:
        """The days of each route from that day on, the oldest first; routes without any are left out."""
        found: dict[RouteId, History] = {}
        for some in chunks(list(route_ids), _ROUTES_AT_ONCE):
            query = (
                select(DAY_LOWS.c.route_id, _as_json().label("days"))
                .where(DAY_LOWS.c.route_id.in_(some), DAY_LOWS.c.day >= since)
                .group_by(DAY_LOWS.c.route_id)
            )
            for row in await self._sql.rows(query):
                days = self._decoder.decode(f"[{row.days}]")
                days.sort(key=lambda day: (day.day, day.kind))
                found[RouteId(row.route_id)] = History(days=tuple(days))
        return found

    async def lowest(self, route_ids: Iterable[RouteId]) -> dict[RouteId, int]:
        """The lowest total ever seen for each route, in minor units; routes never seen are left out."""
        found: dict[RouteId, int] = {}
        for some in chunks(list(route_ids)):
            query = (
                select(DAY_LOWS.c.route_id, func.min(DAY_LOWS.c.low).label("low"))
                .where(DAY_LOWS.c.route_id.in_(some))
                .group_by(DAY_LOWS.c.route_id)
            )
            found |= {RouteId(row.route_id): row.low for row in await self._sql.rows(query)}
        return found

    async def save(self, days: Sequence[tuple[RouteId, DayLow]]) -> None:
        """Write one row per route, day and source kind, over the one that is there."""
        new = insert_for(self._sql.dialect, DAY_LOWS)
        upsert = new.on_conflict_do_update(
            index_elements=["route_id", "day", "kind"],
            set_={name: new.excluded[name] for name in _NUMBERS},
        )
        await self._sql.run_many(upsert, [_to_columns(route_id, day) for route_id, day in days])


def _to_columns(route_id: RouteId, day: DayLow) -> dict[str, object]:
    return {
        "route_id": route_id,
        "day": day.day,
        "kind": day.kind.value,
        **{name: getattr(day, name) for name in _NUMBERS},
    }
