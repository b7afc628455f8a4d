"""Opening the form in which a route is changed: it has to be the first answer to a command or a press."""

from collections.abc import Awaitable, Callable, Mapping

import discord
import msgspec

from bot.answer import Reply, answer, show_form
from bot.client import FareBot
from bot.edit_forms import EditForm
from bot.visit import Visit, visit_of
from engine.domain.watch import WatchId

Find = Callable[[Visit], Awaitable[WatchId]]
"""Which route is meant."""


async def begin(
    interaction: discord.Interaction[FareBot], find: Find, typed: Mapping[str, str] | None = None
) -> None:
    """Open it for the route that is meant, with what was typed before; what keeps it shut is said."""
    visit = visit_of(interaction)
    try:
        watch_id = await find(visit)
        visit = await visit.acting_on(watch_id)
        shown = await visit.watches.show(watch_id, visit.actor)
        # What is sent off untouched is read by the owner's day, so that day is what it is written by.
        today = await visit.watches.today(shown.watch.owner)
    except Exception as fault:  # noqa: BLE001  the root of one interaction: `answer` says it
        await answer(interaction, _raising(fault))
        return
    await show_form(
        interaction, EditForm(shown, msgspec.structs.replace(visit.scene, today=today), typed or {})
    )


def the(watch_id: WatchId) -> Find:
    """That one."""

    async def find(visit: Visit) -> WatchId:  # noqa: ARG001  whose it is, is seen to later
        return watch_id

    return find


def _raising(fault: Exception) -> Callable[[], Awaitable[Reply]]:
    async def work() -> Reply:
        raise fault

    return work
