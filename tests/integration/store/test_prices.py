"""The repositories of quotes, daily lows and route lists."""

from datetime import date, timedelta

from engine.domain.calendars import Calendar, DayFare
from engine.domain.history import DayLow, History
from engine.domain.quote import SourceKind
from engine.domain.route import RouteId
from engine.store.database import Store
from tests.support.build import quote, route
from tests.support.clock import START

HOUR = timedelta(hours=1)
TODAY = START.date()


def low(day: date = TODAY, kind: SourceKind = SourceKind.LIVE, minor: int = 45000, looks: int = 1) -> DayLow:
    return DayLow(day=day, kind=kind, low=minor, first=minor + 500, last=minor + 200, looks=looks)


async def test_the_newest_quote_is_the_one_seen_last_and_of_several_the_cheapest(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        assert await tx.quotes.newest(route().id) is None
        later = [quote(total, observed_at=START + HOUR) for total in (470, 450, 460)]
        await tx.quotes.record([quote(400), *later])
        assert await tx.quotes.newest(route().id) == later[1]


async def test_quotes_since_an_instant_come_the_oldest_first(store: Store) -> None:
    quotes = [quote(450 + n, observed_at=START + n * HOUR) for n in range(4)]
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.routes.ensure(route(adults=2), START)
        await tx.quotes.record([*reversed(quotes), quote(1, route(adults=2), observed_at=START + HOUR)])
        assert await tx.quotes.since(route().id, START + HOUR) == quotes[1:]


async def test_old_quotes_are_pruned_and_daily_lows_stay(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.quotes.record([quote(450, observed_at=START + n * HOUR) for n in range(4)])
        await tx.history.save([(route().id, low())])
        assert await tx.quotes.prune(START + 2 * HOUR) == 2
        assert len(await tx.quotes.since(route().id, START - HOUR)) == 2
        assert await tx.history.of_routes([route().id], TODAY) == {route().id: History(days=(low(),))}


async def test_a_history_holds_its_days_the_oldest_first(store: Store) -> None:
    days = [
        low(TODAY - timedelta(days=n), kind)
        for n in (3, 2, 0)
        for kind in (SourceKind.CACHED, SourceKind.LIVE)
    ]
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.history.save([(route().id, day) for day in reversed(days)])
        found = await tx.history.of_routes([route().id], date(2000, 1, 1))
        assert found == {route().id: History(days=tuple(days))}


async def test_a_history_begins_on_the_day_asked_for(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.history.save([(route().id, low(TODAY - timedelta(days=n))) for n in range(5)])
        found = await tx.history.of_routes([route().id], TODAY - timedelta(days=2))
        assert [day.day.day for day in found[route().id].days] == [20, 21, 22]


async def test_a_route_without_looks_has_no_history(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        assert await tx.history.of_routes([route().id, RouteId("no-such-route")], TODAY) == {}


async def test_a_day_saved_again_is_the_new_one(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.history.save([(route().id, low())])
        history = (await tx.history.of_routes([route().id], TODAY))[route().id]
        await tx.history.save([(route().id, history.with_total(TODAY, SourceKind.LIVE, 39000))])
        (day,) = (await tx.history.of_routes([route().id], TODAY))[route().id].days
        assert (day.low, day.first, day.last, day.looks) == (39000, 45500, 39000, 2)


async def test_histories_of_many_routes_are_kept_apart(store: Store) -> None:
    routes = [route(adults=n) for n in range(1, 400)]
    async with store.transaction() as tx:
        for one in routes:
            await tx.routes.ensure(one, START)
        await tx.history.save([(one.id, low(minor=n)) for n, one in enumerate(routes)])
        found = await tx.history.of_routes([one.id for one in routes], TODAY)
        assert [found[one.id].days[0].low for one in routes] == list(range(399))


async def test_the_last_good_list_is_the_one_saved_last(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.lists.last("routes.csv") is None
        await tx.lists.save("routes.csv", b"[1]", START)
        await tx.lists.save("sheet", b"[]", START)
        await tx.lists.save("routes.csv", b"[2]", START + HOUR)
        assert await tx.lists.last("routes.csv") == (b"[2]", START + HOUR)
        assert await tx.lists.last("sheet") == (b"[]", START)


async def test_a_calendar_is_written_over_the_one_before_and_pruned_when_no_look_came(store: Store) -> None:
    first, second = (Calendar((DayFare(TODAY, minor, START, TODAY),)) for minor in (45000, 43000))
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.calendars.save({route().id: first}, START)
        await tx.calendars.save({route().id: second}, START + HOUR)
        assert await tx.calendars.of_routes([route().id, RouteId("nowhere")]) == {route().id: second}
        assert await tx.calendars.prune(START + HOUR) == 0
        assert await tx.calendars.prune(START + 2 * HOUR) == 1
        assert await tx.calendars.of_routes([route().id]) == {}
