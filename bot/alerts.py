"""What a member can ask about their alerts, and the message that answers it."""

from collections.abc import AsyncIterator

from bot.answer import Reply
from bot.present import digest as digest_page
from bot.present import quiet as quiet_page
from bot.present import recent as recent_page
from bot.present.cities import zone_meant
from bot.present.dryrun import progress
from bot.present.privately import place_chosen
from bot.replies import turn
from bot.visit import Visit
from engine.domain.watch import Destination, DestinationKind


async def recent(visit: Visit, number: int = 0) -> Reply:
    """A page of what was told, with buttons to turn it."""
    page = await visit.actions.alerts.recent(visit.actor, number)
    rows = (turn("recent", page.number, page.of),) if page.of > 1 else ()
    return Reply(embed=recent_page.recent(page, visit.actor.id, visit.scene), rows=rows)


async def dry_run(visit: Visit) -> AsyncIterator[Reply]:
    """Try every way; a reply each time that an answer came."""
    async for ways in visit.actions.dry_runs.run(visit.actor):
        yield Reply(embed=progress(ways, visit.scene))


async def quiet(
    visit: Visit, start: str | None, end: str | None, timezone: str | None, *, off: bool | None
) -> Reply:
    """Choose quiet hours, end them, or show them where nothing is said."""
    hours = visit.actions.quiet_hours
    if off:
        return Reply(embed=quiet_page.ended(await hours.end(visit.actor)))
    if start is None and end is None and timezone is None:
        return Reply(embed=quiet_page.shown(await hours.show(visit.actor)))
    zone = zone_meant(timezone) if timezone else None
    return Reply(embed=quiet_page.chosen(await hours.choose(visit.actor, start, end, zone)))


async def place(visit: Visit, *, private: bool) -> Reply:
    """Where routes tell that the member adds from now on."""
    await visit.actions.destinations.choose(visit.actor.id, private=private)
    return Reply(embed=place_chosen(private=private, brought=visit.brought))


async def digest(
    visit: Visit, at: str | None, timezone: str | None, *, gather: bool | None, off: bool | None
) -> Reply:
    """Choose a digest, end it, or show it where nothing is said."""
    digests = visit.actions.digests
    if off:
        await digests.end(visit.actor)
        return Reply(embed=digest_page.ended())
    if at is None and timezone is None and gather is None:
        return Reply(embed=digest_page.shown(await digests.show(visit.actor)))
    await visit.reinstate((Destination(DestinationKind.DM, visit.actor.id),))
    zone = zone_meant(timezone) if timezone else None
    plan = await digests.choose(visit.actor, at, zone, gather=gather)
    return Reply(embed=digest_page.chosen(plan))
