"""What an owner is told about their watches besides fares; the faces put it into words."""

from datetime import datetime

import msgspec

from engine.domain.caps import Cap
from engine.saying import Saying


class RemovedByManagers(msgspec.Struct, frozen=True, kw_only=True, tag="removed"):
    """Who manages the server removed a member's route; `channel_id` is where it told."""

    channel_id: str | None = None


class Failing(msgspec.Struct, frozen=True, kw_only=True, tag="failing"):
    """No source has answered for `routes` routes, the first of them since that instant.

    `outcome` and `detail` are those of the newest look at the route that the notice names.
    """

    routes: int
    since: datetime
    outcome: str
    detail: str | None = None


class Working(msgspec.Struct, frozen=True, kw_only=True, tag="working"):
    """A source answers again for `routes` routes of which it was told that none did; `failing` still fail."""

    routes: int
    failing: int = 0


class PlaceGone(msgspec.Struct, frozen=True, kw_only=True, tag="place-gone"):
    """The one channel in which `routes` routes were told was deleted; they rest."""

    channel_id: str
    routes: int


class SheetTrouble(msgspec.Struct, frozen=True, kw_only=True, tag="sheet"):
    """A server's linked sheet: why it cannot be read, or which of its rows cannot be understood."""

    unread: Saying | str | None = None
    faults: tuple[Saying | str, ...] = ()
    more: int = 0


class TextCapped(msgspec.Struct, frozen=True, kw_only=True, tag="text-capped"):
    """An alert was not texted: `most` texts of a period are used up, and no more go out before it ends."""

    cap: Cap
    most: int


class TextsRest(msgspec.Struct, frozen=True, kw_only=True, tag="texts-rest"):
    """An alert was not texted: none go out until then, or until whoever runs the bot sees to it (None)."""

    until: datetime | None = None


class TextLate(msgspec.Struct, frozen=True, kw_only=True, tag="text-late"):
    """An alert is not texted yet: the provider of text messages does not answer."""


class DirectClosed(msgspec.Struct, frozen=True, kw_only=True, tag="direct-closed"):
    """A member's direct messages take nothing; said where others read, so without a word of any route."""


class Departed(msgspec.Struct, frozen=True, kw_only=True, tag="departed"):
    """The last departure of a route has passed; it is no longer watched."""


class PlaceFails(msgspec.Struct, frozen=True, kw_only=True, tag="place-fails"):
    """A destination, by its lane (`channel:1`), takes nothing any more; `lost`: the pair of a lost alert."""

    lane: str
    why: str
    lost: str | None = None


class WebhookFails(msgspec.Struct, frozen=True, kw_only=True, tag="webhook-fails"):
    """Copies of alerts are no longer sent to a webhook, known by its name and host."""

    name: str
    host: str
    why: str


class TextUnknown(msgspec.Struct, frozen=True, kw_only=True, tag="text-unknown"):
    """A text about a pair may or may not have arrived, and is not sent again."""

    pair: str


News = (
    RemovedByManagers
    | Failing
    | Working
    | PlaceGone
    | SheetTrouble
    | TextCapped
    | TextsRest
    | TextLate
    | DirectClosed
    | Departed
    | PlaceFails
    | WebhookFails
    | TextUnknown
)
