"""/settings: what the people who run a server choose for it.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot import autocomplete
from bot.answer import Reply, answer
from bot.client import FareBot
from bot.managing import Channel, Postable, check_channel, manager_of
from bot.present import settings as present
from bot.visit import Visit
from engine.domain.server import Server


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class SettingsCommands(app_commands.Group):
    """This server's settings, for who may manage it."""

    def __init__(self) -> None:
        super().__init__(name="settings", description="This server's settings, for who may manage it")

    @app_commands.command()
    async def show(self, interaction: discord.Interaction[FareBot]) -> None:
        """What is chosen for this server."""

        async def work(visit: Visit, server_id: str) -> Reply:
            return _shown(visit, await visit.desk.servers.of(server_id))

        await _managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(channel="Where new routes tell; leave it out for where each was added")
    async def channel(
        self,
        interaction: discord.Interaction[FareBot],
        channel: app_commands.Transform[Channel, Postable] | None = None,
    ) -> None:
        """Where alerts go unless a route says otherwise."""

        async def work(visit: Visit, server_id: str) -> Reply:
            if channel is not None:
                check_channel(interaction, channel)
            chosen = await visit.desk.servers.choose_channel(server_id, str(channel.id) if channel else None)
            return _shown(visit, chosen, present.channel_chosen(chosen))

        await _managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(currency="Currency of new routes; leave it out for that of whoever runs me")
    async def currency(self, interaction: discord.Interaction[FareBot], currency: str | None = None) -> None:
        """What routes are counted in unless they say otherwise."""

        async def work(visit: Visit, server_id: str) -> Reply:
            chosen = await visit.desk.servers.choose_currency(server_id, currency)
            return _shown(visit, chosen, present.currency_chosen(chosen, visit.desk.home_currency))

        await _managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(zone="A city or country will do; leave it out for UTC")
    async def timezone(self, interaction: discord.Interaction[FareBot], zone: str | None = None) -> None:
        """In which time zone this server lives."""

        async def work(visit: Visit, server_id: str) -> Reply:
            chosen = await visit.desk.servers.choose_timezone(server_id, zone)
            return _shown(visit, chosen, present.timezone_chosen(chosen))

        await _managed(interaction, work)

    @currency.autocomplete("currency")
    async def complete_currency(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """Currencies."""
        return autocomplete.currencies(interaction.client.desk, current)

    @timezone.autocomplete("zone")
    async def complete_zone(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """Time zones."""
        return autocomplete.timezones(interaction.client.desk, current)


async def _managed(
    interaction: discord.Interaction[FareBot], act: Callable[[Visit, str], Awaitable[Reply]]
) -> None:
    """Answer a manager; everybody else reads that it is not theirs to do."""

    async def work() -> Reply:
        return await act(*manager_of(interaction))

    await answer(interaction, work)


def _shown(visit: Visit, server: Server, news: str | None = None) -> Reply:
    return Reply(embed=present.shown(server, home_currency=visit.desk.home_currency, news=news))
