"""Posts that wait for the end of quiet hours."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select, update

from engine.domain.alert import Notification, NotificationId
from engine.domain.deferring import due_at, joined
from engine.domain.route import RouteId
from engine.domain.watch import OwnerKind
from engine.store.notifications import IS_OPEN, Notifications, NotificationStatus
from engine.store.sql import Sql, chunks
from engine.store.tables import NOTIFICATIONS, SUBJECTS, WATCHES

_N: Final = NOTIFICATIONS.c


class Waiting:
    """The repository of waiting posts: a part of the outbox that new posts join and that is re-timed."""

    def __init__(self, sql: Sql, notifications: Notifications) -> None:
        self._sql = sql
        self._notifications = notifications

    async def join(self, new: Sequence[Notification]) -> list[Notification]:
        """Let new posts join those that wait already; gives those that are still to be enqueued."""
        waiting = await self._about({post.route.id for post in new})
        if not waiting:
            return list(new)
        changed, left = joined(waiting, new)
        for post in changed:
            await self._notifications.replace(post)
        return left

    async def of_member(self, member_id: str) -> list[Notification]:
        """The posts that wait and name a watch of the member; not those that are being looked at again."""
        theirs = (
            select(SUBJECTS.c.notification_id)
            .join(WATCHES, WATCHES.c.id == SUBJECTS.c.watch_id)
            .where(WATCHES.c.owner_id == member_id, WATCHES.c.owner_kind == OwnerKind.MEMBER.value)
        )
        query = _waiting().where(_N.id.in_(theirs), _N.leased_until.is_(None))
        return [row.notification for row in await self._sql.rows(query)]

    async def put_off(self, post: Notification) -> None:
        """Write a waiting post with another end of its wait."""
        await self._notifications.replace(post)
        until = {"not_before": due_at(post)}
        await self._sql.run(update(NOTIFICATIONS).where(_N.id == post.id, IS_OPEN).values(until))

    async def drop(self, id_: NotificationId, why: str, now: datetime) -> None:
        """It is over: nothing is told of it."""
        dropped = {
            "status": NotificationStatus.DROPPED.value,
            "settled_at": now,
            "why": why,
            "held_until": None,
        }
        await self._sql.run(update(NOTIFICATIONS).where(_N.id == id_, IS_OPEN).values(dropped))

    async def _about(self, route_ids: Iterable[RouteId]) -> list[Notification]:
        found: list[Notification] = []
        for some in chunks(sorted(route_ids)):
            query = _waiting().where(_N.route_id.in_(some))
            found += [row.notification for row in await self._sql.rows(query)]
        return found


def _waiting() -> Select[Any]:
    held = _N.held_until.is_not(None)
    return select(_N.notification).where(IS_OPEN, held).order_by(_N.seq)
