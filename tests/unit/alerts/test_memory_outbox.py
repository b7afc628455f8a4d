"""The outbox of these tests keeps the contract of leasing as the real one does."""

import pytest

from engine.domain.alert import Notification, NotificationId
from tests.contract.outbox.test_leasing import *  # noqa: F403  the suite, over this file's `world`
from tests.support.clock import HandClock
from tests.unit.alerts.memory_outbox import MemoryOutbox


class MemoryWorld:
    def __init__(self) -> None:
        self.clock = HandClock()
        self.outbox = MemoryOutbox()

    async def enqueue(self, *notifications: Notification) -> None:
        self.outbox.enqueue(*notifications)

    async def status(self, id_: str) -> str:
        return self.outbox.rows[NotificationId(id_)].status

    async def why(self, id_: str) -> str | None:
        return self.outbox.rows[NotificationId(id_)].why


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld()
