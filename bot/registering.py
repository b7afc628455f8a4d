"""Registering the commands by hand, without engine and gateway: log in, register, log out."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot.commands.groups import groups
from bot.connection import ConnectionRefused
from bot.languages import read_tongues
from bot.sync import leaves, sync
from bot.translator import Translator


async def register(token: str, guild_id: int | None) -> list[str]:
    """Register everywhere, or in one server; the commands that there are now.

    Raises ConnectionRefused for a token that Discord does not accept.
    """
    client = discord.Client(intents=discord.Intents.none())
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)
    for group in groups():
        tree.add_command(group)
    await tree.set_translator(Translator(await asyncio.to_thread(read_tongues)))
    async with client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            raise ConnectionRefused("DISCORD_TOKEN: Discord does not accept it.") from None
        await sync(tree, discord.Object(guild_id) if guild_id else None)
    return leaves(tree)
