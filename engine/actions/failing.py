"""Tells owners, once, that no source answers for their routes, and once when one does again."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from engine.clock import Clock
from engine.domain.alert import Notification, NotificationKind, Reason, Subject
from engine.domain.announce import notification_id
from engine.domain.news import Failing, News, Working
from engine.domain.watch import Owner, WatchStatus
from engine.store.database import Store, Transaction
from engine.store.ownernews import place_of
from engine.store.watches import WatchRow

# A day and an hour: what fails once a day, at the same hour, is told as well.
FAILING_AFTER: Final = timedelta(hours=25)
# Routes that begin to fail one after the other are one piece of news.
_TOLD_AT_MOST_EVERY: Final = timedelta(days=1)
_MOST_NAMED: Final = 100
_T = TypeVar("_T")


class _Lost(msgspec.Struct, kw_only=True):
    """An owner's failing routes: those they know of, with when they heard last, and those they do not."""

    known: list[datetime] = []
    unknown: list[WatchRow] = []


class FailingRoutes:
    """One notice for each owner, however many of their routes fail. `changed` wakes who delivers."""

    def __init__(self, store: Store, *, clock: Clock, changed: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed

    async def tell(self) -> None:
        """Say what is news since the last time."""
        async with self._store.transaction() as tx:
            told = [*await self._failing(tx), *await self._working(tx)]
            await tx.notifications.enqueue(told)
        if told:
            self._changed()

    async def _failing(self, tx: Transaction) -> list[Notification]:
        now = self._clock.now()
        owners: dict[Owner, _Lost] = {}
        for row, told_at in await tx.failing.since_before(now - FAILING_AFTER):
            lost = owners.setdefault(_whoever(row), _Lost())
            if told_at is None:
                lost.unknown.append(row)
            else:
                lost.known.append(told_at)
        fresh = {owner: lost for owner, lost in owners.items() if lost.unknown}
        await tx.failing.note_told([row.watch.id for lost in fresh.values() for row in lost.unknown], now)
        notices = [
            await self._notice(tx, owner, lost.unknown, _news(lost), now)
            for owner, lost in fresh.items()
            if not any(now - heard_at < _TOLD_AT_MOST_EVERY for heard_at in lost.known)
        ]
        return [notice for notice in notices if notice is not None]

    async def _working(self, tx: Transaction) -> list[Notification]:
        now = self._clock.now()
        rows = await tx.failing.recovered()
        await tx.failing.note_recovered([row.watch.id for row in rows])
        if not rows:
            return []
        still: dict[Owner, int] = {}
        for row, told_at in await tx.failing.since_before(now - FAILING_AFTER):
            if told_at is not None:
                still[_whoever(row)] = still.get(_whoever(row), 0) + 1
        working = _grouped((_whoever(row), row) for row in rows if row.watch.status is WatchStatus.ACTIVE)
        notices = [
            await self._notice(tx, owner, good, Working(routes=len(good), failing=still.get(owner, 0)), now)
            for owner, good in working.items()
        ]
        return [notice for notice in notices if notice is not None]

    async def _notice(
        self, tx: Transaction, owner: Owner, rows: list[WatchRow], news: News, now: datetime
    ) -> Notification | None:
        place = await place_of(tx, owner)
        if place is None:
            return None
        return Notification(
            id=notification_id(type(news).__name__, owner.kind.value, owner.id, now.isoformat()),
            destination=place,
            kind=NotificationKind.NOTICE,
            route=rows[0].route.route,
            subjects=tuple(
                Subject(watch_id=row.watch.id, owner=row.watch.owner, reason=Reason.UNUSABLE_OUTCOME)
                for row in rows[:_MOST_NAMED]
            ),
            created_at=now,
            news=news,
        )


def _news(lost: _Lost) -> Failing:
    first = lost.unknown[0].route
    since = min(row.route.failing_since for row in lost.unknown if row.route.failing_since is not None)
    return Failing(
        routes=len(lost.unknown) + len(lost.known),
        since=since,
        outcome=first.last_outcome or "",
        detail=first.last_detail,
    )


def _whoever(row: WatchRow) -> Owner:
    """A member is one owner, whichever server a watch was made in."""
    return msgspec.structs.replace(row.watch.owner, server_id=None)


def _grouped(pairs: Iterable[tuple[Owner, _T]]) -> dict[Owner, list[_T]]:
    groups: dict[Owner, list[_T]] = {}
    for owner, each in pairs:
        groups.setdefault(owner, []).append(each)
    return groups
