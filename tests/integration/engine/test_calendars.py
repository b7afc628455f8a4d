"""A look at a window leaves behind what each day costs."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from engine.actions.calendars import Calendars
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import DateWindow, FixedDates, Route
from engine.domain.trips import Nights, Span
from tests.support import build
from tests.support.clock import HandClock
from tests.support.rig import Rig, ScriptedSource, open_rig

WINDOW = build.route(
    trip=DateWindow(out=Span(date(2027, 3, 10), date(2027, 3, 13)), nights=Nights(14, 14)),
)
DOWN = OutcomeKind.UNREACHABLE
NONE = OutcomeKind.NO_FARES


class Prices:
    """A source with a fare, or a failure, for each day of March to leave on."""

    def __init__(self, prices: Mapping[int, int | OutcomeKind]) -> None:
        self.prices = prices

    def __call__(self, search: Route, clock: HandClock) -> Outcome:
        assert isinstance(search.trip, FixedDates)
        price = self.prices[search.trip.depart_on.day]
        if isinstance(price, OutcomeKind):
            return build.outcome(at=clock.now(), kind=price)
        return build.outcome(build.quote(price, search, slices=(), observed_at=clock.now()), at=clock.now())


async def days(rig: Rig) -> dict[int, int]:
    calendar = await Calendars(rig.store, rig.clock).of(WINDOW)
    assert calendar is not None
    return {day.out_on.day: day.minor // 100 for day in calendar.days}


async def looked(rig: Rig) -> None:
    await rig.clock.advance(1500)
    await rig.looker.look(WINDOW.id)


async def test_each_day_has_its_cheapest_fare_of_the_newest_look(tmp_path: Path) -> None:
    prices = Prices({10: 450, 11: 470, 12: NONE, 13: 430})
    async with open_rig(tmp_path, prices) as rig:
        await rig.watch(build.watch(WINDOW), of=WINDOW)
        await looked(rig)
        assert await days(rig) == {10: 450, 11: 470, 13: 430}

        prices.prices = {10: 460, 11: NONE, 12: 440, 13: 430}
        await looked(rig)

        assert await days(rig) == {10: 460, 12: 440, 13: 430}


async def test_a_day_whose_search_failed_keeps_its_fare_for_some_days(tmp_path: Path) -> None:
    prices = Prices({10: 450, 11: 470, 12: 480, 13: 430})
    async with open_rig(tmp_path, prices) as rig:
        await rig.watch(build.watch(WINDOW), of=WINDOW)
        await looked(rig)

        prices.prices = {10: 460, 11: DOWN, 12: 440, 13: 430}
        await looked(rig)
        assert await days(rig) == {10: 460, 11: 470, 12: 440, 13: 430}

        await rig.clock.advance(timedelta(days=4).total_seconds())
        await looked(rig)
        assert await days(rig) == {10: 460, 12: 440, 13: 430}


async def test_a_look_without_an_answer_leaves_what_is_there(tmp_path: Path) -> None:
    prices = Prices({10: 450, 11: 470, 12: 480, 13: 430})
    async with open_rig(tmp_path, prices) as rig:
        await rig.watch(build.watch(WINDOW), of=WINDOW)
        await looked(rig)

        prices.prices = dict.fromkeys(range(10, 14), DOWN)
        await looked(rig)

        assert await days(rig) == {10: 450, 11: 470, 12: 480, 13: 430}


async def test_a_confirmation_of_one_day_changes_that_day_and_keeps_what_the_leads_say_of_the_others(
    tmp_path: Path,
) -> None:
    cached, live = Prices({10: 450, 11: 400, 12: 480, 13: 430}), Prices({11: 405})

    def sources(clock: HandClock) -> list[ScriptedSource]:
        leads = ScriptedSource(clock, as_leads(cached), name="travelpayouts", kind=SourceKind.CACHED)
        return [leads, ScriptedSource(clock, live)]

    async with open_rig(tmp_path, sources=sources) as rig:
        await rig.watch(build.watch(WINDOW), of=WINDOW)
        await looked(rig)

        assert await days(rig) == {10: 450, 11: 405, 12: 480, 13: 430}


def as_leads(prices: Prices) -> Prices:
    class Leads(Prices):
        def __call__(self, search: Route, clock: HandClock) -> Outcome:
            outcome = super().__call__(search, clock)
            quotes = tuple(
                build.quote(each.total, search, slices=(), estimated=True) for each in outcome.quotes
            )
            return build.outcome(*quotes, at=clock.now(), source_kind=SourceKind.CACHED)

    return Leads(prices.prices)


async def test_a_route_on_fixed_days_has_none(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        await rig.watch(build.watch())
        await rig.looker.look(build.route().id)

        assert await Calendars(rig.store, rig.clock).of(build.route()) is None
        async with rig.store.transaction() as tx:
            assert await tx.calendars.of_routes([build.route().id]) == {}
