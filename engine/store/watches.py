"""Watches with what the judge remembers of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, insert, select, update

from engine.domain.judgement import WatchState
from engine.domain.route import RouteId
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId, WatchStatus
from engine.errors import StoreError
from engine.store.routes import RouteRow, to_route_row
from engine.store.sql import ENCODED_AT_ONCE, Sql, chunks
from engine.store.tables import ROUTES, SUBJECTS, WATCH_LANES, WATCHES

# Whoever reads thousands of watches decodes this many between two breaths of the loop.
_ROUTES_AT_ONCE: Final = 500


class WatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """A watch, its state and the route it stands on."""

    watch: Watch
    state: WatchState
    route: RouteRow


class Watches:
    """The repository of watches."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, watch: Watch, state: WatchState) -> None:
        """Keep a new watch; its route must be there. Raises StoreError when the id is taken."""
        values = {**_to_columns(watch), "state": state, "held": state.held}
        await self._sql.run(insert(WATCHES).values(values))
        await self._tell_on(watch)

    async def add_many(self, new: Sequence[tuple[Watch, WatchState]]) -> None:
        """Keep many new watches; their routes must be there. Raises StoreError when an id is taken."""
        for some in chunks(new, ENCODED_AT_ONCE):
            rows = [{**_to_columns(watch), "state": state, "held": state.held} for watch, state in some]
            await self._sql.run_many(insert(WATCHES), rows)
            lanes = [{"lane": lane, "watch_id": watch.id} for watch, _ in some for lane in _lanes(watch)]
            await self._sql.run_many(insert(WATCH_LANES), lanes)

    async def get(self, watch_id: WatchId) -> WatchRow | None:
        """That watch, removed or not."""
        rows = await self._read(WATCHES.c.id == watch_id)
        return rows[0] if rows else None

    async def update(self, watch: Watch) -> None:
        """Write a changed watch; its state stays as it is. Raises StoreError when there is none."""
        changed = await self._sql.run(
            update(WATCHES).where(WATCHES.c.id == watch.id).values(_to_columns(watch))
        )
        if not changed:
            raise StoreError("there is no such watch")
        await self._sql.run(delete(WATCH_LANES).where(WATCH_LANES.c.watch_id == watch.id))
        await self._tell_on(watch)

    async def save_rules(self, watches: Sequence[Watch]) -> None:
        """Write many watches of which nothing but the rules changed; their states stay as they are."""
        for some in chunks(watches, ENCODED_AT_ONCE):
            rows = [{"of_watch": watch.id, "changed": watch} for watch in some]
            await self._sql.run_many(_SAVE_RULES, rows)

    async def update_many(self, watches: Sequence[Watch]) -> None:
        """Write many changed watches as `update` writes one; one that is not there is passed over."""
        for some in chunks(watches, ENCODED_AT_ONCE):
            await self._sql.run_many(_UPDATE, [_to_changes(watch) for watch in some])
            ids = [watch.id for watch in some]
            await self._sql.run(delete(WATCH_LANES).where(WATCH_LANES.c.watch_id.in_(ids)))
            lanes = [{"lane": lane, "watch_id": watch.id} for watch in some for lane in _lanes(watch)]
            await self._sql.run_many(insert(WATCH_LANES), lanes)

    async def save_states(self, states: Mapping[WatchId, WatchState]) -> None:
        """Write what the judge now remembers of many watches."""
        await self._sql.run_many(
            _SAVE_STATE,
            [
                {"of_watch": watch_id, "state": state, "held": state.held}
                for watch_id, state in states.items()
            ],
        )

    async def on_routes(self, route_ids: Iterable[RouteId]) -> dict[RouteId, list[tuple[Watch, WatchState]]]:
        """The active watches of each route, the oldest first; a route without any is left out."""
        found: dict[RouteId, list[tuple[Watch, WatchState]]] = {}
        for some in chunks(list(route_ids), _ROUTES_AT_ONCE):
            query = (
                select(WATCHES.c.route_id, WATCHES.c.watch, WATCHES.c.state)
                .where(WATCHES.c.route_id.in_(some), _IS_ACTIVE, _IS_THERE)
                .order_by(*_OLDEST_FIRST)
            )
            for row in await self._sql.rows(query):
                found.setdefault(RouteId(row.route_id), []).append((row.watch, row.state))
        return found

    async def of_owner(self, owner: Owner, *, include_removed: bool = False) -> list[WatchRow]:
        """All watches of an owner, the oldest first."""
        there = () if include_removed else (_IS_THERE,)
        return await self._read(*_belongs_to(owner), *there)

    async def made_in(self, server_id: str, kind: OwnerKind) -> list[WatchRow]:
        """All watches of owners of a kind that were made in a server, the oldest first."""
        return await self._read(
            WATCHES.c.owner_server_id == server_id, WATCHES.c.owner_kind == kind.value, _IS_THERE
        )

    async def told_on(self, lane: str) -> list[WatchRow]:
        """All watches that name a lane, the oldest first."""
        named = select(WATCH_LANES.c.watch_id).where(WATCH_LANES.c.lane == lane)
        return await self._read(WATCHES.c.id.in_(named), _IS_THERE)

    async def channels(self) -> list[tuple[str, str]]:
        """Each server with the channels in which its active watches tell, as ids."""
        query = (
            select(WATCHES.c.owner_server_id, WATCH_LANES.c.lane)
            .join(WATCHES, WATCHES.c.id == WATCH_LANES.c.watch_id)
            .where(
                WATCH_LANES.c.lane.startswith(f"{DestinationKind.CHANNEL.value}:"),
                WATCHES.c.owner_server_id.is_not(None),
                _IS_ACTIVE,
                _IS_THERE,
            )
            .distinct()
        )
        rows = await self._sql.rows(query)
        return sorted((row.owner_server_id, row.lane.partition(":")[2]) for row in rows)

    async def find(self, owner: Owner, route_id: RouteId, destination: Destination) -> WatchRow | None:
        """The owner's watch of that route which tells at that place, unless it was removed."""
        rows = await self._read(*_belongs_to(owner), WATCHES.c.route_id == route_id, _IS_THERE)
        return next((row for row in rows if destination in row.watch.tell), None)

    async def on_route_of(self, owner: Owner, route_id: RouteId) -> list[WatchRow]:
        """An owner's watches of a route, made in whichever server."""
        return await self._read(*_belongs_to(owner), WATCHES.c.route_id == route_id, _IS_THERE)

    async def remove(self, watch_id: WatchId, now: datetime) -> None:
        """Take it out of every look; until it is purged it can be restored."""
        await self._set_removed_at(watch_id, now)

    async def restore(self, watch_id: WatchId) -> None:
        """Undo `remove`. Raises StoreError when it was purged meanwhile."""
        await self._set_removed_at(watch_id, None)

    async def purge_removed(self, before: datetime) -> int:
        """Delete for good what was removed before that instant; how many that were."""
        gone = select(WATCHES.c.id).where(WATCHES.c.removed_at < before)
        await self._sql.run(delete(SUBJECTS).where(SUBJECTS.c.watch_id.in_(gone)))
        return await self._sql.run(delete(WATCHES).where(WATCHES.c.removed_at < before))

    async def purge(self, watch_ids: Sequence[WatchId]) -> None:
        """Delete these for good."""
        for some in chunks(watch_ids):
            await self._sql.run(delete(SUBJECTS).where(SUBJECTS.c.watch_id.in_(some)))
            await self._sql.run(delete(WATCHES).where(WATCHES.c.id.in_(some)))

    async def count_of(self, owner: Owner, *, in_server: str | None = None) -> int:
        """How many watches the owner has, paused and expired ones included; of those made in a server."""
        there = () if in_server is None else (WATCHES.c.owner_server_id == in_server,)
        query = select(func.count().label("n")).where(*_belongs_to(owner), _IS_THERE, *there)
        row = await self._sql.first(query.select_from(WATCHES))
        return 0 if row is None else int(row.n)

    async def count_in_server(self, server_id: str) -> int:
        """How many watches were made in a server, whoever owns them."""
        query = select(func.count().label("n")).where(WATCHES.c.owner_server_id == server_id, _IS_THERE)
        row = await self._sql.first(query.select_from(WATCHES))
        return 0 if row is None else int(row.n)

    async def expired(self, today: date) -> list[WatchRow]:
        """The active watches whose last departure lies before that day."""
        return await self._read(ROUTES.c.last_departure_on < today, _IS_ACTIVE, _IS_THERE)

    async def _read(self, *conditions: ColumnElement[bool]) -> list[WatchRow]:
        return await read_watches(self._sql, *conditions)

    async def _tell_on(self, watch: Watch) -> None:
        rows = [{"lane": lane, "watch_id": watch.id} for lane in _lanes(watch)]
        await self._sql.run_many(insert(WATCH_LANES), rows)

    async def _set_removed_at(self, watch_id: WatchId, at: datetime | None) -> None:
        row = await self.get(watch_id)
        if row is None:
            raise StoreError("there is no such watch")
        await self.update(msgspec.structs.replace(row.watch, removed_at=at))


