"""What the relay's tests stand on: notifications, channels that do as told, a relay that runs."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from engine.alerts.ports import Channel, Delivery, DeliveryKind, Leased, Outbox, Recheck
from engine.alerts.relay import Relay
from engine.domain.alert import Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, WatchId
from tests.support import build
from tests.support.clock import START, HandClock, settle

CHANNEL = Destination(DestinationKind.CHANNEL, "9001")
OTHER_CHANNEL = Destination(DestinationKind.CHANNEL, "9002")
SMS = Destination(DestinationKind.SMS, "operator")

DELIVERED = Delivery(kind=DeliveryKind.DELIVERED, ref="m1")
RETRY = Delivery(kind=DeliveryKind.RETRY, why="HTTP 503")
UNKNOWN = Delivery(kind=DeliveryKind.UNKNOWN, why="timeout")
REFUSED = Delivery(kind=DeliveryKind.PERMANENT, why="HTTP 403")

_LONGER_THAN_ANY_RETRY = 10_000.0


def subject(**changes: Any) -> Subject:
    return Subject(
        **{
            "watch_id": WatchId("w1"),
            "owner": Owner(OwnerKind.MEMBER, "1001", "5001"),
            "reason": Reason.ALERT,
            "condition": Condition.TARGET,
            "target": build.eur(460),
            **changes,
        }
    )


def notification(name: str = "a", to: Destination = CHANNEL, **changes: Any) -> Notification:
    """One with an id that ends in `name`."""
    return Notification(
        **{
            "id": NotificationId(name.rjust(22, "0")),
            "destination": to,
            "kind": NotificationKind.POST,
            "route": build.route(),
            "subjects": (subject(),),
            "created_at": START,
            "quote": build.quote(450),
            **changes,
        }
    )


class ObedientChannel:
    """Answers as it was told to, then with DELIVERED; remembers what it was given.

    `gate` is waited for before each delivery; an exception among the answers is raised.
    """

    def __init__(
        self,
        kind: DestinationKind = DestinationKind.CHANNEL,
        *,
        answers: Sequence[Delivery | Exception] = (),
        lookups: Sequence[Delivery | Exception] = (),
        always: Delivery = DELIVERED,
    ) -> None:
        self.kind = kind
        self.begins_with_commit = kind is DestinationKind.SMS
        self.told: list[Leased] = []
        self.asked: list[Leased] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.finished: list[NotificationId] = []
        self._answers = deque(answers)
        self._lookups = deque(lookups)
        self._always = always

    @property
    def ids(self) -> list[str]:
        return [leased.notification.id.lstrip("0") for leased in self.told]

    async def deliver(self, leased: Leased) -> Delivery:
        self.told.append(leased)
        gate = self.gates.get(leased.notification.destination.address)
        if gate is not None:
            await gate.wait()
        answer = self._answers.popleft() if self._answers else self._always
        self.finished.append(leased.notification.id)
        return _said(answer)

    async def reconcile(self, leased: Leased) -> Delivery:
        self.asked.append(leased)
        return _said(self._lookups.popleft() if self._lookups else UNKNOWN)


def _said(answer: Delivery | Exception) -> Delivery:
    if isinstance(answer, Exception):
        raise answer
    return answer


class Rechecks:
    """A Recheck that answers with `becomes(notification)` and counts."""

    def __init__(self, becomes: Callable[[Notification], Notification | None] = lambda old: old) -> None:
        self.seen: list[Notification] = []
        self._becomes = becomes

    async def __call__(self, notification: Notification) -> Notification | None:
        self.seen.append(notification)
        return self._becomes(notification)


def relay(outbox: Outbox, *channels: Channel, clock: HandClock, recheck: Recheck | None = None) -> Relay:
    return Relay(
        outbox,
        channels,
        clock=clock,
        recheck=recheck or Rechecks(),
        random=random.Random(7),  # noqa: S311
    )


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    """The relay at work until the block ends."""
    task = asyncio.create_task(relay.run())
    await settle()
    try:
        yield relay
        assert not task.done(), "the relay ended by itself"
    finally:
        task.cancel()
        await asyncio.wait({task})


async def pass_time(clock: HandClock) -> None:
    """Let every retry and lease that is going to come, come."""
    await clock.advance(_LONGER_THAN_ANY_RETRY)
