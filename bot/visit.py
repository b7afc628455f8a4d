"""A visit to the desk: who presses or types, where, and what they may do there."""

import discord
import msgspec

from bot.client import FareBot
from bot.desk import Desk
from bot.invite import missing
from bot.present.scene import Scene
from bot.present.text import listed
from engine.actions.watches import Watches
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind
from engine.errors import InvalidInput

_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One interaction in the engine's words; `missing` names what the bot may not do in that channel.

    `manages`: whether the actor may manage the server that this is in.
    """

    desk: Desk
    actor: Owner
    scene: Scene
    missing: tuple[str, ...] = ()
    manages: bool = False

    @property
    def watches(self) -> Watches:
        """The engine's actions on watches."""
        return self.desk.watches

    def tell(self, where: str | None) -> Destination:
        """Here, or by direct message; what is typed in a direct message is told there.

        Raises InvalidInput when alerts could not be posted here.
        """
        if where == "dm" or self.actor.server_id is None or self.scene.here is None:
            return Destination(DestinationKind.DM, self.actor.id)
        if self.missing:
            raise InvalidInput(
                "where",
                f"I may not post alerts here: I need {listed(list(self.missing))}. "
                "Ask whoever runs this server, or choose where: Direct message.",
            )
        return Destination(DestinationKind.CHANNEL, self.scene.here)

    async def reinstate(self, places: tuple[Destination, ...]) -> None:
        """Try places again that were paused for a refusal, but for this channel while it is closed."""
        closed = Destination(DestinationKind.CHANNEL, self.scene.here or "") if self.missing else None
        await self.desk.places.opened([place for place in places if place != closed])


def visit_of(interaction: discord.Interaction[FareBot]) -> Visit:
    """Who, where and with what."""
    desk = interaction.client.desk
    server = interaction.guild_id
    channel = interaction.channel
    lacking: list[str] = []
    if server:
        in_thread = channel is not None and channel.type in _THREADS
        lacking = missing(interaction.app_permissions, in_thread=in_thread)
    return Visit(
        desk=desk,
        actor=Owner(OwnerKind.MEMBER, str(interaction.user.id), str(server) if server else None),
        scene=Scene(
            cities=desk.gazetteer.city,
            today=desk.today,
            here=str(interaction.channel_id) if interaction.channel_id else None,
            interval=desk.check_interval,
            most_routes=desk.most_routes,
        ),
        missing=tuple(lacking),
        manages=server is not None and interaction.permissions.manage_guild,
    )
