"""The ids of texts that came in, so that each is acted on once."""

from datetime import datetime

from sqlalchemy import select

from engine.store.columns import insert_for
from engine.store.sql import Sql
from engine.store.tables import HEARD_TEXTS


class HeardTexts:
    """The repository of texts that were heard; of what they said nothing is kept."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def holds(self, sid: str) -> bool:
        """Whether it was acted on."""
        return await self._sql.first(select(HEARD_TEXTS.c.sid).where(HEARD_TEXTS.c.sid == sid)) is not None

    async def note(self, sid: str, now: datetime) -> None:
        """It was acted on."""
        new = insert_for(self._sql.dialect, HEARD_TEXTS).values(sid=sid, heard_at=now)
        await self._sql.run(new.on_conflict_do_nothing(index_elements=["sid"]))
