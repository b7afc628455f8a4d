"""Use-cases on the places where alerts are told: one closed, one opened again."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from engine.clock import Clock
from engine.domain.alert import Notification, NotificationKind, Reason, Subject
from engine.domain.announce import notification_id
from engine.domain.news import PlaceGone
from engine.domain.pauses import CHANNEL_DELETED
from engine.domain.watch import Destination, DestinationKind, Owner, Watch, WatchStatus
from engine.store import faults
from engine.store.database import Store, Transaction
from engine.store.ownernews import place_of
from engine.store.watches import WatchRow


class Places:
    """What a face reports of the places that it sees.

    `changed` is called after something was committed that others wait for: notices to deliver,
    rows that can go out again, routes to look at.
    """

    def __init__(self, store: Store, *, clock: Clock, changed: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed

    async def closed(self, place: Destination, why: str) -> None:
        """Nothing can be told there any more; whoever is told there hears of it once."""
        async with self._store.transaction() as tx:
            if not await faults.is_told_on(tx, place.lane):
                return
            await faults.pause(tx, place.lane, why, self._clock.now())
        self._changed()

    async def gone(self, place: Destination, server_id: str) -> None:
        """It was deleted: what tells only there rests, and each owner hears of it once."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await _unchoose(tx, place, server_id)
            rows = await tx.watches.told_on(place.lane)
            await tx.watches.update_many([_without(row.watch, place) for row in rows])
            owners: dict[Owner, list[WatchRow]] = {}
            for row in rows:
                if row.watch.status is WatchStatus.ACTIVE and row.watch.tell == (place,):
                    owners.setdefault(row.watch.owner, []).append(row)
            told = [
                _gone_notice(place, to, resting, now)
                for owner, resting in owners.items()
                if (to := await place_of(tx, owner)) is not None
            ]
            await tx.notifications.enqueue(told, about_lane=place.lane)
        if told:
            self._changed()

    async def told_in(self) -> list[tuple[str, str]]:
        """Each server with the channels in which something is told, as ids."""
        async with self._store.transaction() as tx:
            return await tx.watches.channels()

    async def opened(self, places: Sequence[Destination]) -> None:
        """Try them again where they were paused; what was held for them is judged again."""
        reopened = False
        async with self._store.transaction() as tx:
            for place in places:
                if await faults.waits(tx, place.lane):
                    await faults.reinstate(tx, place.lane, self._clock.now())
                    reopened = True
        if reopened:
            self._changed()

    async def paused(self, *, for_at_least: timedelta = timedelta()) -> list[Destination]:
        """The channels and threads to which nothing has gone out for so long."""
        async with self._store.transaction() as tx:
            before = self._clock.now() - for_at_least
            lanes = await tx.notifications.paused_lanes(DestinationKind.CHANNEL, before)
        return [Destination(DestinationKind.CHANNEL, lane.partition(":")[2]) for lane in sorted(lanes)]


def _without(watch: Watch, place: Destination) -> Watch:
    """A watch whose place is gone: told in its other places, or resting where it had none."""
    left = tuple(each for each in watch.tell if each != place)
    if left:
        return msgspec.structs.replace(watch, tell=left)
    if watch.status is WatchStatus.EXPIRED:
        return watch
    return msgspec.structs.replace(watch, status=WatchStatus.PAUSED, paused_why=CHANNEL_DELETED)


def _gone_notice(
    place: Destination, to: Destination, resting: Sequence[WatchRow], now: datetime
) -> Notification:
    return Notification(
        id=notification_id(place.lane, to.lane, now.isoformat(), "gone"),
        destination=to,
        kind=NotificationKind.NOTICE,
        route=resting[0].route.route,
        subjects=tuple(
            Subject(watch_id=row.watch.id, owner=row.watch.owner, reason=Reason.HELD) for row in resting
        ),
        created_at=now,
        news=PlaceGone(channel_id=place.address, routes=len(resting)),
    )


async def _unchoose(tx: Transaction, place: Destination, server_id: str) -> None:
    """A server no longer has it as its channel for alerts or for news."""
    server = await tx.servers.of(server_id)
    sheet = server.sheet
    if sheet is not None and sheet.channel_id == place.address:
        sheet = msgspec.structs.replace(sheet, channel_id=None)
    kept = msgspec.structs.replace(
        server,
        sheet=sheet,
        channel_id=None if server.channel_id == place.address else server.channel_id,
        admin_channel_id=None if server.admin_channel_id == place.address else server.admin_channel_id,
    )
    if kept != server:
        await tx.servers.save(kept)
