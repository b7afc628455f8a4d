"""A watch: somebody's standing request on a route, and what the engine believes about it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

import msgspec

from engine.domain.money import Money
from engine.domain.route import RouteId

WatchId = NewType("WatchId", str)


class OwnerKind(StrEnum):
    """Who stands behind a watch."""

    MEMBER = "member"
    SERVER = "server"
    LIST = "list"


class Owner(msgspec.Struct, frozen=True):
    """A member or server by its Discord id, or a route list by its name.

    `server_id` is the Discord server the watch was made in; None in direct messages and lists.
    """

    kind: OwnerKind
    id: str
    server_id: str | None = None


class DestinationKind(StrEnum):
    """The ways an alert can take."""

    CHANNEL = "channel"
    DM = "dm"
    SMS = "sms"
    CONSOLE = "console"
    WEBHOOK = "webhook"
    APPRISE = "apprise"

    @property
    def editable(self) -> bool:
        """Whether what was told there can be changed, or told anew, afterwards."""
        return self in (DestinationKind.CHANNEL, DestinationKind.DM, DestinationKind.WEBHOOK)

    @property
    def gathers(self) -> bool:
        """Whether it is a place to read, where many alerts at once come as one list."""
        return self in (DestinationKind.CHANNEL, DestinationKind.DM)

    @property
    def is_copy(self) -> bool:
        """Whether no owner chose it: what arrives there, or not, says nothing of who was reached."""
        return self in (DestinationKind.WEBHOOK, DestinationKind.APPRISE)


class Destination(msgspec.Struct, frozen=True):
    """Where to tell: a Discord channel or user id, `operator` for TO_NUMBER, `-` for the console.

    For a webhook it is its id, for a target of APPRISE_URLS its place in that list. A phone number or
    the address of a webhook never stands here.
    """

    kind: DestinationKind
    address: str

    @property
    def lane(self) -> str:
        """The relay's lane for it: `channel:123`, `sms:operator`."""
        return f"{self.kind.value}:{self.address}"


class Condition(StrEnum):
    """The rules a watch may have, in the order in which an alert is named after them."""

    TARGET = "TARGET"
    DROP = "DROP"
    NEW_LOW = "NEW_LOW"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a fare worth telling.

    `target` is for the whole party. `drop_percent` is the fall from the base that counts.
    `new_low_days` looks back that many days. `remind_every` repeats an alert that stays true.
    """

    target: Money | None = None
    drop_percent: int | None = None
    new_low_days: int | None = None
    remind_every: timedelta | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions in force."""
        wanted = (
            (Condition.TARGET, self.target),
            (Condition.DROP, self.drop_percent),
            (Condition.NEW_LOW, self.new_low_days),
        )
        return tuple(condition for condition, value in wanted if value is not None)


class WatchStatus(StrEnum):
    """Active watches are looked at; paused and expired ones are not."""

    ACTIVE = "active"
    PAUSED = "paused"
    EXPIRED = "expired"


class Snooze(msgspec.Struct, frozen=True):
    """Mute until an instant; `at_minor` is the price of then, None when none was known."""

    until: datetime
    at_minor: int | None = None


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """One standing request. Its amounts are in the currency of its route.

    `tell` is where its alerts go. `sms_unconfirmed`: by SMS also when no live source confirmed.
    `paused_why` says who paused it (`owner`, or a fault in words). `made_in` is the channel in which it
    was added, None in direct messages; `listed_in` the linked sheet that a server's own watch stands in.
    """

    id: WatchId
    owner: Owner
    route_id: RouteId
    currency: str
    rules: Rules
    tell: tuple[Destination, ...]
    created_at: datetime
    status: WatchStatus = WatchStatus.ACTIVE
    snooze: Snooze | None = None
    sms_unconfirmed: bool = False
    paused_why: str | None = None
    removed_at: datetime | None = None
    made_in: Destination | None = None
    listed_in: str | None = None
