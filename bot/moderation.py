"""/settings routes: who manages a server sees its members' public routes, and removes one."""

from collections.abc import Mapping, Sequence

import discord

from bot import ids, picks
from bot.answer import How, Reply, answer
from bot.client import FareBot, Press
from bot.managing import manager_of
from bot.present import moderation as present
from bot.press import PressButton, Style
from bot.replies import turn
from bot.visit import Visit
from engine.domain.watch import WatchId
from engine.tongue import say


def presses() -> Mapping[str, Press]:
    """Every verb of these messages with what it does."""
    return {"routes": _turn, "routes-ask": _ask, "routes-remove": _remove, "routes-keep": _turn}


async def page(visit: Visit, server_id: str, number: int = 0, news: str | None = None) -> Reply:
    """A page of them, with a menu to remove one."""
    members = await visit.actions.moderating.routes(server_id)
    made = present.page(members, number, visit.scene, news)
    on_page = [
        (present.label(one, visit.scene), one.watch.id) for one in present.on_page(members, made.number)
    ]
    menu = (picks.options("routes-ask", say("Remove a route"), on_page),) if on_page else ()
    turns = turn("routes", made.number, made.of) if made.of > 1 else ()
    return Reply(embed=made.embed, rows=(menu, turns))


async def _turn(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    async def work() -> Reply:
        visit, server_id = manager_of(interaction)
        number = int(words[-1]) if words and words[-1].isdecimal() else 0
        return await page(visit, server_id, number)

    await answer(interaction, work, How.IN_PLACE)


async def _ask(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    async def work() -> Reply:
        visit, server_id = manager_of(interaction)
        shown = await visit.actions.moderating.route(server_id, _meant(words))
        remove = PressButton.labelled(
            say("Remove"), ids.of_watch("routes-remove", shown.watch.id), Style.danger
        )
        keep = PressButton.labelled(say("Keep it"), ids.custom_id("routes-keep"))
        return Reply(embed=present.sure(shown, visit.scene), rows=((remove, keep),))

    await answer(interaction, work, How.IN_PLACE)


async def _remove(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    async def work() -> Reply:
        visit, server_id = manager_of(interaction)
        shown = await visit.actions.moderating.remove(server_id, _meant(words))
        return await page(visit, server_id, news=present.removed(shown, visit.scene))

    await answer(interaction, work, How.IN_PLACE)


def _meant(words: Sequence[str]) -> WatchId:
    return WatchId(words[-1] if words else "")
