"""Trying out every way of a member's alerts: a labelled message through the real outbox and relay."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from engine.clock import Clock, whichever_first
from engine.domain import whys
from engine.domain.alert import Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.announce import notification_id, phone_of
from engine.domain.watch import Destination, DestinationKind, Owner
from engine.errors import InvalidInput
from engine.store.database import Store, Transaction
from engine.store.notifications import NotificationRow, NotificationStatus
from engine.store.watches import WatchRow
from engine.tongue import key

# Who tried it waits so long for an answer of each way; what comes later is not told any more.
PATIENCE_S: Final = 20.0
# A dry run posts where others read, and may cost a text.
AGAIN_AFTER: Final = timedelta(minutes=1)
_ENDED: Final = whys.DRY_RUN_OVER
_TEXT: Final = key("This is a dry run, no fare has fallen. Your alerts come like this.")
_OWN_WAYS: Final = (DestinationKind.CHANNEL, DestinationKind.DM)


class Fate(StrEnum):
    """How far a message of a dry run came."""

    UNDER_WAY = "under way"
    ARRIVED = "arrived"
    FAILED = "failed"
    NO_ANSWER = "no answer"


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way; `took` is from the commit to the answer, `why` the reason in words for what went wrong."""

    place: Destination
    fate: Fate
    took: timedelta | None = None
    why: str | None = None


class DryRuns:
    """Sends them. They are judged by nobody, change no watch and are followed by no edit.

    `wake` says that rows were committed; `carried` gives an event that is set when the relay has carried
    another row.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        wake: Callable[[], None],
        carried: Callable[[], asyncio.Event],
        texts_members: bool,
    ) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._carried = carried
        self._texts_members = texts_members

    async def run(self, actor: Owner) -> AsyncIterator[Sequence[Way]]:
        """Send one through each way; gives how far they are, each time that this changes, to the end.

        The places of the member's routes, direct messages, and the phone when one is linked; a place that
        is closed is tried all the same, a phone that is not to be texted is not. Raises InvalidInput
        without routes, or when the last dry run is too fresh.
        """
        sent, refused = await self._send(actor)
        self._wake()
        until = self._clock.monotonic() + PATIENCE_S
        seen: Sequence[Way] = ()
        while True:
            carried = self._carried()  # before reading: what is carried meanwhile is not missed
            ways = (*await self._read(sent), *refused)
            left_s = until - self._clock.monotonic()
            if left_s <= 0 or all(way.fate is not Fate.UNDER_WAY for way in ways):
                yield await self._end(sent, ways)
                return
            if ways != seen:
                yield ways
                seen = ways
            await whichever_first(carried.wait(), self._clock.sleep(left_s))

    async def _send(self, actor: Owner) -> tuple[Mapping[NotificationId, Destination], Sequence[Way]]:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            rows = await tx.watches.of_owner(actor)
            if not rows:
                raise InvalidInput("", "You have no routes yet, so nothing is told. Begin with /route add.")
            before = await tx.told.last_dry_run(actor.id)
            if before is not None and now - before < AGAIN_AFTER:
                raise InvalidInput("", "You tried it a moment ago. Wait a minute, then try again.")
            phone, refused = await self._phone(tx, actor)
            trials = [await _trial(tx, place, row, actor, now) for place, row in _ways(rows, phone).items()]
            await tx.notifications.enqueue(trials)
        return {trial.id: trial.destination for trial in trials}, refused

    async def _phone(self, tx: Transaction, actor: Owner) -> tuple[Destination | None, Sequence[Way]]:
        """The member's phone when it may be texted; when it may not, why."""
        place = phone_of(actor.id)
        if not self._texts_members or not await tx.phones.fingerprints([actor.id]):
            return None, ()
        why = await tx.notifications.why_paused(place.lane)
        if why is None and (await tx.members.of(actor.id)).texts_paused_at is not None:
            why = whys.YOU_PAUSED
        return (place, ()) if why is None else (None, (Way(place=place, fate=Fate.FAILED, why=why),))

    async def _read(self, sent: Mapping[NotificationId, Destination]) -> Sequence[Way]:
        async with self._store.transaction() as tx:
            rows = {id_: await tx.notifications.get(id_) for id_ in sent}
        return [_way(place, rows[id_]) for id_, place in sent.items()]

    async def _end(self, sent: Mapping[NotificationId, Destination], ways: Sequence[Way]) -> Sequence[Way]:
        """What is still open is not told later."""
        for id_ in sent:
            await self._store.outbox.drop(id_, _ENDED, self._clock.now())
        return [
            msgspec.structs.replace(way, fate=Fate.NO_ANSWER) if way.fate is Fate.UNDER_WAY else way
            for way in ways
        ]


def _ways(rows: Sequence[WatchRow], phone: Destination | None) -> dict[Destination, WatchRow]:
    """Every way once, with a route that is told there."""
    ways = {place: row for row in rows for place in row.watch.tell if place.kind in _OWN_WAYS}
    direct = Destination(DestinationKind.DM, rows[0].watch.owner.id)
    ways.setdefault(direct, rows[0])
    if phone is not None:
        ways[phone] = rows[0]
    return ways


async def _trial(
    tx: Transaction, place: Destination, row: WatchRow, actor: Owner, now: datetime
) -> Notification:
    server_id = row.watch.owner.server_id
    pings = server_id is None or (await tx.servers.of(server_id)).pings_owners
    about = Subject(watch_id=row.watch.id, owner=row.watch.owner, reason=Reason.NO_CHANGE, pings=pings)
    return Notification(
        id=notification_id("dry run", actor.id, place.lane, now.isoformat()),
        destination=place,
        kind=NotificationKind.DRY_RUN,
        route=row.route.route,
        subjects=(about,),
        created_at=now,
        text=_TEXT,
    )


def _way(place: Destination, row: NotificationRow | None) -> Way:
    if row is None:
        return Way(place=place, fate=Fate.FAILED)
    match row.status:
        case NotificationStatus.DELIVERED:
            took = None if row.settled_at is None else row.settled_at - row.notification.created_at
            return Way(place=place, fate=Fate.ARRIVED, took=took)
        case NotificationStatus.PENDING:
            return Way(place=place, fate=Fate.UNDER_WAY, why=row.why)
        case _:
            return Way(place=place, fate=Fate.FAILED, why=row.why)
