"""/sms: link, status, forget. The number is typed into a form: options of a command are visible to all.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

import discord
from discord import app_commands

from bot import sms_replies
from bot.answer import Reply, answer, show_form
from bot.client import FareBot
from bot.phone_forms import NumberForm
from bot.visit import visit_of


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class SmsCommands(app_commands.Group):
    """Your alerts as texts on your phone."""

    def __init__(self) -> None:
        super().__init__(name="sms", description="Your alerts as texts on your phone")

    @app_commands.command()
    async def link(self, interaction: discord.Interaction[FareBot]) -> None:
        """Get your alerts on your phone as well; only you see what you type."""
        sms = interaction.client.desk.sms
        if not sms.lacks:
            await show_form(interaction, NumberForm(sms.consent.sentence))
            return

        async def work() -> Reply:
            return sms_replies.not_set_up(sms.lacks)

        await answer(interaction, work)

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[FareBot]) -> None:
        """Which number is linked, and how many texts it got today."""

        async def work() -> Reply:
            visit = visit_of(interaction)
            return sms_replies.status(await visit.desk.sms.status(visit.actor))

        await answer(interaction, work)

    @app_commands.command()
    async def forget(self, interaction: discord.Interaction[FareBot]) -> None:
        """Delete your number and your consent, at once."""

        async def work() -> Reply:
            visit = visit_of(interaction)
            return sms_replies.forgotten(there_was_one=await visit.desk.sms.forget(visit.actor))

        await answer(interaction, work)
