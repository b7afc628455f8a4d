"""Where a member wants to be told of a route: a channel or thread of the server, or direct messages."""

import discord

from bot.client import FareBot
from bot.managing import Channel, channel_name, check_channel
from bot.openings import place_of
from bot.tongue import say
from bot.visit import Visit
from engine.domain.watch import Destination
from engine.errors import InvalidInput


def told_at(
    interaction: discord.Interaction[FareBot], visit: Visit, where: str | None, channel: Channel | None
) -> Destination:
    """The place that a member chose.

    Raises InvalidInput where the member may not write, or the bot cannot.
    """
    if channel is None:
        return visit.tell(where)
    if where == "dm":
        raise InvalidInput("channel", say("Choose one: a channel, or where: Direct message."))
    if not _may_write(channel):
        name = channel_name(channel)
        raise InvalidInput(
            "channel", say("You cannot write in {name} yourself. Choose a place where you can.", name=name)
        )
    check_channel(interaction, channel)
    return place_of(channel.id)


def _may_write(channel: Channel) -> bool:
    """Whether the member may, as Discord says with the option."""
    may = channel.permissions
    in_thread = isinstance(channel, discord.app_commands.AppCommandThread)
    return may.view_channel and (may.send_messages_in_threads if in_thread else may.send_messages)
