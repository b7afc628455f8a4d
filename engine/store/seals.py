"""Everything that is stored sealed, whatever it is: read and replaced page by page."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Table, select, update

from engine.store.sql import Sql
from engine.store.tables import PHONE_LINKS, PHONES, WEBHOOKS


class Place(NamedTuple):
    """A column of sealed values, and the one that its rows are known by."""

    table: Table
    key: str
    column: str


class SealedRow(NamedTuple):
    """A sealed value with the key of its row."""

    key: str
    sealed: str


PLACES: Final = (
    Place(PHONES, "member_id", "sealed"),
    Place(PHONE_LINKS, "member_id", "sealed"),
    Place(WEBHOOKS, "id", "sealed_url"),
    Place(WEBHOOKS, "id", "sealed_secret"),
)
"""All of them; a test holds them against the tables."""


class Seals:
    """The repository of sealed values."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def page(self, place: Place, after: str, limit: int) -> Sequence[SealedRow]:
        """The values of a place in the order of their keys, those behind `after`, at most so many."""
        key, sealed = place.table.c[place.key], place.table.c[place.column]
        query = (
            select(key.label("name"), sealed.label("value"))
            .where(key > after, sealed.is_not(None))
            .order_by(key)
            .limit(limit)
        )
        return [SealedRow(row.name, row.value) for row in await self._sql.rows(query)]

    async def replace(self, place: Place, sealed: Mapping[str, str]) -> None:
        """Put values in place of those of the rows with these keys."""
        key = place.table.c[place.key]
        for name, value in sealed.items():
            await self._sql.run(update(place.table).where(key == name).values({place.column: value}))
