"""A member's routes as a list: read from a file or a form, looked over, taken over; and written."""

from typing import Final

import discord

from bot import list_replies, replies
from bot.answer import Reply
from bot.network import NETWORK_FAULTS
from bot.present.text import plain
from bot.visit import Visit
from engine.actions.importing import LARGEST
from engine.domain.watch import Destination, OwnerKind
from engine.errors import InvalidInput
from engine.tongue import key, say

PASTED: Final = key("What you pasted")
_LONGEST_NAME: Final = 60


async def page(visit: Visit, number: int = 0) -> Reply:
    """A page of the routes of whom the visit is made for."""
    actor, allowed = visit.actor, None
    if actor.kind is OwnerKind.MEMBER:
        allowed = await visit.actions.servers.allowed(actor, visit.standing)
    return replies.listed(await visit.watches.of_owner(actor), number, visit.scene, actor.kind, allowed)


async def preview_given(
    visit: Visit, file: discord.Attachment | None, link: str | None, tell: Destination
) -> Reply:
    """What the one list that was given would change."""
    if file is not None and link is not None:
        raise InvalidInput("file", "Give me a file or a link, not both.")
    if file is not None:
        return await preview_file(visit, file, tell)
    return await preview_sheet(visit, link or "", tell)


async def preview_file(visit: Visit, file: discord.Attachment, tell: Destination) -> Reply:
    """What an attached file would change."""
    name = plain(file.filename, _LONGEST_NAME) or say("The file")
    content = await _fetched(file, name)
    found = await visit.actions.importing.preview(name, content, visit.actor, (tell,), visit.standing)
    return list_replies.preview(found, visit.scene)


async def preview_pasted(visit: Visit, text: str, tell: Destination) -> Reply:
    """What pasted rows would change."""
    found = await visit.actions.importing.preview(say(PASTED), text, visit.actor, (tell,), visit.standing)
    return list_replies.preview(found, visit.scene)


async def preview_sheet(visit: Visit, link: str, tell: Destination) -> Reply:
    """What a linked sheet would change; asking Google for it is for who answers for the server."""
    if not visit.standing.manages:
        raise InvalidInput(
            "sheet",
            "Only members who may manage this server can import from a link. "
            "Attach a CSV file instead, or paste the cells of the sheet.",
        )
    found = await visit.actions.importing.preview_linked(link, visit.actor, (tell,), visit.standing)
    return list_replies.preview(found, visit.scene)


async def carry_out(visit: Visit, key: str) -> Reply:
    """Take it over, as it was looked over."""
    done = await visit.actions.importing.carry_out(key, visit.actor)
    await visit.reinstate(done.tell)
    return list_replies.imported(done, visit.scene)


async def cancel(visit: Visit, key: str) -> Reply:
    """Leave it."""
    visit.actions.importing.cancel(key, visit.actor)
    return list_replies.cancelled()


async def export(visit: Visit) -> Reply:
    """The member's routes as a file."""
    return list_replies.exported(await visit.actions.exporting.of_owner(visit.actor), visit.scene)


async def _fetched(file: discord.Attachment, name: str) -> bytes:
    if file.size > LARGEST:
        raise InvalidInput(
            "file",
            "{name} has {size} KB, and I take {most} at a time. A thousand routes fit in that: "
            "is it the right file?",
            name=name,
            size=file.size // 1024,
            most=LARGEST // 1024,
        )
    try:
        return await file.read()
    except NETWORK_FAULTS:
        raise InvalidInput(
            "file", "Discord does not give me {name}. Please attach it again.", name=name
        ) from None
