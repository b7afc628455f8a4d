"""The source `tequila` over HTTP against the pretend service, with everything that can go wrong."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.budget import CallLimits
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.domain.route import Cabin, FixedDates, RollingDates
from engine.fares.budget import Budget, NotCounted
from engine.fares.sources.tequila import DEFAULT_PACE, Tequila
from sandbox.faults import Fault
from sandbox.tequila import API_KEY, PLACES_PATH, SEARCH_PATH
from sandbox.world import World
from tests.integration.fares.conftest import MakeTequila
from tests.support.build import eur, route
from tests.support.clock import START, HandClock
from tests.support.gates import gate

KEY_REFUSED = "Tequila: key refused (by invitation only)"


def asked(world: World) -> int:
    return len(world.ledger.of("tequila", SEARCH_PATH))


async def test_a_route_comes_back_with_the_fare_of_the_market(tequila: Tequila, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await tequila.search(route())

    assert (got.kind, got.source, got.observed_at) == (OutcomeKind.QUOTES, "tequila", START)
    assert got.quotes[0].total == eur(450)
    assert got.quotes[0].firm
    # The cheapest of all was a fare that hides a city.
    assert got.detail == "left out: 1 hidden-city or throw-away"


async def test_what_is_made_of_two_tickets_says_so(tequila: Tequila) -> None:
    got = await tequila.search(route())

    assert [quote.self_transfer for quote in got.quotes] == [False, False, True, False, False, True, False]


async def test_a_link_longer_than_a_button_takes_is_kept_whole(tequila: Tequila) -> None:
    got = await tequila.search(route())

    assert {len(quote.link or "") > 512 for quote in got.quotes} == {True}


async def test_the_times_are_those_of_the_places(tequila: Tequila) -> None:
    got = await tequila.search(route())

    out, back = (slice_.segments[0].departs.reading.date() for slice_ in got.quotes[0].slices)
    assert (out, back) == (date(2027, 3, 10), date(2027, 3, 24))


async def test_the_total_is_for_the_whole_party(tequila: Tequila, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await tequila.search(route(adults=3))

    assert (got.quotes[0].total, got.quotes[0].firm) == (eur(1350), True)


async def test_a_currency_is_always_asked_for(tequila: Tequila, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await tequila.search(route(currency="INR"))

    assert got.quotes[0].total == Money(4_140_000, "INR")
    assert world.ledger.of("tequila")[0].query["curr"] == "INR"


async def test_the_key_travels_in_its_header_only(tequila: Tequila, world: World) -> None:
    await tequila.search(route())

    [entry] = world.ledger.of("tequila")
    assert (entry.method, entry.path, entry.headers["apikey"]) == ("GET", "/v2/search", API_KEY)
    assert API_KEY not in str(entry.query)


@pytest.mark.parametrize("cabin", Cabin)
async def test_every_cabin_is_understood(tequila: Tequila, cabin: Cabin) -> None:
    got = await tequila.search(route(cabin=cabin))

    assert got.kind is OutcomeKind.QUOTES
    assert got.quotes[0].firm


@pytest.mark.parametrize("most", [0, 1, 2])
async def test_one_way_with_few_stops(tequila: Tequila, most: int) -> None:
    got = await tequila.search(route(trip=FixedDates(date(2027, 3, 10)), max_stops=most))

    assert max(quote.stops for quote in got.quotes) == (most,)


async def test_airports_are_asked_for_as_airports(tequila: Tequila, world: World) -> None:
    got = await tequila.search(route(origin=Place.airport("LHR"), destination=Place.airport("HND")))

    assert got.kind is OutcomeKind.QUOTES
    assert world.ledger.of("tequila")[0].query["fly_to"] == "airport:HND"


@pytest.mark.parametrize(
    ("fault", "kind", "detail"),
    [
        (Fault.SERVER_ERROR, "unreachable", "HTTP 500"),
        (Fault.PLAIN_TEXT, "rejected", "HTTP 400"),
        (Fault.UNKNOWN_PLACE, "rejected", "fly_from: Not recognized location city LON"),
        (Fault.KEY_REVOKED, "rejected", KEY_REFUSED),
        (Fault.HTML, "malformed", "HTML instead of JSON"),
        (Fault.CUT_JSON, "malformed", "unreadable JSON"),
        (Fault.CUT_TRANSFER, "malformed", "reply cut short"),
        (Fault.BOMB, "malformed", "reply too large"),
        (Fault.ZERO, "malformed", "8 of 8 itineraries unreadable"),
        (Fault.NEGATIVE, "malformed", "8 of 8 itineraries unreadable"),
        (Fault.EMPTY, "no_fares", None),
    ],
)
async def test_trouble_comes_to_its_outcome(
    tequila: Tequila, world: World, fault: Fault, kind: str, detail: str | None
) -> None:
    world.tequila.faults.plan(fault)

    got = await tequila.search(route())

    assert (got.kind, got.detail, got.quotes) == (OutcomeKind(kind), detail, ())


async def test_two_megabytes_are_read_to_the_cheapest(tequila: Tequila, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))
    world.tequila.faults.plan(Fault.HUGE)

    got = await tequila.search(route())

    assert (got.quotes[0].total, len(got.quotes)) == (eur(450), 50)


async def test_another_currency_is_never_shown_under_the_one_asked_for(
    tequila: Tequila, world: World
) -> None:
    world.tequila.faults.plan(Fault.OTHER_CURRENCY)

    got = await tequila.search(route())

    assert {quote.total.currency for quote in got.quotes} == {"USD"}


@pytest.mark.parametrize("status", [400, 403])
async def test_a_stranger_is_told_so_in_words_and_asks_once(
    make_tequila: MakeTequila, world: World, clock: HandClock, status: int
) -> None:
    world.tequila.refusal_status = status
    tequila = make_tequila(api_key="canary-key")

    first = await tequila.search(route())
    second = await tequila.search(route(adults=2))
    before = asked(world)
    await clock.advance(600)
    await tequila.search(route())

    assert (first.kind, first.detail) == (second.kind, second.detail) == (OutcomeKind.REJECTED, KEY_REFUSED)
    assert "canary-key" not in repr((first, second))
    assert (before, asked(world)) == (1, 2)


async def test_a_wrong_parameter_is_named(tequila: Tequila) -> None:
    got = await tequila.search(route(trip=RollingDates(-1)))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "date_from: Date is in the past.")


async def test_parameters_are_looked_at_before_the_key(make_tequila: MakeTequila) -> None:
    got = await make_tequila(api_key="stranger").search(route(trip=RollingDates(-1)))

    assert got.detail == "date_from: Date is in the past."


async def test_who_is_told_to_slow_down_stays_away(tequila: Tequila, world: World, clock: HandClock) -> None:
    world.tequila.faults.plan(Fault.RATE_LIMIT, retry_after="90")

    first = await tequila.search(route())
    second = await tequila.search(route(adults=2))
    await clock.advance(90)
    after = await tequila.search(route())

    assert (first.kind, first.retry_at) == (OutcomeKind.BLOCKED, START + timedelta(seconds=90))
    assert (second.kind, after.kind, asked(world)) == (OutcomeKind.BLOCKED, OutcomeKind.QUOTES, 2)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
async def test_a_reply_that_never_ends_is_cut_by_the_deadline(
    make_tequila: MakeTequila, world: World, fault: Fault
) -> None:
    world.tequila.faults.plan(fault)

    got = await make_tequila(timeout=0.2).search(route())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "timeout")


async def test_it_is_asked_twice_a_second(make_tequila: MakeTequila, world: World) -> None:
    slow = make_tequila(gate=gate(DEFAULT_PACE))

    await asyncio.gather(slow.search(route()), slow.search(route(adults=2)))

    first, second = world.ledger.of("tequila")
    # Arrivals, not departures: on a busy machine the first may be noted late.
    assert second.started_at - first.started_at >= 0.4


async def test_without_a_call_left_nothing_is_asked(
    make_tequila: MakeTequila, world: World, clock: HandClock
) -> None:
    none_left = Budget("tequila", CallLimits(per_month=0), NotCounted("no database"), clock)

    got = await make_tequila(gate=gate(budget=none_left)).search(route())

    assert (got.kind, asked(world)) == (OutcomeKind.QUOTA, 0)


async def test_a_check_looks_a_place_up_and_is_no_search(make_tequila: MakeTequila, world: World) -> None:
    fine = await make_tequila().check()
    refused = await make_tequila(api_key="stranger").check()

    assert fine is None
    assert refused is not None
    assert (refused.kind, refused.detail) == (OutcomeKind.REJECTED, KEY_REFUSED)
    assert [entry.path for entry in world.ledger.of("tequila")] == [PLACES_PATH, PLACES_PATH]


async def test_the_raw_reply_can_be_kept(make_tequila: MakeTequila) -> None:
    kept: list[bytes] = []

    await make_tequila(reply_tap=kept.append).search(route())

    assert [body[:12] for body in kept] == [b'{"search_id"']
