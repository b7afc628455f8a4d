"""The outboxes that the suite runs over; another database joins by another parameter."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.alerts.ports import Outbox
from engine.domain.alert import Notification, NotificationId, NotificationKind
from engine.domain.judgement import WatchState
from engine.domain.watch import Watch, WatchId
from engine.store.database import Store
from engine.store.notifications import NotificationRow
from engine.store.tables import NOTIFICATIONS
from engine.store.watches import WatchRow
from tests.contract.outbox.world import World
from tests.support.build import route
from tests.support.clock import HandClock


class StoreWorld:
    def __init__(self, store: Store, clock: HandClock) -> None:
        self.store = store
        self.clock = clock

    @property
    def outbox(self) -> Outbox:
        return self.store.outbox

    async def enqueue(self, *notifications: Notification) -> None:
        async with self.store.transaction() as tx:
            await tx.notifications.enqueue(notifications)

    async def watched(self, watch: Watch) -> None:
        async with self.store.transaction() as tx:
            await tx.routes.ensure(route(), self.clock.now() + timedelta(days=1))
            await tx.watches.add(watch, WatchState(seeded=True))

    async def state(self, watch_id: str) -> WatchState:
        return (await self._watch(watch_id)).state

    async def next_look_at(self, watch_id: str) -> datetime:
        return (await self._watch(watch_id)).route.next_look_at

    async def status(self, id_: str) -> str:
        return (await self._row(id_)).status.value

    async def why(self, id_: str) -> str | None:
        return (await self._row(id_)).why

    async def notices(self) -> list[Notification]:
        query = select(NOTIFICATIONS.c.notification).where(
            NOTIFICATIONS.c.kind == NotificationKind.NOTICE.value
        )
        async with self.store.transaction() as tx:
            return [row.notification for row in await tx.sql.rows(query.order_by(NOTIFICATIONS.c.seq))]

    async def _watch(self, watch_id: str) -> WatchRow:
        async with self.store.transaction() as tx:
            row = await tx.watches.get(WatchId(watch_id))
        assert row is not None
        return row

    async def _row(self, id_: str) -> NotificationRow:
        async with self.store.transaction() as tx:
            row = await tx.notifications.get(NotificationId(id_))
        assert row is not None
        return row


@pytest.fixture(params=["sqlite"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    urls = {"sqlite": f"sqlite:///{tmp_path / 'fares.db'}"}
    clock = HandClock()
    async with Store.open(urls[request.param], clock) as store:
        yield StoreWorld(store, clock)
