"""A member whose direct messages are closed: one note where they are, without a word of any route."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from engine.domain.alert import Notification, NotificationKind, Reason, Subject
from engine.domain.announce import notification_id
from engine.domain.news import DirectClosed
from engine.domain.watch import Destination, DestinationKind, Owner
from engine.store.notifications import NotificationStatus
from engine.store.tables import NOTIFICATIONS
from engine.store.transaction import Transaction
from engine.store.watches import WatchRow

_N: Final = NOTIFICATIONS.c


async def note(tx: Transaction, owner: Owner, now: datetime) -> list[Notification]:
    """The note, where there is a place for it and none was written since a direct message last arrived.

    It stands for the newest watch of the member, and says nothing of it.
    """
    direct = Destination(DestinationKind.DM, owner.id)
    rows = await tx.watches.of_owner(owner)
    place = await _where_they_are(tx, rows)
    if place is None or await _was_noted(tx, direct):
        return []
    newest = rows[-1]
    about = Subject(watch_id=newest.watch.id, owner=owner, reason=Reason.HELD)
    return [
        Notification(
            id=notification_id(direct.lane, place.lane, now.isoformat(), "closed"),
            destination=place,
            kind=NotificationKind.NOTICE,
            route=newest.route.route,
            subjects=(about,),
            created_at=now,
            news=DirectClosed(),
        )
    ]


async def _where_they_are(tx: Transaction, theirs: Sequence[WatchRow]) -> Destination | None:
    """The channel where the member last added a route, else the newest in which one of theirs is told."""
    rows = [row.watch for row in reversed(theirs)]
    made_in = [watch.made_in for watch in rows if watch.made_in is not None]
    told_in = [place for watch in rows for place in watch.tell if place.kind is DestinationKind.CHANNEL]
    for place in (*made_in, *told_in):
        if await tx.notifications.why_paused(place.lane) is None:
            return place
    return None


async def _was_noted(tx: Transaction, direct: Destination) -> bool:
    arrived = select(func.max(_N.settled_at)).where(
        _N.lane == direct.lane, _N.status == NotificationStatus.DELIVERED.value
    )
    noted = select(_N.id).where(
        _N.about_lane == direct.lane,
        _N.lane.startswith(f"{DestinationKind.CHANNEL.value}:"),
        _N.created_at > func.coalesce(arrived.scalar_subquery(), 0),
    )
    return await tx.sql.first(noted.limit(1)) is not None
