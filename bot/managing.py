"""Acting for a server: who may, and what the bot may do in a channel of it."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
import msgspec
from discord import app_commands

from bot.answer import How, Reply, answer
from bot.client import FareBot
from bot.invite import THREADS, missing
from bot.present.text import listed, plain
from bot.visit import Visit, visit_of
from engine.errors import InvalidInput

_LONGEST_NAME: Final = 60

Channel = app_commands.AppCommandChannel | app_commands.AppCommandThread


class Postable(app_commands.Transformer):
    """An option for a channel or thread that takes messages.

    It is taken as Discord names it: one that the bot cannot see is then refused in words.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Those with text for everybody, and threads."""
        return [discord.ChannelType.text, discord.ChannelType.news, *THREADS]

    async def transform(self, interaction: discord.Interaction[Any], value: Channel, /) -> Channel:  # noqa: ARG002
        """The channel as it came."""
        return value


def manager_of(interaction: discord.Interaction[FareBot]) -> tuple[Visit, str]:
    """The visit and the id of the server it acts for.

    Servers may give a command to whom they like, so Discord's own check is not enough. Raises
    InvalidInput for everybody who may not manage this server.
    """
    visit = visit_of(interaction)
    return visit, for_server(visit).actor.id


def for_server(visit: Visit) -> Visit:
    """The same visit, made for the server. Raises InvalidInput for everybody who may not manage it."""
    if visit.server is None:
        raise InvalidInput("", "Only members who may manage this server can do that.")
    return msgspec.structs.replace(visit, actor=visit.server)


async def managed(
    interaction: discord.Interaction[FareBot],
    act: Callable[[Visit, str], Awaitable[Reply]],
    how: How = How.NEW,
) -> None:
    """Answer a manager; `act` gets the server's id. Everybody else reads that it is not theirs to do."""

    async def work() -> Reply:
        return await act(*manager_of(interaction))

    await answer(interaction, work, how)


def channel_name(channel: Channel) -> str:
    """#fares."""
    return f"#{plain(channel.name, _LONGEST_NAME)}"


def check_channel(interaction: discord.Interaction[FareBot], channel: Channel) -> None:
    """Raises InvalidInput, naming what is missing, when the bot could not post alerts in a channel."""
    if isinstance(channel, app_commands.AppCommandThread) and channel.locked:
        raise InvalidInput(
            "channel", "{channel} is locked. Choose another place.", channel=channel_name(channel)
        )
    _check(channel_name(channel), missing(_held(interaction, channel), in_thread=channel.type in THREADS))


def check_picked(interaction: discord.Interaction[FareBot], picked: str) -> None:
    """The same for a channel of which only the id is at hand, as Discord sends it."""
    channel_id = int(picked) if picked.isdecimal() else 0
    found, lacking = _found(interaction, channel_id), lacking_in(interaction, channel_id)
    if found is None or lacking is None:
        raise InvalidInput("channel", "I cannot see that channel. Let me in there, or choose another one.")
    _check(f"#{plain(found.name, _LONGEST_NAME)}", lacking)


def lacking_in(interaction: discord.Interaction[FareBot], channel_id: int) -> list[str] | None:
    """What the bot lacks to post alerts in a channel of this server; None where it sees no such channel."""
    found = _found(interaction, channel_id)
    if found is None:
        return None
    return missing(found.permissions_for(found.guild.me), in_thread=found.type in THREADS)


def _check(name: str, lacking: list[str]) -> None:
    if lacking:
        raise InvalidInput(
            "channel",
            "I may not post alerts in {channel}: I need {permissions}. Allow me that, or choose another.",
            channel=name,
            permissions=listed(lacking),
        )


def _found(
    interaction: discord.Interaction[FareBot], channel_id: int
) -> discord.abc.GuildChannel | discord.Thread | None:
    return interaction.guild.get_channel_or_thread(channel_id) if interaction.guild else None


def _held(interaction: discord.Interaction[FareBot], channel: Channel) -> discord.Permissions:
    """What the bot may do there; a thread goes by its channel, and a private one must have let it in."""
    guild = interaction.guild
    found = guild.get_channel_or_thread(channel.id) if guild else None
    if isinstance(channel, app_commands.AppCommandThread) and guild:
        let_in = isinstance(found, discord.Thread) and found.me is not None
        if channel.type is discord.ChannelType.private_thread and not let_in:
            raise InvalidInput(
                "channel",
                "I am not in {channel}. Mention me there, then try again.",
                channel=channel_name(channel),
            )
        found = found or guild.get_channel(channel.parent_id)  # an archived one is not remembered
    if found is None:
        raise InvalidInput("channel", "I cannot see that channel. Let me in there, or choose another one.")
    return found.permissions_for(found.guild.me)
