"""What who manages a server may do about its members' routes: see the public ones, remove one."""

from collections.abc import Callable

import msgspec

from engine.actions.showing import all_shown
from engine.actions.shown import Shown
from engine.clock import Clock
from engine.domain.alert import Notification, NotificationKind, Reason, Subject
from engine.domain.announce import is_public, notification_id
from engine.domain.news import RemovedByManagers
from engine.domain.pauses import BY_MANAGERS
from engine.domain.watch import DestinationKind, OwnerKind, Watch, WatchId, WatchStatus
from engine.errors import InvalidInput
from engine.store import leaving
from engine.store.database import Store, Transaction
from engine.store.ownernews import place_of
from engine.store.watches import WatchRow


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """The routes of members that were added in a server; of those told by direct message only the number."""

    shown: tuple[Shown, ...]
    private: int


class Moderating:
    """Whether somebody manages the server, their face has asked before. `changed` wakes who delivers.

    Raises InvalidInput with the same sentence for a route that is private, another server's, or none.
    """

    def __init__(self, store: Store, *, clock: Clock, changed: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed

    async def routes(self, server_id: str) -> Members:
        """All of them, the oldest first."""
        async with self._store.transaction() as tx:
            rows = await tx.watches.made_in(server_id, OwnerKind.MEMBER)
            public = [row for row in rows if is_public(row.watch)]
            shown = await all_shown(tx, public, self._clock.now())
        return Members(shown=tuple(shown), private=len(rows) - len(public))

    async def route(self, server_id: str, watch_id: WatchId) -> Shown:
        """One of them."""
        async with self._store.transaction() as tx:
            row = await _theirs(tx, server_id, watch_id)
            return (await all_shown(tx, [row], self._clock.now()))[0]

    async def remove(self, server_id: str, watch_id: WatchId) -> Shown:
        """Take one off; its owner is told once. It cannot be had back by its owner."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await _theirs(tx, server_id, watch_id)
            (shown,) = await all_shown(tx, [row], now)
            await tx.watches.update(
                msgspec.structs.replace(
                    row.watch, status=WatchStatus.PAUSED, paused_why=BY_MANAGERS, removed_at=now
                )
            )
            await leaving.leave(tx, watch_id, now)
            place = await place_of(tx, row.watch.owner)
            if place is not None:
                told = Notification(
                    id=notification_id(watch_id, now.isoformat(), "removed"),
                    destination=place,
                    kind=NotificationKind.NOTICE,
                    route=row.route.route,
                    subjects=(Subject(watch_id=watch_id, owner=row.watch.owner, reason=Reason.HELD),),
                    created_at=now,
                    news=RemovedByManagers(channel_id=_channel(row.watch)),
                )
                await tx.notifications.enqueue([told])
        self._changed()
        return shown


async def _theirs(tx: Transaction, server_id: str, watch_id: WatchId) -> WatchRow:
    row = await tx.watches.get(watch_id)
    if (
        row is None
        or row.watch.removed_at is not None
        or row.watch.owner.kind is not OwnerKind.MEMBER
        or row.watch.owner.server_id != server_id
        or not is_public(row.watch)
    ):
        raise InvalidInput("route", "There is no such route in this server.")
    return row


def _channel(watch: Watch) -> str | None:
    return next((place.address for place in watch.tell if place.kind is DestinationKind.CHANNEL), None)
