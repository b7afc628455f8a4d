"""Codes of our own that are yet to be typed, each by a keyed hash."""

from datetime import datetime

import msgspec
from sqlalchemy import delete, insert, select, update

from engine.store.sql import Sql
from engine.store.tables import PHONE_CODES


class PhoneCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was sent; `tries` are those before this one."""

    digest: str
    made_at: datetime
    tries: int


class PhoneCodes:
    """The repository of codes; old ones are pruned with the links they belong to."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, id_: str, digest: str, now: datetime) -> None:
        """Keep a code."""
        values = {"id": id_, "digest": digest, "made_at": now, "tries": 0}
        await self._sql.run(insert(PHONE_CODES).values(values))

    async def tried(self, id_: str) -> PhoneCode | None:
        """Count a try, and give the code as it was before; None when there is none."""
        row = await self._sql.first(select(PHONE_CODES).where(PHONE_CODES.c.id == id_))
        if row is None:
            return None
        of_code = PHONE_CODES.c.id == id_
        await self._sql.run(update(PHONE_CODES).where(of_code).values(tries=PHONE_CODES.c.tries + 1))
        return PhoneCode(digest=row.digest, made_at=row.made_at, tries=row.tries)

    async def drop(self, id_: str) -> None:
        """It was used, or never sent."""
        await self._sql.run(delete(PHONE_CODES).where(PHONE_CODES.c.id == id_))
