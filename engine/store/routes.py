"""Routes: when each is looked at next, and what its last look saw."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Boolean, ColumnElement, Row, bindparam, case, exists, func, null, or_, select, update

from engine.domain.quote import Hidden, OutcomeKind, Quote
from engine.domain.route import Route, RouteId
from engine.domain.watch import Owner, WatchStatus
from engine.store.columns import Instant, Json, insert_for
from engine.store.sql import ENCODED_AT_ONCE, Sql, chunks
from engine.store.tables import QUOTES, ROUTES, WATCHES

_ANSWERED: Final = (OutcomeKind.QUOTES, OutcomeKind.NO_FARES)


class RouteRow(msgspec.Struct, frozen=True, kw_only=True):
    """A route as it stands.

    `last_outcome` is an OutcomeKind's value. `last_quote` is the newest usable best quote, seen at
    `last_quote_at`. `failing_since` and `failures` count the looks without an answer since the last
    that had one (quotes or no_fares). `last_hidden` is what the filters hid when it last answered.
    """

    route: Route
    next_look_at: datetime
    last_look_at: datetime | None = None
    last_outcome: str | None = None
    last_detail: str | None = None
    last_quote: Quote | None = None
    last_quote_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    last_hidden: Hidden | None = None


class LookRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What one look leaves behind on its route; `quote` is its best usable quote, if it had one."""

    route_id: RouteId
    at: datetime
    outcome_kind: OutcomeKind
    detail: str | None
    quote: Quote | None
    next_look_at: datetime
    hidden: Hidden | None = None


def is_watched(by: Owner | None = None) -> ColumnElement[bool]:
    """Whether an active watch that was not removed stands on the route, of this owner if one is named."""
    watched = exists().where(
        WATCHES.c.route_id == ROUTES.c.id,
        WATCHES.c.status == WatchStatus.ACTIVE.value,
        WATCHES.c.removed_at.is_(None),
    )
    if by is None:
        return watched
    return watched.where(WATCHES.c.owner_kind == by.kind.value, WATCHES.c.owner_id == by.id)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(ROUTES.c.leased_until.is_(None), ROUTES.c.leased_until <= now)


def to_route_row(row: Row[Any]) -> RouteRow:
    """A row of `routes`, or of a join that holds all its columns."""
    return RouteRow(
        route=row.route,
        next_look_at=row.next_look_at,
        last_look_at=row.last_look_at,
        last_outcome=row.last_outcome,
        last_detail=row.last_detail,
        last_quote=row.last_quote,
        last_quote_at=row.last_quote_at,
        failing_since=row.failing_since,
        failures=row.failures,
        last_hidden=row.last_hidden,
    )


