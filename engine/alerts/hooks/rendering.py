"""What is sent to each kind of webhook."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from engine.alerts.hooks import discord, ntfy, plain_json, slack
from engine.alerts.hooks.ports import Message, Request, Target
from engine.domain.webhook import WebhookKind

_RENDERERS: Final[Mapping[WebhookKind, Callable[[Target, Message, str | None], Request]]] = MappingProxyType(
    {
        WebhookKind.DISCORD: discord.request,
        WebhookKind.SLACK: slack.request,
        WebhookKind.NTFY: ntfy.request,
        WebhookKind.JSON: plain_json.request,
    }
)


def render(target: Target, message: Message, post_ref: str | None = None) -> Request:
    """The request for a message; `post_ref` is the id of the message that it changes."""
    return _RENDERERS[target.kind](target, message, post_ref)
