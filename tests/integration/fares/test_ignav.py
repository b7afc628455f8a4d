"""The source `ignav` over HTTP against the pretend service, with everything that can go wrong."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.budget import CallLimits
from engine.domain.judgement import Look
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.domain.route import Cabin, FixedDates, RollingDates, Route
from engine.domain.usable import best_quote
from engine.fares.budget import Budget
from engine.fares.sources.ignav import DEFAULT_LIMITS, DEFAULT_PACE, Ignav
from sandbox.faults import Fault
from sandbox.ignav import AIRPORTS_PATH, API_KEY, ONE_WAY_PATH, ROUND_TRIP_PATH
from sandbox.world import World
from tests.integration.fares.conftest import MakeIgnav
from tests.support.build import eur, route
from tests.support.clock import START, HandClock
from tests.support.counts import Counts
from tests.support.gates import gate


def by_airport(**changes: object) -> Route:
    return route(origin=Place.airport("LHR"), destination=Place.airport("HND"), **changes)


def asked_pairs(world: World) -> list[tuple[object, object]]:
    return [(body["origin"], body["destination"]) for body in world.ignav.asked]


async def test_a_route_comes_back_with_the_fare_of_the_market(ignav: Ignav, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await ignav.search(by_airport())

    assert (got.kind, got.source, got.observed_at) == (OutcomeKind.QUOTES, "ignav", START)
    assert got.quotes[0].total == eur(450)
    assert got.quotes[0].firm
    assert got.quotes[0].link is None
    assert asked_pairs(world) == [("LHR", "HND")]


async def test_the_total_is_for_the_whole_party(ignav: Ignav, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await ignav.search(by_airport(adults=3))

    assert (got.quotes[0].total, got.quotes[0].firm) == (eur(1350), True)


async def test_the_call_is_made_as_described(ignav: Ignav, world: World) -> None:
    await ignav.search(by_airport(max_stops=1))

    [entry] = world.ledger.of("ignav")
    assert (entry.method, entry.path, entry.headers["X-Api-Key"]) == ("POST", ROUND_TRIP_PATH, API_KEY)
    assert entry.headers["Content-Type"] == "application/json"
    assert world.ignav.asked == [
        {
            "origin": "LHR",
            "destination": "HND",
            "departure_date": "2027-03-10",
            "return_date": "2027-03-24",
            "adults": 1,
            "cabin_class": "economy",
            "max_stops": 1,
            "market": "DE",
        }
    ]


async def test_one_way_goes_to_a_door_of_its_own(ignav: Ignav, world: World) -> None:
    got = await ignav.search(by_airport(trip=FixedDates(date(2027, 3, 10)), max_stops=0))

    assert {quote.stops for quote in got.quotes} == {(0,)}
    assert [entry.path for entry in world.ledger.of("ignav")] == [ONE_WAY_PATH]


@pytest.mark.parametrize("cabin", Cabin)
async def test_every_cabin_is_understood(ignav: Ignav, cabin: Cabin) -> None:
    got = await ignav.search(by_airport(cabin=cabin))

    assert got.kind is OutcomeKind.QUOTES
    assert got.quotes[0].firm


async def test_a_city_is_asked_for_by_its_two_largest_airports(ignav: Ignav, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await ignav.search(route())

    assert sorted(asked_pairs(world)) == [("LGW", "HND"), ("LGW", "NRT"), ("LHR", "HND"), ("LHR", "NRT")]
    assert got.quotes[0].total == eur(450)
    assert got.quotes[0].slices[0].segments[0].origin == "LHR"
    assert [quote.total for quote in got.quotes] == sorted(quote.total for quote in got.quotes)
    assert {quote.slices[0].segments[0].origin for quote in got.quotes} == {"LHR", "LGW"}


async def test_nothing_at_the_largest_airports_is_not_nothing_at_all(ignav: Ignav, world: World) -> None:
    world.ignav.faults.plan(Fault.EMPTY, times=4)

    got = await ignav.search(route())

    assert got.kind is OutcomeKind.REJECTED
    assert got.detail == "nothing between the largest airports (4 of 6 pairs asked)"


async def test_nothing_at_all_airports_is_no_fares(ignav: Ignav, world: World) -> None:
    world.ignav.faults.plan(Fault.EMPTY, times=2)

    got = await ignav.search(route(origin=Place.metro("PAR")))

    assert (got.kind, got.detail, len(world.ignav.asked)) == (OutcomeKind.NO_FARES, None, 2)


async def test_what_some_airports_found_stands_whatever_became_of_the_others(
    ignav: Ignav, world: World
) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))
    world.ignav.faults.plan(Fault.UPSTREAM, when={"origin": "LGW"}, times=2)

    got = await ignav.search(route())

    assert (got.kind, got.quotes[0].total) == (OutcomeKind.QUOTES, eur(450))
    assert got.detail == (
        "left out: 2 pairs of airports without an answer (The request could not be completed.)"
    )


async def test_an_empty_half_beside_a_failed_one_is_a_failure(ignav: Ignav, world: World) -> None:
    world.ignav.faults.plan(Fault.EMPTY, when={"origin": "CDG", "destination": "HND"})
    world.ignav.faults.plan(Fault.UPSTREAM, when={"origin": "CDG", "destination": "NRT"})

    got = await ignav.search(route(origin=Place.metro("PAR")))

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "The request could not be completed.")


@pytest.mark.parametrize(
    ("currency", "total"), [("USD", Money(49_500, "USD")), ("INR", Money(4_140_000, "INR"))]
)
async def test_the_market_decides_the_currency(
    ignav: Ignav, world: World, currency: str, total: Money
) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await ignav.search(by_airport(currency=currency))

    assert got.quotes[0].total == total


async def test_money_of_no_one_country_costs_no_call(ignav: Ignav, world: World) -> None:
    got = await ignav.search(by_airport(currency="XAF"))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "no market of it sells in XAF")
    assert world.ledger.of("ignav") == []


async def test_a_market_that_it_does_not_have_is_named(ignav: Ignav) -> None:
    got = await ignav.search(by_airport(currency="SEK"))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "market: market is not supported.")


async def test_another_currency_keeps_its_own_and_is_not_judged(ignav: Ignav, world: World) -> None:
    world.ignav.faults.plan(Fault.OTHER_CURRENCY)

    got = await ignav.search(by_airport())

    assert {quote.total.currency for quote in got.quotes} == {"SEK"}
    assert best_quote(Look(route=by_airport(), outcome=got, at=START), START).quote is None


async def test_unverified_prices_are_leads(ignav: Ignav, world: World) -> None:
    world.ignav.faults.plan(Fault.UNVERIFIED)

    got = await ignav.search(by_airport())

    assert {quote.firm for quote in got.quotes} == {False}


async def test_the_newer_shape_says_the_same(ignav: Ignav, world: World) -> None:
    older = await ignav.search(by_airport())
    world.ignav.faults.plan(Fault.OTHER_SHAPE)

    assert await ignav.search(by_airport()) == older


async def test_a_self_transfer_is_labelled(ignav: Ignav) -> None:
    got = await ignav.search(by_airport())

    assert [quote.self_transfer for quote in got.quotes] == [False, False, True, False, False, True, False]


@pytest.mark.parametrize(
    ("fault", "kind", "detail"),
    [
        (
            Fault.QUOTA,
            "quota",
            "its free calls are used up, and no billing is set up at ignav.com/dashboard",
        ),
        (
            Fault.EMAIL_UNVERIFIED,
            "rejected",
            "the account's e-mail address is not verified: follow the link that Ignav sent",
        ),
        (Fault.KEY_REVOKED, "rejected", "key refused"),
        (Fault.UPSTREAM, "unreachable", "The request could not be completed."),
        (Fault.SERVER_ERROR, "unreachable", "Something went wrong."),
        (Fault.HTML, "malformed", "HTML instead of JSON"),
        (Fault.CUT_JSON, "malformed", "unreadable JSON"),
        (Fault.CUT_TRANSFER, "malformed", "reply cut short"),
        (Fault.BOMB, "malformed", "reply too large"),
        (Fault.ZERO, "malformed", "7 of 7 itineraries unreadable"),
        (Fault.NEGATIVE, "malformed", "7 of 7 itineraries unreadable"),
        (Fault.RESET, "unreachable", "connection lost"),
        (Fault.EMPTY, "no_fares", None),
    ],
)
async def test_trouble_comes_to_its_outcome(
    ignav: Ignav, world: World, fault: Fault, kind: str, detail: str | None
) -> None:
    world.ignav.faults.plan(fault)

    got = await ignav.search(by_airport())

    assert (got.kind, got.detail, got.quotes) == (OutcomeKind(kind), detail, ())


@pytest.mark.parametrize(("fault", "rest_s"), [(Fault.QUOTA, 3600), (Fault.EMAIL_UNVERIFIED, 600)])
async def test_a_state_of_the_account_is_not_asked_about_at_every_look(
    ignav: Ignav, world: World, clock: HandClock, fault: Fault, rest_s: int
) -> None:
    world.ignav.faults.plan(fault)

    first = await ignav.search(by_airport())
    resting = await ignav.search(by_airport(adults=2))
    before = len(world.ignav.asked)
    await clock.advance(rest_s)
    after = await ignav.search(by_airport())

    assert first.kind is resting.kind
    assert (before, after.kind) == (1, OutcomeKind.QUOTES)


async def test_what_fails_upstream_may_be_asked_again_at_once(ignav: Ignav, world: World) -> None:
    world.ignav.faults.plan(Fault.UPSTREAM)

    first, second = await ignav.search(by_airport()), await ignav.search(by_airport())

    assert (first.retry_at, second.kind) == (None, OutcomeKind.QUOTES)


async def test_who_is_told_to_slow_down_stays_away(ignav: Ignav, world: World, clock: HandClock) -> None:
    world.ignav.faults.plan(Fault.RATE_LIMIT, retry_after="90")

    first = await ignav.search(by_airport())
    second = await ignav.search(by_airport(adults=2))
    await clock.advance(90)
    after = await ignav.search(by_airport())

    assert (first.kind, first.retry_at) == (OutcomeKind.BLOCKED, START + timedelta(seconds=90))
    assert (second.kind, after.kind) == (OutcomeKind.BLOCKED, OutcomeKind.QUOTES)


async def test_silence_is_unreachable(make_ignav: MakeIgnav, world: World) -> None:
    world.ignav.faults.plan(Fault.HANG)

    got = await make_ignav(timeout=0.1).search(by_airport())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "timeout")


async def test_a_past_day_is_refused_with_its_field(ignav: Ignav) -> None:
    got = await ignav.search(by_airport(trip=RollingDates(-1)))

    assert (got.kind, got.detail) == (
        OutcomeKind.REJECTED,
        "departure_date: Dates must be in the future and in order.",
    )


@pytest.mark.parametrize("faults", [{}, {"fault": Fault.EMPTY}, {"fault": Fault.UPSTREAM}], ids=str)
async def test_every_search_is_counted_for_a_billed_call_even_an_empty_one(
    make_ignav: MakeIgnav, world: World, clock: HandClock, faults: Mapping[str, Fault]
) -> None:
    for fault in faults.values():
        world.ignav.faults.plan(fault)
    counts = Counts()

    await make_ignav(gate=gate(budget=Budget("ignav", DEFAULT_LIMITS, counts, clock))).search(by_airport())

    assert counts.of["ignav"].ever == 1


async def test_after_the_free_calls_nothing_is_asked(
    make_ignav: MakeIgnav, world: World, clock: HandClock
) -> None:
    ignav = make_ignav(gate=gate(budget=Budget("ignav", CallLimits(in_total=3), Counts(), clock)))

    first = await ignav.search(route())
    second = await ignav.search(by_airport())

    assert (first.kind, len(world.ignav.asked)) == (OutcomeKind.QUOTES, 3)
    assert second.kind is OutcomeKind.QUOTA
    assert CallLimits(in_total=1000) == DEFAULT_LIMITS


async def test_it_is_asked_twice_a_second(make_ignav: MakeIgnav, world: World) -> None:
    slow = make_ignav(gate=gate(DEFAULT_PACE))

    await asyncio.gather(slow.search(by_airport()), slow.search(by_airport(adults=2)))

    first, second = world.ledger.of("ignav")
    assert second.started_at - first.started_at >= 0.4  # a busy machine notes arrivals late


async def test_a_check_looks_an_airport_up_and_is_no_search(make_ignav: MakeIgnav, world: World) -> None:
    fine = await make_ignav().check()
    refused = await make_ignav(api_key="canary-key").check()

    assert fine is None
    assert refused is not None
    assert (refused.kind, refused.detail) == (OutcomeKind.REJECTED, "key refused")
    assert "canary-key" not in repr(refused)
    assert [entry.path for entry in world.ledger.of("ignav")] == [AIRPORTS_PATH, AIRPORTS_PATH]


async def test_the_raw_reply_can_be_kept(make_ignav: MakeIgnav) -> None:
    kept: list[bytes] = []

    await make_ignav(reply_tap=kept.append).search(by_airport())

    assert [body[:9] for body in kept] == [b'{"origin"']
