"""Windows, several places, families and filters through all seven sources against their pretend services."""

from datetime import date
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.domain.route import DateWindow, FixedDates, Hours, RollingWindow
from engine.domain.trips import Nights, Span
from engine.fares.fetcher import Fetcher
from engine.gazetteer import Gazetteer
from engine.settings import Settings
from engine.sourcing import make_fetcher
from sandbox import amadeus, duffel, ignav, serpapi, tequila, travelpayouts
from sandbox.faults import Fault
from sandbox.world import World
from tests.support.build import eur, route
from tests.support.clock import HandClock
from tests.support.counts import Counts

WINDOW = DateWindow(out=Span(date(2027, 3, 8), date(2027, 3, 12)), nights=Nights(14, 14))
CHEAP_DAY = FixedDates(date(2027, 3, 10), date(2027, 3, 24))
# How many requests the window takes at each, London and Tokyo being cities of several airports.
REQUESTS = {
    "travelpayouts": 1,
    "tequila": 1,
    "kiwi": 1,
    "amadeus": 5,
    "duffel": 5,
    "serpapi": 5,
    "ignav": 20,
}
SOURCES = sorted(REQUESTS)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


class Asking:
    """One source at a time, over its own fetcher."""

    def __init__(
        self, world: World, session: aiohttp.ClientSession, clock: HandClock, places: Gazetteer
    ) -> None:
        self.world, self._session, self._clock, self._places = world, session, clock, places

    async def fetcher(self, source: str) -> Fetcher:
        world = self.world
        rates: dict[str, Any] = {f"{name}_rate": "1000/1s" for name in SOURCES}
        settings = Settings(
            fare_sources=(source,),
            fare_confirm_sources=(),
            travelpayouts_token=SecretStr(travelpayouts.TOKEN),
            travelpayouts_base_url=world.travelpayouts.base_url,
            tequila_api_key=SecretStr(tequila.API_KEY),
            tequila_endpoint=world.tequila.base_url,
            kiwi_base_url=world.kiwi.base_url,
            amadeus_client_id=SecretStr(amadeus.CLIENT_ID),
            amadeus_client_secret=SecretStr(amadeus.CLIENT_SECRET),
            amadeus_base_url=world.amadeus.base_url,
            duffel_token=SecretStr(duffel.LIVE_TOKEN),
            duffel_base_url=world.duffel.base_url,
            duffel_monthly_budget=1000,
            serpapi_key=SecretStr(serpapi.KEY),
            serpapi_base_url=world.serpapi.base_url,
            ignav_api_key=SecretStr(ignav.API_KEY),
            ignav_base_url=world.ignav.base_url,
            **rates,
        )
        return await make_fetcher(settings, self._session, self._clock, Counts(), gazetteer=self._places)

    def requests(self, source: str) -> int:
        searches = {
            "amadeus": amadeus.OFFERS_PATH,
            "duffel": duffel.SEARCH_PATH,
            "serpapi": serpapi.SEARCH_PATH,
            "tequila": tequila.SEARCH_PATH,
        }
        return len(self.world.ledger.of(source, searches.get(source)))


@pytest.fixture
def asking(world: World, session: aiohttp.ClientSession, clock: HandClock, gazetteer: Gazetteer) -> Asking:
    world.market.pin("LON-TYO", Decimal(600))
    world.market.pin_day("LON-TYO", CHEAP_DAY.depart_on, Decimal(400))
    return Asking(world, session, clock, gazetteer)


@pytest.mark.parametrize("source", SOURCES)
async def test_the_cheapest_day_of_a_window_is_found_with_the_fewest_requests(
    asking: Asking, source: str
) -> None:
    of = route(trip=WINDOW)

    got = await (await asking.fetcher(source)).fetch(of)

    best = got.quotes[0]
    assert (got.kind, best.total, best.route_id) == (OutcomeKind.QUOTES, eur(400), of.id)
    assert best.dates == CHEAP_DAY
    assert asking.requests(source) == REQUESTS[source]
    assert not got.partial


@pytest.mark.parametrize("source", SOURCES)
async def test_weekends_of_the_next_weeks_are_looked_through(asking: Asking, source: str) -> None:
    asking.world.market.pin_day("LON-TYO", date(2026, 12, 11), Decimal(300))
    of = route(trip=RollingWindow(within_days=30, nights=Nights(2, 2), leaves_on=4))

    got = await (await asking.fetcher(source)).fetch(of)

    assert got.quotes[0].dates == FixedDates(date(2026, 12, 11), date(2026, 12, 13))


@pytest.mark.parametrize("source", SOURCES)
async def test_the_cheapest_of_several_places_is_found_and_named(asking: Asking, source: str) -> None:
    asking.world.market.pin("BER-TYO", Decimal(350))
    of = route(also_from=(Place.airport("BER"),))

    best = (await (await asking.fetcher(source)).fetch(of)).quotes[0]

    if source == "serpapi":
        # The pretend one knows its airports by one city only.
        assert best.total in (eur(350), eur(400))
        return
    assert best.total == eur(350)
    start = best.slices[0].segments[0].origin if best.slices else best.ends and best.ends[0].code
    assert start == "BER"


@pytest.mark.parametrize("source", SOURCES)
async def test_a_family_is_priced_together(asking: Asking, source: str) -> None:
    got = await (await asking.fetcher(source)).fetch(route(adults=2, children=1))

    multiplied = source == "travelpayouts"
    assert got.quotes[0].total == (eur(1200) if multiplied else eur(1100))
    assert got.quotes[0].estimated is multiplied


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("filters", [{"not_airlines": ("NH",)}, {"out_hours": Hours(0, 1110)}])
async def test_what_comes_keeps_the_filters(asking: Asking, source: str, filters: dict[str, Any]) -> None:
    of = route(trip=WINDOW, **filters)

    got = await (await asking.fetcher(source)).fetch(of)

    assert got.kind is OutcomeKind.QUOTES
    for quote in got.quotes:
        assert "NH" not in quote.carriers or "not_airlines" not in filters
        assert quote.departs is not None
        assert quote.departs.reading.time() in (of.out_hours or Hours(0, 1439))


async def test_a_search_that_fails_leaves_the_other_days_and_says_so(asking: Asking) -> None:
    asking.world.amadeus.faults.plan(Fault.SERVER_ERROR, when={"departureDate": "2027-03-10"})

    got = await (await asking.fetcher("amadeus")).fetch(route(trip=WINDOW))

    assert (got.quotes[0].total, got.partial) == (eur(600), True)
    assert got.detail is not None
    assert got.detail.startswith("1 of 5 searches without an answer")
