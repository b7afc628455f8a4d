"""The form into which the address of a webhook is typed: options of a command can be seen by others."""

from typing import Any

import discord

from bot import webhooks
from bot.answer import Form, Reply
from bot.managing import managed
from bot.present.webhooks import kind_name
from bot.visit import Visit
from engine.actions.webhooks import NewWebhook
from engine.alerts.hooks.address import LONGEST_SECRET, LONGEST_URL
from engine.domain.webhook import WebhookKind
from engine.tongue import say


class WebhookForm(Form):
    """The address, and a secret where the kind has one; `name` is what the command was given."""

    def __init__(self, kind: WebhookKind, name: str) -> None:
        title = say("Add a webhook: {kind}", kind=kind_name(kind))
        super().__init__(title=title)
        self._kind = kind
        self._name = name
        self._url: discord.ui.TextInput[WebhookForm] = discord.ui.TextInput(
            custom_id="url", placeholder=_example(kind), max_length=LONGEST_URL
        )
        self.add_item(discord.ui.Label(text=say("Address"), description=_where(kind), component=self._url))
        self._secret: discord.ui.TextInput[WebhookForm] | None = None
        if kind in (WebhookKind.NTFY, WebhookKind.JSON):
            self._secret = discord.ui.TextInput(custom_id="secret", required=False, max_length=LONGEST_SECRET)
            text, description = _secret_words(kind)
            self.add_item(discord.ui.Label(text=text, description=description, component=self._secret))
        self.add_item(
            discord.ui.TextDisplay(
                say("Stored encrypted, and never shown again: keep a copy if you need one elsewhere.")
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Keep it."""

        async def act(visit: Visit, server_id: str) -> Reply:  # noqa: ARG001  the actor knows it
            return await webhooks.add(
                visit,
                NewWebhook(
                    kind=self._kind,
                    name=self._name,
                    url=self._url.value,
                    secret=self._secret.value if self._secret else "",
                ),
            )

        await managed(interaction, act)


def _example(kind: WebhookKind) -> str:
    return {
        WebhookKind.DISCORD: "https://discord.com/api/webhooks/…",
        WebhookKind.SLACK: "https://hooks.slack.com/services/…",
        WebhookKind.NTFY: say("https://ntfy.sh/your-topic"),
        WebhookKind.JSON: "https://example.com/fares",
    }[kind]


def _where(kind: WebhookKind) -> str:
    """Where one finds it; at most 100 characters."""
    return {
        WebhookKind.DISCORD: say(
            "In the other channel's settings: Integrations, Webhooks, Copy Webhook URL."
        ),
        WebhookKind.SLACK: say("In your Slack app's settings: Incoming Webhooks."),
        WebhookKind.NTFY: say("Your server and topic; ntfy.sh is open to everybody who knows the topic."),
        WebhookKind.JSON: say("Where your program takes a POST. It must be on the public internet."),
    }[kind]


def _secret_words(kind: WebhookKind) -> tuple[str, str]:
    if kind is WebhookKind.NTFY:
        return say("Access token"), say("If the topic asks for one: tk_…, or name:password.")
    return say("Secret"), say("If you set one, each request is signed with it (HMAC-SHA256).")
