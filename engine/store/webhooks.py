"""Webhooks of servers and how they stand.

Addresses and secrets come here sealed (`engine.alerts.vault`); the store has no key to them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, and_, case, delete, exists, func, insert, select

from engine.domain.watch import Destination, DestinationKind
from engine.domain.webhook import Webhook, WebhookId, WebhookKind
from engine.store.notifications import NotificationStatus
from engine.store.sql import Sql, chunks
from engine.store.tables import LANES, NOTIFICATIONS, WEBHOOKS


class WebhookStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook and how it goes: why nothing is sent there, why copies wait, when one arrived last."""

    webhook: Webhook
    paused_why: str | None = None
    waiting_why: str | None = None
    delivered_at: datetime | None = None


class Webhooks:
    """The repository of webhooks."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, webhook: Webhook) -> None:
        """Keep a new one."""
        await self._sql.run(insert(WEBHOOKS).values(msgspec.structs.asdict(webhook)))

    async def get(self, id_: WebhookId) -> Webhook | None:
        """One by its id, whichever server it belongs to."""
        row = await self._sql.first(select(WEBHOOKS).where(WEBHOOKS.c.id == id_))
        return None if row is None else _to_webhook(row)

    async def of_server(self, server_id: str) -> list[Webhook]:
        """A server's webhooks, the oldest first."""
        query = select(WEBHOOKS).where(WEBHOOKS.c.server_id == server_id)
        rows = await self._sql.rows(query.order_by(WEBHOOKS.c.created_at, WEBHOOKS.c.id))
        return [_to_webhook(row) for row in rows]

    async def forget_server(self, server_id: str) -> None:
        """Delete all of a server's."""
        await self._sql.run(delete(WEBHOOKS).where(WEBHOOKS.c.server_id == server_id))

    async def standings(self, server_id: str) -> list[WebhookStanding]:
        """The same, each with how it stands."""
        webhooks = await self.of_server(server_id)
        lanes = [webhook.destination.lane for webhook in webhooks]
        paused = await self._paused(lanes)
        news = await self._news(lanes)
        return [
            WebhookStanding(
                webhook=webhook,
                paused_why=paused.get(webhook.destination.lane),
                waiting_why=news[webhook.destination.lane].why if webhook.destination.lane in news else None,
                delivered_at=news[webhook.destination.lane].at if webhook.destination.lane in news else None,
            )
            for webhook in webhooks
        ]

    async def working(self, server_ids: Iterable[str]) -> dict[str, list[Destination]]:
        """Where the public alerts of these servers are copied to: webhooks that are not paused."""
        lane = DestinationKind.WEBHOOK.value + ":" + WEBHOOKS.c.id
        paused = exists().where(LANES.c.lane == lane, LANES.c.paused_at.is_not(None))
        found: dict[str, list[Destination]] = {}
        for some in chunks(sorted(set(server_ids))):
            query = select(WEBHOOKS.c.server_id, WEBHOOKS.c.id).where(
                WEBHOOKS.c.server_id.in_(some), ~paused.correlate(WEBHOOKS)
            )
            for row in await self._sql.rows(query.order_by(WEBHOOKS.c.created_at, WEBHOOKS.c.id)):
                place = Destination(DestinationKind.WEBHOOK, row.id)
                found.setdefault(row.server_id, []).append(place)
        return found

    async def everybody(self) -> list[Webhook]:
        """All webhooks of all servers, the oldest first."""
        rows = await self._sql.rows(select(WEBHOOKS).order_by(WEBHOOKS.c.created_at, WEBHOOKS.c.id))
        return [_to_webhook(row) for row in rows]

    async def remove(self, id_: WebhookId) -> bool:
        """Delete one; whether it was there."""
        return bool(await self._sql.run(delete(WEBHOOKS).where(WEBHOOKS.c.id == id_)))

    async def _paused(self, lanes: list[str]) -> dict[str, str]:
        query = select(LANES.c.lane, LANES.c.why).where(
            LANES.c.lane.in_(lanes), LANES.c.paused_at.is_not(None)
        )
        return {row.lane: str(row.why) for row in await self._sql.rows(query)}

    async def _news(self, lanes: list[str]) -> dict[str, Row[Any]]:
        c = NOTIFICATIONS.c
        arrived = case((c.status == NotificationStatus.DELIVERED.value, c.settled_at))
        waits = case((and_(c.status == NotificationStatus.PENDING.value, c.attempts > 0), c.why))
        query = select(
            c.lane, func.max(arrived, type_=c.settled_at.type).label("at"), func.max(waits).label("why")
        )
        rows = await self._sql.rows(query.where(c.lane.in_(lanes)).group_by(c.lane))
        return {row.lane: row for row in rows}


def _to_webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=WebhookId(row.id),
        server_id=row.server_id,
        kind=WebhookKind(row.kind),
        name=row.name,
        host=row.host,
        sealed_url=row.sealed_url,
        sealed_secret=row.sealed_secret,
        created_by=row.created_by,
        created_at=row.created_at,
    )
