"""Where an interaction is: in a server of the bot's, in its own direct messages, or where it is no member."""

from typing import Any

import discord


def brought_along(interaction: discord.Interaction[Any]) -> bool:
    """Whether only who uses the bot brought it along: a server without it, or a chat of people.

    It answers there, but is no member and can post nothing.
    """
    if interaction.guild_id is None:
        return interaction.context.private_channel
    if interaction.client.get_guild(interaction.guild_id) is None:
        return True
    return interaction.is_user_integration() and not interaction.is_guild_integration()


def server_of(interaction: discord.Interaction[Any]) -> int | None:
    """The server that this is in; None in direct messages, and where the bot is no member."""
    return None if brought_along(interaction) else interaction.guild_id


def in_own_messages(interaction: discord.Interaction[Any]) -> bool:
    """Whether this is in the direct messages between the bot and who uses it."""
    return interaction.guild_id is None and not brought_along(interaction)
