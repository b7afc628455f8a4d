"""What the ways to a webhook have in common: whom it goes to, what is said, what is sent."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from yarl import URL

from engine.alerts.cards import Card
from engine.domain.alert import Notification
from engine.domain.webhook import WebhookId, WebhookKind


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """An opened webhook: it lives from the moment of sending to the end of the request.

    `url` is the address as it was read (`engine.alerts.hooks.address`), `secret` the access token or
    the key of signatures. Neither shows in its repr.
    """

    kind: WebhookKind
    url: URL
    secret: str | None = None

    def __repr__(self) -> str:
        """The kind alone."""
        return f"Target({self.kind.value})"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said. `test`: a dry run that somebody asked for."""

    notification: Notification
    card: Card
    test: bool = False


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent. Its repr names nothing of the address."""

    url: URL
    body: bytes
    headers: Mapping[str, str] = {}
    method: str = "POST"

    def __repr__(self) -> str:
        """The method alone."""
        return f"Request({self.method})"


Targets = Callable[[WebhookId], Awaitable[Target | None]]
"""Opens a webhook at the moment of sending; None when it was removed. Raises Unreadable."""


_REFERENCE_LENGTH: Final = 8


def reference(message: Message) -> str:
    """The short mark by which an alert and its changes are known as one, as the bot's own posts have it."""
    notification = message.notification
    return (notification.edits or notification.id)[:_REFERENCE_LENGTH]


def clip(text: str, longest: int) -> str:
    """The text, cut with an ellipsis where it is longer than that."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
