"""The Discord client: one intent, no mentions, commands registered when changed. It starts no engine task."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.desk import Desk
from bot.invite import invite_link, missing
from bot.sync import CommandMemory, leaves, sync_if_changed
from engine.domain.watch import Destination, DestinationKind

_log = structlog.get_logger(__name__)

# Longer waits for a rate limit are the relay's business; without it discord.py may sleep for hours.
_LONGEST_RATE_LIMIT_S = 60.0

Press = Callable[["discord.Interaction[FareBot]", Sequence[str]], Awaitable[None]]
"""What a button does: the press and the words after the verb in its custom id."""


class FareBot(discord.Client):
    """The bot's presence on Discord.

    `presses` maps the verb of a button's custom id to what it does; `items` are the classes that
    recognise such buttons, also on messages from before a restart.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        commands: Sequence[app_commands.Command[Any, ..., Any] | app_commands.Group],
        items: Sequence[type[discord.ui.DynamicItem[Any]]],
        presses: Mapping[str, Press],
        memory: CommandMemory,
        dev_guild_id: int | None = None,
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT_S,
        )
        self.desk = desk
        self.presses = presses
        self.tree: app_commands.CommandTree[FareBot] = app_commands.CommandTree(self)
        self._memory = memory
        self._dev_guild = discord.Object(dev_guild_id) if dev_guild_id else None
        self._logged_in = False
        for command in commands:
            self.tree.add_command(command)
        self.add_dynamic_items(*items)

    @property
    def can_send(self) -> bool:
        """Whether messages can be sent: logged in and not closing. The gateway is not needed for that."""
        return self._logged_in and not self.is_closed()

    async def setup_hook(self) -> None:
        """Register the commands if they changed and say how the bot is invited."""
        self._logged_in = True
        application_id = self.application_id
        if application_id is None:  # Discord always names it at login
            return
        if await sync_if_changed(self.tree, self._memory, application_id, self._dev_guild):
            names = leaves(self.tree)
            _log.info("commands registered", count=len(names), commands=names)
        _log.info("invite the bot", link=invite_link(application_id))

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel that was closed to the bot and is open again is told of again."""
        if _is_closed(before) and not _is_closed(after):
            await self.desk.reinstate([Destination(DestinationKind.CHANNEL, str(after.id))])

    async def on_ready(self) -> None:
        """Say once per session that the gateway is there."""
        _log.info("connected to Discord", servers=len(self.guilds))


def _is_closed(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot lacks anything that posting there needs."""
    return bool(missing(channel.permissions_for(channel.guild.me), in_thread=False))
