"""The Discord client: one intent, no mentions, commands registered when changed. It starts no engine task."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import discord
import structlog
from discord import app_commands

from bot import whys
from bot.desk import Desk
from bot.housekeeping import caught_up, joined
from bot.invite import invite_link, own_apps_link
from bot.openings import (
    can_post,
    can_post_in_threads_of,
    place_of,
    threads_of,
)
from bot.sync import CommandMemory, leaves, sync_if_changed
from bot.translator import Translator
from engine.domain.watch import Destination
from engine.store.turns import put_first
from engine.tongue import speak

_log = structlog.get_logger(__name__)

# Longer waits for a rate limit are the relay's business; without it discord.py may sleep for hours.
_LONGEST_RATE_LIMIT_S = 60.0
# A place that Discord refuses although nothing seems to be missing is not tried at every reconnect.
_PAUSED_FOR = timedelta(hours=1)


def listen(interaction: "discord.Interaction[FareBot]") -> None:
    """Speak with whoever typed or pressed in their language, and let nothing go before them.

    For as long as this interaction lasts.
    """
    put_first()
    speak(interaction.client.desk.tongues.of(str(interaction.locale)))


Press = Callable[["discord.Interaction[FareBot]", Sequence[str]], Awaitable[None]]
"""What a button does: the press and the words after the verb in its custom id."""


class Tree(app_commands.CommandTree["FareBot"]):
    """The commands; each is answered in the language of who typed it."""

    async def interaction_check(self, interaction: "discord.Interaction[FareBot]", /) -> bool:
        """Everybody may."""
        listen(interaction)
        return True


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
        self.tree: app_commands.CommandTree[FareBot] = Tree(self)
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

    def server_locale(self, server_id: str) -> str | None:
        """The language that a server is in, as Discord says it; None where the bot is not in it."""
        guild = self.get_guild(int(server_id)) if server_id.isdecimal() else None
        return str(guild.preferred_locale) if guild else None

    def server_of(self, channel_id: str) -> str | None:
        """The id of the server of a channel or thread; None for one that is not known."""
        found = self.get_channel(int(channel_id)) if channel_id.isdecimal() else None
        guild = getattr(found, "guild", None)
        return str(guild.id) if guild else None

    async def setup_hook(self) -> None:
        """Register the commands if they changed and say how the bot is invited."""
        self._logged_in = True
        application_id = self.application_id
        if application_id is None:  # Discord always names it at login
            return
        await self.tree.set_translator(Translator(self.desk.tongues))
        if await sync_if_changed(self.tree, self._memory, application_id, self._dev_guild):
            names = leaves(self.tree)
            _log.info("commands registered", count=len(names), commands=names)
        _log.info("invite the bot", link=invite_link(application_id))
        if self.application and self.application.user_integration_config:
            _log.info("add it to your own apps", link=own_apps_link(application_id))

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel that was closed to the bot and is open again is told of again."""
        if can_post(after) and not can_post(before):
            await self.desk.actions.places.opened([place_of(after.id), *threads_of(after)])

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Nothing can be told there any more, nor in its threads."""
        for place in (place_of(channel.id), *threads_of(channel)):
            await self.desk.actions.places.gone(place, str(channel.guild.id))

    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """A moderator locked it or opened it again; one that sleeps is woken by the next post.

        The raw event, since a thread that was archived is not remembered.
        """
        if payload.data["thread_metadata"].get("locked"):
            await self.desk.actions.places.closed(place_of(payload.thread_id), whys.LOCKED)
        elif can_post_in_threads_of(self.get_channel(payload.parent_id)):
            await self.desk.actions.places.opened([place_of(payload.thread_id)])

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Nothing can be told there any more."""
        await self.desk.actions.places.gone(place_of(payload.thread_id), str(payload.guild_id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """It was added to a server."""
        await joined(guild, self.desk)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """It was removed from a server; one that Discord cannot reach just now is no such case."""
        await self.desk.actions.membership.bot_left(str(guild.id))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role that may do more may have opened channels, of which no event of their own tells."""
        if before.permissions != after.permissions:
            await self._open_what_can_be_posted_to(await self.desk.actions.places.paused())

    async def on_ready(self) -> None:
        """Say once per session that the gateway is there, and see what happened meanwhile."""
        _log.info("connected to Discord", servers=len(self.guilds))
        await caught_up(list(self.guilds), self.desk)
        await self._open_what_can_be_posted_to(
            await self.desk.actions.places.paused(for_at_least=_PAUSED_FOR)
        )

    async def _open_what_can_be_posted_to(self, paused: Sequence[Destination]) -> None:
        await self.desk.actions.places.opened(
            [place for place in paused if can_post(self.get_channel(int(place.address)))]
        )
