"""/settings sheet: link, show, unlink.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.answer import Reply
from bot.client import FareBot
from bot.managing import Channel, Postable, check_channel, managed
from bot.places import server_place
from bot.present import sheets as present
from bot.visit import Visit

KEEP = "keep"
REMOVE = "remove"
WHAT_BECOMES = [Choice(name="They stay", value=KEEP), Choice(name="They go", value=REMOVE)]


class SheetCommands(app_commands.Group):
    """A sheet with which this server's own routes are kept in step."""

    def __init__(self) -> None:
        super().__init__(name="sheet", description="A sheet with which this server's own routes keep in step")

    @app_commands.command()
    @app_commands.describe(
        sheet="A link to a Google sheet that everyone with its link may see",
        channel="Where its routes tell; this server's channel for alerts, or here, unless you say otherwise",
    )
    async def link(
        self,
        interaction: discord.Interaction[FareBot],
        sheet: str,
        channel: app_commands.Transform[Channel, Postable] | None = None,
    ) -> None:
        """Read a sheet every five minutes and keep this server's own routes in step with it."""

        async def work(visit: Visit, server_id: str) -> Reply:
            if channel is not None:
                check_channel(interaction, channel)
                place = str(channel.id)
            else:
                place = (await server_place(interaction, visit)).address
            linked = await visit.actions.sheets.link(server_id, sheet, place)
            return Reply(embed=present.linked(linked, place))

        await managed(interaction, work)

    @app_commands.command()
    async def show(self, interaction: discord.Interaction[FareBot]) -> None:
        """How the linked sheet stands, and which of its rows I cannot understand."""

        async def work(visit: Visit, server_id: str) -> Reply:
            return Reply(embed=present.shown(await visit.actions.sheets.standing(server_id)))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(routes="What becomes of its routes; they stay unless you say otherwise")
    @app_commands.choices(routes=WHAT_BECOMES)
    async def unlink(self, interaction: discord.Interaction[FareBot], routes: str | None = None) -> None:
        """Read the linked sheet no more."""

        async def work(visit: Visit, server_id: str) -> Reply:
            remove = routes == REMOVE
            number = await visit.actions.sheets.unlink(server_id, remove=remove)
            return Reply(embed=present.unlinked(number, removed=remove))

        await managed(interaction, work)
