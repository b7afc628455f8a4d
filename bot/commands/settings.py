"""/settings: what the people who run a server choose for it.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot import autocomplete, moderation, setup
from bot.answer import Reply
from bot.client import FareBot
from bot.commands.sheets import SheetCommands
from bot.commands.webhooks import WebhookCommands
from bot.managing import Channel, Postable, check_channel, managed
from bot.present import settings as present
from bot.present.cities import zone_meant
from bot.visit import Visit
from engine.actions.servers import MOST_ROUTES
from engine.domain.server import Server
from engine.errors import InvalidInput
from engine.saying import Listed
from engine.tongue import Tongues, language_name


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class SettingsCommands(app_commands.Group):
    """This server's settings, for those who may manage it."""

    def __init__(self) -> None:
        super().__init__(name="settings", description="This server's settings, for those who may manage it")
        self.add_command(SheetCommands())
        self.add_command(WebhookCommands())

    @app_commands.command()
    async def setup(self, interaction: discord.Interaction[FareBot]) -> None:
        """Set everything up, pick by pick; may be done again at any time."""

        async def work(visit: Visit, server_id: str) -> Reply:
            return await setup.begin(interaction, visit, server_id)

        await managed(interaction, work)

    @app_commands.command()
    async def show(self, interaction: discord.Interaction[FareBot]) -> None:
        """What is chosen for this server."""

        async def work(visit: Visit, server_id: str) -> Reply:
            return _shown(visit, await visit.actions.servers.of(server_id))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(channel="Where new routes tell; leave it out for where each was added")
    async def channel(
        self,
        interaction: discord.Interaction[FareBot],
        channel: app_commands.Transform[Channel, Postable] | None = None,
    ) -> None:
        """Where alerts go unless a route says otherwise."""

        async def work(visit: Visit, server_id: str) -> Reply:
            chosen = await visit.actions.servers.choose_channel(server_id, _checked(interaction, channel))
            return _shown(visit, chosen, present.channel_chosen(chosen))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(currency="Currency of new routes; leave it out for that of whoever runs me")
    async def currency(self, interaction: discord.Interaction[FareBot], currency: str | None = None) -> None:
        """What routes are counted in unless they say otherwise."""

        async def work(visit: Visit, server_id: str) -> Reply:
            chosen = await visit.actions.servers.choose_currency(server_id, currency)
            return _shown(visit, chosen, present.currency_chosen(chosen, visit.desk.home_currency))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(zone="A city or country will do; leave it out for UTC")
    async def timezone(self, interaction: discord.Interaction[FareBot], zone: str | None = None) -> None:
        """In which time zone this server lives."""

        async def work(visit: Visit, server_id: str) -> Reply:
            chosen = await visit.actions.servers.choose_timezone(
                server_id, zone_meant(zone) if zone else None
            )
            return _shown(visit, chosen, present.timezone_chosen(chosen))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(language="Pick one; leave it out for the one that Discord has for this server")
    async def language(self, interaction: discord.Interaction[FareBot], language: str | None = None) -> None:
        """In which language I write in this server's channels."""

        async def work(visit: Visit, server_id: str) -> Reply:
            meant = language_of(visit.desk.tongues, language) if language else None
            chosen = await visit.actions.servers.choose_locale(server_id, meant)
            return _shown(visit, chosen, present.language_chosen(chosen))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(
        routes="How many; leave it out for no limit of this server's own",
        role="Only for members with this role",
    )
    async def limit(
        self,
        interaction: discord.Interaction[FareBot],
        routes: app_commands.Range[int, 0, MOST_ROUTES] | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """How many routes a member may have in this server."""

        async def work(visit: Visit, server_id: str) -> Reply:
            role_id = str(role.id) if role else None
            chosen = await visit.actions.servers.choose_limit(server_id, role_id, routes)
            return _shown(visit, chosen, present.limit_chosen(role_id, routes))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(
        owners="Whether an alert pings the owner of its route",
        role="Pinged by this server's own routes; leave it out to keep what is chosen",
    )
    async def pings(
        self,
        interaction: discord.Interaction[FareBot],
        owners: bool | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Whom alerts in channels ping."""

        async def work(visit: Visit, server_id: str) -> Reply:
            chosen = await visit.actions.servers.of(server_id)
            if owners is not None:
                chosen = await visit.actions.servers.choose_pings(server_id, owners=owners)
            if role is not None:
                chosen = await visit.actions.servers.choose_ping_role(server_id, str(role.id))
            return _shown(visit, chosen, present.pings_chosen(chosen))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(channel="Where; leave it out for nowhere")
    async def admin(
        self,
        interaction: discord.Interaction[FareBot],
        channel: app_commands.Transform[Channel, Postable] | None = None,
    ) -> None:
        """Where I tell who runs this server what they should know."""

        async def work(visit: Visit, server_id: str) -> Reply:
            chosen = await visit.actions.servers.choose_admin_channel(
                server_id, _checked(interaction, channel)
            )
            return _shown(visit, chosen, present.admin_channel_chosen(chosen))

        await managed(interaction, work)

    @app_commands.command()
    @app_commands.describe(role="Adds this role to those that may, or takes it off; left out, everybody may")
    async def watchers(
        self, interaction: discord.Interaction[FareBot], role: discord.Role | None = None
    ) -> None:
        """Which roles may add routes in this server."""

        async def work(visit: Visit, server_id: str) -> Reply:
            servers = visit.actions.servers
            held = (await servers.of(server_id)).watchers if role else ()
            wanted = _toggled(held, str(role.id)) if role else ()
            chosen = await servers.choose_watchers(server_id, wanted)
            return _shown(visit, chosen, present.watchers_chosen(chosen))

        await managed(interaction, work)

    @app_commands.command()
    async def routes(self, interaction: discord.Interaction[FareBot]) -> None:
        """Routes of members in this server; you can remove one, and its owner is told."""
        await managed(interaction, moderation.page)

    @currency.autocomplete("currency")
    async def complete_currency(
        self,
        interaction: discord.Interaction[FareBot],  # noqa: ARG002  discord.py gives it
        current: str,
    ) -> list[Choice[str]]:
        """Currencies."""
        return autocomplete.currencies(current)

    @timezone.autocomplete("zone")
    async def complete_zone(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """Time zones."""
        return autocomplete.timezones(interaction.client.desk, current)

    @language.autocomplete("language")
    async def complete_language(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """Languages."""
        return autocomplete.languages(interaction.client.desk, current)


def language_of(tongues: Tongues, typed: str) -> str:
    """The one language that is meant, by its code or its own name. Raises InvalidInput."""
    found = tongues.search(typed)
    if len(found) != 1:
        known = Listed(tuple(language_name(each.locale) for each in tongues.search("")))
        raise InvalidInput("language", "I know {languages} so far. Pick one from the list.", languages=known)
    return found[0].locale


def _checked(interaction: discord.Interaction[FareBot], channel: Channel | None) -> str | None:
    """The id of a channel in which the bot may post; None for none."""
    if channel is None:
        return None
    check_channel(interaction, channel)
    return str(channel.id)


def _shown(visit: Visit, server: Server, news: str | None = None) -> Reply:
    desk = visit.desk
    facts = present.shown(server, home_currency=desk.home_currency, most_routes=desk.most_routes, news=news)
    return Reply(embed=facts)


def _toggled(held: tuple[str, ...], role_id: str) -> tuple[str, ...]:
    """The roles without that one, or with it where it was not among them."""
    rest = tuple(each for each in held if each != role_id)
    return rest if len(rest) < len(held) else (*held, role_id)
