"""The source `serpapi` over HTTP against the pretend service, with everything that can go wrong."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

import aiohttp
import pytest

from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.domain.route import Cabin, FixedDates, RollingDates
from engine.fares.links import is_search
from engine.fares.sources.serpapi import DEFAULT_PACE, SerpApi
from engine.http import open_session
from sandbox.faults import Fault
from sandbox.ledger import Entry
from sandbox.serpapi import ACCOUNT_PATH, KEY, SEARCH_PATH
from sandbox.world import World
from tests.support.build import eur, route
from tests.support.clock import START, HandClock
from tests.support.gates import gate
from tests.support.names import NamesNothing
from tests.unit.fares.serpapi_bodies import LONDON, OUT, TOKYO

AIRPORTS = {"LON": LONDON, "TYO": TOKYO, "NYC": ("JFK", "EWR", "LGA")}


class MakeSerpApi(Protocol):
    """Builds the source for the pretend service; a test names only what it is about."""

    def __call__(self, **changes: Any) -> SerpApi: ...


@pytest.fixture
def make_serpapi(world: World, session: aiohttp.ClientSession, clock: HandClock) -> MakeSerpApi:
    def make(**changes: Any) -> SerpApi:
        settings: dict[str, Any] = {
            "session": session,
            "base_url": world.serpapi.base_url,
            "key": KEY,
            "airports_of": lambda code: AIRPORTS.get(code, ()),
            "gate": gate(clock=clock),
            "clock": clock,
            "timeout": 10,
        }
        return SerpApi(**(settings | changes))

    return make


@pytest.fixture
def serpapi(make_serpapi: MakeSerpApi) -> SerpApi:
    return make_serpapi()


def searches(world: World) -> list[Entry]:
    return world.ledger.of("serpapi", SEARCH_PATH)


async def test_a_route_comes_back_with_the_fare_of_the_market_in_whole_units(
    serpapi: SerpApi, world: World
) -> None:
    world.market.pin("LON-TYO", Decimal("450.20"))

    got = await serpapi.search(route(adults=2))

    assert (got.kind, got.source, got.observed_at) == (OutcomeKind.QUOTES, "serpapi", START)
    assert got.quotes[0].total == eur(901)
    assert [quote.total for quote in got.quotes] == sorted(quote.total for quote in got.quotes)
    assert (got.quotes[0].firm, len(got.quotes[0].slices)) == (True, 1)
    assert got.detail == "left out: 1 without a price"


async def test_one_way_is_priced_as_one_way(serpapi: SerpApi, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("500.00"))

    got = await serpapi.search(route(trip=FixedDates(OUT)))

    assert got.quotes[0].total == eur(300)


async def test_metropolitan_areas_go_out_as_their_airports(serpapi: SerpApi, world: World) -> None:
    await serpapi.search(route())

    [asked] = searches(world)
    assert (asked.query["departure_id"], asked.query["arrival_id"]) == ("LHR,LGW,STN,LTN,LCY", "HND,NRT")
    assert asked.query["no_cache"] == "true"


async def test_a_metropolitan_code_itself_would_be_answered_with_a_false_nothing(
    make_serpapi: MakeSerpApi,
) -> None:
    got = await make_serpapi(airports_of=lambda _: ()).search(route())

    assert got.kind is OutcomeKind.NO_FARES


async def test_one_search_is_one_call_even_for_a_round_trip(serpapi: SerpApi, world: World) -> None:
    await serpapi.search(route())

    assert (len(searches(world)), world.serpapi.searches_left) == (1, 249)


async def test_stops_and_cabin_are_asked_for(serpapi: SerpApi, world: World) -> None:
    got = await serpapi.search(route(max_stops=0, cabin=Cabin.BUSINESS))

    assert {quote.stops for quote in got.quotes} == {(0,)}
    assert (searches(world)[0].query["stops"], searches(world)[0].query["travel_class"]) == ("1", "3")


async def test_the_link_leads_to_the_search_on_google_flights(serpapi: SerpApi) -> None:
    link = (await serpapi.search(route())).quotes[0].link

    assert link is not None
    assert is_search(link)


# The outcome that each fault of a search must come to.
OUTCOMES = {
    Fault.RATE_LIMIT: ("blocked", "hourly limit"),
    Fault.QUOTA: ("quota", "the searches of the plan are used up"),
    Fault.KEY_REVOKED: ("rejected", "key refused; is SERPAPI_KEY right?"),
    Fault.SERVER_ERROR: ("unreachable", "Service unavailable."),
    Fault.ERROR_INSIDE: (
        "unreachable",
        "We couldn't get valid results for this search. Please try again later.",
    ),
    Fault.EMPTY: ("no_fares", None),
    Fault.NAN: ("malformed", "no fare among 7 flights, left out: 7 without a price"),
    Fault.ZERO: ("malformed", "no fare among 7 flights, left out: 7 unreadable"),
    Fault.NEGATIVE: ("malformed", "no fare among 7 flights, left out: 7 unreadable"),
    Fault.HTML: ("malformed", "HTML instead of JSON"),
    Fault.CUT_JSON: ("malformed", "unreadable JSON"),
    Fault.CUT_TRANSFER: ("malformed", "reply cut short"),
    Fault.BOMB: ("malformed", "reply too large"),
}


@pytest.mark.parametrize("fault", OUTCOMES)
async def test_a_fault_comes_to_its_typed_outcome(serpapi: SerpApi, world: World, fault: Fault) -> None:
    world.serpapi.faults.plan(fault)

    got = await serpapi.search(route())

    assert (got.kind.value, got.detail) == OUTCOMES[fault]
    assert got.quotes == ()


async def test_a_price_in_another_currency_is_never_shown_under_the_asked_one(
    serpapi: SerpApi, world: World
) -> None:
    world.serpapi.faults.plan(Fault.OTHER_CURRENCY)

    got = await serpapi.search(route())

    assert {quote.total.currency for quote in got.quotes} == {"USD"}


async def test_a_currency_that_google_does_not_know_is_rejected(serpapi: SerpApi) -> None:
    got = await serpapi.search(route(currency="KWD"))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "Unsupported currency.")


async def test_a_day_that_has_passed_is_rejected_in_the_services_own_words(serpapi: SerpApi) -> None:
    got = await serpapi.search(route(trip=RollingDates(-1)))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "outbound_date cannot be in the past.")


async def test_used_up_searches_are_left_alone_for_a_day(
    serpapi: SerpApi, world: World, clock: HandClock
) -> None:
    world.serpapi.searches_left = 0

    first = await serpapi.search(route())
    resting = await serpapi.search(route())
    asked = len(searches(world))
    world.serpapi.searches_left = 250
    await clock.advance(86_400)
    later = await serpapi.search(route(trip=RollingDates(60, 7)))

    assert first.kind is resting.kind is OutcomeKind.QUOTA
    assert (asked, first.retry_at) == (1, START + timedelta(days=1))
    assert later.kind is OutcomeKind.QUOTES


async def test_neither_a_reply_nor_a_refusal_shows_the_key(make_serpapi: MakeSerpApi, world: World) -> None:
    kept: list[bytes] = []
    wrong = make_serpapi(key="canary-key", reply_tap=kept.append)

    got = await wrong.search(route())
    async with open_session(limit=5, resolver=NamesNothing()) as session:
        lost = await make_serpapi(session=session, base_url="https://serpapi.com", key="canary-key").search(
            route()
        )

    assert (got.kind, lost.kind, lost.detail) == (
        OutcomeKind.REJECTED,
        OutcomeKind.UNREACHABLE,
        "host not found",
    )
    assert "canary-key" not in repr((got, lost, kept))
    assert searches(world)[0].query["api_key"] == "canary-key"


async def test_what_is_kept_of_a_reply_is_without_the_key(make_serpapi: MakeSerpApi) -> None:
    kept: list[bytes] = []

    await make_serpapi(reply_tap=kept.append).search(route())
    # The refusal begins with this word: as good as a key that the service echoes.
    await make_serpapi(key="Invalid", reply_tap=kept.append).search(route())

    assert kept[0].startswith(b'{"search_metadata"')
    assert kept[1].startswith(b'{"error":"*** API key.')


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
async def test_a_reply_that_never_ends_is_cut_by_the_deadline(
    make_serpapi: MakeSerpApi, world: World, fault: Fault
) -> None:
    world.serpapi.faults.plan(fault)

    got = await make_serpapi(timeout=0.3).search(route())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "timeout")


async def test_the_check_is_no_search_and_knows_when_nothing_is_left(
    make_serpapi: MakeSerpApi, world: World
) -> None:
    good = await make_serpapi().check()
    bad = await make_serpapi(key="wrong").check()
    world.serpapi.searches_left = 0
    empty = await make_serpapi().check()

    assert good is None
    assert bad is not None
    assert empty is not None
    assert (bad.kind, empty.kind) == (OutcomeKind.REJECTED, OutcomeKind.QUOTA)
    assert (len(searches(world)), len(world.ledger.of("serpapi", ACCOUNT_PATH))) == (0, 3)


def test_the_pace_of_the_free_plan_is_a_call_every_72_seconds() -> None:
    assert DEFAULT_PACE.gap_ms == 72_000


async def test_an_airport_alone_stays_what_it_is(serpapi: SerpApi, world: World) -> None:
    got = await serpapi.search(route(origin=Place.airport("LHR"), destination=Place.airport("HND")))

    assert got.kind is OutcomeKind.QUOTES
    assert searches(world)[0].query["departure_id"] == "LHR"
