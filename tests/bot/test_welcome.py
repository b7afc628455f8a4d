"""The hello to a server: once, in one channel, to nobody in particular."""

from datetime import timedelta
from pathlib import Path

import discord
from simcord.backend.models import Overwrite
from simcord.builders import GuildHandle
from simcord.enums import OverwriteType

from bot.housekeeping import caught_up
from tests.bot.stage import Stage, open_stage, words

HELLO = "Hello! I watch flight fares"


def new_server(stage: Stage, *names: str) -> GuildHandle:
    """The bot is added to a server with these channels; the first is its system channel."""
    guild = stage.env.create_guild("Elsewhere")
    channels = [guild.create_text_channel(name) for name in names]
    if channels:
        stage.env.backend.edit_guild(guild.id, {"system_channel_id": channels[0].id})
    return guild


async def added(stage: Stage, guild: GuildHandle) -> None:
    """Discord says that the bot was added; the simulated one says of a new server that it is back."""
    found = stage.bot.get_guild(guild.id)
    assert found
    await stage.bot.on_guild_join(found)


def hide(stage: Stage, guild: GuildHandle, name: str, **denied: bool) -> None:
    """Everybody, and so the bot, loses these permissions in a channel."""
    bits = discord.Permissions(**denied).value
    overwrite = Overwrite(target_id=guild.id, type=OverwriteType.ROLE, allow=0, deny=bits)
    stage.env.backend.set_overwrite(guild.channels[name].id, overwrite)


async def test_a_new_server_is_greeted_in_its_system_channel_with_how_to_begin(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        guild = new_server(stage, "lobby", "general")
        await added(stage, guild)

        (hello,) = guild.channels["lobby"].history()
        said = words(hello)
        assert HELLO in said
        for command in ("/route add", "/settings setup", "/privacy", "/help"):
            assert command in said
        assert (hello.content, hello.mentions, hello.mention_everyone) == ("", [], False)
        assert guild.channels["general"].history() == []


async def test_without_a_system_channel_open_to_it_the_first_that_everybody_reads_is_taken(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        guild = new_server(stage, "lobby", "office", "general")
        hide(stage, guild, "lobby", send_messages=True)
        hide(stage, guild, "office", view_channel=True)
        await added(stage, guild)

        assert [name for name, each in guild.channels.items() if each.history()] == ["general"]


async def test_a_server_without_a_channel_for_it_is_left_in_peace(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        guild = new_server(stage, "lobby")
        hide(stage, guild, "lobby", send_messages=True)
        await added(stage, guild)

        assert guild.channels["lobby"].history() == []
        owner = guild.owner
        assert owner.dm_channel.history() == []


async def test_hello_is_said_once_also_over_a_restart(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        guild = new_server(stage, "lobby")
        await added(stage, guild)

        await stage.restart_bot()
        await added(stage, guild)

        assert len(guild.channels["lobby"].history()) == 1


async def test_a_server_that_the_bot_was_added_to_while_it_was_away_is_greeted_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        guild = new_server(stage, "lobby")
        me = stage.env.backend.get_member(guild.id, stage.env.backend.bot_user.id)
        me.joined_at = (stage.clock.now() - timedelta(hours=2)).isoformat()

        for _ in range(2):
            await stage.restart_bot()
            await caught_up(list(stage.bot.guilds), stage.bot.desk)

        assert len(guild.channels["lobby"].history()) == 1
        assert stage.channel.history() == []
