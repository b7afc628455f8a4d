"""/privacy: what is stored about a member; export it, delete it.

Types in this signature are read by discord.py when the command is made: no annotation may be
importable for the type checker only.
"""

from typing import Any

import discord
from discord import app_commands

from bot import privacy as acts
from bot.answer import Reply, answer
from bot.client import FareBot
from bot.visit import visit_of


def privacy_command() -> app_commands.Command[Any, ..., Any]:
    """A fresh instance."""

    @app_commands.command(name="privacy", description="What I know about you; export it, or delete it all")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def privacy(interaction: discord.Interaction[FareBot]) -> None:
        async def work() -> Reply:
            return await acts.stored(visit_of(interaction))

        await answer(interaction, work)

    return privacy
