"""Finds of routes to anywhere: their newest quotes, what they used to cost, what watches remember of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import delete, select, tuple_

from engine.domain.conditions import stands
from engine.domain.history import DayLow, History
from engine.domain.judgement import WatchState
from engine.domain.quote import Quote, SourceKind
from engine.domain.route import RouteId
from engine.domain.watch import WatchId
from engine.store.columns import insert_for
from engine.store.sql import ENCODED_AT_ONCE, Sql, chunks
from engine.store.tables import FIND_LOWS, FIND_STATES, FINDS

_NUMBERS: Final = ("low", "first", "last", "looks")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A find as a sweep saw it: the code of its place, its quote, and the row of the day where it enters."""

    place: str
    quote: Quote
    day: DayLow | None = None


class Finds:
    """The repository of finds."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def newest(self, route_ids: Iterable[RouteId]) -> dict[RouteId, list[tuple[Quote, datetime]]]:
        """The newest quote of each find of these routes with when a sweep saw it, the cheapest first."""
        found: dict[RouteId, list[tuple[Quote, datetime]]] = {}
        for some in chunks(list(route_ids)):
            query = (
                select(FINDS.c.route_id, FINDS.c.quote, FINDS.c.seen_at)
                .where(FINDS.c.route_id.in_(some))
                .order_by(FINDS.c.total, FINDS.c.place)
            )
            for row in await self._sql.rows(query):
                found.setdefault(RouteId(row.route_id), []).append((row.quote, row.seen_at))
        return found

    async def histories(self, route_ids: Iterable[RouteId], since: date) -> dict[RouteId, dict[str, History]]:
        """The days of each find of these routes from that day on, the oldest first."""
        days: dict[RouteId, dict[str, list[DayLow]]] = {}
        for some in chunks(list(route_ids)):
            query = (
                select(FIND_LOWS)
                .where(FIND_LOWS.c.route_id.in_(some), FIND_LOWS.c.day >= since)
                .order_by(FIND_LOWS.c.day, FIND_LOWS.c.kind)
            )
            for row in await self._sql.rows(query):
                numbers = {name: getattr(row, name) for name in _NUMBERS}
                low = DayLow(day=row.day, kind=SourceKind(row.kind), **numbers)
                days.setdefault(RouteId(row.route_id), {}).setdefault(row.place, []).append(low)
        return {
            route_id: {place: History(days=tuple(lows)) for place, lows in finds.items()}
            for route_id, finds in days.items()
        }

    async def record(self, route_id: RouteId, seen: Sequence[Seen], at: datetime) -> None:
        """Write down what a sweep saw of a route."""
        new = insert_for(self._sql.dialect, FINDS)
        columns = ("seen_at", "total", "quote")
        upsert = new.on_conflict_do_update(
            index_elements=["route_id", "place"], set_={name: new.excluded[name] for name in columns}
        )
        rows = [
            {
                "route_id": route_id,
                "place": each.place,
                "seen_at": at,
                "total": each.quote.total.minor,
                "quote": each.quote,
            }
            for each in seen
        ]
        await self._sql.run_many(upsert, rows)
        await self._record_days(route_id, seen)

    async def states(self, watch_ids: Iterable[WatchId]) -> dict[WatchId, dict[str, WatchState]]:
        """What each watch remembers of finds, by the code of their places."""
        found: dict[WatchId, dict[str, WatchState]] = {}
        for some in chunks(list(watch_ids)):
            query = select(FIND_STATES.c.watch_id, FIND_STATES.c.place, FIND_STATES.c.state).where(
                FIND_STATES.c.watch_id.in_(some)
            )
            for row in await self._sql.rows(query):
                found.setdefault(WatchId(row.watch_id), {})[row.place] = row.state
        return found

    async def save_states(self, states: Mapping[tuple[WatchId, str], WatchState], now: datetime) -> None:
        """Write what watches now remember of finds."""
        new = insert_for(self._sql.dialect, FIND_STATES)
        columns = ("changed_at", "stands", "state")
        upsert = new.on_conflict_do_update(
            index_elements=["watch_id", "place"], set_={name: new.excluded[name] for name in columns}
        )
        rows = [
            {
                "watch_id": watch_id,
                "place": place,
                "changed_at": now,
                "stands": any(stands(memory) for memory in state.conditions.values()),
                "state": state,
            }
            for (watch_id, place), state in states.items()
        ]
        for some in chunks(rows, ENCODED_AT_ONCE):
            await self._sql.run_many(upsert, some)

    async def forget_states(self, finds: Collection[tuple[WatchId, str]]) -> None:
        """Remember nothing of these finds any more."""
        key = tuple_(FIND_STATES.c.watch_id, FIND_STATES.c.place)
        for some in chunks(list(finds)):
            await self._sql.run(delete(FIND_STATES).where(key.in_(some)))

    async def forget_watch(self, watch_id: WatchId) -> None:
        """Remember nothing of what a watch was told: it watches another route now."""
        await self._sql.run(delete(FIND_STATES).where(FIND_STATES.c.watch_id == watch_id))

    async def prune(self, before: datetime) -> None:
        """Forget finds that no sweep saw since that instant, and states at rest that did not change since."""
        at_rest = FIND_STATES.c.stands.is_(False) & (FIND_STATES.c.changed_at < before)
        await self._sql.run(delete(FIND_STATES).where(at_rest))
        await self._sql.run(delete(FINDS).where(FINDS.c.seen_at < before))

    async def prune_days(self, before: date) -> None:
        """Forget what finds cost before that day."""
        await self._sql.run(delete(FIND_LOWS).where(FIND_LOWS.c.day < before))

    async def _record_days(self, route_id: RouteId, seen: Sequence[Seen]) -> None:
        new = insert_for(self._sql.dialect, FIND_LOWS)
        upsert = new.on_conflict_do_update(
            index_elements=["route_id", "place", "day", "kind"],
            set_={name: new.excluded[name] for name in _NUMBERS},
        )
        rows = [
            {
                "route_id": route_id,
                "place": each.place,
                "day": each.day.day,
                "kind": each.day.kind.value,
                **{name: getattr(each.day, name) for name in _NUMBERS},
            }
            for each in seen
            if each.day is not None
        ]
        await self._sql.run_many(upsert, rows)
