"""Registering the commands with Discord, only when they changed, since creating them is rationed."""

import hashlib
import json
from typing import Any, Protocol

import aiohttp
import discord
import structlog
from discord import app_commands

_log = structlog.get_logger(__name__)


class CommandMemory(Protocol):
    """Where the fingerprint of what was registered last is kept."""

    async def registered(self) -> str | None:
        """The fingerprint of the definition that Discord knows; None when none was kept."""
        ...

    async def remember(self, fingerprint: str) -> None:
        """Keep it."""
        ...


async def sync_if_changed(
    tree: app_commands.CommandTree[Any],
    memory: CommandMemory,
    application_id: int,
    guild: discord.Object | None,
) -> bool:
    """Register when the definition is not the one registered last; False when Discord refused.

    A refusal does not end the bot: it is logged, and the commands registered before stay.
    """
    fingerprint = await fingerprint_of(tree, application_id, guild)
    if await memory.registered() == fingerprint:
        return True
    try:
        await sync(tree, guild)
    except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as fault:
        _log.warning("commands not registered", fault=type(fault).__name__)
        return False
    await memory.remember(fingerprint)
    return True


async def sync(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> int:
    """Register the commands everywhere, or in one server at once; how many commands there are now."""
    if guild is not None:
        tree.copy_global_to(guild=guild)
    return len(await tree.sync(guild=guild))


async def fingerprint_of(
    tree: app_commands.CommandTree[Any], application_id: int, guild: discord.Object | None
) -> str:
    """A hash over the definition in all languages, for which application, and where."""
    spoken = tree.translator
    definition = [
        await command.get_translated_payload(tree, spoken) if spoken else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    place = guild.id if guild else None
    canonical = json.dumps([application_id, place, definition], sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def leaves(tree: app_commands.CommandTree[Any]) -> list[str]:
    """The commands as members type them: /route add, /route list."""
    return [
        f"/{command.qualified_name}"
        for command in tree.walk_commands()
        if isinstance(command, app_commands.Command)
    ]
