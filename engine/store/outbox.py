"""The outbox as the relay uses it: every method is one transaction of its own."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, or_, select, update

from engine.clock import Clock
from engine.domain.alert import (
    OUTCOME_UNKNOWN,
    POST_GONE,
    Leased,
    Notification,
    NotificationId,
    NotificationKind,
)
from engine.domain.watch import DestinationKind
from engine.store import faults, storms
from engine.store.columns import Instant
from engine.store.notifications import (
    IS_EDIT,
    IS_OPEN,
    POST,
    NotificationStatus,
    lane_is_paused,
    post_has_id,
)
from engine.store.tables import NOTIFICATIONS
from engine.store.transaction import Transaction

_N: Final = NOTIFICATIONS.c
# A dry run knocks at closed doors, but at no phone that wants to be left alone.
_TRIES_A_PLACE: Final = and_(
    _N.kind == NotificationKind.DRY_RUN.value, ~_N.lane.startswith(f"{DestinationKind.SMS.value}:")
)
_TO_PHONE: Final = f"{DestinationKind.SMS.value}:"
# What stood there before a lease in which nothing was tried: nothing, when it was the first one.
_BEFORE_THIS_LEASE: Final = case(
    (_N.first_leased_until == _N.leased_until, None), else_=_N.first_leased_until
)


class SqlOutbox:
    """Implements `engine.alerts.ports.Outbox`; the semantics of each method are described there."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[Transaction]], clock: Clock) -> None:
        self._begin = begin
        self._clock = clock

    async def lease(self, now: datetime, lease_for: timedelta, limit: int) -> list[Leased]:
        """Take up to `limit` rows that are due and not leased, oldest first."""
        query = (
            select(NOTIFICATIONS, POST.c.ref.label("post_ref"))
            .outerjoin(POST, POST.c.id == _N.edits)
            .where(IS_OPEN, _can_go_out(), _N.not_before <= now, _is_free(now))
            .order_by(_N.seq)
            .limit(limit)
        )
        async with self._begin() as tx:
            await storms.gather(tx, now)
            await storms.drop_overtaken_edits(tx, now)
            await storms.drop_orphaned_edits(tx, now)
            rows = await tx.sql.rows(query)
            await tx.sql.run(
                update(NOTIFICATIONS)
                .where(_N.seq.in_([row.seq for row in rows]))
                .values(
                    leased_until=now + lease_for,
                    first_leased_until=func.coalesce(
                        _N.first_leased_until, literal(now + lease_for, Instant())
                    ),
                )
            )
        return [_to_leased(row) for row in rows]

    async def release(self, ids: Sequence[NotificationId]) -> None:
        """Give back rows that were taken and not tried."""
        async with self._begin() as tx:
            given_back = update(NOTIFICATIONS).where(_N.id.in_(ids), IS_OPEN)
            await tx.sql.run(given_back.values(leased_until=None, first_leased_until=_BEFORE_THIS_LEASE))

    async def next_due(self, now: datetime) -> datetime | None:  # noqa: ARG002  the port gives it to all
        """When the earliest row that waits can be taken; None when time alone makes nothing due."""
        due = case((_N.leased_until > _N.not_before, _N.leased_until), else_=_N.not_before)
        async with self._begin() as tx:
            query = select(func.min(due, type_=Instant()).label("at")).where(IS_OPEN, _can_go_out())
            row = await tx.sql.first(query)
        return None if row is None else row.at

    async def begin_sending(self, id_: NotificationId, now: datetime) -> None:
        """Commit that a POST begins whose repetition would cost."""
        await self._change(id_, sending_since=now)

    async def acknowledge(self, id_: NotificationId, ref: str | None, now: datetime) -> None:
        """It arrived; watches held because nothing could be told there are judged again."""
        async with self._begin() as tx:
            await arrived(tx, id_, ref, now)

    async def retry(
        self,
        id_: NotificationId,
        not_before: datetime,
        why: str,
        *,
        reconciled: int = 0,
        counts: bool = True,
    ) -> None:
        """It did not arrive, or (`reconciled` > 0) nobody knows; again not before that instant."""
        if reconciled:
            await self._change(id_, not_before=not_before, why=why, leased_until=None, reconciled=reconciled)
            return
        now = literal(self._clock.now(), Instant())
        await self._change(
            id_,
            not_before=not_before,
            why=why,
            leased_until=None,
            reconciled=0,
            sending_since=None,
            attempts=_N.attempts + int(counts),
            failing_since=func.coalesce(_N.failing_since, now) if counts else None,
            first_leased_until=_N.first_leased_until if counts else _BEFORE_THIS_LEASE,
        )

    async def dead_letter(self, id_: NotificationId, why: str, now: datetime) -> None:
        """It never will arrive; a watch that the whole look failed to reach is held."""
        async with self._begin() as tx:
            dead = await tx.sql.first(select(NOTIFICATIONS).where(_N.id == id_, IS_OPEN))
            if dead is None:
                return
            await _settle(tx, id_, NotificationStatus.DEAD, now, why=why)
            if dead.kind == NotificationKind.EDIT.value and why == POST_GONE:
                await tx.sql.run(update(NOTIFICATIONS).where(_N.id == dead.edits).values(ref=None))
            for lost in await storms.settle_with(tx, id_, NotificationStatus.DEAD, now, why):
                await faults.hold_unreached(tx, lost, why, now)
            if dead.kind == NotificationKind.DIGEST.value:
                await faults.tell_after_all(tx, dead.notification, now)
            if dead.kind != NotificationKind.POST.value:
                return
            if why.startswith(OUTCOME_UNKNOWN):
                await faults.say_unknown(tx, dead, now)
            else:
                await faults.hold_unreached(tx, dead, why, now)

    async def drop(self, id_: NotificationId, why: str, now: datetime) -> None:
        """It is no longer worth telling."""
        async with self._begin() as tx:
            await _settle(tx, id_, NotificationStatus.DROPPED, now, why=why)
            await storms.settle_with(tx, id_, NotificationStatus.DROPPED, now, why)

    async def replace(self, notification: Notification) -> None:
        """Put fresh content into the row of the same id; its place in the order stays."""
        async with self._begin() as tx:
            await tx.notifications.replace(notification)
            if notification.kind is NotificationKind.LIST:
                await storms.narrow(tx, notification, self._clock.now())

    async def pause_lane(self, lane: str, why: str, now: datetime) -> None:
        """Nothing goes out on this lane until it is reinstated; its owners are told once."""
        async with self._begin() as tx:
            await faults.pause(tx, lane, why, now)

    async def reinstate_lane(self, lane: str) -> None:
        """The lane works again; watches held for it are judged again."""
        async with self._begin() as tx:
            await faults.reinstate(tx, lane, self._clock.now())

    async def _change(self, id_: NotificationId, **values: object) -> None:
        async with self._begin() as tx:
            await tx.sql.run(update(NOTIFICATIONS).where(_N.id == id_, IS_OPEN).values(values))


