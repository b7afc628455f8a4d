"""What the gateway says of places: opened to the bot, closed to it, gone."""

import discord

from bot.invite import missing
from engine.domain.watch import Destination, DestinationKind


def place_of(channel_id: int) -> Destination:
    """A channel or thread as the engine calls it."""
    return Destination(DestinationKind.CHANNEL, str(channel_id))


def can_post(place: object) -> bool:
    """Whether alerts can be posted there: the bot may, and no moderator locked it."""
    if isinstance(place, discord.Thread):
        return not place.locked and can_post_in_threads_of(place.parent)
    if isinstance(place, discord.abc.GuildChannel):
        return not missing(place.permissions_for(place.guild.me), in_thread=False)
    return False


def can_post_in_threads_of(channel: object) -> bool:
    """Whether the bot may post in the threads of a channel."""
    if not isinstance(channel, discord.abc.GuildChannel):
        return False
    return not missing(channel.permissions_for(channel.guild.me), in_thread=True)


def threads_of(channel: discord.abc.GuildChannel) -> list[Destination]:
    """The threads of a channel that the bot knows of."""
    threads = getattr(channel, "threads", ())
    return [place_of(thread.id) for thread in threads]
