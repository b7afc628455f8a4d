"""What can be done with one route: each calls one action and shows what came of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot import replies
from bot.answer import Attached, Reply
from bot.present import chart, months
from bot.visit import Visit
from engine.actions.shown import Shown
from engine.domain.calendars import Calendar
from engine.domain.watch import WatchId

SNOOZE: Final = timedelta(hours=24)

Act = Callable[[Visit, WatchId], Awaitable[Reply]]


async def show(visit: Visit, watch_id: WatchId) -> Reply:
    """The route with its numbers."""
    one = await visit.watches.show(watch_id, visit.actor)
    calendar, _ = await mapped(visit, one)
    return replies.shown(one, visit.scene, calendar or await charted(visit, one))


async def history(visit: Visit, watch_id: WatchId) -> Reply:
    """How its fare went, as a picture and in numbers; and of a choice of days what each costs."""
    shown = await visit.watches.show(watch_id, visit.actor)
    calendar, days = await mapped(visit, shown)
    pictures = replies.Pictures(chart=await charted(visit, shown), calendar=calendar, days=days)
    return replies.history(shown, visit.scene, pictures)


async def charted(visit: Visit, shown: Shown) -> tuple[Attached, ...]:
    """The picture of a route's fares; none where there is nothing to draw yet, or it could not be drawn."""
    picture = chart.price_chart(shown, visit.scene)
    png = await visit.desk.studio.draw(picture) if picture else None
    return (Attached(chart.CHART_FILE, png, chart.in_words(shown)),) if png else ()


async def mapped(visit: Visit, shown: Shown) -> tuple[tuple[Attached, ...], Calendar]:
    """The picture of what each day costs, and its days; none where the route leaves no choice of them."""
    days = await visit.actions.calendars.of(shown.route) or Calendar()
    picture = months.month_map(shown, days, visit.scene)
    png = await visit.desk.studio.draw(picture) if picture else None
    if png is None:
        return (), days
    return (Attached(months.MAP_FILE, png, months.in_words(shown, days, visit.scene)),), days


async def pause(visit: Visit, watch_id: WatchId) -> Reply:
    """No looks until it is resumed."""
    return replies.paused(await visit.watches.pause(watch_id, visit.actor), visit.scene)


async def resume(visit: Visit, watch_id: WatchId) -> Reply:
    """Looks again, and its places are tried again where they were refused; where they are gone, here."""
    result = await visit.watches.resume(watch_id, visit.actor, visit.here)
    await visit.reinstate(result.shown.watch.tell)
    return replies.resumed(result, visit.scene)


async def remove(visit: Visit, watch_id: WatchId) -> Reply:
    """Off the list, with a way back."""
    return replies.removed(await visit.watches.remove(watch_id, visit.actor), visit.scene)


async def restore(visit: Visit, watch_id: WatchId) -> Reply:
    """Back on the list."""
    return replies.restored(await visit.watches.restore(watch_id, visit.actor, visit.standing), visit.scene)


async def undo(visit: Visit, watch_id: WatchId) -> Reply:
    """A route just added is taken off again."""
    return replies.undone(await visit.watches.remove(watch_id, visit.actor), visit.scene)


async def check(visit: Visit, watch_id: WatchId) -> Reply:
    """A look right now."""
    return replies.checked(await visit.watches.check(watch_id, visit.actor), visit.scene)


async def snooze(visit: Visit, watch_id: WatchId) -> Reply:
    """No pings for a day."""
    return replies.snoozed(await visit.watches.snooze(watch_id, visit.actor, SNOOZE), visit.scene)
