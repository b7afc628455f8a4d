"""Why nothing is texted just now, and what whoever runs the bot was told of it."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from engine.domain.textstop import TextStop
from engine.store.columns import insert_for
from engine.store.sql import Sql
from engine.store.tables import OPERATOR_NEWS, TEXT_STOPS

_SENDER: Final = "twilio"  # there is one account, and one sender of it


class TextStops:
    """The repository of what stops all texts: nothing, or one thing."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def now(self) -> TextStop | None:
        """What stops them, also when its time has passed and nobody tried since."""
        row = await self._sql.first(select(TEXT_STOPS).where(TEXT_STOPS.c.sender == _SENDER))
        if row is None:
            return None
        return TextStop(code=row.code, since=row.since, until=row.until, by_status=row.by_status)

    async def set(self, stop: TextStop) -> None:
        """Keep what stops them, in place of what did before."""
        values = {
            "sender": _SENDER,
            "code": stop.code,
            "since": stop.since,
            "until": stop.until,
            "by_status": stop.by_status,
        }
        new = insert_for(self._sql.dialect, TEXT_STOPS).values(values)
        await self._sql.run(new.on_conflict_do_update(index_elements=["sender"], set_=values))

    async def lift(self) -> None:
        """Nothing stops them any more."""
        await self._sql.run(delete(TEXT_STOPS).where(TEXT_STOPS.c.sender == _SENDER))


class OperatorNews:
    """Remembers what whoever runs the bot was told, so that each thing is told once."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def is_new(self, what: str, now: datetime) -> bool:
        """Note that this is told now; False when it was before."""
        new = insert_for(self._sql.dialect, OPERATOR_NEWS).values(what=what, told_at=now)
        return bool(await self._sql.run(new.on_conflict_do_nothing(index_elements=["what"])))

    async def prune(self, before: datetime) -> None:
        """Forget what was told before that instant."""
        await self._sql.run(delete(OPERATOR_NEWS).where(OPERATOR_NEWS.c.told_at < before))
