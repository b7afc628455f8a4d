"""A webhook: an address outside of Discord to which a server's public alerts are copied."""

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

import msgspec

from engine.domain.watch import Destination, DestinationKind

WebhookId = NewType("WebhookId", str)

MOST_PER_SERVER: Final = 5


class WebhookKind(StrEnum):
    """Who reads there, which decides what is sent."""

    DISCORD = "discord"
    SLACK = "slack"
    NTFY = "ntfy"
    JSON = "json"

    @property
    def edits(self) -> bool:
        """Whether what was sent can be changed; elsewhere a change is a message of its own."""
        return self is WebhookKind.DISCORD


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook of a server as it is stored.

    `sealed_url` and `sealed_secret` are encrypted (`engine.alerts.vault`); `host` is all of the
    address that is ever shown. `created_by` is the member who added it, empty once they were forgotten.
    """

    id: WebhookId
    server_id: str
    kind: WebhookKind
    name: str
    host: str
    sealed_url: str
    created_by: str
    created_at: datetime
    sealed_secret: str | None = None

    @property
    def destination(self) -> Destination:
        """Where its copies go: the id alone, never the address."""
        return Destination(DestinationKind.WEBHOOK, self.id)
