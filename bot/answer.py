"""Answering a command or a press: acknowledged before any work, told in words whatever happens."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from enum import Enum
from functools import partial
from io import BytesIO
from typing import Any, Final

import discord
import msgspec
import structlog

from bot.client import FareBot, listen
from bot.network import ANSWERED_WITHIN_S, NETWORK_FAULTS
from bot.present import faults
from bot.present.cities import label
from bot.whereabouts import in_own_messages
from engine.domain.watch import Destination, DestinationKind
from engine.errors import InvalidInput, StoreError

_log = structlog.get_logger(__name__)

TOO_LATE: Final = 10062  # Discord's code for an interaction older than three seconds


class Attached(msgspec.Struct, frozen=True):
    """A file that goes with a message; `alt` says what a picture shows to who cannot see it."""

    name: str
    content: bytes
    alt: str | None = None


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A message to one member: words or an embed and more below it, files, rows of at most five buttons."""

    content: str | None = None
    embed: discord.Embed | None = None
    more: tuple[discord.Embed, ...] = ()
    rows: tuple[tuple[discord.ui.Item[Any], ...], ...] = ()
    files: tuple[Attached, ...] = ()

    def view(self) -> discord.ui.View | None:
        """The buttons as Discord wants them; needs the running loop."""
        if not any(self.rows):
            return None
        view = discord.ui.View(timeout=None)
        for number, row in enumerate(filter(None, self.rows)):
            for button in row:
                button.row = number
                view.add_item(button)
        return view


class How(Enum):
    """Where the answer to an interaction appears."""

    NEW = "a new message that only the member sees"
    IN_PLACE = "in place of the message whose button was pressed"


async def answer(
    interaction: discord.Interaction[FareBot],
    work: Callable[[], Awaitable[Reply]],
    how: How = How.NEW,
    *,
    again: discord.ui.Item[Any] | None = None,
) -> None:
    """Acknowledge, do the work, show its reply.

    What a person got wrong is said in one sentence, with the button `again` where it can be typed anew; an
    unexpected fault is logged once under a number that the member is told. An interaction that came too
    late is left alone: nothing was done.
    """
    if not await _acknowledged(interaction, how):
        return
    try:
        reply, failed = await work(), False
    except Exception as fault:  # noqa: BLE001  the root of one interaction: the bot goes on
        reply, failed = _failed(interaction, fault, again), True
    await _show(interaction, reply, How.NEW if failed else how, replaced=how is How.IN_PLACE and failed)
    await _noted(interaction)


async def follow(interaction: discord.Interaction[FareBot], work: Callable[[], AsyncIterator[Reply]]) -> None:
    """Acknowledge, then show each reply in place of the one before, to the last.

    Faults are told as `answer` does it.
    """
    if not await _acknowledged(interaction, How.NEW):
        return
    try:
        async for reply in work():
            await _show(interaction, reply, How.NEW, replaced=False)
    except Exception as fault:  # noqa: BLE001  the root of one interaction: the bot goes on
        await _show(interaction, _failed(interaction, fault), How.NEW, replaced=False)
    await _noted(interaction)


async def _noted(interaction: discord.Interaction[FareBot]) -> None:
    """What an interaction says of its member besides: their language, and that they can be written to."""
    desk, member_id = interaction.client.desk, str(interaction.user.id)
    await desk.readers.note(member_id, str(interaction.locale))
    if in_own_messages(interaction):
        with suppress(StoreError):  # then the next one says it
            await desk.actions.places.opened([Destination(DestinationKind.DM, member_id)])


def _failed(
    interaction: discord.Interaction[FareBot], fault: Exception, again: discord.ui.Item[Any] | None = None
) -> Reply:
    """What a person got wrong, in words; for a fault of ours the number under which it is logged."""
    if isinstance(fault, InvalidInput):
        said = faults.invalid(fault, partial(label, interaction.client.desk.gazetteer))
        # A route that is not theirs, or not there, does not become so by another word.
        return Reply(embed=said, rows=((again,),) if again and fault.field != "route" else ())
    error_id = secrets.token_hex(4)
    command = interaction.command.qualified_name if interaction.command else "button"
    _log.error("interaction failed", error_id=error_id, command=command, exc_info=fault)
    return Reply(embed=faults.unexpected(error_id))


class Form(discord.ui.Modal):
    """A form whose answer is said in the language of who sent it off."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=ANSWERED_WITHIN_S)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Everybody may who sees it."""
        listen(interaction)
        return True


async def show_form(interaction: discord.Interaction[FareBot], form: discord.ui.Modal) -> None:
    """Open a form, which has to be the first answer; it answers by itself when it is sent off."""
    try:
        await interaction.response.send_modal(form)
    except NETWORK_FAULTS as fault:
        _log.warning("form not shown", fault=type(fault).__name__)


async def _acknowledged(interaction: discord.Interaction[FareBot], how: How) -> bool:
    try:
        if how is How.IN_PLACE:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
    except discord.NotFound as fault:
        if fault.code != TOO_LATE:
            raise
        _log.info("interaction came too late", interaction=interaction.id)
        return False
    except NETWORK_FAULTS as fault:
        _log.warning("interaction not acknowledged", fault=type(fault).__name__)
        return False
    return True


async def _show(interaction: discord.Interaction[FareBot], reply: Reply, how: How, *, replaced: bool) -> None:
    """Show the reply; `replaced` keeps the pressed message as it is and answers beside it."""
    view = reply.view()
    embeds = [embed for embed in (reply.embed, *reply.more) if embed is not None]
    shown: dict[str, Any] = {"content": reply.content, "embeds": embeds, "view": view}
    files = [discord.File(BytesIO(file.content), file.name, description=file.alt) for file in reply.files]
    try:
        if replaced:
            given = {name: value for name, value in shown.items() if value}
            await interaction.followup.send(ephemeral=True, files=files, **given)
        else:
            await interaction.edit_original_response(attachments=files, **shown)
    except NETWORK_FAULTS as fault:
        _log.warning("reply not shown", fault=type(fault).__name__, how=how.name)
