"""What follows when a destination fails for good: watches are held, owners told once, later released."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, update

from engine.domain.alert import OUTCOME_UNKNOWN, Notification, NotificationKind
from engine.domain.deferring import unheard
from engine.domain.judge import held, released
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId, WatchStatus
from engine.domain.webhook import Webhook, WebhookId
from engine.store import closeddoors, notices
from engine.store.columns import insert_for
from engine.store.findmemories import armed_again, change_told
from engine.store.notifications import STANDS, NotificationStatus
from engine.store.ownernews import place_of
from engine.store.sql import chunks
from engine.store.tables import LANES, NOTIFICATIONS, ROUTES, SUBJECTS, WATCH_LANES, WATCHES
from engine.store.transaction import Transaction

_IS_POST: Final = NOTIFICATIONS.c.kind == NotificationKind.POST.value
_IS_COPY: Final = or_(
    *(NOTIFICATIONS.c.lane.startswith(f"{kind.value}:") for kind in DestinationKind if kind.is_copy)
)
# The operator's copy alone tells an owner nothing either: theirs may be left to a digest.
_IS_OPERATORS: Final = NOTIFICATIONS.c.lane == f"{DestinationKind.SMS.value}:operator"
_ENDED_PERMANENT: Final = and_(
    NOTIFICATIONS.c.status == NotificationStatus.DEAD.value,
    ~NOTIFICATIONS.c.why.startswith(OUTCOME_UNKNOWN),
)


async def hold_unreached(tx: Transaction, dead: Row[Any], why: str, now: datetime) -> None:
    """After a post ended permanent: hold the watches that its look's posts all failed, tell their owners.

    Copies do not count: whether one arrived, its owner was told nothing by it.
    """
    if dead.notification.destination.kind.is_copy:
        return
    unreached = await _unreached(tx, dead)
    if not unreached:
        return
    query = select(WATCHES.c.watch, WATCHES.c.state).where(
        WATCHES.c.id.in_(unreached), WATCHES.c.held.is_(False), WATCHES.c.removed_at.is_(None)
    )
    rows = await tx.sql.rows(query)
    await tx.watches.save_states({row.watch.id: held(row.state) for row in rows})
    await change_told(tx, dead.notification, {row.watch.id for row in rows}, armed_again, now)
    await _tell_owners(tx, dead.lane, [row.watch for row in rows], why, now, about=dead.notification)


async def tell_after_all(tx: Transaction, digest: Notification, now: datetime) -> None:
    """After a digest never arrived: what it stood in for is news again, at a look now."""
    page = digest.digest
    if page is None or page.since is None:
        return
    for line in page.lines:
        row = await tx.watches.get(line.watch_id) if line.is_news else None
        if row is not None and row.watch.removed_at is None:
            await tx.watches.save_states({line.watch_id: unheard(row.state, page.since)})
            if row.route.route.to_anywhere:
                finds = (await tx.finds.states([line.watch_id])).get(line.watch_id, {})
                states = {(line.watch_id, at): unheard(state, page.since) for at, state in finds.items()}
                await tx.finds.save_states(states, now)
            await tx.routes.look_by(row.watch.route_id, now)


async def say_unknown(tx: Transaction, dead: Row[Any], now: datetime) -> None:
    """After a sending with unknown outcome was given up: say so where else that look was told.

    Where it was told nowhere else, its owners hear of it by direct message.
    """
    given_up: Notification = dead.notification
    places = await _told_elsewhere(tx, dead)
    if not places:
        owners = {subject.owner for subject in given_up.subjects}
        places = {place for owner in owners if (place := await place_of(tx, owner)) is not None}
    told = [
        notices.outcome_unknown(given_up, place, now)
        for place in sorted(places, key=lambda place: place.lane)
    ]
    await tx.notifications.enqueue(told)


async def _told_elsewhere(tx: Transaction, dead: Row[Any]) -> set[Destination]:
    query = (
        select(NOTIFICATIONS.c.notification)
        .join(SUBJECTS, SUBJECTS.c.notification_id == NOTIFICATIONS.c.id)
        .where(
            SUBJECTS.c.watch_id.in_([subject.watch_id for subject in dead.notification.subjects]),
            NOTIFICATIONS.c.route_id == dead.route_id,
            NOTIFICATIONS.c.created_at == dead.created_at,
            NOTIFICATIONS.c.status.in_(STANDS),
            _IS_POST,
            ~_IS_COPY,
        )
    )
    places = {row.notification.destination for row in await tx.sql.rows(query)}
    return {place for place in places if place.kind is not DestinationKind.SMS}


async def pause(tx: Transaction, lane: str, why: str, now: datetime) -> None:
    """Pause a lane; the owners of the watches that tell there hear of it once.

    Of a webhook the member who added it does, and what waits for it is dropped: copies are of now.
    """
    new = insert_for(tx.sql.dialect, LANES).values(lane=lane, paused_at=now, why=why)
    paused = await tx.sql.run(
        new.on_conflict_do_update(
            index_elements=["lane"],
            set_={"paused_at": new.excluded.paused_at, "why": new.excluded.why},
            where=LANES.c.paused_at.is_(None),
        )
    )
    if not paused:
        return
    kind, _, address = lane.partition(":")
    if kind == DestinationKind.WEBHOOK.value:
        await _tell_of_webhook(tx, WebhookId(address), why, now)
        await tx.notifications.drop_lane(lane, why, now)
        return
    await _tell_owners(tx, lane, await _watches_on(tx, lane), why, now)
    if kind == DestinationKind.DM.value:
        # Also where a digest found them closed: what is told there from now on waits, and nobody would know.
        closed = await closeddoors.note(tx, Owner(OwnerKind.MEMBER, address), now)
        await tx.notifications.enqueue(closed, about_lane=lane)


async def _tell_of_webhook(tx: Transaction, id_: WebhookId, why: str, now: datetime) -> None:
    """Once, in the channel that the server chose for its managers, or to the member who added it."""
    webhook = await tx.webhooks.get(id_)
    to = None if webhook is None else await _who_cares_for(tx, webhook)
    if webhook is None or to is None:
        return
    newest = select(NOTIFICATIONS.c.notification).where(NOTIFICATIONS.c.lane == webhook.destination.lane)
    refused = await tx.sql.first(newest.order_by(NOTIFICATIONS.c.seq.desc()).limit(1))
    if refused is not None:
        notice = notices.webhook_fault(webhook, why, to, refused.notification.route, now)
        await tx.notifications.enqueue([notice], about_lane=webhook.destination.lane)


async def _who_cares_for(tx: Transaction, webhook: Webhook) -> Destination | None:
    channel_id = (await tx.servers.of(webhook.server_id)).admin_channel_id
    if channel_id is not None:
        return Destination(DestinationKind.CHANNEL, channel_id)
    if not webhook.created_by:  # they had themselves forgotten
        return None
    return Destination(DestinationKind.DM, webhook.created_by)


async def holds_up(tx: Transaction, lane: str) -> bool:
    """Whether a watch that tells on this lane is held."""
    return (
        await tx.sql.first(select(WATCHES.c.id).where(_tells_on(lane), WATCHES.c.held).limit(1)) is not None
    )


async def is_told_on(tx: Transaction, lane: str) -> bool:
    """Whether a watch that is looked at tells on this lane."""
    return bool(await _watches_on(tx, lane))


async def waits(tx: Transaction, lane: str) -> bool:
    """Whether the lane is paused, or a watch is held for it."""
    return await tx.notifications.why_paused(lane) is not None or await holds_up(tx, lane)


async def reinstate(tx: Transaction, lane: str, now: datetime) -> None:
    """Let a lane go on; watches held that tell there are released and looked at now."""
    new = insert_for(tx.sql.dialect, LANES).values(lane=lane, reinstated_at=now)
    await tx.sql.run(
        new.on_conflict_do_update(
            index_elements=["lane"],
            set_={"paused_at": None, "why": None, "reinstated_at": new.excluded.reinstated_at},
        )
    )
    query = select(WATCHES.c.id, WATCHES.c.route_id, WATCHES.c.state).where(
        _tells_on(lane), WATCHES.c.held.is_(True)
    )
    waiting = await tx.sql.rows(query)
    await tx.watches.save_states({WatchId(row.id): released(row.state) for row in waiting})
    for route_ids in chunks(sorted({row.route_id for row in waiting})):
        await tx.sql.run(
            update(ROUTES)
            .where(ROUTES.c.id.in_(route_ids), ROUTES.c.next_look_at > now)
            .values(next_look_at=now)
        )


async def _unreached(tx: Transaction, dead: Row[Any]) -> list[str]:
    # A notification looked at again is dated anew inside; the column keeps the instant of its look.
    named = select(SUBJECTS.c.watch_id).where(SUBJECTS.c.notification_id == dead.id)
    failed = func.sum(case((_ENDED_PERMANENT, 1), else_=0))
    query = (
        select(SUBJECTS.c.watch_id)
        .join(NOTIFICATIONS, NOTIFICATIONS.c.id == SUBJECTS.c.notification_id)
        .where(
            SUBJECTS.c.watch_id.in_(named),
            NOTIFICATIONS.c.route_id == dead.route_id,
            NOTIFICATIONS.c.created_at == dead.created_at,
            _IS_POST,
            ~_IS_COPY,
        )
        .group_by(SUBJECTS.c.watch_id)
        .having(func.count() == failed, func.sum(case((_IS_OPERATORS, 0), else_=1)) > 0)
    )
    return [row.watch_id for row in await tx.sql.rows(query)]


def _tells_on(lane: str) -> ColumnElement[bool]:
    """Whether a watch tells on a lane: it names it, or the lane is its owner's phone."""
    named = select(WATCH_LANES.c.watch_id).where(WATCH_LANES.c.lane == lane)
    kind, _, address = lane.partition(":")
    if kind != DestinationKind.SMS.value:
        return WATCHES.c.id.in_(named)
    owned = and_(WATCHES.c.owner_kind == OwnerKind.MEMBER.value, WATCHES.c.owner_id == address)
    return or_(WATCHES.c.id.in_(named), owned)


