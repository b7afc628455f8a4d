"""Notifications: the rows of the outbox, as the look that writes them and the people who ask see them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, exists, func, or_, select, update

from engine.domain.alert import Notification, NotificationId, NotificationKind
from engine.domain.deferring import due_at
from engine.domain.watch import DestinationKind, WatchId
from engine.store.columns import insert_for
from engine.store.sql import Sql, chunks
from engine.store.tables import LANES, NOTIFICATIONS, SUBJECTS


class NotificationStatus(StrEnum):
    """Where a row of the outbox stands; all but PENDING and GATHERED are final.

    GATHERED is carried by another row (`gathered_into`) and shares its fate.
    """

    PENDING = "pending"
    GATHERED = "gathered"
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


class NotificationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A notification and what became of it.

    `ref` is the provider's id of what was sent; `why` the last reason for a delay or an end.
    """

    notification: Notification
    status: NotificationStatus
    attempts: int = 0
    ref: str | None = None
    why: str | None = None
    settled_at: datetime | None = None


# Posts of one watch with lines that are followed in one place: a fare that was told before is long gone.
_MOST_WITH_LINES: Final = 20

POST: Final = NOTIFICATIONS.alias("post")
IS_OPEN: Final = NOTIFICATIONS.c.status == NotificationStatus.PENDING.value
IS_EDIT: Final = NOTIFICATIONS.c.kind == NotificationKind.EDIT.value
STANDS: Final = (
    NotificationStatus.PENDING.value,
    NotificationStatus.GATHERED.value,
    NotificationStatus.DELIVERED.value,
)


def lane_is_paused() -> ColumnElement[bool]:
    """Whether the row's lane is paused."""
    paused = exists().where(LANES.c.lane == NOTIFICATIONS.c.lane, LANES.c.paused_at.is_not(None))
    return paused.correlate(NOTIFICATIONS)


def post_has_id() -> ColumnElement[bool]:
    """Whether the post that the row edits was delivered and left its id."""
    return its_post(POST.c.status == NotificationStatus.DELIVERED.value, POST.c.ref.is_not(None))


