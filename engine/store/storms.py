"""Posts that are told in a list, in the outbox: gathered when rows are taken, settled with what carries them.

A gathered row keeps in `gathered_into` the id of the row that carries it: the LIST itself, or an EDIT
by which it joined a list that was out already. Everything here happens within a transaction of
`engine.store.outbox`, so that no kill can lose a row or tell it twice.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, or_, select, update

from engine.domain import whys
from engine.domain.alert import Notification, NotificationId, NotificationKind
from engine.domain.freshness import is_old
from engine.domain.storms import MOST_POSTS, WITHIN, edit_of, list_of, with_lines
from engine.domain.watch import DestinationKind
from engine.store import faults
from engine.store.notifications import (
    IS_EDIT,
    IS_OPEN,
    POST,
    NotificationStatus,
    its_post,
    lane_is_paused,
    post_has_id,
)
from engine.store.sql import chunks
from engine.store.tables import NOTIFICATIONS
from engine.store.transaction import Transaction

_N: Final = NOTIFICATIONS.c
_NEWEST: Final = 3000  # deliveries looked back over: Discord takes no more in a minute
_IS_POST: Final = _N.kind == NotificationKind.POST.value
_FOR_A_PLACE: Final = or_(*(_N.lane.startswith(f"{kind.value}:") for kind in DestinationKind if kind.gathers))
_OWN_POST: Final = and_(_IS_POST, _FOR_A_PLACE, _N.gathered_into.is_(None))
_DELIVERED: Final = _N.status == NotificationStatus.DELIVERED.value
_READY: Final = and_(_OWN_POST, IS_OPEN, _N.first_leased_until.is_(None), ~lane_is_paused())
_IN_HAND: Final = and_(_OWN_POST, IS_OPEN, _N.first_leased_until.is_not(None))
_PENDING: Final = NotificationStatus.PENDING.value
_STANDING: Final = (_PENDING, NotificationStatus.DELIVERED.value)
_NO_POST: Final = whys.NO_POST
_OVERTAKEN: Final = whys.OVERTAKEN
_NOT_TRUE: Final = whys.NOT_TRUE
_TOLD_IN_LIST: Final = (NotificationStatus.GATHERED.value, NotificationStatus.DELIVERED.value)
_IS_GATHERED: Final = _N.status == NotificationStatus.GATHERED.value


async def gather(tx: Transaction, now: datetime) -> None:
    """Put what is too much for a place into its list, and what changed of listed posts into their lines."""
    for lane in await _crowded(tx, now):
        posts = await _waiting(tx, lane, now)
        room = max(MOST_POSTS - await _lately(tx, lane, now), 0)
        if len(posts) > room:
            await _into_list(tx, lane, posts[room:], now)
    await _fold_edits(tx, now)


async def settle_with(
    tx: Transaction,
    carrier: NotificationId,
    status: NotificationStatus,
    now: datetime,
    why: str | None = None,
) -> list[Row[Any]]:
    """What a row carried shares its fate; gives the posts among it, as they were."""
    mine = and_(_IS_GATHERED, _N.gathered_into == carrier)
    carried = await tx.sql.rows(select(NOTIFICATIONS).where(mine).order_by(_N.seq))
    if carried:
        fate = {"status": status.value, "settled_at": now, "why": why}
        await tx.sql.run(update(NOTIFICATIONS).where(mine).values(fate))
    return [row for row in carried if row.kind == NotificationKind.POST.value]


async def drop_overtaken_edits(tx: Transaction, now: datetime) -> None:
    """End the edits that waited while a later one of the same post went out: that says all of it."""
    later = NOTIFICATIONS.alias("later")
    overtaken = exists().where(
        later.c.edits == _N.edits, later.c.seq > _N.seq, later.c.status == NotificationStatus.DELIVERED.value
    )
    waiting = and_(IS_OPEN, IS_EDIT, or_(_N.leased_until.is_(None), _N.leased_until <= now))
    for row in await tx.sql.rows(select(_N.id).where(waiting, overtaken.correlate(NOTIFICATIONS))):
        dropped = {"status": NotificationStatus.DROPPED.value, "settled_at": now, "why": _OVERTAKEN}
        await tx.sql.run(update(NOTIFICATIONS).where(_N.id == row.id).values(dropped))
        await settle_with(tx, row.id, NotificationStatus.DELIVERED, now)


async def drop_orphaned_edits(tx: Transaction, now: datetime) -> None:
    """End the edits whose post was never made or is gone; what they carried ends as its list did."""
    post_under_way = its_post(POST.c.status == NotificationStatus.PENDING.value)
    query = (
        select(_N.id, POST.c.status.label("of_post"), POST.c.why.label("of_why"))
        .outerjoin(POST, POST.c.id == _N.edits)
        .where(IS_OPEN, IS_EDIT, ~post_has_id(), ~post_under_way)
    )
    for row in await tx.sql.rows(query):
        dropped = {"status": NotificationStatus.DROPPED.value, "settled_at": now, "why": _NO_POST}
        await tx.sql.run(update(NOTIFICATIONS).where(_N.id == row.id).values(dropped))
        died = row.of_post == NotificationStatus.DEAD.value
        fate = NotificationStatus.DEAD if died else NotificationStatus.DROPPED
        why = row.of_why or _NO_POST
        for lost in await settle_with(tx, row.id, fate, now, why):
            if died:
                await faults.hold_unreached(tx, lost, why, now)


async def narrow(tx: Transaction, listed: Notification, now: datetime) -> None:
    """Of a list that was looked at again only these lines are left: the other posts are not told."""
    left = [line.id for line in listed.gathered]
    gone = and_(_IS_GATHERED, _N.gathered_into == listed.id, _IS_POST, _N.id.not_in(left))
    dropped = {"status": NotificationStatus.DROPPED.value, "settled_at": now, "why": _NOT_TRUE}
    await tx.sql.run(update(NOTIFICATIONS).where(gone).values(dropped))


async def _crowded(tx: Transaction, now: datetime) -> list[str]:
    """The places that might get too much: a guess from numbers alone, which is quick."""
    ready = await _count_by_lane(tx, _READY, _N.not_before <= now)
    if not ready:
        return []
    newest = (
        select(_N.lane, _N.settled_at).where(_OWN_POST, _DELIVERED).order_by(_N.seq.desc()).limit(_NEWEST)
    )
    told = Counter(row.lane for row in await tx.sql.rows(newest) if row.settled_at > now - WITHIN)
    in_hand = await _count_by_lane(tx, _IN_HAND, _N.not_before <= now)
    return [lane for lane, posts in ready.items() if posts + told[lane] + in_hand[lane] > MOST_POSTS]


async def _count_by_lane(tx: Transaction, *where: ColumnElement[bool]) -> Counter[str]:
    query = select(_N.lane, func.count().label("n")).where(*where).group_by(_N.lane)
    return Counter({row.lane: row.n for row in await tx.sql.rows(query)})


async def _waiting(tx: Transaction, lane: str, now: datetime) -> list[Notification]:
    """The posts for a place that can go out now and that nobody has had in hand.

    What has to be looked at again first is taken for that, and comes back.
    """
    query = select(_N.notification).where(_N.lane == lane, _READY, _N.not_before <= now).order_by(_N.seq)
    posts = [row.notification for row in await tx.sql.rows(query)]
    return [post for post in posts if not is_old(post, now)]


async def _lately(tx: Transaction, lane: str, now: datetime) -> int:
    """How many posts of its own a place got within a minute, those included that are in hand."""
    told = select(_N.id).where(_N.lane == lane, _OWN_POST, _DELIVERED, _N.settled_at > now - WITHIN)
    in_hand = select(_N.notification).where(_N.lane == lane, _IN_HAND, _N.not_before <= now)
    going = [row.notification for row in await tx.sql.rows(in_hand)]
    return len(await tx.sql.rows(told)) + sum(not is_old(post, now) for post in going)


async def _into_list(tx: Transaction, lane: str, posts: Sequence[Notification], now: datetime) -> None:
    listed = await _open_list(tx, lane, now)
    if listed is None:
        made = list_of(posts)
        await tx.notifications.enqueue([made], at=now)
        await _mark(tx, made.id, [post.id for post in posts], now)
    else:
        await _amend(tx, listed, posts, now)


async def _open_list(tx: Transaction, lane: str, now: datetime) -> Row[Any] | None:
    """The list of a place that takes further lines: begun within a minute, and under way or posted."""
    stands = or_(IS_OPEN, and_(_N.status == NotificationStatus.DELIVERED.value, _N.ref.is_not(None)))
    return await tx.sql.first(
        select(NOTIFICATIONS)
        .where(_N.lane == lane, _N.kind == NotificationKind.LIST.value, _N.created_at > now - WITHIN, stands)
        .order_by(_N.seq.desc())
        .limit(1)
    )


async def _fold_edits(tx: Transaction, now: datetime) -> None:
    """Edits of posts that stand in a list become changes of its lines."""
    carrier = NOTIFICATIONS.alias("carrier")
    list_id = case((carrier.c.kind == NotificationKind.LIST.value, carrier.c.id), else_=carrier.c.edits)
    query = (
        select(_N.id, _N.notification, list_id.label("list_id"))
        .join(POST, POST.c.id == _N.edits)
        .join(carrier, carrier.c.id == POST.c.gathered_into)
        .where(IS_OPEN, IS_EDIT, POST.c.status.in_(_TOLD_IN_LIST))
        .order_by(_N.seq)
    )
    edits: dict[str, list[Notification]] = {}
    for row in await tx.sql.rows(query):
        edits.setdefault(row.list_id, []).append(row.notification)
    for id_, news in edits.items():
        listed = await tx.sql.first(select(NOTIFICATIONS).where(_N.id == id_))
        if listed is not None:
            await _amend(tx, listed, news, now)


async def _amend(tx: Transaction, listed: Row[Any], news: Sequence[Notification], now: datetime) -> None:
    """Bring a list to the content that these posts and edits make of it.

    Into the row that carries its newest content while nobody has had that in hand, else by an edit.
    """
    newest = await tx.sql.first(
        select(NOTIFICATIONS)
        .where(or_(_N.id == listed.id, _N.edits == listed.id), _N.status.in_(_STANDING))
        .order_by(_N.seq.desc())
        .limit(1)
    )
    content = with_lines((newest or listed).notification, news)
    ids = [one.id for one in news]
    if newest is not None and newest.first_leased_until is None and newest.status == _PENDING:
        await tx.notifications.replace(content)
        await _mark(tx, content.id, ids, now)
        return
    edit = edit_of(content, listed.id, ids[-1], now)
    await tx.notifications.enqueue([edit])
    await _mark(tx, edit.id, ids, now)


async def _mark(tx: Transaction, carrier: NotificationId, ids: Collection[str], now: datetime) -> None:
    gathered = {
        "status": NotificationStatus.GATHERED.value,
        "gathered_into": carrier,
        "settled_at": now,
        "leased_until": None,
    }
    for some in chunks(list(ids)):
        await tx.sql.run(update(NOTIFICATIONS).where(_N.id.in_(some), IS_OPEN).values(gathered))