async def arrived(tx: Transaction, id_: NotificationId, ref: str | None, now: datetime) -> bool:
    """End an open row well; False when it was settled before.

    Watches held because nothing could be told there are judged again; a lane that was paused goes on
    when a dry run got through. Of a text it is kept that the
    provider took it.
    """
    lane, tried = await _lane_of(tx, id_)
    if ref is not None and lane.startswith(_TO_PHONE):
        await tx.texts.note_sent(ref, id_, lane, now)
    if not await _settle(tx, id_, NotificationStatus.DELIVERED, now, ref=ref):
        return False
    await storms.settle_with(tx, id_, NotificationStatus.DELIVERED, now)
    waits = faults.waits if tried else faults.holds_up
    if await waits(tx, lane):
        await faults.reinstate(tx, lane, now)
    return True


async def _settle(
    tx: Transaction, id_: NotificationId, status: NotificationStatus, now: datetime, **values: object
) -> bool:
    """End an open row; False when it was settled before."""
    settled = {"status": status.value, "settled_at": now, "leased_until": None, **values}
    return bool(await tx.sql.run(update(NOTIFICATIONS).where(_N.id == id_, IS_OPEN).values(settled)))


async def _lane_of(tx: Transaction, id_: NotificationId) -> tuple[str, bool]:
    """The lane of a row, and whether the row was sent to try it."""
    row = await tx.sql.first(select(_N.lane, _N.kind).where(_N.id == id_))
    return ("", False) if row is None else (row.lane, row.kind == NotificationKind.DRY_RUN.value)


def _can_go_out() -> ColumnElement[bool]:
    """Whether nothing but time keeps the row: its lane works, and an edit's post has its id."""
    return and_(or_(~lane_is_paused(), _TRIES_A_PLACE), or_(~IS_EDIT, post_has_id()))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(_N.leased_until.is_(None), _N.leased_until <= now)


def _to_leased(row: Row[Any]) -> Leased:
    return Leased(
        seq=row.seq,
        notification=row.notification,
        attempts=row.attempts,
        sending_since=row.sending_since,
        post_ref=row.post_ref,
        reconciled=row.reconciled,
        enqueued_at=row.created_at,
        failing_since=row.failing_since,
        retaken=row.first_leased_until is not None,
    )
