"""/route: add, list, show, edit, pause, resume, remove, check, history, import, export.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

import discord
from discord import app_commands
from discord.app_commands import Choice, Transform

from bot import acts, autocomplete, brought, editing, lists, privately, replies
from bot.acts import Act
from bot.answer import Reply, answer, show_form
from bot.client import FareBot
from bot.list_forms import PasteForm
from bot.managing import Channel, Postable, for_server
from bot.places import DIRECT, HERE, SERVERS, told_at
from bot.present.cities import meant
from bot.visit import Visit, visit_of
from engine.actions.asking import AddWatch
from engine.domain.watch import WatchId

CABINS = [
    Choice(name="Economy", value="economy"),
    Choice(name="Premium economy", value="premium_economy"),
    Choice(name="Business", value="business"),
    Choice(name="First", value="first"),
]
STOPS = [
    Choice(name="Nonstop only", value=0),
    Choice(name="At most 1 stop", value=1),
    Choice(name="At most 2 stops", value=2),
    Choice(name="At most 3 stops", value=3),
]
BAGS = [Choice(name="One checked bag", value=1), Choice(name="Two checked bags", value=2)]
PLACES = [
    Choice(name="Here, in this channel", value=HERE),
    Choice(name="This server's channel for alerts", value=SERVERS),
    Choice(name="Direct message", value=DIRECT),
]

OWNERS = [
    Choice(name="Mine", value="me"),
    Choice(name="This server's, for those who may manage it", value=SERVERS),
]


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.allowed_installs(guilds=True, users=True)
class RouteCommands(app_commands.Group):
    """Flight routes to keep an eye on."""

    def __init__(self) -> None:
        super().__init__(name="route", description="Flight routes to keep an eye on")

    @app_commands.command()
    @app_commands.describe(
        origin="Where from: an airport or a city, or several with commas between",
        destination="Where to: an airport or a city, several with commas between, or anywhere",
        depart="When out: 12 Mar, next Friday, 12 Mar ±3, March, any Fri-Sun in the next 90 days",
        return_="When back: 26 Mar, 26 Mar ±3, or +14 for 14 nights; leave it out for one way",
        target="Tell me at or below this, for everybody together: 420, or 210 pp",
        currency="Currency to count in",
        cabin="Economy unless you say otherwise",
        adults="How many travel; 1 unless you say otherwise",
        max_stops="Stops per direction at most; any number unless you say otherwise",
        nights="How many nights, in place of a day to return: 7, or 7-10",
        children="How many children of 2 to 11 years travel too",
        airlines="Only these airlines, by their codes: BA, LH",
        avoid="Not these airlines, by their codes: FR, W6",
        out_hours="When the flight out may leave, by the clock there: 6-12, after 18, before 9",
        back_hours="When the flight back may leave: 6-12, after 18, before 9",
        bags="Checked bags of each adult that the price must include",
        where="Where I tell you; here, unless you or this server chose otherwise",
        channel="A channel or thread of this server where I tell you, in place of here",
        for_="Whose route it is; yours unless you say otherwise",
    )
    @app_commands.rename(return_="return", for_="for")
    @app_commands.choices(cabin=CABINS, where=PLACES, for_=OWNERS)
    @app_commands.choices(max_stops=STOPS, bags=BAGS)
    async def add(
        self,
        interaction: discord.Interaction[FareBot],
        origin: str,
        destination: str,
        depart: str,
        return_: str | None = None,
        nights: str | None = None,
        target: str | None = None,
        currency: str | None = None,
        adults: int | None = None,
        children: int | None = None,
        cabin: str | None = None,
        max_stops: int | None = None,
        where: str | None = None,
        channel: Transform[Channel, Postable] | None = None,
        for_: str | None = None,
        airlines: str | None = None,
        avoid: str | None = None,
        out_hours: str | None = None,
        back_hours: str | None = None,
        bags: int | None = None,
    ) -> None:
        """Watch a route and hear when it gets cheap."""

        async def work() -> Reply:
            visit = visit_of(interaction)
            if for_ == SERVERS:
                visit = for_server(visit)
            ask = await privately.asks(visit, where, channel)
            request = AddWatch(
                owner=visit.actor,
                tell=(await told_at(interaction, visit, where, channel),),
                standing=visit.standing,
                made_in=visit.spoken_in,
                origin=meant(origin),
                destination=meant(destination),
                depart=depart,
                return_=return_,
                target=target,
                currency=currency,
                cabin=cabin,
                adults=adults,
                max_stops=max_stops,
                nights=nights,
                children=children,
                airlines=airlines,
                avoid=avoid,
                out_hours=out_hours,
                back_hours=back_hours,
                bags=bags,
            )
            result = await visit.watches.add(request)
            await visit.reinstate(request.tell)
            reply = await brought.noted(interaction, visit, replies.added(result, visit.scene))
            return await privately.asking(visit, reply, result) if ask and not result.existed else reply

        await answer(interaction, work)

    @app_commands.command(name="list")
    @app_commands.describe(of="Whose routes; yours unless you say otherwise")
    @app_commands.choices(of=OWNERS)
    async def list_(self, interaction: discord.Interaction[FareBot], of: str | None = None) -> None:
        """All your routes, the closest to their targets first."""

        async def work() -> Reply:
            visit = visit_of(interaction)
            return await lists.page(for_server(visit) if of == SERVERS else visit)

        await answer(interaction, work)

    @app_commands.command()
    @app_commands.describe(route="Which of your routes")
    async def show(self, interaction: discord.Interaction[FareBot], route: str) -> None:
        """One route with its numbers."""
        await _on_one(interaction, route, acts.show)

    @app_commands.command()
    @app_commands.describe(route="Which of your routes")
    async def edit(self, interaction: discord.Interaction[FareBot], route: str) -> None:
        """Change a route's target, days, stops and filters."""

        async def meant(visit: Visit) -> WatchId:
            return await autocomplete.chosen(visit, route)

        await editing.begin(interaction, meant)

    @app_commands.command()
    @app_commands.describe(route="Which of your routes")
    async def pause(self, interaction: discord.Interaction[FareBot], route: str) -> None:
        """Stop looking at a route until you resume it."""
        await _on_one(interaction, route, acts.pause)

    @app_commands.command()
    @app_commands.describe(route="Which of your routes")
    async def resume(self, interaction: discord.Interaction[FareBot], route: str) -> None:
        """Look at a paused route again."""
        await _on_one(interaction, route, acts.resume)

    @app_commands.command()
    @app_commands.describe(route="Which of your routes")
    async def remove(self, interaction: discord.Interaction[FareBot], route: str) -> None:
        """Forget a route; you can undo it for a minute."""
        await _on_one(interaction, route, acts.remove)

    @app_commands.command()
    @app_commands.describe(route="Which of your routes")
    async def check(self, interaction: discord.Interaction[FareBot], route: str) -> None:
        """Look at a route right now."""
        await _on_one(interaction, route, acts.check)

    @app_commands.command()
    @app_commands.describe(route="Which of your routes")
    async def history(self, interaction: discord.Interaction[FareBot], route: str) -> None:
        """How a route's fare went, as a picture."""
        await _on_one(interaction, route, acts.history)

    @app_commands.command(name="import")
    @app_commands.describe(
        file="A CSV file; leave it out to paste rows into a form",
        sheet="In place of a file: a link to a Google sheet, for members who may manage this server",
        where="Where I tell you of them; here, unless you or this server chose otherwise",
    )
    @app_commands.choices(where=PLACES)
    async def import_(
        self,
        interaction: discord.Interaction[FareBot],
        file: discord.Attachment | None = None,
        sheet: str | None = None,
        where: str | None = None,
    ) -> None:
        """Take over a list of routes; you see what would change before anything does."""
        if file is None and sheet is None:
            await show_form(interaction, PasteForm(where))
            return

        async def work() -> Reply:
            visit = visit_of(interaction)
            tell = await told_at(interaction, visit, where)
            reply = await lists.preview_given(visit, file, sheet, tell)
            return await brought.noted(interaction, visit, reply)

        await answer(interaction, work)

    @app_commands.command()
    async def export(self, interaction: discord.Interaction[FareBot]) -> None:
        """Your routes as a CSV file that can be imported again."""

        async def work() -> Reply:
            return await lists.export(visit_of(interaction))

        await answer(interaction, work)

    @add.autocomplete("origin")
    async def complete_place(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """Airports and cities."""
        return autocomplete.places(interaction.client.desk, current)

    @add.autocomplete("destination")
    async def complete_destination(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """Airports and cities, or anywhere."""
        return autocomplete.destinations(interaction.client.desk, current)

    @add.autocomplete("airlines")
    @add.autocomplete("avoid")
    async def complete_airline(
        self,
        interaction: discord.Interaction[FareBot],  # noqa: ARG002  what Discord hands over
        current: str,
    ) -> list[Choice[str]]:
        """Airlines."""
        return autocomplete.airlines(current)

    @add.autocomplete("currency")
    async def complete_currency(
        self,
        interaction: discord.Interaction[FareBot],  # noqa: ARG002  discord.py gives it
        current: str,
    ) -> list[Choice[str]]:
        """Currencies."""
        return autocomplete.currencies(current)

    @show.autocomplete("route")
    @edit.autocomplete("route")
    @pause.autocomplete("route")
    @resume.autocomplete("route")
    @remove.autocomplete("route")
    @check.autocomplete("route")
    @history.autocomplete("route")
    async def complete_route(
        self, interaction: discord.Interaction[FareBot], current: str
    ) -> list[Choice[str]]:
        """The member's own routes."""
        return await autocomplete.own_routes(visit_of(interaction), current)


async def _on_one(interaction: discord.Interaction[FareBot], typed: str, act: Act) -> None:
    """Find the member's route that is meant, act on it, show the reply."""

    async def work() -> Reply:
        visit = visit_of(interaction)
        watch_id = await autocomplete.chosen(visit, typed)
        return await act(await visit.acting_on(watch_id), watch_id)

    await answer(interaction, work)
