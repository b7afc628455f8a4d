"""The bot's comings and goings in servers, and those of its members."""

from datetime import timedelta
from typing import Final, Protocol

import discord
import structlog

from bot.desk import Desk
from bot.network import NETWORK_FAULTS
from bot.openings import can_post, place_of
from bot.present.welcome import welcome
from engine.clock import Clock
from engine.tongue import speaking

_log = structlog.get_logger(__name__)

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MEMBER: Final = 10007
# A server that the bot was added to while it was away is greeted when it is back.
_NEW_FOR: Final = timedelta(days=1)
# Forty thousand members a day, and a hundredth of the questions that Discord takes.
_EVERY_S: Final = 60.0
_AT_ONCE: Final = 30


class Servers(Protocol):
    """What is needed of the client."""

    desk: Desk

    def is_ready(self) -> bool:
        """Whether it knows by now which servers it is in."""
        ...

    def get_guild(self, id: int, /) -> discord.Guild | None:  # noqa: A002  discord.py's name
        """A server in which the bot is."""
        ...


async def joined(guild: discord.Guild, desk: Desk) -> None:
    """The bot was added: what rested goes on; a server that is new to it is greeted, once."""
    await desk.actions.membership.bot_back(str(guild.id))
    if await desk.actions.membership.is_new(str(guild.id)):
        await _greet(guild, desk)


async def caught_up(guilds: list[discord.Guild], desk: Desk) -> None:
    """See what happened while the bot was away: servers without it, channels that are gone.

    A server that cannot be reached just now is still among `guilds`.
    """
    here = {str(guild.id): guild for guild in guilds}
    for server_id in await desk.actions.membership.servers() - set(here):
        await desk.actions.membership.bot_left(server_id)
    for server_id in await desk.actions.membership.left() & set(here):
        await desk.actions.membership.bot_back(server_id)
    for guild in guilds:
        joined_at = None if guild.unavailable else guild.me.joined_at
        if joined_at is not None and desk.clock.now() - joined_at < _NEW_FOR:
            await joined(guild, desk)
    for server_id, channel_id in await desk.actions.places.told_in():
        where = here.get(server_id)
        if where is not None and not where.unavailable and await _is_gone(where, int(channel_id)):
            await desk.actions.places.gone(place_of(int(channel_id)), server_id)


class Attendance:
    """Looks, at most daily, whether the owners of routes are still in their servers.

    Without the members intent no event tells of it.
    """

    def __init__(self, servers: Servers, clock: Clock) -> None:
        self._servers = servers
        self._clock = clock

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await self._clock.sleep(_EVERY_S)

    async def look(self) -> None:
        """Look for those who are due, once it is known which servers the bot is in."""
        if not self._servers.is_ready():
            return
        membership = self._servers.desk.actions.membership
        for server_id, member_id in await membership.to_look_for(_AT_ONCE):
            guild = self._servers.get_guild(int(server_id))
            if guild is not None and await _has_left(guild, int(member_id)):
                await membership.member_left(server_id, member_id)
            else:
                await membership.member_here(server_id, member_id)


async def _has_left(guild: discord.Guild, member_id: int) -> bool:
    try:
        await guild.fetch_member(member_id)
    except discord.NotFound as fault:
        return fault.code == UNKNOWN_MEMBER
    except NETWORK_FAULTS as fault:  # nobody can say; they are looked for again tomorrow
        _log.info("member not looked up", fault=type(fault).__name__)
    return False


async def _is_gone(guild: discord.Guild, channel_id: int) -> bool:
    """Whether a channel was deleted; archived threads are not remembered, so Discord is asked."""
    if guild.get_channel_or_thread(channel_id) is not None:
        return False
    try:
        await guild.fetch_channel(channel_id)
    except discord.NotFound as fault:
        return fault.code == UNKNOWN_CHANNEL
    except (*NETWORK_FAULTS, discord.InvalidData) as fault:
        _log.info("channel not looked up", fault=type(fault).__name__)
    return False


async def _greet(guild: discord.Guild, desk: Desk) -> None:
    channel = _first_open(guild)
    if channel is None:
        _log.info("nowhere to say hello", server=guild.id)
        return
    with speaking(await desk.readers.of_server(str(guild.id))):
        message = welcome()
    try:
        await channel.send(embed=message, allowed_mentions=discord.AllowedMentions.none())
    except NETWORK_FAULTS as fault:
        _log.info("hello not said", server=guild.id, fault=type(fault).__name__)


def _first_open(guild: discord.Guild) -> discord.TextChannel | None:
    """The system channel, else the first in which everybody reads and the bot may write."""
    system = guild.system_channel
    if system is not None and can_post(system):
        return system
    return next((each for each in guild.text_channels if can_post(each) and _is_public(each)), None)


def _is_public(channel: discord.TextChannel) -> bool:
    return channel.permissions_for(channel.guild.default_role).view_channel
