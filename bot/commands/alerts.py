"""/alerts: what was told about a member's routes.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

import discord
from discord import app_commands

from bot import alerts
from bot.answer import Reply, answer
from bot.client import FareBot
from bot.visit import visit_of


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class AlertCommands(app_commands.Group):
    """How your alerts reach you."""

    def __init__(self) -> None:
        super().__init__(name="alerts", description="How your alerts reach you")

    @app_commands.command()
    async def recent(self, interaction: discord.Interaction[FareBot]) -> None:
        """What I told you lately, where, and how it went."""

        async def work() -> Reply:
            return await alerts.recent(visit_of(interaction))

        await answer(interaction, work)
