"""What is said to who brought the bot along to where it cannot post: alerts come by direct message."""

import asyncio
from typing import Final

import discord
import structlog

from bot.answer import Reply
from bot.client import FareBot
from bot.present import brought as present
from bot.present.embeds import add_field
from bot.refusals import DELIVERY_FAULTS, delivery_of
from bot.visit import Visit

_log = structlog.get_logger(__name__)

_PATIENCE_S: Final = 5.0


async def noted(interaction: discord.Interaction[FareBot], visit: Visit, reply: Reply) -> Reply:
    """The reply about new routes, with where they tell; where that cannot be, it is said at once."""
    if visit.brought and reply.embed is not None:
        add_field(reply.embed, present.told_privately(reachable=await _can_be_written_to(interaction, visit)))
    return reply


async def _can_be_written_to(interaction: discord.Interaction[FareBot], visit: Visit) -> bool:
    """Whether direct messages are open: only a message can tell, so one is sent, once. True in doubt."""
    destinations, member_id = visit.actions.destinations, visit.actor.id
    if await destinations.is_greeted(member_id):
        return True
    try:
        async with asyncio.timeout(_PATIENCE_S):
            channel = await interaction.client.create_dm(interaction.user)
            await channel.send(embed=present.hello())
    except DELIVERY_FAULTS as fault:
        _log.info("could not be written to", fault=type(fault).__name__)
        return not delivery_of(fault).stop_lane
    await destinations.greeted(member_id)
    return True
