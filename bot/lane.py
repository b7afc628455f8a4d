"""The way of alerts into Discord: channels and direct messages, as a channel of the engine's relay."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, Protocol

import discord
import structlog

from bot import ids, whys
from bot.brake import Brake
from bot.present.alert import told
from bot.present.message import Told, reference
from bot.present.scene import Cities
from bot.press import PressButton
from bot.refusals import DELIVERY_FAULTS, counts_as_invalid, delivery_of
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.clock import Clock
from engine.domain.alert import Notification, NotificationKind
from engine.domain.watch import DestinationKind
from engine.tongue import Tongue, say, speaking

_log = structlog.get_logger(__name__)

# Longer than discord.py's own five tries (25 s); a rate limit longer than the rest is for the relay.
_DEADLINE_S: Final = 45.0
_UNTIL_LOGIN: Final = timedelta(seconds=5)
# Discord answers a repeated nonce with the first message for "the past few minutes"; beyond two, which
# the last try by nonce may outlast by its deadline, the channel's own history says whether one arrived.
_NONCE_HOLDS: Final = timedelta(minutes=2)
# Five pages of it: a channel where people talk has moved on by then.
_HISTORY: Final = 500

Place = discord.PartialMessageable | discord.DMChannel


TongueOf = Callable[[Notification], Awaitable[Tongue]]
"""Gives the language that whoever reads a notification reads."""


class Sender(Protocol):
    """What the lane needs of the client."""

    @property
    def can_send(self) -> bool:
        """Whether it is logged in and not closing."""
        ...

    @property
    def user(self) -> discord.ClientUser | None:
        """The bot's own account."""
        ...

    def get_partial_messageable(self, id: int, /) -> discord.PartialMessageable:  # noqa: A002  discord.py's name
        """A channel by its id, without asking for it."""
        ...

    async def create_dm(self, user: discord.abc.Snowflake, /) -> discord.DMChannel:
        """The channel of direct messages with a user."""
        ...