class Routes:
    """The repository of routes."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def ensure(self, route: Route, next_look_at: datetime) -> RouteRow:
        """The row of this route; a new one is first looked at at that instant."""
        new = (
            insert_for(self._sql.dialect, ROUTES)
            .values(
                id=route.id,
                route=route,
                last_departure_on=route.last_departure_on,
                next_look_at=next_look_at,
                failures=0,
            )
            .on_conflict_do_nothing(index_elements=["id"])
        )
        await self._sql.run(new)
        return to_route_row((await self._sql.rows(select(ROUTES).where(ROUTES.c.id == route.id)))[0])

    async def ensure_many(self, routes: Sequence[Route], next_look_at: datetime) -> None:
        """Have a row for each of these routes; new ones are first looked at at that instant."""
        new = insert_for(self._sql.dialect, ROUTES).on_conflict_do_nothing(index_elements=["id"])
        for some in chunks(routes, ENCODED_AT_ONCE):
            rows = [
                {
                    "id": route.id,
                    "route": route,
                    "last_departure_on": route.last_departure_on,
                    "next_look_at": next_look_at,
                    "failures": 0,
                }
                for route in some
            ]
            await self._sql.run_many(new, rows)

    async def get(self, route_id: RouteId) -> RouteRow | None:
        """The row of that route, if it is known."""
        row = await self._sql.first(select(ROUTES).where(ROUTES.c.id == route_id))
        return None if row is None else to_route_row(row)

    async def get_many(self, route_ids: Iterable[RouteId]) -> dict[RouteId, RouteRow]:
        """The rows of those routes that are known."""
        found: dict[RouteId, RouteRow] = {}
        for some in chunks(list(route_ids)):
            for row in await self._sql.rows(select(ROUTES).where(ROUTES.c.id.in_(some))):
                found[RouteId(row.id)] = to_route_row(row)
        return found

    async def due(self, now: datetime, limit: int, by: Owner | None = None) -> list[RouteRow]:
        """Up to `limit` watched routes whose look is due and not leased, the longest overdue first.

        `by` leaves out what this owner does not watch.
        """
        query = (
            select(ROUTES)
            .where(ROUTES.c.next_look_at <= now, _is_free(now), is_watched(by))
            .order_by(ROUTES.c.next_look_at, ROUTES.c.id)
            .limit(limit)
        )
        return [to_route_row(row) for row in await self._sql.rows(query)]

    async def watched(self, by: Owner | None = None) -> list[RouteRow]:
        """Every route with an active watch (of this owner if one is named), the next due first."""
        query = select(ROUTES).where(is_watched(by)).order_by(ROUTES.c.next_look_at, ROUTES.c.id)
        return [to_route_row(row) for row in await self._sql.rows(query)]

    async def next_due_at(self, now: datetime, by: Owner | None = None) -> datetime | None:
        """When the next look at a watched route that is not leased is due; None when there is none."""
        query = (
            select(ROUTES.c.next_look_at)
            .where(_is_free(now), is_watched(by))
            .order_by(ROUTES.c.next_look_at)
            .limit(1)
        )
        row = await self._sql.first(query)
        return None if row is None else row.next_look_at

    async def record(self, looks: Sequence[LookRecord]) -> None:
        """Write down what looks saw; a failed one leaves the last quote as it stands."""
        await self._sql.run_many(_RECORD, [_to_parameters(look) for look in looks])

    async def look_by(self, route_id: RouteId, at: datetime) -> None:
        """Have the route looked at by that instant; an earlier look stays as planned."""
        await self._sql.run(
            update(ROUTES).where(ROUTES.c.id == route_id, ROUTES.c.next_look_at > at).values(next_look_at=at)
        )

    async def bring_forward(self, latest: datetime) -> None:
        """Have no route wait longer than until that instant (the wall clock was set back)."""
        await self._sql.run(update(ROUTES).where(ROUTES.c.next_look_at > latest).values(next_look_at=latest))

    async def lease(self, route_ids: Sequence[RouteId], until: datetime) -> None:
        """Have nobody else start a look at these routes before that instant; recording a look ends it."""
        for some in chunks(route_ids):
            await self._sql.run(update(ROUTES).where(ROUTES.c.id.in_(some)).values(leased_until=until))

    async def release(self, route_id: RouteId) -> None:
        """End the lease of a route whose look was not made."""
        await self._sql.run(update(ROUTES).where(ROUTES.c.id == route_id).values(leased_until=None))

    async def release_all(self) -> None:
        """End every lease: whoever held one is gone, its looks are due again."""
        held = ROUTES.c.leased_until.is_not(None)
        await self._sql.run(update(ROUTES).where(held).values(leased_until=None))

    async def with_quotes(self, source: str, since: datetime, at_most: int) -> set[RouteId]:
        """Some routes, `at_most` that many, for which this source gave quotes since then."""
        query = (
            select(QUOTES.c.route_id)
            .distinct()
            .where(QUOTES.c.source == source, QUOTES.c.observed_at >= since)
            .limit(at_most)
        )
        return {RouteId(row.route_id) for row in await self._sql.rows(query)}


_AT: Final = bindparam("look_at", type_=Instant())
_HAS_ANSWER: Final = bindparam("look_answered", type_=Boolean())
_RECORD: Final = (
    update(ROUTES)
    .where(ROUTES.c.id == bindparam("look_route"))
    .values(
        next_look_at=bindparam("look_next"),
        leased_until=null(),
        last_look_at=_AT,
        last_outcome=bindparam("look_outcome"),
        last_detail=bindparam("look_detail"),
        last_quote=func.coalesce(bindparam("look_quote", type_=Json(Quote)), ROUTES.c.last_quote),
        last_quote_at=func.coalesce(bindparam("look_quote_at", type_=Instant()), ROUTES.c.last_quote_at),
        failing_since=case((_HAS_ANSWER, null()), else_=func.coalesce(ROUTES.c.failing_since, _AT)),
        failures=case((_HAS_ANSWER, 0), else_=ROUTES.c.failures + 1),
        last_hidden=case(
            (_HAS_ANSWER, bindparam("look_hidden", type_=Json(Hidden))), else_=ROUTES.c.last_hidden
        ),
    )
)


def _to_parameters(look: LookRecord) -> dict[str, object]:
    return {
        "look_route": look.route_id,
        "look_next": look.next_look_at,
        "look_at": look.at,
        "look_outcome": look.outcome_kind.value,
        "look_detail": look.detail,
        "look_quote": look.quote,
        "look_quote_at": None if look.quote is None else look.quote.observed_at,
        "look_hidden": look.hidden,
        "look_answered": look.outcome_kind in _ANSWERED,
    }
