"""Sweeps to anywhere over HTTP: each source that can, and nobody asks those that cannot."""

from datetime import date
from decimal import Decimal

import aiohttp
import pytest

from engine.domain.finds import by_place
from engine.domain.places import ANYWHERE, Place
from engine.domain.quote import OutcomeKind
from engine.domain.route import DateWindow, FixedDates
from engine.domain.trips import Nights, Span
from engine.fares.advice import NONE_SWEEPS
from engine.gazetteer import Gazetteer
from sandbox.world import World
from tests.integration.fares.test_windows import SOURCES, Asking
from tests.support.build import eur, route
from tests.support.clock import HandClock

WEEKEND = FixedDates(date(2027, 3, 12), date(2027, 3, 14))
CANNOT = sorted(set(SOURCES) - {"travelpayouts", "tequila"})


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def asking(world: World, session: aiohttp.ClientSession, clock: HandClock, gazetteer: Gazetteer) -> Asking:
    for code, fare in (("FAO", 29), ("BGY", 31), ("DUB", 35)):
        world.market.pin(f"LON-{code}", Decimal(fare))
    return Asking(world, session, clock, gazetteer)


@pytest.mark.parametrize("source", ["travelpayouts", "tequila"])
async def test_one_sweep_finds_what_is_cheap_wherever_that_is(asking: Asking, source: str) -> None:
    got = await (await asking.fetcher(source)).fetch(route(destination=ANYWHERE, trip=WEEKEND))

    found = by_place(got.quotes)
    assert got.kind is OutcomeKind.QUOTES
    assert [(code, quotes[0].total) for code, quotes in found.items()][:3] == [
        ("FAO", eur(29)),
        ("MIL", eur(31)),  # Bergamo is Milan's
        ("DUB", eur(35)),
    ]
    assert len(found) > 15
    assert "LON" not in found


@pytest.mark.parametrize("source", ["travelpayouts", "tequila"])
async def test_a_window_is_swept_as_well(asking: Asking, source: str) -> None:
    asking.world.market.pin_day("LON-FAO", date(2027, 3, 13), Decimal(22))
    trip = DateWindow(out=Span(date(2027, 3, 8), date(2027, 3, 21)), nights=Nights(2, 2))

    got = await (await asking.fetcher(source)).fetch(route(destination=ANYWHERE, trip=trip))

    cheapest = got.quotes[0]
    assert (cheapest.total, cheapest.departs and cheapest.departs.reading.date()) == (
        eur(22),
        date(2027, 3, 13),
    )
    assert cheapest.ends == (Place.metro("LON"), Place.airport("FAO"))


@pytest.mark.parametrize("source", CANNOT)
async def test_a_source_that_cannot_sweep_is_not_asked(asking: Asking, source: str) -> None:
    fetcher = await asking.fetcher(source)

    got = await fetcher.fetch(route(destination=ANYWHERE, trip=WEEKEND))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, NONE_SWEEPS)
    assert asking.requests(source) == 0
    assert fetcher.price_of(route(destination=ANYWHERE, trip=WEEKEND)) == ()


async def test_a_stay_that_is_too_long_for_the_cache_is_refused_in_words(asking: Asking) -> None:
    long = FixedDates(date(2027, 3, 10), date(2027, 4, 20))

    got = await (await asking.fetcher("travelpayouts")).fetch(route(destination=ANYWHERE, trip=long))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "it looks anywhere for stays of up to 30 days")
