"""Use-cases on alerts: what was told about a member's routes, and how it went."""

from typing import Final

import msgspec

from engine.domain.watch import Owner
from engine.store.database import Store
from engine.store.told import ToldRow

PER_PAGE: Final = 8


class Recent(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what was told, the newest first; `number` counts from 0, `of` is how many pages."""

    rows: tuple[ToldRow, ...]
    number: int
    of: int
    count: int


class Alerts:
    """Everything a face can do with alerts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def recent(self, owner: Owner, number: int = 0) -> Recent:
        """A page of what was told about the owner's routes; a number past the end is the last page."""
        async with self._store.transaction() as tx:
            count = await tx.told.count(owner)
            of = max(-(-count // PER_PAGE), 1)
            number = min(max(number, 0), of - 1)
            rows = await tx.told.recent(owner, PER_PAGE, number * PER_PAGE)
        return Recent(rows=tuple(rows), number=number, of=of, count=count)
