"""What each button does. The verb stands in the button's custom id; the presser is always the actor."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import discord
import msgspec

from bot import (
    acts,
    alerts,
    editing,
    ids,
    lists,
    moderation,
    phones,
    privacy,
    privately,
    replies,
    setup,
    webhooks,
)
from bot.acts import Act
from bot.answer import How, Reply, answer, show_form
from bot.client import FareBot, Press
from bot.forms import TargetForm
from bot.managing import for_server, managed
from bot.phone_forms import CodeForm
from bot.present.replies import servers_own, strangers
from bot.present.text import listed, person
from bot.visit import Visit, visit_of
from engine.domain.route import RouteId
from engine.domain.server import server_itself
from engine.domain.watch import Rules, WatchId
from engine.errors import InvalidInput
from engine.store.watches import WatchRow
from engine.tongue import count, say

_MOST_NAMED: Final = 3


def presses() -> Mapping[str, Press]:
    """Every verb with what it does."""
    return {
        "snooze": _under_alert(acts.snooze),
        "pause": _under_alert(acts.pause),
        "chart": _under_alert(acts.history),
        "target": _ask_target,
        "rest": _on_watch(acts.pause),
        "resume": _on_watch(acts.resume),
        "remove": _on_watch(acts.remove),
        "restore": _on_watch(acts.restore),
        "undo": _on_watch(acts.undo),
        "offer": _take_offer,
        "change": _change,
        "again": _change_again,
        "list": _turn_page(lambda visit: visit),
        "list-server": _turn_page(for_server),
        "recent": _turn_recent,
        "code": _open_code_form,
        "texts": _on_member(phones.resume),
        "privacy-export": _on_member(privacy.export, How.NEW),
        "privacy-delete": _on_member(privacy.ask),
        "privacy-forget": _on_member(privacy.delete),
        "privacy-keep": _on_member(privacy.keep),
        "import": _on_list(lists.carry_out),
        "import-cancel": _on_list(lists.cancel),
        "hook-test": _try_webhook,
        **setup.presses(),
        **moderation.presses(),
        **privately.presses(),
    }


def _on_watch(act: Act) -> Press:
    """A button in a member's own reply, which the outcome replaces."""

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
        async def work() -> Reply:
            watch_id = WatchId(ids.first(words))
            return await act(await visit_of(interaction).acting_on(watch_id), watch_id)

        await answer(interaction, work, How.IN_PLACE)

    return press


def _on_member(act: Callable[[Visit], Awaitable[Reply]], how: How = How.IN_PLACE) -> Press:
    """A button about the presser alone."""

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:  # noqa: ARG001
        async def work() -> Reply:
            return await act(visit_of(interaction))

        await answer(interaction, work, how)

    return press


