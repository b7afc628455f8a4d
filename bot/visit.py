"""A visit to the desk: who presses or types, where, and what they may do there."""

import discord
import msgspec

from bot.client import FareBot
from bot.desk import Desk
from bot.invite import THREADS, missing
from bot.present.cities import spoken
from bot.present.scene import Scene
from bot.present.text import listed
from bot.whereabouts import brought_along, server_of
from engine.actions.shown import Shown
from engine.actions.watches import Watches
from engine.domain.server import NOBODY, Standing, server_itself
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchId
from engine.errors import InvalidInput
from engine.usecases import Actions


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One interaction in the engine's words; `missing` names what the bot may not do in that channel.

    `standing` is what the actor is in the server that this is in. `brought`: the bot is no member of the
    place, and can post nothing in it.
    """

    desk: Desk
    actor: Owner
    scene: Scene
    missing: tuple[str, ...] = ()
    standing: Standing = NOBODY
    brought: bool = False

    @property
    def actions(self) -> Actions:
        """The engine's use-cases."""
        return self.desk.actions

    @property
    def watches(self) -> Watches:
        """The engine's actions on watches."""
        return self.desk.actions.watches

    @property
    def server(self) -> Owner | None:
        """The server for which the actor may act; None where there is none."""
        return server_itself(self.actor.server_id) if self.actor.server_id and self.standing.manages else None

    async def acting_on(self, watch_id: WatchId) -> "Visit":
        """The same visit, made for the server where that owns the watch and the actor manages it."""
        actor = await self.watches.acting_on(watch_id, self.actor, self.standing)
        return msgspec.structs.replace(self, actor=actor)

    async def routes(self) -> list[Shown]:
        """All routes that the actor may change: their own, then those of the server they manage."""
        servers = (self.server,) if self.server else ()
        return await self.watches.of_owner(self.actor, *servers)

    def here(self) -> Destination:
        """This channel; direct messages where this is one.

        Raises InvalidInput when alerts could not be posted here.
        """
        if self.actor.server_id is None or self.scene.here is None:
            return Destination(DestinationKind.DM, self.actor.id)
        if self.missing:
            raise InvalidInput(
                "where",
                "I may not post alerts here: I need {permissions}. Ask whoever runs this server, or choose "
                "where: Direct message.",
                permissions=listed(list(self.missing)),
            )
        return Destination(DestinationKind.CHANNEL, self.scene.here)

    @property
    def spoken_in(self) -> Destination | None:
        """The channel of a server in which this is, where the bot may post; None in direct messages."""
        if self.actor.server_id is None or self.scene.here is None or self.missing:
            return None
        return Destination(DestinationKind.CHANNEL, self.scene.here)

    async def reinstate(self, places: tuple[Destination, ...]) -> None:
        """Try places again that were paused for a refusal, but for this channel while it is closed."""
        closed = Destination(DestinationKind.CHANNEL, self.scene.here or "") if self.missing else None
        await self.desk.actions.places.opened([place for place in places if place != closed])


def visit_of(interaction: discord.Interaction[FareBot]) -> Visit:
    """Who, where and with what."""
    desk = interaction.client.desk
    server = server_of(interaction)
    channel = interaction.channel
    lacking: list[str] = []
    if server:
        in_thread = channel is not None and channel.type in THREADS
        lacking = missing(interaction.app_permissions, in_thread=in_thread)
    return Visit(
        desk=desk,
        actor=Owner(OwnerKind.MEMBER, str(interaction.user.id), str(server) if server else None),
        scene=Scene(
            cities=spoken(desk.gazetteer.city),
            today=desk.today,
            here=str(interaction.channel_id) if interaction.channel_id else None,
            interval=desk.check_interval,
        ),
        missing=tuple(lacking),
        standing=_standing(interaction) if server else NOBODY,
        brought=brought_along(interaction),
    )


def _standing(interaction: discord.Interaction[FareBot]) -> Standing:
    """The actor's roles and rights, as this interaction itself brings them."""
    user = interaction.user
    if not isinstance(user, discord.Member):
        return NOBODY
    roles = frozenset(str(role.id) for role in user.roles)
    return Standing(roles=roles, manages=interaction.permissions.manage_guild)
