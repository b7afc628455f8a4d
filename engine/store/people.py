"""Everything that names one member, wherever it stands: read out whole, and taken out whole.

Every table stands in one of the two lists below; a test holds them against the tables there are, so that
a new one cannot be forgotten.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Table, Text, delete, or_, select, type_coerce, update

from engine.domain.alert import Notification
from engine.domain.announce import phone_of
from engine.domain.watch import Destination, DestinationKind, OwnerKind
from engine.store.sql import Sql, chunks
from engine.store.tables import (
    FIND_STATES,
    LANES,
    MEMBERS,
    MEMBERSHIPS,
    NOTIFICATIONS,
    PHONE_LINKS,
    PHONE_STARTS,
    PHONES,
    SMS_LEDGER,
    SUBJECTS,
    TEXTS,
    WATCHES,
    WEBHOOKS,
)

# Rows that are about a member and nobody else.
_OWN: Final[tuple[Table, ...]] = (PHONES, PHONE_LINKS, MEMBERS, MEMBERSHIPS)
# Rows that others' limits and rights hang on: they stay, and name nobody any more.
_SHARED: Final[Mapping[Table, str]] = {
    PHONE_STARTS: "member_id",
    SMS_LEDGER: "member_id",
    WEBHOOKS: "created_by",
}
_NOBODY: Final = ""
# Of no use to who reads an export, and of some to who steals it.
_SECRET: Final = frozenset({"sealed", "fingerprint", "sealed_url", "sealed_secret", "verification", "digest"})

NAMES_MEMBERS: Final = frozenset(
    {*(table.name for table in _OWN), *(table.name for table in _SHARED)}
    | {"watches", "watch_lanes", "find_states", "notifications", "notification_subjects", "lanes", "texts"}
)
"""Tables in which a member can be named; `People.forget` takes them out of each."""

NAMES_NOBODY: Final = frozenset(
    {
        "routes",  # journeys, whoever watches them
        "quotes",
        "day_lows",
        "finds",
        "find_lows",
        "calendars",
        "route_lists",
        "calls",
        "servers",
        "phone_withdrawals",  # a keyed hash: what a phone said outlives its member
        "phone_codes",  # a random id and a keyed hash
        "text_stops",
        "heard_texts",  # the provider's ids
        "operator_news",
        "failing_told",  # goes with its watch
    }
)
"""Tables in which no member can be named."""


class People:
    """Reads and deletes what is stored about one member."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def everything(self, member_id: str) -> dict[str, list[dict[str, Any]]]:
        """All rows that name a member, by table, as plain values; sealed numbers and hashes left out."""
        found = {table.name: await self._rows(table, table.c.member_id == member_id) for table in _OWN}
        for table, column in _SHARED.items():
            found[table.name] = await self._rows(table, table.c[column] == member_id)
        found["watches"] = await self._rows(WATCHES, *_watched_by(member_id))
        own = select(WATCHES.c.id).where(*_watched_by(member_id))
        found["find_states"] = await self._rows(FIND_STATES, FIND_STATES.c.watch_id.in_(own))
        found["texts"] = await self._rows(TEXTS, TEXTS.c.lane == phone_of(member_id).lane)
        told = await self._told(member_id)
        found["notifications"] = [_plain({"notification": _only(one, member_id)}) for one in told]
        return {name: rows for name, rows in found.items() if rows}

    async def forget(self, member_id: str, mark: str | None = None) -> int:
        """Take a member out of every table; how many watches that were.

        What was told to several stays told to the others. `mark`, a keyed hash, stands for the member in the
        ledger of texts: whoever deletes everything and comes back has had those of the day already.
        """
        for told in await self._told(member_id):
            await self._take_out(told, member_id)
        own = select(WATCHES.c.id).where(*_watched_by(member_id))
        await self._sql.run(delete(SUBJECTS).where(SUBJECTS.c.watch_id.in_(own)))
        watches = await self._sql.run(delete(WATCHES).where(*_watched_by(member_id)))
        for table in _OWN:
            await self._sql.run(delete(table).where(table.c.member_id == member_id))
        for table, column in _SHARED.items():
            instead = mark if mark is not None and table is SMS_LEDGER else _NOBODY
            await self._sql.run(update(table).where(table.c[column] == member_id).values({column: instead}))
        await self._forget_lanes(member_id)
        return watches

    async def _told(self, member_id: str) -> list[Notification]:
        """What names the member; the id of a purged watch leads nowhere, so the text itself is searched."""
        text = type_coerce(NOTIFICATIONS.c.notification, Text)
        quoted = text.contains(f'"{member_id}"', autoescape=True)
        lanes = [lane.lane for lane in _lanes(member_id)]
        query = select(NOTIFICATIONS.c.notification).where(or_(quoted, NOTIFICATIONS.c.lane.in_(lanes)))
        return [row.notification for row in await self._sql.rows(query)]

    async def _take_out(self, told: Notification, member_id: str) -> None:
        this = NOTIFICATIONS.c.id == told.id
        rest = None if told.destination in _lanes(member_id) else _without(told, member_id)
        if rest is None:
            await self._sql.run(delete(NOTIFICATIONS).where(this))
            return
        await self._sql.run(update(NOTIFICATIONS).where(this).values(notification=rest))
        gone = [one.watch_id for one in told.subjects if one not in rest.subjects]
        for some in chunks(gone):
            of_this = SUBJECTS.c.notification_id == told.id
            await self._sql.run(delete(SUBJECTS).where(of_this, SUBJECTS.c.watch_id.in_(some)))

    async def _forget_lanes(self, member_id: str) -> None:
        names = [destination.lane for destination in _lanes(member_id)]
        for table in (LANES, TEXTS):
            await self._sql.run(delete(table).where(table.c.lane.in_(names)))

    async def _rows(self, table: Table, *where: ColumnElement[bool]) -> list[dict[str, Any]]:
        rows = await self._sql.rows(select(table).where(*where))
        return [_plain(dict(row._mapping)) for row in rows]  # noqa: SLF001


def _watched_by(member_id: str) -> tuple[ColumnElement[bool], ...]:
    return (WATCHES.c.owner_id == member_id, WATCHES.c.owner_kind == OwnerKind.MEMBER.value)


def _lanes(member_id: str) -> tuple[Destination, ...]:
    """Where only the member is told."""
    return (Destination(DestinationKind.DM, member_id), phone_of(member_id))


def _without(told: Notification, member_id: str) -> Notification | None:
    """What is left of it for others; None when it concerned nobody else."""
    others = tuple(one for one in told.subjects if one.owner.id != member_id)
    lines = (_without(line, member_id) for line in told.gathered)
    kept = tuple(line for line in lines if line is not None)
    return msgspec.structs.replace(told, subjects=others, gathered=kept) if others or kept else None


def _only(told: Notification, member_id: str) -> Notification:
    """The member's own part: what others watch is theirs to ask for."""
    mine = tuple(one for one in told.subjects if one.owner.id == member_id)
    lines = tuple(_only(line, member_id) for line in told.gathered)
    return msgspec.structs.replace(
        told, subjects=mine, gathered=tuple(line for line in lines if line.subjects)
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in _SECRET}
    plain: dict[str, Any] = msgspec.to_builtins(kept)
    return plain
