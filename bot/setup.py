"""/settings setup: one message in which a server is set up, pick by pick, as often as one likes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import discord

from bot import ids, picks
from bot.answer import Form, How, Reply, answer, show_form
from bot.client import FareBot, Press
from bot.invite import THREADS
from bot.managing import check_picked, lacking_in, manager_of
from bot.present import settings as present
from bot.present.cities import zone_meant
from bot.present.sayings import said
from bot.press import PressButton, Style
from bot.visit import Visit
from engine.actions.servers import Servers
from engine.domain.server import Server
from engine.errors import InvalidInput
from engine.tongue import say

CHANNELS: Final = (discord.ChannelType.text, discord.ChannelType.news, *THREADS)
_LONGEST: Final = 40

Choose = Callable[[Servers, str, Sequence[str]], Awaitable[Server]]
"""Keeps what was picked for a server."""


def presses() -> Mapping[str, Press]:
    """Every verb of the set-up message with what it does."""
    return {
        "setup-channel": _pick(_channel, posts=True),
        "setup-admin": _pick(_admin_channel, posts=True),
        "setup-watchers": _pick(_watchers),
        "setup-role": _pick(_role),
        "setup-pings": _pick(_pings),
        "setup-form": _open_form,
        "setup-done": _done,
    }


async def begin(interaction: discord.Interaction[FareBot], visit: Visit, server_id: str) -> Reply:
    """The message as the server stands."""
    return message(interaction, visit, await visit.actions.servers.of(server_id))


def message(
    interaction: discord.Interaction[FareBot], visit: Visit, server: Server, trouble: str | None = None
) -> Reply:
    """The settings, what the bot may do in their channel, and the menus."""
    pinged = (server.ping_role_id,) if server.ping_role_id else ()
    admin = server.admin_channel_id
    return Reply(
        embed=present.setup(
            server,
            _check(interaction, server),
            home_currency=visit.desk.home_currency,
            most_routes=visit.desk.most_routes,
            trouble=trouble,
        ),
        rows=(
            (picks.channel("setup-channel", say("Where alerts go"), server.channel_id, CHANNELS),),
            (picks.roles("setup-watchers", say("Who may add routes: everybody"), server.watchers),),
            (picks.roles("setup-role", say("Pinged by this server's routes"), pinged, most=1),),
            (picks.channel("setup-admin", say("News for those who run this server"), admin, CHANNELS),),
            _buttons(server),
        ),
    )


def _buttons(server: Server) -> tuple[PressButton, ...]:
    pings = say("Do not ping owners") if server.pings_owners else say("Ping owners")
    wanted = "off" if server.pings_owners else "on"
    return (
        PressButton.labelled(say("Currency, time zone, limit"), ids.custom_id("setup-form"), Style.primary),
        PressButton.labelled(pings, ids.custom_id("setup-pings", wanted)),
        PressButton.labelled(say("Done"), ids.custom_id("setup-done"), Style.success),
    )


def _check(interaction: discord.Interaction[FareBot], server: Server) -> str:
    """What the bot may do in the channel for alerts, or here while there is none."""
    channel_id = int(server.channel_id) if server.channel_id else interaction.channel_id or 0
    lacking = lacking_in(interaction, channel_id)
    if lacking is None:
        return say("⚠️ I cannot see the channel for alerts any more. Pick another one.")
    return present.may_post(f"<#{channel_id}>", lacking)


def _pick(choose: Choose, *, posts: bool = False) -> Press:
    """Keep a pick and show the message anew; `posts`: it is a channel, in which the bot must be let."""

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
        async def work() -> Reply:
            visit, server_id = manager_of(interaction)
            try:
                if posts and words:
                    check_picked(interaction, words[0])
                server = await choose(visit.actions.servers, server_id, words)
            except InvalidInput as fault:
                return message(
                    interaction, visit, await visit.actions.servers.of(server_id), said(fault.saying)
                )
            return message(interaction, visit, server)

        await answer(interaction, work, How.IN_PLACE)

    return press


async def _channel(servers: Servers, server_id: str, picked: Sequence[str]) -> Server:
    return await servers.choose_channel(server_id, picked[0] if picked else None)


async def _admin_channel(servers: Servers, server_id: str, picked: Sequence[str]) -> Server:
    return await servers.choose_admin_channel(server_id, picked[0] if picked else None)


async def _watchers(servers: Servers, server_id: str, picked: Sequence[str]) -> Server:
    return await servers.choose_watchers(server_id, _ids(picked))


def _ids(picked: Sequence[str]) -> list[str]:
    """What can be an id among what was picked: menus are drawn with it again."""
    return [each for each in picked if each.isdecimal()]


async def _role(servers: Servers, server_id: str, picked: Sequence[str]) -> Server:
    return await servers.choose_ping_role(server_id, next(iter(_ids(picked)), None))


async def _pings(servers: Servers, server_id: str, words: Sequence[str]) -> Server:
    return await servers.choose_pings(server_id, owners=words[-1:] == ["on"])


async def _open_form(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:  # noqa: ARG001
    try:
        visit, server_id = manager_of(interaction)
    except InvalidInput:
        await answer(interaction, _refused(interaction))
        return
    await show_form(
        interaction, SetupForm(await visit.actions.servers.of(server_id), visit.desk.home_currency)
    )


def _refused(interaction: discord.Interaction[FareBot]) -> Callable[[], Awaitable[Reply]]:
    async def work() -> Reply:
        manager_of(interaction)
        return Reply()

    return work


async def _done(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:  # noqa: ARG001
    async def work() -> Reply:
        visit, server_id = manager_of(interaction)
        server = await visit.actions.servers.of(server_id)
        desk = visit.desk
        return Reply(
            embed=present.set_up(server, home_currency=desk.home_currency, most_routes=desk.most_routes)
        )

    await answer(interaction, work, How.IN_PLACE)


class SetupForm(Form):
    """Three fields with what holds now; an empty one takes a choice back."""

    def __init__(self, server: Server, home_currency: str) -> None:
        super().__init__(title=say("Set up this server"))
        self._currency = self._field(
            "currency",
            say("Currency of new routes"),
            server.currency,
            say("{currency}, if you leave it empty", currency=home_currency),
        )
        self._timezone = self._field(
            "timezone", say("Time zone"), server.timezone, say("A city will do: Berlin, New York, Kolkata")
        )
        most = None if server.most_routes is None else str(server.most_routes)
        self._most = self._field(
            "most", say("Most routes of a member"), most, say("No limit of your own, if you leave it empty")
        )

    def _field(self, name: str, label: str, held: str | None, hint: str) -> discord.ui.TextInput[Any]:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name, placeholder=hint, default=held, required=False, max_length=_LONGEST
        )
        self.add_item(discord.ui.Label(text=label, component=field))
        return field

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Keep all three, or none where one cannot be meant."""

        async def work() -> Reply:
            visit, server_id = manager_of(interaction)
            server = await visit.actions.servers.choose_all(
                server_id,
                currency=self._currency.value,
                timezone=zone_meant(self._timezone.value),
                most=self._most.value,
            )
            return message(interaction, visit, server)

        await answer(interaction, work, How.IN_PLACE if interaction.message else How.NEW)
