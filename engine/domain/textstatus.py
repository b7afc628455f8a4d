"""What becomes of a text after it was handed over: statuses in the order in which they come. Pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from engine.domain.alert import NotificationId


class TextStatus(StrEnum):
    """Where a text stands, in the provider's words; the last four are final."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """Whether nothing can come after it."""
        return _RANKS[self] == _FINAL

    @property
    def is_lost(self) -> bool:
        """Whether the text never reached its phone, and never will."""
        return self in (TextStatus.UNDELIVERED, TextStatus.FAILED, TextStatus.CANCELED)

    @property
    def is_out(self) -> bool:
        """Whether a carrier has it, or its phone."""
        return self in (TextStatus.SENT, TextStatus.DELIVERED)

    def follows(self, known: "TextStatus") -> bool:
        """Whether it is news to somebody who knows the other: statuses come twice and out of order."""
        return _RANKS[self] > _RANKS[known]


_FINAL: Final = 3
_RANKS: Final[Mapping[TextStatus, int]] = MappingProxyType(
    {
        TextStatus.ACCEPTED: 0,
        TextStatus.QUEUED: 0,
        TextStatus.SENDING: 1,
        TextStatus.SENT: 2,
        TextStatus.DELIVERED: _FINAL,
        TextStatus.UNDELIVERED: _FINAL,
        TextStatus.FAILED: _FINAL,
        TextStatus.CANCELED: _FINAL,
    }
)


class TextNews(msgspec.Struct, frozen=True, kw_only=True):
    """One status of one text, as the provider told it.

    `sid` is the provider's id of the text; `code` says why it was lost; `notification_id` names the
    alert where the news came to the address that was given with it.
    """

    sid: str
    status: TextStatus
    code: int | None = None
    notification_id: NotificationId | None = None


class Became(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an alert's text so far; `at` is when that was learnt."""

    status: TextStatus
    code: int | None
    at: datetime


def read_status(word: str) -> TextStatus | None:
    """A status in the provider's words; None for one that says nothing about a text of ours."""
    try:
        return TextStatus(word.lower())
    except ValueError:
        return None
