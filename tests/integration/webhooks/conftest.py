"""Webhooks over a real store and real TLS to pretend readers on loopback; names lead where a test says."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from engine.actions.webhooks import NewWebhook, Webhooks
from engine.alerts.phones import new_key
from engine.alerts.ports import Delivery, Leased
from engine.copies import Copies, open_copies
from engine.domain.alert import Notification
from engine.domain.watch import DestinationKind, Owner, OwnerKind
from engine.domain.webhook import Webhook, WebhookKind
from engine.gazetteer import Gazetteer
from engine.settings import Settings
from engine.store.database import Store
from tests.support.clock import HandClock
from tests.support.outside import LOOPBACK, URLS, Outside, open_outside
from tests.unit.alerts.stage import notification

ADA = Owner(OwnerKind.MEMBER, "1001", "5001")
KEY = new_key()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with open_outside(tmp_path) as outside:
        yield outside


@dataclass
class Board:
    """Everything a test acts with."""

    copies: Copies
    store: Store
    clock: HandClock
    outside: Outside

    @property
    def webhooks(self) -> Webhooks:
        return self.copies.webhooks

    async def added(self, kind: WebhookKind = WebhookKind.JSON, **typed: str) -> Webhook:
        new = NewWebhook(**{"kind": kind, "name": kind.value, "url": URLS[kind], **typed})  # type: ignore[arg-type]
        return await self.webhooks.add(ADA, new)

    async def sent(self, webhook: Webhook, post_ref: str | None = None, **changes: Any) -> Delivery:
        """What the channel answers for a copy."""
        attempts = changes.pop("attempts", 0)
        told: Notification = notification(to=webhook.destination, **changes)
        leased = Leased(seq=1, notification=told, post_ref=post_ref, attempts=attempts)
        (channel,) = (one for one in self.copies.channels if one.kind is DestinationKind.WEBHOOK)
        return await channel.deliver(leased)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
async def store(tmp_path: Path, clock: HandClock) -> AsyncIterator[Store]:
    async with Store.open(f"sqlite:///{tmp_path / 'fares.db'}", clock) as store:
        yield store


@pytest.fixture
async def board(
    store: Store, clock: HandClock, outside: Outside, gazetteer: Gazetteer
) -> AsyncIterator[Board]:
    settings = Settings(phone_keys=SecretStr(KEY))
    reach = outside.may_reach(LOOPBACK, deadline_s=0.5)
    async with open_copies(settings, store, gazetteer, clock, reach) as copies:
        yield Board(copies, store, clock, outside)
