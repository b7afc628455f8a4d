"""Builders of webhooks; a test names only what it is about."""

from typing import Any

from engine.domain.webhook import Webhook, WebhookId, WebhookKind
from tests.support.clock import START


def webhook(id_: str = "h1", **changes: Any) -> Webhook:
    return Webhook(
        **{
            "id": WebhookId(id_),
            "server_id": "5001",
            "kind": WebhookKind.JSON,
            "name": "Team board",
            "host": "hooks.example.com",
            "sealed_url": "sealed",
            "created_by": "1001",
            "created_at": START,
            **changes,
        }
    )
