"""An outbox without a database: the same port, for tests that move time by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine.alerts.ports import POST_GONE, Leased
from engine.domain.alert import Notification, NotificationId, NotificationKind
from tests.support.clock import START


class Row(msgspec.Struct, kw_only=True):
    seq: int
    notification: Notification
    status: str = "pending"
    not_before: datetime = START
    leased_until: datetime | None = None
    attempts: int = 0
    sending_since: datetime | None = None
    reconciled: int = 0
    failing_since: datetime | None = None
    ref: str | None = None
    why: str | None = None


class MemoryOutbox:
    """`rows` by notification id; `leases` counts how often it was asked for rows."""

    def __init__(self) -> None:
        self.rows: dict[NotificationId, Row] = {}
        self.paused: dict[str, str] = {}
        self.leases = 0
        self._now = START

    def enqueue(self, *notifications: Notification) -> None:
        for notification in notifications:
            self.rows[notification.id] = Row(seq=len(self.rows) + 1, notification=notification)

    def status(self, notification: Notification) -> str:
        return self.rows[notification.id].status

    async def lease(self, now: datetime, lease_for: timedelta, limit: int) -> list[Leased]:
        self.leases += 1
        self._now = now
        self._drop_orphans()
        due = [row for row in self._deliverable() if _due_at(row) <= now][:limit]
        for row in due:
            row.leased_until = now + lease_for
        return [self._leased(row) for row in due]

    async def release(self, ids: Sequence[NotificationId]) -> None:
        for id_ in ids:
            self.rows[id_].leased_until = None

    async def next_due(self, now: datetime) -> datetime | None:  # noqa: ARG002  as the port has it
        return min(map(_due_at, self._deliverable()), default=None)

    async def begin_sending(self, id_: NotificationId, now: datetime) -> None:
        self._change(id_, sending_since=now)

    async def acknowledge(self, id_: NotificationId, ref: str | None, now: datetime) -> None:  # noqa: ARG002
        self._change(id_, status="delivered", ref=ref, leased_until=None)

    async def retry(
        self,
        id_: NotificationId,
        not_before: datetime,
        why: str,
        *,
        reconciled: int = 0,
        counts: bool = True,
    ) -> None:
        self._change(id_, not_before=not_before, why=why, leased_until=None, reconciled=reconciled)
        if not reconciled:
            self._change(id_, sending_since=None, attempts=self.rows[id_].attempts + int(counts))
            since = self.rows[id_].failing_since or self._now
            self._change(id_, failing_since=since if counts else None)

    async def dead_letter(self, id_: NotificationId, why: str, now: datetime) -> None:  # noqa: ARG002
        post = self._post(self.rows[id_])
        if why == POST_GONE and post is not None:
            post.ref = None
        self._change(id_, status="dead", why=why, leased_until=None)

    async def drop(self, id_: NotificationId, why: str, now: datetime) -> None:  # noqa: ARG002
        self._change(id_, status="dropped", why=why, leased_until=None)

    async def replace(self, notification: Notification) -> None:
        self._change(notification.id, notification=notification)

    async def pause_lane(self, lane: str, why: str, now: datetime) -> None:  # noqa: ARG002
        self.paused[lane] = why

    async def reinstate_lane(self, lane: str) -> None:
        self.paused.pop(lane, None)

    def _change(self, id_: NotificationId, **values: Any) -> None:
        if self.rows[id_].status != "pending":
            return
        for name, value in values.items():
            setattr(self.rows[id_], name, value)

    def _deliverable(self) -> list[Row]:
        """What only time can keep, in order."""
        return [
            row
            for row in self.rows.values()
            if row.status == "pending"
            and row.notification.destination.lane not in self.paused
            and (row.notification.kind is not NotificationKind.EDIT or self._post_ref(row) is not None)
        ]

    def _drop_orphans(self) -> None:
        for row in self.rows.values():
            post = self._post(row)
            lost = post is None or (post.ref is None and post.status != "pending")
            if row.notification.kind is not NotificationKind.EDIT or row.status != "pending":
                continue
            if lost or self._is_overtaken(row):
                row.status, row.why = "dropped", "there is nothing to change"

    def _is_overtaken(self, row: Row) -> bool:
        return row.leased_until is None and any(
            later.seq > row.seq and later.status == "delivered"
            for later in self.rows.values()
            if later.notification.edits == row.notification.edits
        )

    def _post(self, row: Row) -> Row | None:
        edits = row.notification.edits
        return None if edits is None else self.rows.get(edits)

    def _post_ref(self, row: Row) -> str | None:
        post = self._post(row)
        return None if post is None else post.ref

    def _leased(self, row: Row) -> Leased:
        return Leased(
            seq=row.seq,
            notification=row.notification,
            attempts=row.attempts,
            sending_since=row.sending_since,
            post_ref=self._post_ref(row),
            reconciled=row.reconciled,
            failing_since=row.failing_since,
        )


def _due_at(row: Row) -> datetime:
    return max(row.not_before, row.leased_until or row.not_before)
