"""Judgements and what is told of them: alerts, notifications, destinations' content."""

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

import msgspec

from engine.domain import whys
from engine.domain.digest import Page
from engine.domain.money import Money
from engine.domain.news import News
from engine.domain.quote import Quote
from engine.domain.route import Route
from engine.domain.watch import Condition, Destination, Owner, WatchId

NotificationId = NewType("NotificationId", str)

# The reason of a dead letter whose sending may or may not have happened: it is told apart from a
# refusal, because the owner may hold the message in hand.
OUTCOME_UNKNOWN: Final = whys.OUTCOME_UNKNOWN
# The reason of an edit that found its post deleted: nothing more of that post is tried.
POST_GONE: Final = whys.POST_GONE


class Reason(StrEnum):
    """Why a judgement came out as it did; the whole list, most telling first."""

    ALERT = "ALERT"
    LOWER_STILL = "LOWER_STILL"
    REPEAT = "REPEAT"
    REMINDER = "REMINDER"
    LOWER = "LOWER"
    ABOVE = "ABOVE"
    RECOVERED = "RECOVERED"
    GONE = "GONE"
    BACK = "BACK"
    SEEDED = "SEEDED"
    NOT_MET = "NOT_MET"
    NO_CHANGE = "NO_CHANGE"
    LEARNING = "LEARNING"
    CONFIRM = "CONFIRM"
    REFUTED = "REFUTED"
    SUSPECT = "SUSPECT"
    SNOOZED = "SNOOZED"
    HELD = "HELD"
    EXPIRED = "EXPIRED"
    UNUSABLE_PRICE = "UNUSABLE_PRICE"
    UNUSABLE_PAST = "UNUSABLE_PAST"
    UNUSABLE_CURRENCY = "UNUSABLE_CURRENCY"
    UNUSABLE_TEST = "UNUSABLE_TEST"
    UNUSABLE_FILTER = "UNUSABLE_FILTER"
    UNUSABLE_OUTCOME = "UNUSABLE_OUTCOME"

    @property
    def pings(self) -> bool:
        """Whether somebody is to be pinged."""
        return self in (Reason.ALERT, Reason.LOWER_STILL, Reason.REPEAT, Reason.REMINDER)

    @property
    def edits(self) -> bool:
        """Whether what was posted before is to be edited."""
        return self in (Reason.LOWER, Reason.ABOVE, Reason.RECOVERED, Reason.GONE, Reason.BACK)


OVER: Final = frozenset({Reason.RECOVERED, Reason.GONE})
"""What an alert promised is no longer to be had."""


class Confirmation(StrEnum):
    """How sure a price is when it is told."""

    FIRM = "firm"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One watch within a notification: whom it concerns and what the judgement said.

    `lived_s`: how long the fare stood, in seconds, when it is gone. `fell_from`: what its owner was
    last pinged for, where this is news for lying 5 % under that. `pings`: whether
    a message in a channel may ping its owner; `role_id` is the role to ping for a route of a server.
    `left`: its owner watches it there no more, and what was told of it is followed no further.
    """

    watch_id: WatchId
    owner: Owner
    reason: Reason
    condition: Condition | None = None
    target: Money | None = None
    told: Money | None = None
    lived_s: int | None = None
    fell_from: Money | None = None
    pings: bool = True
    role_id: str | None = None
    left: bool = False


class NotificationKind(StrEnum):
    """POST is new and pings; EDIT changes a post; NOTICE tells an owner about a watch's own state.

    LIST tells in one message, without a ping, what would have been many posts for one place.
    DIGEST tells a member once a day how all their routes stand. DRY_RUN tries a way for its owner: it
    tells no fare, and whatever becomes of it changes no watch.
    """

    POST = "post"
    EDIT = "edit"
    NOTICE = "notice"
    LIST = "list"
    DIGEST = "digest"
    DRY_RUN = "dry run"


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """The alerts of one look for one destination: one message, one row of the outbox.

    `id` is 22 characters of base62 and serves as Discord's nonce. An EDIT names the post it
    changes in `edits`. `quote` is the fare told (None when it is gone or the notice is about no
    fare); `median` is the 30-day median at that time. `text` is the sentence of a notice; one that
    is about no route of its reader has a `headline` instead of the route's. `news`: what it is about,
    in place of a sentence, for the faces to put into words. `held_until`: a post that
    waits for the end of its owners' quiet hours; None once it was looked at again for that, and for
    all others. `gathered` are the posts that a LIST tells, or an EDIT of one; its `route` is that of the
    first of them and it has no subjects of its own. A POST of a route to anywhere, or an EDIT of one,
    carries its finds there, each for the route to that place. A DIGEST has its `digest` in place of
    subjects, and the route of its first line.
    """

    id: NotificationId
    destination: Destination
    kind: NotificationKind
    route: Route
    subjects: tuple[Subject, ...]
    created_at: datetime
    quote: Quote | None = None
    confirmation: Confirmation = Confirmation.FIRM
    median: Money | None = None
    edits: NotificationId | None = None
    text: str | None = None
    headline: str | None = None
    news: News | None = None
    held_until: datetime | None = None
    gathered: tuple["Notification", ...] = ()
    digest: Page | None = None

    @property
    def finds(self) -> tuple["Notification", ...]:
        """The lines of a post that tells finds of a route to anywhere, the cheapest first; none of others."""
        return self.gathered if self.route.to_anywhere and self.subjects else ()


class Leased(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the outbox taken for delivery.

    `attempts` counts earlier tries. `sending_since` is set when an earlier try committed that its
    POST began and no outcome was recorded. `post_ref` is the provider's id of the post that an
    EDIT changes. `reconciled` is what the last `Outbox.retry` gave: 0 while nobody noted that the
    outcome is unknown, then 1, and one more for each answer of the provider without the message.
    `enqueued_at` is when the row was written, also when its content was looked at again since;
    `failing_since` when a try first failed, None when none did. `retaken`: it was in hand before, and
    may be out although nobody wrote that down.
    """

    seq: int
    notification: Notification
    attempts: int = 0
    sending_since: datetime | None = None
    post_ref: str | None = None
    reconciled: int = 0
    enqueued_at: datetime | None = None
    failing_since: datetime | None = None
    retaken: bool = False