async def _watches_on(tx: Transaction, lane: str) -> list[Watch]:
    query = (
        select(WATCHES.c.watch)
        .where(
            _tells_on(lane),
            WATCHES.c.status == WatchStatus.ACTIVE.value,
            WATCHES.c.removed_at.is_(None),
        )
        .order_by(WATCHES.c.created_at, WATCHES.c.id)
    )
    return [row.watch for row in await tx.sql.rows(query)]


async def _tell_owners(
    tx: Transaction,
    lane: str,
    watches: Iterable[Watch],
    why: str,
    now: datetime,
    *,
    about: Notification | None = None,
) -> None:
    """One notice per owner and lane between two reinstatements, never by the lane that failed."""
    by_owner: dict[Owner, list[Watch]] = {}
    for watch in watches:
        by_owner.setdefault(watch.owner, []).append(watch)
    heard = await _heard_of(tx, lane)
    told: list[Notification] = []
    for owner, concerned in by_owner.items():
        place = await place_of(tx, owner)
        # Of a server it is the channel for its news that takes nothing: no direct messages are closed.
        if owner.kind is OwnerKind.MEMBER and place is not None and place.lane == lane and about is not None:
            told += await closeddoors.note(tx, owner, now)
        if place is None or place.lane == lane or place.lane in heard:
            continue
        heard.add(place.lane)
        route = (await tx.routes.get_many([concerned[0].route_id]))[concerned[0].route_id].route
        told.append(notices.fault(lane, why, place, concerned, route, now, about=about))
    await tx.notifications.enqueue(told, about_lane=lane)


async def _heard_of(tx: Transaction, lane: str) -> set[str]:
    since = select(func.coalesce(func.max(LANES.c.reinstated_at), 0)).where(LANES.c.lane == lane)
    query = select(NOTIFICATIONS.c.lane).where(
        NOTIFICATIONS.c.about_lane == lane, NOTIFICATIONS.c.created_at > since.scalar_subquery()
    )
    return {row.lane for row in await tx.sql.rows(query)}
