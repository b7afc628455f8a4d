"""Consents that were withdrawn, and whether a phone's STOP still holds.

Rows are never deleted: a number that said STOP is known by its keyed hash when everything else about
it is forgotten.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, insert, select, update

from engine.store.sql import Sql
from engine.store.tables import WITHDRAWALS

_W: Final = WITHDRAWALS.c


class How(StrEnum):
    """How a consent was withdrawn; all but FORGOTTEN bind until the phone says START."""

    STOPPED = "stopped"  # the phone said so
    REFUSED = "refused"  # the provider said that the phone had said so
    FORGOTTEN = "forgotten"  # the member deleted the number, or linked another one


_BINDING: Final = (How.STOPPED.value, How.REFUSED.value)


def stop_holds() -> ColumnElement[bool]:
    """Whether a row is a STOP that no START has undone."""
    return and_(_W.how.in_(_BINDING), _W.undone_at.is_(None))


class Withdrawals:
    """The repository of withdrawn consents."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def note(self, fingerprint: str, how: How, now: datetime) -> None:
        """A consent was withdrawn."""
        values = {"fingerprint": fingerprint, "how": how.value, "at": now}
        await self._sql.run(insert(WITHDRAWALS).values(values))

    async def binds(self, fingerprints: Collection[str]) -> bool:
        """Whether the number known by any of these said STOP, and not START since."""
        query = select(_W.seq).where(_W.fingerprint.in_(fingerprints), stop_holds()).limit(1)
        return await self._sql.first(query) is not None

    async def undo(self, fingerprints: Collection[str], now: datetime) -> bool:
        """The phone said START; whether it had said STOP."""
        bound = update(WITHDRAWALS).where(_W.fingerprint.in_(fingerprints), stop_holds())
        return bool(await self._sql.run(bound.values(undone_at=now)))