async def _try_webhook(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    """A button under a webhook that was just added."""

    async def act(visit: Visit, server_id: str) -> Reply:
        return await webhooks.test(visit, server_id, ids.first(words))

    await managed(interaction, act)


def _on_list(act: Callable[[Visit, str], Awaitable[Reply]]) -> Press:
    """A button under the preview of an import, which the outcome replaces."""

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
        async def work() -> Reply:
            return await act(visit_of(interaction), ids.first(words))

        await answer(interaction, work, How.IN_PLACE)

    return press


def _under_alert(act: Act) -> Press:
    """A button that everybody sees: it acts on the presser's own watch of the route.

    For who manages the server and has none that tells here, it acts on the server's.
    """

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
        async def work() -> Reply:
            visit, route_id = visit_of(interaction), RouteId(ids.first(words))
            meant = await _meant(visit, route_id)
            if not meant:
                return Reply(content=await _not_theirs(visit, route_id, interaction.message))
            reply = Reply()
            for row in meant:
                own = msgspec.structs.replace(visit, actor=row.watch.owner)
                reply = await act(own, row.watch.id)
            return reply

        await answer(interaction, work)

    return press


async def _ask_target(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    """Open the form with the presser's own target in it: a form has to be the first answer."""
    visit = visit_of(interaction)
    route_id = RouteId(ids.first(words))
    meant = await _meant(visit, route_id)
    if meant:
        await show_form(interaction, TargetForm(meant[0].watch.id, meant[0].watch.rules.target))
        return

    async def work() -> Reply:
        return Reply(content=await _not_theirs(visit, route_id, interaction.message))

    await answer(interaction, work)


async def _meant(visit: Visit, route_id: RouteId) -> Sequence[WatchRow]:
    """The presser's watches that tell in this place, else the server's; else all of theirs (by DM)."""
    mine = await visit.watches.on_route(visit.actor, route_id)
    servers = await visit.watches.on_route(visit.server, route_id) if visit.server else []
    return _told_here(mine, visit.scene.here) or _told_here(servers, visit.scene.here) or mine


async def _not_theirs(visit: Visit, route_id: RouteId, message: discord.Message | None) -> str:
    """Whose alert it is instead."""
    server = visit.actor.server_id
    servers = await visit.watches.on_route(server_itself(server), route_id) if server else []
    if _told_here(servers, visit.scene.here):
        return servers_own()
    return strangers(_owners(message))


def _told_here(rows: Sequence[WatchRow], here: str | None) -> Sequence[WatchRow]:
    return [row for row in rows if any(place.address == here for place in row.watch.tell)]


def _owners(message: discord.Message | None) -> str:
    """Whose alert it is: Ada's, Ada's and Ben's, another member's."""
    mentioned = message.mentions if message else []
    names = [say("{name}'s", name=person(user.display_name)) for user in mentioned[:_MOST_NAMED]]
    if not names:
        return say("another member's")
    more = len(mentioned) - len(names)
    others = count(more, "{n} more member's", "{n} more members'")
    return listed([*names, others] if more else names)


async def _take_offer(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    async def work() -> Reply:
        watch_id = WatchId(ids.first(words))
        visit = await visit_of(interaction).acting_on(watch_id)
        rules = _offered(words[1:])
        return replies.changed(await visit.watches.change_rules(watch_id, visit.actor, rules), visit.scene)

    await answer(interaction, work, How.IN_PLACE)


def _offered(words: Sequence[str]) -> Rules:
    try:
        return ids.read_rules(words)
    except ValueError:
        raise InvalidInput("target", "I cannot read that offer any more. Change the target.") from None


async def _change(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    """Open the form with the route as it stands."""
    await editing.begin(interaction, editing.the(WatchId(ids.first(words))))


async def _change_again(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    """Open it with what could not be meant."""
    watch_id = WatchId(ids.first(words))
    typed = interaction.client.desk.drafts.take(str(interaction.user.id), watch_id)
    await editing.begin(interaction, editing.the(watch_id), typed)


async def _open_code_form(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:  # noqa: ARG001
    """Whose code it is, the presser says; the number stands in the database only."""
    await show_form(interaction, CodeForm())


def _turn_page(of: Callable[[Visit], Visit]) -> Press:
    """The presser's routes, or those of who they act for."""

    async def press(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
        async def work() -> Reply:
            visit = of(visit_of(interaction))
            return await lists.page(visit, _page(words, "/route list"))

        await answer(interaction, work, How.IN_PLACE)

    return press


async def _turn_recent(interaction: discord.Interaction[FareBot], words: Sequence[str]) -> None:
    async def work() -> Reply:
        page = _page(words, "/alerts recent")
        return await alerts.recent(visit_of(interaction), page)

    await answer(interaction, work, How.IN_PLACE)


def _page(words: Sequence[str], command: str) -> int:
    """The page that a button of that command turns to. Raises InvalidInput where it says none."""
    if not words or not words[-1].isdecimal():
        raise InvalidInput("route", "I cannot find that page. Use {command} again.", command=command)
    return int(words[-1])
