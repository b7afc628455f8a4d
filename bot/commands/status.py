"""/status: how the bot is, for everybody.

Types in this signature are read by discord.py when the command is made: no annotation may be
importable for the type checker only.
"""

from typing import Any

import discord
from discord import app_commands

from bot.answer import Reply, answer
from bot.client import FareBot
from bot.present.status import status as presented


def status_command() -> app_commands.Command[Any, ..., Any]:
    """A fresh instance."""

    @app_commands.command(name="status", description="How I am: fare sources, last looks, alerts that wait")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def status(interaction: discord.Interaction[FareBot]) -> None:
        async def work() -> Reply:
            return Reply(embed=presented(await interaction.client.desk.actions.status.read()))

        await answer(interaction, work)

    return status
