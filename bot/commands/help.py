"""/help: what can be done, in one message.

Types in this signature are read by discord.py when the command is made: no annotation may be
importable for the type checker only.
"""

from typing import Any

import discord
from discord import app_commands

from bot.answer import Reply, answer
from bot.client import FareBot
from bot.present.help import help_page
from bot.visit import visit_of


def help_command() -> app_commands.Command[Any, ..., Any]:
    """A fresh instance."""

    @app_commands.command(name="help", description="What I can do for you, and how to begin")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help_(interaction: discord.Interaction[FareBot]) -> None:
        async def work() -> Reply:
            visit = visit_of(interaction)
            return Reply(embed=help_page(visit.scene, manages=visit.standing.manages))

        await answer(interaction, work)

    return help_