class DiscordLane:
    """Implements `engine.alerts.ports.Channel` for one kind of destination, CHANNEL or DM.

    Every try of a notification carries its id as nonce, so that Discord itself refuses doubles.
    """

    def __init__(
        self,
        kind: DestinationKind,
        client: Sender,
        *,
        cities: Cities,
        clock: Clock,
        brake: Brake,
        tongue_of: TongueOf,
    ) -> None:
        self._kind = kind
        self._client = client
        self._cities = cities
        self._clock = clock
        self._brake = brake
        self._tongue_of = tongue_of

    @property
    def kind(self) -> DestinationKind:
        """The destinations it serves."""
        return self._kind

    @property
    def begins_with_commit(self) -> bool:
        """Discord refuses doubles by nonce, so a beginning need not be committed."""
        return False

    async def deliver(self, leased: Leased) -> Delivery:
        """Post or edit; every failure is an answer, never an exception."""
        if not self._client.can_send:
            return _not_yet(whys.NOT_LOGGED_IN, _UNTIL_LOGIN)
        if wait := self._brake.wait:
            return _not_yet(whys.POSTING_RESTS, wait)
        try:
            async with asyncio.timeout(_DEADLINE_S):
                with speaking(await self._tongue_of(leased.notification)):
                    return await self._put(leased)
        except DELIVERY_FAULTS as fault:
            return self._failed(leased.notification, fault)

    async def reconcile(self, leased: Leased) -> Delivery:
        """Look for an earlier try in the channel's history."""
        try:
            async with asyncio.timeout(_DEADLINE_S):
                ref = await self._find(await self._place(leased.notification), leased.notification)
        except DELIVERY_FAULTS as fault:
            return Delivery(kind=DeliveryKind.UNKNOWN, why=type(fault).__name__)
        if ref is None:
            return _later(whys.NOT_IN_HISTORY)
        return Delivery(kind=DeliveryKind.DELIVERED, ref=ref)

    async def _put(self, leased: Leased) -> Delivery:
        notification = leased.notification
        place = await self._place(notification)
        message = told(notification, self._cities)
        if notification.kind is NotificationKind.EDIT:
            if leased.post_ref is None:
                return Delivery(kind=DeliveryKind.PERMANENT, why=whys.NO_POST)
            await _edit(place, int(leased.post_ref), notification, message)
            return Delivery(kind=DeliveryKind.DELIVERED, ref=leased.post_ref)
        if self._may_have_arrived(leased) and (ref := await self._find_if_allowed(place, notification)):
            return Delivery(kind=DeliveryKind.DELIVERED, ref=ref)
        sent = await _post(place, notification, message)
        return Delivery(kind=DeliveryKind.DELIVERED, ref=str(sent.id))

    async def _place(self, notification: Notification) -> Place:
        address = int(notification.destination.address)
        if self._kind is DestinationKind.DM:
            return await self._client.create_dm(discord.Object(address))
        return self._client.get_partial_messageable(address)

    def _may_have_arrived(self, leased: Leased) -> bool:
        """Whether an earlier try, by this process or one that died, may lie beyond the nonce's reach.

        What was never in hand, such as a post that waited for a morning, costs no look.
        """
        age = self._clock.now() - (leased.enqueued_at or leased.notification.created_at)
        return age > _NONCE_HOLDS and (leased.retaken or leased.attempts > 0)

    async def _find_if_allowed(self, place: Place, notification: Notification) -> str | None:
        try:
            return await self._find(place, notification)
        except discord.Forbidden:
            # Reading the history may be forbidden where writing is not; the nonce is all there is then.
            return None

    async def _find(self, place: Place, notification: Notification) -> str | None:
        """The id of our message that carries the notification's reference; None when there is none."""
        me = self._client.user
        mark = reference(notification)
        async for message in place.history(limit=_HISTORY):
            footers = (embed.footer.text or "" for embed in message.embeds)
            if me is not None and message.author.id == me.id and any(mark in foot for foot in footers):
                return str(message.id)
        return None

    def _failed(self, notification: Notification, fault: BaseException) -> Delivery:
        if counts_as_invalid(fault):
            self._brake.note_invalid()
        delivery = delivery_of(fault, edit=notification.kind is NotificationKind.EDIT)
        code = fault.code if isinstance(fault, discord.HTTPException) else None
        _log.info(
            "message not delivered",
            notification=notification.id,
            fault=type(fault).__name__,
            code=code,
            kind=delivery.kind.value,
        )
        return delivery


async def _post(place: Place, notification: Notification, message: Told) -> discord.Message:
    view = _view(notification, message)
    given: dict[str, Any] = {"view": view} if view else {}
    return await place.send(
        content=message.content or None,
        embed=message.embed,
        nonce=notification.id,
        allowed_mentions=_only(message),
        **given,
    )


async def _edit(place: Place, post_id: int, notification: Notification, message: Told) -> None:
    await place.get_partial_message(post_id).edit(
        content=message.content or None,
        embed=message.embed,
        view=_view(notification, message),
        allowed_mentions=_only(message),
    )


def _only(message: Told) -> discord.AllowedMentions:
    """Nobody may be pinged but whom the message names for it."""
    return discord.AllowedMentions(
        everyone=False,
        roles=[discord.Object(id_) for id_ in message.roles] or False,
        replied_user=False,
        users=[discord.Object(id_) for id_ in message.pinged] or False,
    )


def _view(notification: Notification, message: Told) -> discord.ui.View | None:
    """The link, and the buttons that act on the presser's own watch; a notice has none."""
    if message.link is None:
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=message.link.label, url=message.link.url))
    if message.followed:
        view.add_item(PressButton.labelled(say("Chart"), ids.chart(notification.route.id)))
        view.add_item(PressButton.labelled(say("Snooze 24 h"), ids.snooze(notification.route.id)))
        view.add_item(PressButton.labelled(say("New target"), ids.new_target(notification.route.id)))
        view.add_item(PressButton.labelled(say("Pause"), ids.pause(notification.route.id)))
    return view


def _not_yet(why: str, after: timedelta) -> Delivery:
    return Delivery(kind=DeliveryKind.RETRY, why=why, retry_after=after, untried=True)


def _later(why: str, after: timedelta | None = None) -> Delivery:
    return Delivery(kind=DeliveryKind.RETRY, why=why, retry_after=after)
