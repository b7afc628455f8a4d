"""/alerts: what was told about a member's routes, and when nothing is to be.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot import alerts, autocomplete
from bot.answer import Reply, answer, follow
from bot.client import FareBot
from bot.places import DIRECT, HERE
from bot.visit import visit_of

WAYS = [Choice(name="In channels", value=HERE), Choice(name="By direct message", value=DIRECT)]


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.allowed_installs(guilds=True, users=True)
class AlertCommands(app_commands.Group):
    """How your alerts reach you."""

    def __init__(self) -> None:
        super().__init__(name="alerts", description="How your alerts reach you")

    @app_commands.command()
    async def recent(self, interaction: discord.Interaction[FareBot]) -> None:
        """What I told you lately, where, and how it went."""

        async def work() -> Reply:
            return await alerts.recent(visit_of(interaction))

        await answer(interaction, work)

    @app_commands.command()
    async def test(self, interaction: discord.Interaction[FareBot]) -> None:
        """Send a dry run through every way your alerts take, and see how long each needs."""
        await follow(interaction, lambda: alerts.dry_run(visit_of(interaction)))

    @app_commands.command()
    @app_commands.describe(
        from_="When they begin: 22:00, 10pm",
        to="When they end: 07:00, 7am",
        timezone="Where you live: a city will do; I remember it",
        off="No quiet hours: alerts and texts at any hour",
    )
    @app_commands.rename(from_="from")
    async def quiet(
        self,
        interaction: discord.Interaction[FareBot],
        from_: str | None = None,
        to: str | None = None,
        timezone: str | None = None,
        off: bool | None = None,
    ) -> None:
        """Hours in which nothing pings you; what still stands in the morning is told then."""

        async def work() -> Reply:
            return await alerts.quiet(visit_of(interaction), from_, to, timezone, off=off)

        await answer(interaction, work)

    @app_commands.command()
    @app_commands.describe(where="Of routes that you add from now on, unless you say otherwise with one")
    @app_commands.choices(where=WAYS)
    async def place(self, interaction: discord.Interaction[FareBot], where: str) -> None:
        """Whether I tell you in channels or by direct message."""

        async def work() -> Reply:
            return await alerts.place(visit_of(interaction), private=where == DIRECT)

        await answer(interaction, work)

    @app_commands.command()
    @app_commands.describe(
        time="When it comes: 08:00, 8am",
        timezone="Where you live: a city will do; I remember it",
        gather="Yes: alerts do not ping you one by one, the digest tells them",
        off="No digest any more",
    )
    async def digest(
        self,
        interaction: discord.Interaction[FareBot],
        time: str | None = None,
        timezone: str | None = None,
        gather: bool | None = None,
        off: bool | None = None,
    ) -> None:
        """One direct message a day with all your routes and their fares."""

        async def work() -> Reply:
            return await alerts.digest(visit_of(interaction), time, timezone, gather=gather, off=off)

        await answer(interaction, work)

    @quiet.autocomplete("timezone")
    @digest.autocomplete("timezone")
    async def complete_timezone(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """Time zones."""
        return autocomplete.timezones(interaction.client.desk, current)
