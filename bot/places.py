"""Where a route tells: what its owner says, else what they or the server chose before."""

from typing import Final

import discord

from bot.client import FareBot
from bot.managing import Channel, channel_name, check_channel, for_server, lacking_in
from bot.openings import place_of
from bot.present.text import listed
from bot.visit import Visit
from engine.domain.watch import Destination, DestinationKind, OwnerKind
from engine.errors import InvalidInput

HERE: Final = "here"
DIRECT: Final = "dm"
SERVERS: Final = "server"


async def told_at(
    interaction: discord.Interaction[FareBot],
    visit: Visit,
    where: str | None,
    channel: Channel | None = None,
) -> Destination:
    """The place that a member chose, now or before; what is typed in a direct message is told there.

    Raises InvalidInput where the member may not write, or the bot cannot.
    """
    if visit.brought and (channel is not None or where in (HERE, SERVERS)):
        raise InvalidInput("where", "I cannot post here. Choose where: Direct message.")
    if channel is not None:
        return _picked(interaction, where, channel)
    direct = Destination(DestinationKind.DM, visit.actor.id)
    if where == DIRECT and visit.actor.kind is OwnerKind.SERVER:
        raise InvalidInput("where", "A route of this server tells in a channel; choose one.")
    if visit.actor.server_id is None:
        return direct
    defaults = await visit.actions.destinations.of(visit.actor)
    if where == DIRECT or (where is None and defaults.private):
        return direct
    if where == HERE or (where is None and defaults.channel_id is None):
        return visit.here()
    return _servers(interaction, defaults.channel_id)


async def server_place(interaction: discord.Interaction[FareBot], visit: Visit) -> Destination:
    """Where something of the server itself tells: in its channel for alerts, else here."""
    defaults = await visit.actions.destinations.of(for_server(visit).actor)
    return _servers(interaction, defaults.channel_id) if defaults.channel_id else visit.here()


def _picked(interaction: discord.Interaction[FareBot], where: str | None, channel: Channel) -> Destination:
    """A channel by the option of that name."""
    if where == DIRECT:
        raise InvalidInput("channel", "Choose one: a channel, or where: Direct message.")
    if not _may_write(channel):
        name = channel_name(channel)
        raise InvalidInput(
            "channel", "You cannot write in {name} yourself. Choose a place where you can.", name=name
        )
    check_channel(interaction, channel)
    return place_of(channel.id)


def _servers(interaction: discord.Interaction[FareBot], channel_id: str | None) -> Destination:
    """The channel that the server chose."""
    if channel_id is None:
        raise InvalidInput(
            "where", "This server has no channel for alerts yet. Choose here or direct message."
        )
    lacking = lacking_in(interaction, int(channel_id))
    if lacking is None:
        raise InvalidInput(
            "where",
            "I cannot find this server's channel for alerts any more. Choose here or direct message.",
        )
    if lacking:
        raise InvalidInput(
            "where",
            "I may not post in this server's channel for alerts: I need {permissions}. "
            "Tell whoever runs this server, or choose here or direct message.",
            permissions=listed(lacking),
        )
    return Destination(DestinationKind.CHANNEL, channel_id)


def _may_write(channel: Channel) -> bool:
    """Whether the member may, as Discord says with the option."""
    may = channel.permissions
    in_thread = isinstance(channel, discord.app_commands.AppCommandThread)
    return may.view_channel and (may.send_messages_in_threads if in_thread else may.send_messages)