async def read_watches(sql: Sql, *conditions: ColumnElement[bool]) -> list[WatchRow]:
    """The watches that fulfil conditions on WATCHES and ROUTES, the oldest first."""
    query: Select[Any] = (
        select(WATCHES.c.watch, WATCHES.c.state, ROUTES)
        .join(ROUTES, ROUTES.c.id == WATCHES.c.route_id)
        .where(*conditions)
        .order_by(*_OLDEST_FIRST)
    )
    return [_to_watch_row(row) for row in await sql.rows(query)]


_IS_ACTIVE: Final = WATCHES.c.status == WatchStatus.ACTIVE.value
_IS_THERE: Final = WATCHES.c.removed_at.is_(None)
_OLDEST_FIRST: Final = (WATCHES.c.created_at, WATCHES.c.id)
_CHANGEABLE: Final = "route_id owner_kind owner_id owner_server_id status created_at removed_at watch".split()
_UPDATE: Final = (
    update(WATCHES)
    .where(WATCHES.c.id == bindparam("of_watch"))
    .values({WATCHES.c[name]: bindparam(f"new_{name}", type_=WATCHES.c[name].type) for name in _CHANGEABLE})
)
_SAVE_STATE: Final = (
    update(WATCHES)
    .where(WATCHES.c.id == bindparam("of_watch"))
    .values(state=bindparam("state"), held=bindparam("held"))
)
_SAVE_RULES: Final = (
    update(WATCHES).where(WATCHES.c.id == bindparam("of_watch")).values(watch=bindparam("changed"))
)


def _to_changes(watch: Watch) -> dict[str, object]:
    columns = _to_columns(watch)
    return {"of_watch": watch.id, **{f"new_{name}": columns[name] for name in _CHANGEABLE}}


def _lanes(watch: Watch) -> Sequence[str]:
    return sorted({destination.lane for destination in watch.tell})


def _belongs_to(owner: Owner) -> tuple[ColumnElement[bool], ...]:
    """A member is one owner wherever the watch was made; `server_id` says where that was."""
    return (WATCHES.c.owner_id == owner.id, WATCHES.c.owner_kind == owner.kind.value)


def _to_columns(watch: Watch) -> dict[str, object]:
    return {
        "id": watch.id,
        "route_id": watch.route_id,
        "owner_kind": watch.owner.kind.value,
        "owner_id": watch.owner.id,
        "owner_server_id": watch.owner.server_id,
        "status": watch.status.value,
        "created_at": watch.created_at,
        "removed_at": watch.removed_at,
        "watch": watch,
    }


def _to_watch_row(row: Row[Any]) -> WatchRow:
    return WatchRow(watch=row.watch, state=row.state, route=to_route_row(row))
