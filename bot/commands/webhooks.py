"""/settings webhook: add, list, remove, test.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot import webhooks
from bot.answer import Reply, show_form
from bot.client import FareBot
from bot.managing import managed
from bot.present.text import clip
from bot.present.webhooks import kind_name
from bot.visit import Visit, visit_of
from bot.webhook_forms import WebhookForm
from engine.actions.webhooks import LONGEST_NAME
from engine.domain.webhook import WebhookKind

KINDS = [Choice(name=kind_name(kind), value=kind.value) for kind in WebhookKind]
_LONGEST_CHOICE = 100


class WebhookCommands(app_commands.Group):
    """Copies of this server's alerts elsewhere."""

    def __init__(self) -> None:
        super().__init__(name="webhook", description="Copies of this server's alerts elsewhere")

    @app_commands.command()
    @app_commands.describe(kind="Who reads there", name="What you call it; its host unless you say otherwise")
    @app_commands.choices(kind=KINDS)
    async def add(
        self,
        interaction: discord.Interaction[FareBot],
        kind: str,
        name: app_commands.Range[str, 1, LONGEST_NAME] | None = None,
    ) -> None:
        """Copy every public alert to another channel, Slack, ntfy or a program."""
        visit = visit_of(interaction)
        if visit.standing.manages and visit.actions.webhooks.possible:
            await show_form(interaction, WebhookForm(WebhookKind(kind), name or ""))
            return
        await managed(interaction, webhooks.listed)

    @app_commands.command(name="list")
    async def list_(self, interaction: discord.Interaction[FareBot]) -> None:
        """The webhooks of this server and how they stand."""
        await managed(interaction, webhooks.listed)

    @app_commands.command()
    @app_commands.describe(webhook="Which one")
    async def remove(self, interaction: discord.Interaction[FareBot], webhook: str) -> None:
        """Forget a webhook and its address."""

        async def act(visit: Visit, server_id: str) -> Reply:
            return await webhooks.remove(visit, server_id, webhook)

        await managed(interaction, act)

    @app_commands.command()
    @app_commands.describe(webhook="Which one")
    async def test(self, interaction: discord.Interaction[FareBot], webhook: str) -> None:
        """Send a message marked as a test and say what came of it."""

        async def act(visit: Visit, server_id: str) -> Reply:
            return await webhooks.test(visit, server_id, webhook)

        await managed(interaction, act)

    @remove.autocomplete("webhook")
    @test.autocomplete("webhook")
    async def complete_webhook(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """The webhooks of this server, for those who may manage it."""
        visit = visit_of(interaction)
        if visit.actor.server_id is None or not visit.standing.manages:
            return []
        standings = await visit.actions.webhooks.of_server(visit.actor.server_id)
        named = {
            f"{one.webhook.name} · {kind_name(one.webhook.kind)} · {one.webhook.host}": one.webhook.id
            for one in standings
        }
        return [
            Choice(name=clip(label, _LONGEST_CHOICE), value=id_)
            for label, id_ in named.items()
            if current.strip().casefold() in label.casefold()
        ]
