"""People with and without a say in a server, for tests of what only managers may."""

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from engine.domain.server import Server
from tests.bot.stage import Stage


def manager(stage: Stage, name: str = "mia") -> MemberActor:
    """A member who may manage the server."""
    role = stage.guild.create_role("Crew", permissions=discord.Permissions(manage_guild=True))
    return stage.guild.add_member(stage.env.create_user(name, global_name=name.capitalize()), roles=[role])


def demote(stage: Stage, who: MemberActor) -> None:
    """A manager is one no more."""
    stage.env.backend.remove_member_role(stage.guild.id, who.id, stage.guild.roles["Crew"].id)


def elsewhere(stage: Stage) -> tuple[MemberActor, ChannelHandle]:
    """A manager of another server in which the bot is, and a channel there."""
    other = stage.env.create_guild("Elsewhere")
    role = other.create_role("Crew", permissions=discord.Permissions(manage_guild=True))
    zoe = other.add_member(stage.env.create_user("zoe", global_name="Zoe"), roles=[role])
    return zoe, other.create_text_channel("talk")


async def open_to_everybody(stage: Stage, command: str) -> None:
    """The server gives a command to everybody, as any server may: our own check then has to hold alone."""
    known = await stage.bot.tree.fetch_commands()
    found = next(each for each in known if each.name == command)
    stage.guild.set_command_permissions(found, {stage.guild.default_role: True})


async def chosen(stage: Stage) -> Server:
    """What was chosen for the stage's server."""
    return await stage.engine.actions.servers.of(str(stage.guild.id))
