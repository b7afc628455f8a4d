"""Who presses or types, and where: Discord's facts as the engine's owner and destination."""

import discord

from bot.client import FareBot
from bot.invite import missing
from bot.present.text import listed
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind
from engine.errors import InvalidInput

_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


def owner_of(interaction: discord.Interaction[FareBot]) -> Owner:
    """The member behind an interaction, in the server it comes from."""
    server = interaction.guild_id
    return Owner(OwnerKind.MEMBER, str(interaction.user.id), str(server) if server else None)


def destination_of(interaction: discord.Interaction[FareBot], where: str | None) -> Destination:
    """Here, or by direct message; what is typed in a direct message is told there.

    Raises InvalidInput when alerts could not be posted here.
    """
    if where == "dm" or interaction.guild_id is None or interaction.channel_id is None:
        return Destination(DestinationKind.DM, str(interaction.user.id))
    lacking = missing_here(interaction)
    if lacking:
        raise InvalidInput(
            "where",
            f"I may not post alerts here: I need {listed(lacking)}. "
            "Ask whoever runs this server, or choose where: direct message.",
        )
    return Destination(DestinationKind.CHANNEL, str(interaction.channel_id))


def missing_here(interaction: discord.Interaction[FareBot]) -> list[str]:
    """What the bot may not do in the channel of an interaction, of what posting needs."""
    channel = interaction.channel
    in_thread = channel is not None and channel.type in _THREADS
    return missing(interaction.app_permissions, in_thread=in_thread)
