"""What the outbox suite needs to know of the world around an outbox, and its builders."""

from datetime import datetime
from typing import Any, Protocol

from engine.alerts.ports import Outbox
from engine.domain.alert import Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.judgement import WatchState
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from tests.support.build import quote, route
from tests.support.clock import START, HandClock

CHANNEL = Destination(DestinationKind.CHANNEL, "9001")
OTHER_CHANNEL = Destination(DestinationKind.CHANNEL, "9002")
PHONE = Destination(DestinationKind.SMS, "1001")
DM = Destination(DestinationKind.DM, "1001")


class World(Protocol):
    """An outbox with the watches and the rows behind it."""

    clock: HandClock

    @property
    def outbox(self) -> Outbox: ...

    async def enqueue(self, *notifications: Notification) -> None: ...

    async def watched(self, watch: Watch) -> None:
        """Add a watch, its route not due before tomorrow."""

    async def state(self, watch_id: str) -> WatchState: ...

    async def next_look_at(self, watch_id: str) -> datetime: ...

    async def status(self, id_: str) -> str: ...

    async def why(self, id_: str) -> str | None: ...

    async def notices(self) -> list[Notification]:
        """All notices ever enqueued, in order."""


def subject(watch: Watch, reason: Reason = Reason.ALERT) -> Subject:
    return Subject(watch_id=watch.id, owner=watch.owner, reason=reason, target=watch.rules.target)


def post(id_: str, to: Destination = CHANNEL, *watches: Watch, **changes: Any) -> Notification:
    of = changes.pop("route", route())
    owner = Owner(OwnerKind.MEMBER, "1001", "5001")
    nobody = Subject(watch_id=WatchId("w0"), owner=owner, reason=Reason.ALERT)
    return Notification(
        **{
            "id": NotificationId(id_),
            "destination": to,
            "kind": NotificationKind.POST,
            "route": of,
            "subjects": tuple(subject(watch) for watch in watches) or (nobody,),
            "created_at": START,
            "quote": quote(400, of),
            **changes,
        }
    )


def edit(id_: str, of: str, to: Destination = CHANNEL, *watches: Watch, **changes: Any) -> Notification:
    return post(id_, to, *watches, kind=NotificationKind.EDIT, edits=NotificationId(of), **changes)
