"""An owner stops watching, or tells elsewhere: what was told of it, and what was about to be."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import and_, delete, select, update

from engine.domain import leaving
from engine.domain.alert import Notification, NotificationKind
from engine.domain.judge import held, released
from engine.domain.watch import WatchId
from engine.store.notifications import IS_OPEN, NotificationStatus
from engine.store.tables import NOTIFICATIONS, SUBJECTS
from engine.store.transaction import Transaction

_N: Final = NOTIFICATIONS.c
_LEFT: Final = "it is not watched any more"
_NEVER_IN_HAND: Final = and_(IS_OPEN, _N.first_leased_until.is_(None))


async def leave(
    tx: Transaction, watch_id: WatchId, now: datetime, *, staying_in: Collection[str] = ()
) -> None:
    """Its owner left: posts say so, and an alert that nobody has had in hand is not told.

    Lanes of `staying_in` go on as before. A watch whose alert was not told is armed again, so that
    coming back loses nothing.
    """
    if await _untell(tx, watch_id, now, staying_in):
        await _arm_again(tx, watch_id)
    await tx.notifications.enqueue(leaving.leave([watch_id], await _standing(tx, watch_id, staying_in), now))


async def come_back(tx: Transaction, watch_id: WatchId, now: datetime) -> None:
    """Its owner is back before anything changed: posts promise again."""
    await tx.notifications.enqueue(
        leaving.leave([watch_id], await _standing(tx, watch_id, ()), now, left=False)
    )


async def _standing(tx: Transaction, watch_id: WatchId, but: Collection[str]) -> Iterable[Notification]:
    posts = await tx.notifications.newest_posts([watch_id])
    return [post for post in posts.get(watch_id, ()) if post.destination.lane not in but]


async def _untell(tx: Transaction, watch_id: WatchId, now: datetime, but: Collection[str]) -> bool:
    """Take it out of posts that nobody has had in hand; whether there was any."""
    query = (
        select(NOTIFICATIONS)
        .join(SUBJECTS, SUBJECTS.c.notification_id == _N.id)
        .where(SUBJECTS.c.watch_id == watch_id, _N.kind == NotificationKind.POST.value, _NEVER_IN_HAND)
    )
    waiting = [row for row in await tx.sql.rows(query) if row.lane not in but]
    for row in waiting:
        told: Notification = row.notification
        others = tuple(subject for subject in told.subjects if subject.watch_id != watch_id)
        changed: dict[str, object] = {"notification": msgspec.structs.replace(told, subjects=others)}
        if not others:
            changed = {"status": NotificationStatus.DROPPED.value, "settled_at": now, "why": _LEFT}
        await tx.sql.run(update(NOTIFICATIONS).where(_N.id == row.id).values(changed))
        if others:
            named = and_(SUBJECTS.c.notification_id == row.id, SUBJECTS.c.watch_id == watch_id)
            await tx.sql.run(delete(SUBJECTS).where(named))
    return bool(waiting)


async def _arm_again(tx: Transaction, watch_id: WatchId) -> None:
    row = await tx.watches.get(watch_id)
    if row is not None and not row.state.held:
        await tx.watches.save_states({watch_id: released(held(row.state))})
