"""What each button does. The verb stands in the button's custom id; the presser is always the actor."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import discord

from bot import ids, replies
from bot.answer import How, Reply, answer
from bot.client import FareBot, Press
from bot.desk import Desk
from bot.forms import TargetForm
from bot.member import owner_of
from bot.present.replies import strangers
from bot.present.text import listed, person
from engine.domain.route import RouteId
from engine.domain.watch import Owner, WatchId
from engine.errors import InvalidInput
from engine.store.watches import WatchRow

SNOOZE: Final = timedelta(hours=24)
_MOST_NAMED: Final = 3

OnWatch = Callable[[Desk, WatchId, Owner], Awaitable[Reply]]


def presses() -> Mapping[str, Press]:
    """Every verb with what it does."""
    return {
        "snooze": _under_alert(_snooze),
        "pause": _under_alert(_pause),
        "rest": _on_watch(_pause),
        "resume": _on_watch(_resume),
        "remove": _on_watch(_remove),
        "restore": _on_watch(_restore),
        "undo": _on_watch(_undo),
        "offer": _take_offer,
        "change": _open_form,
        "list": _turn_page,
    }


def _on_watch(act: OnWatch) -> Press:
    """A button in a member's own reply, which it then replaces."""

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
        desk = interaction.client.desk

        async def work() -> Reply:
            return await act(desk, WatchId(words[0]), owner_of(interaction))

        await answer(interaction, work, How.IN_PLACE)

    return press


def _under_alert(act: OnWatch) -> Press:
    """A button that everybody sees: it acts on the presser's own watch of the route."""

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
        desk = interaction.client.desk

        async def work() -> Reply:
            mine = await desk.watches.mine_on_route(str(interaction.user.id), RouteId(words[0]))
            told_here = _told_here(mine, interaction.channel_id)
            if not told_here:
                return Reply(content=strangers(_owners(interaction.message)))
            reply = Reply()
            for row in told_here:
                reply = await act(desk, row.watch.id, row.watch.owner)
            return reply

        await answer(interaction, work)

    return press


def _told_here(mine: Sequence[WatchRow], channel_id: int | None) -> list[WatchRow]:
    """The presser's watches that tell in this place; all of them when none does (a moved one)."""
    here = [row for row in mine if any(place.address == str(channel_id) for place in row.watch.tell)]
    return here or list(mine)


def _owners(message: discord.Message | None) -> str:
    """Whose alert it is: Ada's, Ada's and Ben's, another member's."""
    mentioned = message.mentions if message else []
    names = [f"{person(user.display_name)}'s" for user in mentioned[:_MOST_NAMED]]
    if not names:
        return "another member's"
    more = len(mentioned) - len(names)
    return listed([*names, f"{more} more members'"] if more else names)


async def _snooze(desk: Desk, watch_id: WatchId, actor: Owner) -> Reply:
    return replies.snoozed(desk, await desk.watches.snooze(watch_id, actor, SNOOZE))


async def _pause(desk: Desk, watch_id: WatchId, actor: Owner) -> Reply:
    return replies.paused(desk, await desk.watches.pause(watch_id, actor))


async def _resume(desk: Desk, watch_id: WatchId, actor: Owner) -> Reply:
    result = await desk.watches.resume(watch_id, actor)
    return replies.resumed(desk, result)


async def _remove(desk: Desk, watch_id: WatchId, actor: Owner) -> Reply:
    return replies.removed(desk, await desk.watches.remove(watch_id, actor))


async def _restore(desk: Desk, watch_id: WatchId, actor: Owner) -> Reply:
    return replies.restored(desk, await desk.watches.restore(watch_id, actor))


async def _undo(desk: Desk, watch_id: WatchId, actor: Owner) -> Reply:
    return replies.undone(desk, await desk.watches.remove(watch_id, actor))


async def _take_offer(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    desk = interaction.client.desk

    async def work() -> Reply:
        watch_id, *chosen = words
        result = await desk.watches.change_rules(
            WatchId(watch_id), owner_of(interaction), ids.read_rules(chosen)
        )
        return replies.changed(desk, result)

    await answer(interaction, work, How.IN_PLACE)


async def _open_form(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    """A form must be the first answer, so the present target comes from the button itself."""
    watch_id, *amount = words
    await interaction.response.send_modal(TargetForm(WatchId(watch_id), ids.read_amount(amount)))


async def _turn_page(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    desk = interaction.client.desk

    async def work() -> Reply:
        if len(words) != 2 or not words[1].isdigit():
            raise InvalidInput("route", "I cannot find that page. Use /route list again.")
        routes = await desk.watches.of_owner(owner_of(interaction))
        return replies.listed(desk, routes, int(words[1]))

    await answer(interaction, work, How.IN_PLACE)
