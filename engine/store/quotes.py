"""Quotes as they were seen, until they are pruned by age."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from engine.domain.quote import Quote
from engine.domain.route import RouteId
from engine.store.sql import Sql
from engine.store.tables import QUOTES


class Quotes:
    """The repository of quotes."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def record(self, quotes: Sequence[Quote]) -> None:
        """Keep quotes; their routes must be there."""
        await self._sql.run_many(
            insert(QUOTES),
            [
                {
                    "route_id": quote.route_id,
                    "source": quote.source,
                    "observed_at": quote.observed_at,
                    "total": quote.total.minor,
                    "quote": quote,
                }
                for quote in quotes
            ],
        )

    async def newest(self, route_id: RouteId) -> Quote | None:
        """The quote of that route seen last; the cheapest of those seen at the same instant."""
        query = (
            select(QUOTES.c.quote)
            .where(QUOTES.c.route_id == route_id)
            .order_by(QUOTES.c.observed_at.desc(), QUOTES.c.total, QUOTES.c.seq)
            .limit(1)
        )
        row = await self._sql.first(query)
        return None if row is None else row.quote

    async def since(self, route_id: RouteId, instant: datetime) -> list[Quote]:
        """The quotes of that route seen from that instant on, the oldest first."""
        query = (
            select(QUOTES.c.quote)
            .where(QUOTES.c.route_id == route_id, QUOTES.c.observed_at >= instant)
            .order_by(QUOTES.c.observed_at, QUOTES.c.seq)
        )
        return [row.quote for row in await self._sql.rows(query)]

    async def prune(self, before: datetime) -> int:
        """Delete what was seen before that instant; how many that were. Daily lows stay."""
        return await self._sql.run(delete(QUOTES).where(QUOTES.c.observed_at < before))
