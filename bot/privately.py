"""A member's first route in a server asks once: told here, where all can read it, or by direct message."""

from collections.abc import Mapping, Sequence

import discord
import msgspec

from bot import ids, replies
from bot.answer import How, Reply, answer
from bot.client import FareBot, Press
from bot.managing import Channel
from bot.present import privately as present
from bot.present.embeds import add_field
from bot.press import PressButton
from bot.visit import Visit, visit_of
from engine.actions.shown import Added
from engine.domain.watch import Destination, DestinationKind, OwnerKind, WatchId
from engine.tongue import say


def presses() -> Mapping[str, Press]:
    """Both answers to the question."""
    return {"tell-here": _keep, "tell-dm": _move}


async def asks(visit: Visit, where: str | None, channel: Channel | None) -> bool:
    """Whether a new route asks its owner; who said where, or was asked before, is not asked."""
    actor = visit.actor
    if where is not None or channel is not None or actor.kind is not OwnerKind.MEMBER or not actor.server_id:
        return False
    return (await visit.actions.destinations.of(actor)).private is None


async def asking(visit: Visit, reply: Reply, result: Added) -> Reply:
    """The reply with the question below it; from now on the member counts as asked."""
    await visit.actions.destinations.choose(visit.actor.id, private=False)
    watch_id = result.shown.watch.id
    row = (
        PressButton.labelled(say("Here is fine"), ids.of_watch("tell-here", watch_id)),
        PressButton.labelled(say("By direct message"), ids.of_watch("tell-dm", watch_id)),
    )
    if reply.embed is not None:
        add_field(reply.embed, present.question(result.shown.watch.tell, visit.scene))
    return msgspec.structs.replace(reply, rows=(*reply.rows, row))


async def _keep(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    async def work() -> Reply:
        visit = visit_of(interaction)
        shown = await visit.watches.show(WatchId(ids.first(words)), visit.actor)
        await visit.actions.destinations.choose(visit.actor.id, private=False)
        return replies.told_here(shown, visit.scene)

    await answer(interaction, work, How.IN_PLACE)


async def _move(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    async def work() -> Reply:
        visit = visit_of(interaction)
        direct = Destination(DestinationKind.DM, visit.actor.id)
        moved = await visit.watches.move(WatchId(ids.first(words)), visit.actor, (direct,))
        await visit.actions.destinations.choose(visit.actor.id, private=True)
        await visit.reinstate((direct,))
        return replies.told_privately(moved, visit.scene)

    await answer(interaction, work, How.IN_PLACE)
