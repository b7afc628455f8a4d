"""What was told about a member's watches and how it went, for whoever asks."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, Subquery, and_, func, or_, select

from engine.domain.alert import Notification, NotificationKind
from engine.domain.watch import DestinationKind, Owner, WatchId
from engine.store.notifications import NotificationStatus
from engine.store.sql import Sql
from engine.store.tables import LANES, NOTIFICATIONS, SUBJECTS, WATCHES

_N: Final = NOTIFICATIONS.c
_WORTH_KNOWING: Final = (NotificationKind.POST.value, NotificationKind.NOTICE.value)
_PERSONAL: Final = (DestinationKind.DM, DestinationKind.SMS)


class ToldRow(msgspec.Struct, frozen=True, kw_only=True):
    """A notification and what became of it, without its content's later changes.

    `why` is the last reason for a delay or an end; `paused_why` says why nothing goes out to its place
    now. `in_list`: it is told with others in one list. `edits` counts the changes that were made to a
    post, the last one at `edited_at`.
    """

    notification: Notification
    status: NotificationStatus
    told_at: datetime
    not_before: datetime
    attempts: int = 0
    why: str | None = None
    settled_at: datetime | None = None
    paused_why: str | None = None
    in_list: bool = False
    edits: int = 0
    edited_at: datetime | None = None


class Told:
    """Reads the outbox for one owner: posts and notices, each with its later edits counted."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def recent(self, owner: Owner, limit: int, offset: int = 0) -> list[ToldRow]:
        """What was told, or is to be told, about the owner's watches, the newest first."""
        edits = _edits()
        query = (
            select(
                NOTIFICATIONS,
                LANES.c.why.label("paused_why"),
                func.coalesce(edits.c.made, 0).label("made"),
                edits.c.edited_at,
            )
            .outerjoin(LANES, and_(LANES.c.lane == _N.lane, LANES.c.paused_at.is_not(None)))
            .outerjoin(edits, edits.c.edits == _N.id)
            .where(*_about(owner))
            .order_by(_N.seq.desc())
            .limit(limit)
            .offset(offset)
        )
        return [_to_row(row) for row in await self._sql.rows(query)]

    async def heard_at(
        self, lanes: Mapping[WatchId, Collection[str]], since: datetime
    ) -> dict[WatchId, datetime]:
        """When each watch was last told by a new post on one of its lanes, where that was since then."""
        query = (
            select(SUBJECTS.c.watch_id, _N.lane, _N.settled_at)
            .join(NOTIFICATIONS, _N.id == SUBJECTS.c.notification_id)
            .where(
                SUBJECTS.c.watch_id.in_(lanes),
                _N.kind == NotificationKind.POST.value,
                _N.status == NotificationStatus.DELIVERED.value,
                _N.settled_at > since,
            )
            .order_by(_N.settled_at)
        )
        rows = await self._sql.rows(query)
        return {WatchId(row.watch_id): row.settled_at for row in rows if row.lane in lanes[row.watch_id]}

    async def count(self, owner: Owner) -> int:
        """How many there are."""
        query = select(func.count().label("n")).where(*_about(owner))
        row = await self._sql.first(query.select_from(NOTIFICATIONS))
        return 0 if row is None else int(row.n)

    async def last_dry_run(self, member_id: str) -> datetime | None:
        """When a member last tried the ways of their alerts; direct messages are always one of them."""
        query = select(func.max(_N.created_at, type_=_N.created_at.type).label("at")).where(
            _N.lane == f"{DestinationKind.DM.value}:{member_id}", _N.kind == NotificationKind.DRY_RUN.value
        )
        row = await self._sql.first(query)
        return None if row is None else row.at


def _about(owner: Owner) -> tuple[ColumnElement[bool], ...]:
    """Posts and notices about the owner's watches, where the owner may know of them.

    The operator's copies, those of the server, and other people's phones are none of the owner's business.
    """
    about = (
        select(SUBJECTS.c.notification_id)
        .join(WATCHES, WATCHES.c.id == SUBJECTS.c.watch_id)
        .where(WATCHES.c.owner_id == owner.id, WATCHES.c.owner_kind == owner.kind.value)
    )
    personal = [f"{kind.value}:{owner.id}" for kind in _PERSONAL]
    copies = (kind for kind in DestinationKind if kind.is_copy)
    hidden = (*_PERSONAL, *copies, DestinationKind.CONSOLE)
    elsewhere = or_(*(_N.lane.startswith(f"{kind.value}:", autoescape=True) for kind in hidden))
    return (
        _N.id.in_(about),
        _N.kind.in_(_WORTH_KNOWING),
        or_(_N.lane.in_(personal), ~elsewhere),
    )


def _edits() -> Subquery:
    query = (
        select(
            _N.edits,
            func.count().label("made"),
            func.max(_N.settled_at, type_=_N.settled_at.type).label("edited_at"),
        )
        .where(_N.edits.is_not(None), _N.status == NotificationStatus.DELIVERED.value)
        .group_by(_N.edits)
    )
    return query.subquery("edits_made")


def _to_row(row: Row[Any]) -> ToldRow:
    return ToldRow(
        notification=row.notification,
        status=NotificationStatus(row.status),
        told_at=row.created_at,
        not_before=row.not_before,
        attempts=row.attempts,
        why=row.why,
        settled_at=row.settled_at,
        paused_why=row.paused_why,
        in_list=row.gathered_into is not None,
        edits=row.made,
        edited_at=row.edited_at,
    )
