"""The ledger of texts: each segment that was or may have been sent, by day, member and server."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update

from engine.domain.caps import Payer, Spent
from engine.store.sql import Sql
from engine.store.tables import SMS_LEDGER

_L = SMS_LEDGER.c


class Ledger:
    """The repository of what texts cost. A reference is counted once, however often it is tried."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def holds(self, ref: str) -> bool:
        """Whether this text is counted already."""
        return await self._sql.first(select(_L.ref).where(_L.ref == ref)) is not None

    async def newest_day(self) -> date | None:
        """The newest day that a text was counted on, which may lie ahead of a clock that was set back."""
        row = await self._sql.first(select(func.max(_L.day).label("day")))
        return None if row is None else row.day

    async def spent(self, payer: Payer, today: date, mark: str | None = None) -> Spent:
        """What counts against the caps today.

        Later days count too: where a clock was set back, nothing that was sent is forgotten. `mark` stands
        for the payer in what was counted before their data was deleted.
        """
        this_day = _L.day >= today
        whose = [name for name in (payer.member_id, mark) if name is not None]
        query = select(
            _sum(and_(this_day, _L.member_id.in_(whose))).label("member"),
            _sum(and_(this_day, _L.server_id == payer.server_id)).label("server"),
            _sum(this_day).label("day"),
            func.coalesce(func.sum(_L.segments), 0).label("month"),
        ).where(_L.day >= today.replace(day=1))
        row = await self._sql.first(query)
        if row is None:
            return Spent()
        return Spent(member=row.member, server=row.server, day=row.day, month=row.month)

    async def charge(self, ref: str, payer: Payer, segments: int, today: date) -> None:
        """Count a text."""
        values = {
            "ref": ref,
            "day": today,
            "member_id": payer.member_id,
            "server_id": payer.server_id,
            "segments": segments,
        }
        await self._sql.run(insert(SMS_LEDGER).values(values))

    async def refund(self, ref: str) -> None:
        """It was certainly not sent."""
        await self._sql.run(delete(SMS_LEDGER).where(_L.ref == ref))

    async def keep_as(self, ref: str, other: str) -> None:
        """Count a text under another reference: what comes under its own is another text."""
        await self._sql.run(update(SMS_LEDGER).where(_L.ref == ref).values(ref=other))

    async def prune(self, kept: timedelta) -> None:
        """Delete what was counted so long before the newest text: no clock decides what is old."""
        newest = await self.newest_day()
        if newest is not None:
            await self._sql.run(delete(SMS_LEDGER).where(_L.day < newest - kept))


def _sum(where: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((where, _L.segments), else_=0)), 0)