def its_post(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the post that the row edits is there and fulfils the conditions on `POST`."""
    return exists().where(POST.c.id == NOTIFICATIONS.c.edits, *conditions).correlate(NOTIFICATIONS)


class Notifications:
    """The repository of notifications; delivery itself is `engine.store.outbox`."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def enqueue(
        self,
        notifications: Sequence[Notification],
        *,
        about_lane: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Put notifications into the outbox, in this order; an id that is there already is passed over.

        `about_lane` marks notices that tell of a fault of that lane. `at` is when they are written, where
        that is not when they were created.
        """
        written = {} if at is None else {"created_at": at, "not_before": at}
        rows = [{**_to_columns(one), "about_lane": about_lane, **written} for one in notifications]
        new = insert_for(self._sql.dialect, NOTIFICATIONS)
        await self._sql.run_many(new.on_conflict_do_nothing(index_elements=["id"]), rows)
        await self.name_subjects(notifications)

    async def replace(self, notification: Notification) -> None:
        """Put other content into an open row of the same id; its place in the order stays."""
        await self._sql.run(
            update(NOTIFICATIONS)
            .where(NOTIFICATIONS.c.id == notification.id, IS_OPEN)
            .values(notification=notification, held_until=notification.held_until)
        )
        await self._sql.run(delete(SUBJECTS).where(SUBJECTS.c.notification_id == notification.id))
        await self.name_subjects([notification])

    async def get(self, id_: NotificationId) -> NotificationRow | None:
        """That notification and what became of it."""
        row = await self._sql.first(select(NOTIFICATIONS).where(NOTIFICATIONS.c.id == id_))
        return None if row is None else _to_row(row)

    async def newest_posts(self, watch_ids: Iterable[WatchId]) -> dict[WatchId, list[Notification]]:
        """What stands now where each watch was last posted: per lane the newest post, or its latest edit.

        Posts that failed for good, were dropped or wait for the end of quiet hours do not count; an
        edit names its post in `edits`.
        """
        found: dict[WatchId, list[Notification]] = {}
        for some in chunks(list(watch_ids)):
            posts = await self._sql.rows(_newest_posts_of(some))
            latest = await self._latest_edits({row.id for row in posts})
            for row in posts:
                standing = latest.get(row.id, row.notification)
                found.setdefault(WatchId(row.watch_id), []).append(standing)
        return found

    async def posts_with_lines(self, watch_ids: Iterable[WatchId]) -> dict[WatchId, list[Notification]]:
        """What stands now of each watch's newest posts that carry lines, the oldest first.

        As `newest_posts`, but several in each lane: every one goes on for the finds that it told.
        """
        found: dict[WatchId, list[Notification]] = {}
        for some in chunks(list(watch_ids)):
            posts = await self._sql.rows(_newest_posts_of(some, in_each_lane=_MOST_WITH_LINES))
            latest = await self._latest_edits({row.id for row in posts if row.notification.gathered})
            for row in posts:
                if row.notification.gathered:
                    standing = latest.get(row.id, row.notification)
                    found.setdefault(WatchId(row.watch_id), []).append(standing)
        return found

    async def open_count(self, now: datetime) -> tuple[int, int]:
        """How many rows can be delivered now, and how many wait: for a retry, a lane, or their post."""
        deliverable = _deliverable(now)
        query = select(
            func.coalesce(func.sum(case((deliverable, 1), else_=0)), 0).label("deliverable"),
            func.count().label("open"),
        ).where(IS_OPEN)
        row = await self._sql.first(query.select_from(NOTIFICATIONS))
        return (0, 0) if row is None else (int(row.deliverable), int(row.open) - int(row.deliverable))

    async def release_all(self) -> None:
        """End every lease: whoever held one is gone, its rows can be delivered at once."""
        leased = NOTIFICATIONS.c.leased_until.is_not(None)
        await self._sql.run(update(NOTIFICATIONS).where(leased).values(leased_until=None))

    async def prune(self, before: datetime) -> int:
        """Delete what was delivered or given up before that instant; how many rows that were."""
        settled = NOTIFICATIONS.c.status != NotificationStatus.PENDING.value
        return await self._sql.run(delete(NOTIFICATIONS).where(settled, NOTIFICATIONS.c.settled_at < before))

    async def why_paused(self, lane: str) -> str | None:
        """Why nothing goes out on a lane; None when it works."""
        paused = LANES.c.paused_at.is_not(None)
        row = await self._sql.first(select(LANES.c.why).where(LANES.c.lane == lane, paused))
        return None if row is None else str(row.why)

    async def paused_lanes(self, kind: DestinationKind, before: datetime | None = None) -> dict[str, str]:
        """The lanes to this kind of destination that were paused by then, each with why."""
        query = select(LANES.c.lane, LANES.c.why).where(
            LANES.c.lane.startswith(f"{kind.value}:", autoescape=True), LANES.c.paused_at.is_not(None)
        )
        if before is not None:
            query = query.where(LANES.c.paused_at <= before)
        return {row.lane: str(row.why) for row in await self._sql.rows(query)}

    async def drop_lane(self, lane: str, why: str, now: datetime) -> None:
        """Tell nothing that still waits on a lane: its destination is gone."""
        dropped = {"status": NotificationStatus.DROPPED.value, "settled_at": now, "why": why}
        await self._sql.run(
            update(NOTIFICATIONS).where(NOTIFICATIONS.c.lane == lane, IS_OPEN).values(dropped)
        )

    async def _latest_edits(self, post_ids: Collection[str]) -> dict[str, Notification]:
        latest: dict[str, Notification] = {}
        for some in chunks(sorted(post_ids)):
            query = (
                select(NOTIFICATIONS.c.edits, NOTIFICATIONS.c.notification)
                .where(NOTIFICATIONS.c.edits.in_(some), NOTIFICATIONS.c.status.in_(STANDS))
                .order_by(NOTIFICATIONS.c.seq)
            )
            latest |= {row.edits: row.notification for row in await self._sql.rows(query)}
        return latest

    async def name_subjects(self, notifications: Sequence[Notification]) -> None:
        """Note which watches each notification is about."""
        new = insert_for(self._sql.dialect, SUBJECTS)
        await self._sql.run_many(
            new.on_conflict_do_nothing(index_elements=["watch_id", "notification_id"]),
            [
                {"watch_id": subject.watch_id, "notification_id": one.id}
                for one in notifications
                for subject in one.subjects
            ],
        )


def _newest_posts_of(watch_ids: Sequence[WatchId], in_each_lane: int = 1) -> Select[Any]:
    age = func.row_number().over(
        partition_by=(SUBJECTS.c.watch_id, NOTIFICATIONS.c.lane), order_by=NOTIFICATIONS.c.seq.desc()
    )
    posts = (
        select(SUBJECTS.c.watch_id, NOTIFICATIONS.c.seq, age.label("age"))
        .join(NOTIFICATIONS, NOTIFICATIONS.c.id == SUBJECTS.c.notification_id)
        .where(
            SUBJECTS.c.watch_id.in_(watch_ids),
            NOTIFICATIONS.c.kind == NotificationKind.POST.value,
            NOTIFICATIONS.c.status.in_(STANDS),
            NOTIFICATIONS.c.held_until.is_(None),
        )
        .subquery()
    )
    return (
        select(posts.c.watch_id, NOTIFICATIONS.c.id, NOTIFICATIONS.c.notification)
        .join(posts, posts.c.seq == NOTIFICATIONS.c.seq)
        .where(posts.c.age <= in_each_lane)
        .order_by(NOTIFICATIONS.c.seq)
    )


def _deliverable(now: datetime) -> ColumnElement[bool]:
    post_lane_paused = exists().where(LANES.c.lane == POST.c.lane, LANES.c.paused_at.is_not(None))
    post_goes_out = its_post(
        POST.c.status == NotificationStatus.PENDING.value,
        POST.c.not_before <= now,
        ~post_lane_paused.correlate(POST),
    )
    return and_(
        NOTIFICATIONS.c.not_before <= now,
        ~lane_is_paused(),
        or_(~IS_EDIT, post_has_id(), post_goes_out),
    )


def _to_columns(notification: Notification) -> dict[str, object]:
    return {
        "id": notification.id,
        "lane": notification.destination.lane,
        "kind": notification.kind.value,
        "status": NotificationStatus.PENDING.value,
        "route_id": notification.route.id,
        "created_at": notification.created_at,
        "not_before": due_at(notification),
        "attempts": 0,
        "reconciled": 0,
        "edits": notification.edits,
        "held_until": notification.held_until,
        "notification": notification,
    }


def _to_row(row: Row[Any]) -> NotificationRow:
    return NotificationRow(
        notification=row.notification,
        status=NotificationStatus(row.status),
        attempts=row.attempts,
        ref=row.ref,
        why=row.why,
        settled_at=row.settled_at,
    )
