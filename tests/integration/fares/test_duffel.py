"""The source `duffel` over HTTP against the pretend service, with everything that can go wrong."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

import aiohttp
import pytest

from engine.domain.budget import CallLimits
from engine.domain.places import Place
from engine.domain.quote import OutcomeKind, SourceKind
from engine.domain.route import RollingDates, Route
from engine.fares.budget import Budget, NotCounted
from engine.fares.sources.duffel import Duffel
from engine.fares.sources.duffel_token import limits
from sandbox.duffel import AIRLINES_PATH, LIVE_TOKEN, SEARCH_PATH, TEST_TOKEN
from sandbox.faults import Fault
from sandbox.ledger import Entry
from sandbox.world import World
from tests.support.build import eur, route
from tests.support.clock import START, HandClock
from tests.support.gates import gate


class MakeDuffel(Protocol):
    """Builds the source for the pretend service; a test names only what it is about."""

    def __call__(self, **changes: Any) -> Duffel: ...


@pytest.fixture
def make_duffel(world: World, session: aiohttp.ClientSession, clock: HandClock) -> MakeDuffel:
    def make(**changes: Any) -> Duffel:
        settings: dict[str, Any] = {
            "session": session,
            "base_url": world.duffel.base_url,
            "token": LIVE_TOKEN,
            "gate": gate(clock=clock),
            "clock": clock,
            "timeout": 10,
        }
        return Duffel(**(settings | changes))

    return make


@pytest.fixture
def duffel(make_duffel: MakeDuffel) -> Duffel:
    return make_duffel()


def searches(world: World) -> list[Entry]:
    return world.ledger.of("duffel", SEARCH_PATH)


def between(origin: str, destination: str, **changes: Any) -> Route:
    return route(origin=Place.airport(origin), destination=Place.airport(destination), **changes)


async def test_a_route_comes_back_with_the_fare_of_the_market(duffel: Duffel, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await duffel.search(route(adults=2))

    assert (got.kind, got.source, got.observed_at) == (OutcomeKind.QUOTES, "duffel", START)
    assert got.quotes[0].total == eur(900)
    assert [quote.total for quote in got.quotes] == sorted(quote.total for quote in got.quotes)
    assert got.quotes[0].firm
    assert got.quotes[0].expires_at == START + timedelta(minutes=30)


async def test_the_reply_is_a_201_with_offers_that_do_not_stand_by_price(
    make_duffel: MakeDuffel, world: World
) -> None:
    kept: list[bytes] = []

    got = await make_duffel(reply_tap=kept.append).search(route())

    assert [entry.status for entry in searches(world)] == [201]
    found = [kept[0].index(f'"total_amount":"{quote.total.fixed()}"'.encode()) for quote in got.quotes]
    assert found != sorted(found)


async def test_the_request_says_its_version_its_patience_and_that_it_wants_the_offers(
    duffel: Duffel, world: World
) -> None:
    await duffel.search(route())

    [asked] = searches(world)
    assert asked.headers["Duffel-Version"] == "v2"
    assert asked.headers["Authorization"] == f"Bearer {LIVE_TOKEN}"
    assert "gzip" in asked.headers["Accept-Encoding"]
    assert dict(asked.query) == {"return_offers": "true", "supplier_timeout": "5000"}
    assert world.duffel.asked[0]["max_connections"] == 2


async def test_a_test_token_gives_made_up_prices_and_never_a_live_one(make_duffel: MakeDuffel) -> None:
    duffel = make_duffel(token=TEST_TOKEN)

    got = await duffel.search(route())

    assert duffel.kind is got.source_kind is SourceKind.TEST
    assert {quote.kind for quote in got.quotes} == {SourceKind.TEST}


async def test_the_currency_is_the_accounts_whatever_was_asked_for(duffel: Duffel, world: World) -> None:
    world.duffel.currency = "GBP"

    got = await duffel.search(route(currency="EUR"))

    assert {quote.total.currency for quote in got.quotes} == {"GBP"}


async def test_a_limit_of_stops_holds_in_both_directions(duffel: Duffel) -> None:
    got = await duffel.search(route(max_stops=0))

    assert {quote.stops for quote in got.quotes} == {(0, 0)}


async def test_a_stop_inside_a_flight_counts(duffel: Duffel) -> None:
    dubai = between("DXB", "AMS", trip=RollingDates(60))

    some = await duffel.search(dubai)
    none = await duffel.search(between("DXB", "AMS", trip=RollingDates(60), max_stops=0))

    assert min(quote.stops for quote in some.quotes) == (1,)
    assert (none.kind, none.detail) == (
        OutcomeKind.NO_FARES,
        "left out: 2 hidden by filters",
    )


async def test_the_route_without_offers_has_no_fares(duffel: Duffel) -> None:
    assert (await duffel.search(between("PVD", "RAI"))).kind is OutcomeKind.NO_FARES


async def test_the_route_that_times_out_is_unreachable(make_duffel: MakeDuffel) -> None:
    got = await make_duffel(timeout=0.3).search(between("STN", "LHR"))

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "timeout")


# The outcome that each fault of a search must come to.
OUTCOMES = {
    Fault.RATE_LIMIT: ("blocked", "rate limit"),
    Fault.EMPTY: ("no_fares", None),
    Fault.HTML: ("unreachable", "HTTP 502"),
    Fault.CUT_JSON: ("malformed", "unreadable JSON"),
    Fault.CUT_TRANSFER: ("malformed", "reply cut short"),
    Fault.NAN: ("malformed", "7 of 7 offers unreadable"),
    Fault.ZERO: ("malformed", "7 of 7 offers unreadable"),
    Fault.NEGATIVE: ("malformed", "7 of 7 offers unreadable"),
    Fault.BOMB: ("malformed", "reply too large"),
    Fault.SERVER_ERROR: ("unreachable", "Internal server error"),
    Fault.ERROR_INSIDE: ("unreachable", "Unexpected Airline Error"),
    Fault.RESET: ("unreachable", "connection lost"),
    Fault.KEY_REVOKED: ("rejected", "token refused: Access token not found; is DUFFEL_TOKEN right?"),
}


@pytest.mark.parametrize("fault", OUTCOMES)
async def test_a_fault_comes_to_its_typed_outcome_and_is_not_tried_again(
    duffel: Duffel, world: World, fault: Fault
) -> None:
    world.duffel.faults.plan(fault)

    got = await duffel.search(route())

    assert (got.kind.value, got.detail) == OUTCOMES[fault]
    assert got.quotes == ()
    assert len(searches(world)) == 1


async def test_a_price_in_another_currency_is_never_shown_under_the_asked_one(
    duffel: Duffel, world: World
) -> None:
    world.duffel.faults.plan(Fault.OTHER_CURRENCY)

    got = await duffel.search(route())

    assert {quote.total.currency for quote in got.quotes} == {"GBP"}


async def test_over_the_limit_it_rests_until_the_date_in_the_header(
    duffel: Duffel, world: World, clock: HandClock
) -> None:
    world.duffel.per_minute = 1

    first = await duffel.search(route())
    await clock.advance(15)
    refused = await duffel.search(route())
    resting = await duffel.search(route())
    asked = len(searches(world))
    await clock.advance(45)
    later = await duffel.search(route())

    assert (first.kind, refused.kind, resting.kind) == (
        OutcomeKind.QUOTES,
        OutcomeKind.BLOCKED,
        OutcomeKind.BLOCKED,
    )
    assert refused.retry_at == START + timedelta(seconds=60)
    assert (asked, later.kind) == (2, OutcomeKind.QUOTES)


async def test_a_refused_token_is_left_alone_for_a_while(make_duffel: MakeDuffel, world: World) -> None:
    duffel = make_duffel(token="duffel_live_canary")

    got = [await duffel.search(route()) for _ in range(3)]

    assert {one.kind for one in got} == {OutcomeKind.REJECTED}
    assert "canary" not in repr(got)
    assert len(searches(world)) == 1


async def test_a_day_that_has_passed_is_rejected_with_the_field_at_fault(duffel: Duffel) -> None:
    got = await duffel.search(route(trip=RollingDates(-1)))

    assert (got.kind, got.detail) == (
        OutcomeKind.REJECTED,
        "Invalid field, Field 'departure_date' is invalid",
    )


async def test_a_live_token_without_a_budget_asks_nothing_and_says_so(
    make_duffel: MakeDuffel, world: World, clock: HandClock
) -> None:
    budget = Budget("duffel", limits(LIVE_TOKEN, CallLimits()), NotCounted("no"), clock)

    got = await make_duffel(gate=gate(budget=budget)).search(route())

    assert (got.kind, got.detail) == (OutcomeKind.QUOTA, "your budget allows no calls")
    assert searches(world) == []


async def test_the_check_is_no_search_and_tells_a_good_token_from_a_bad_one(
    make_duffel: MakeDuffel, world: World
) -> None:
    good, test = await make_duffel().check(), await make_duffel(token=TEST_TOKEN).check()
    bad = await make_duffel(token="wrong").check()

    assert (good, test) == (None, None)
    assert bad is not None
    assert bad.kind is OutcomeKind.REJECTED
    assert (len(searches(world)), len(world.ledger.of("duffel", AIRLINES_PATH))) == (0, 3)


async def test_many_searches_at_once_are_answered_each(duffel: Duffel) -> None:
    got = await asyncio.gather(*(duffel.search(route(trip=RollingDates(30 + day, 7))) for day in range(20)))

    assert {one.kind for one in got} == {OutcomeKind.QUOTES}
