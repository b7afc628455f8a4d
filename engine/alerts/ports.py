"""What the alerts room asks of the outside: an outbox to take rows from, channels to hand them to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import msgspec

from engine.domain.alert import OUTCOME_UNKNOWN, POST_GONE, Leased, Notification, NotificationId
from engine.domain.watch import DestinationKind

# `Leased` and the two reasons stand in the domain: the store speaks of them and may not import this room.
__all__ = [
    "OUTCOME_UNKNOWN",
    "POST_GONE",
    "Allowance",
    "Channel",
    "Delivery",
    "DeliveryKind",
    "Leased",
    "Outbox",
    "Recheck",
    "Sender",
]


class DeliveryKind(StrEnum):
    """What became of an attempt to deliver."""

    DELIVERED = "delivered"
    RETRY = "retry"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A channel's answer. `ref` is the provider's id of what was sent, for edits and reconciling.

    `why` is a reason in words without secrets, numbers or content. `retry_after` is None where
    the relay should back off by itself. `stop_lane` asks that nothing more goes out on this
    destination until it is reinstated (403/404, a refused number). `answered` belongs to an
    UNKNOWN of `reconcile`: the provider did answer, without knowing the message, and is to be
    asked once more (`retry_after`) before that is certain. `untried` belongs to a RETRY: nothing left
    this process, so that it counts as no try.
    """

    kind: DeliveryKind
    ref: str | None = None
    why: str | None = None
    retry_after: timedelta | None = None
    stop_lane: bool = False
    answered: bool = False
    untried: bool = False


class Outbox(Protocol):
    """The rows to deliver; every method is one transaction of its own."""

    async def lease(self, now: datetime, lease_for: timedelta, limit: int) -> list[Leased]:
        """Take up to `limit` rows that are due and not leased, oldest first.

        A row whose lane is paused, or an EDIT whose post is still waiting for its id, stays;
        an EDIT whose post was never made is dropped, and one that a later EDIT of the same post has
        overtaken. A row whose lease has run out is taken
        again with all it knew (`sending_since`): its owner died or could not write.
        """
        ...

    async def release(self, ids: Sequence[NotificationId]) -> None:
        """Give back rows that were taken and not tried; they are as they were before."""
        ...

    async def next_due(self, now: datetime) -> datetime | None:
        """When the earliest row that waits (retry, lease of a dead owner) can be taken.

        None when time alone makes nothing due: a row of a paused lane, or an EDIT whose post is
        still under way, does not count.
        """
        ...

    async def begin_sending(self, id_: NotificationId, now: datetime) -> None:
        """Commit that a POST begins whose repetition would cost (SMS)."""
        ...

    async def acknowledge(self, id_: NotificationId, ref: str | None, now: datetime) -> None:
        """It arrived."""
        ...

    async def retry(
        self,
        id_: NotificationId,
        not_before: datetime,
        why: str,
        *,
        reconciled: int = 0,
        counts: bool = True,
    ) -> None:
        """It did not arrive; again not before that instant. The lease ends.

        `counts` is False when nothing was tried: the row then has as many tries as before, and fails
        since nothing.

        With `reconciled` 0 the row is pending again. With `reconciled` n > 0 its outcome is
        unknown: `sending_since` stays and the row is leased again for asking, not for sending.
        """
        ...

    async def dead_letter(self, id_: NotificationId, why: str, now: datetime) -> None:
        """It never will; watches all of whose notifications of that look ended so are held.

        `why` begins with OUTCOME_UNKNOWN when it may have arrived all the same. An EDIT that ends
        with POST_GONE is the last one of its post: later ones are dropped as if it was never made.
        """
        ...

    async def drop(self, id_: NotificationId, why: str, now: datetime) -> None:
        """It is no longer worth telling."""
        ...

    async def replace(self, notification: Notification) -> None:
        """Put fresh content into a row that was looked at again before it is told."""
        ...

    async def pause_lane(self, lane: str, why: str, now: datetime) -> None:
        """Nothing goes out on this lane until it is reinstated; its owners are told once."""
        ...

    async def reinstate_lane(self, lane: str) -> None:
        """The lane works again; watches held for it are judged again."""
        ...


class Channel(Protocol):
    """One way out. `deliver` never raises for what a provider may do."""

    @property
    def kind(self) -> DestinationKind:
        """The destinations it serves."""
        ...

    @property
    def begins_with_commit(self) -> bool:
        """Whether the beginning of a POST must be committed first (SMS: a repetition costs).

        Of a channel without it the relay takes UNKNOWN as RETRY: a repetition is harmless there.
        """
        ...

    async def deliver(self, leased: Leased) -> Delivery:
        """Try once, within the channel's own deadline."""
        ...

    async def reconcile(self, leased: Leased) -> Delivery:
        """Ask the provider what became of an attempt with unknown outcome.

        DELIVERED when found, PERMANENT never, RETRY when it is certain that nothing was sent,
        UNKNOWN when the provider did not answer, or (`answered`) does not know it yet.
        """
        ...


class Allowance(Protocol):
    """Counts texts against their caps; each method is one transaction, raises StoreError."""

    async def take(self, notification: Notification, segments: int) -> str | None:
        """Count it before it is sent; None when it may be, else which cap is used up, in words.

        A notification that is counted already may go on: it is the same text, tried again.
        """
        ...

    async def give_back(self, notification: Notification) -> None:
        """It was certainly not sent after all."""
        ...


class Sender(Protocol):
    """What the provider said of the account as a whole; each method is one transaction at most.

    All raise StoreError.
    """

    async def holds_back(self, notification: Notification) -> Delivery | None:
        """What to answer instead of sending while nothing may be sent; None when it may be."""
        ...

    async def refused(self, notification: Notification, code: int) -> None:
        """The provider answered, and refused the text with that code."""
        ...

    async def took(self) -> None:
        """The provider took a text."""
        ...

    async def silent(self, notification: Notification) -> None:
        """The provider gave no usable answer."""
        ...


class Recheck(Protocol):
    """Looks again before something old is told (rule 11)."""

    async def __call__(self, notification: Notification) -> Notification | None:
        """The same notification (same id) with the price of now, or None when no longer true.

        The relay dates it anew: it counts as created when it was looked at again. One that comes back
        with `held_until` is put off until then.
        """
        ...
