"""An owner stops watching, or tells elsewhere: what was told of it, and what was about to be."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import and_, select, update

from engine.domain import leaving, whys
from engine.domain.alert import Notification, NotificationKind, Subject
from engine.domain.deferring import untold
from engine.domain.findtelling import only
from engine.domain.watch import WatchId
from engine.store.findmemories import change_told
from engine.store.notifications import IS_OPEN, NotificationStatus
from engine.store.tables import NOTIFICATIONS, SUBJECTS
from engine.store.transaction import Transaction

_N: Final = NOTIFICATIONS.c
_LEFT: Final = whys.NOT_WATCHED
_NEVER_IN_HAND: Final = and_(IS_OPEN, _N.first_leased_until.is_(None))


async def leave(
    tx: Transaction, watch_id: WatchId, now: datetime, *, staying_in: Collection[str] = ()
) -> None:
    """Its owner left: posts say so, and an alert that nobody has had in hand is not told.

    Lanes of `staying_in` go on as before. A watch forgets an alert that was not told, so that coming
    back loses nothing.
    """
    await _untell(tx, watch_id, now, staying_in)
    await tx.notifications.enqueue(leaving.leave([watch_id], await _standing(tx, watch_id, staying_in), now))


async def come_back(tx: Transaction, watch_id: WatchId, now: datetime) -> None:
    """Its owner is back before anything changed: posts promise again."""
    await tx.notifications.enqueue(
        leaving.leave([watch_id], await _standing(tx, watch_id, ()), now, left=False)
    )


async def _standing(tx: Transaction, watch_id: WatchId, but: Collection[str]) -> Iterable[Notification]:
    """What stands of the route that it is on; what was told of one that it was on before is over."""
    row = await tx.watches.get(watch_id)
    newest = await tx.notifications.newest_posts([watch_id])
    swept = row is not None and row.route.route.to_anywhere
    lined = await tx.notifications.posts_with_lines([watch_id]) if swept else {}
    posts = {post.edits or post.id: post for of in (newest, lined) for post in of.get(watch_id, ())}
    return [
        post
        for post in posts.values()
        if row is not None and post.route.id == row.watch.route_id and post.destination.lane not in but
    ]


async def _untell(tx: Transaction, watch_id: WatchId, now: datetime, but: Collection[str]) -> None:
    """Take it out of posts that nobody has had in hand; the watch forgets that they were told."""
    query = (
        select(NOTIFICATIONS)
        .join(SUBJECTS, SUBJECTS.c.notification_id == _N.id)
        .where(SUBJECTS.c.watch_id == watch_id, _N.kind == NotificationKind.POST.value, _NEVER_IN_HAND)
    )
    for row in await tx.sql.rows(query):
        if row.lane in but:
            continue
        told: Notification = row.notification
        others = tuple(subject for subject in told.subjects if subject.watch_id != watch_id)
        left = only(told, [each.watch_id for each in others]) if told.gathered else None
        if others:
            await tx.notifications.replace(left or msgspec.structs.replace(told, subjects=others))
        else:
            dropped = {"status": NotificationStatus.DROPPED.value, "settled_at": now, "why": _LEFT}
            await tx.sql.run(update(NOTIFICATIONS).where(_N.id == row.id).values(dropped))
        await _forget(tx, told, [subject for subject in told.subjects if subject.watch_id == watch_id])
        await change_told(tx, told, {watch_id}, untold, now)


async def _forget(tx: Transaction, told: Notification, subjects: Iterable[Subject]) -> None:
    for subject in subjects:
        row = await tx.watches.get(subject.watch_id)
        if row is not None:
            await tx.watches.save_states({subject.watch_id: untold(row.state, told, subject)})
