"""The source `travelpayouts` over HTTP against the pretend service, with everything that can go wrong."""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import aiohttp
import pytest

from engine.domain.budget import CallLimits
from engine.domain.places import Place
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Cabin, FixedDates, RollingDates, Route
from engine.fares.budget import Budget, NotCounted
from engine.fares.sources.travelpayouts import Travelpayouts
from sandbox.faults import Fault
from sandbox.ledger import Entry
from sandbox.travelpayouts import PRICES_PATH, TOKEN
from sandbox.world import World
from tests.integration.fares.conftest import MakeTravelpayouts
from tests.support.build import eur, route
from tests.support.clock import START, HandClock, settle
from tests.support.gates import gate

OUT = date(2027, 3, 10)


def asked(world: World) -> list[Entry]:
    return world.ledger.of("travelpayouts", PRICES_PATH)


def staying(days: int, **changes: object) -> Route:
    return route(trip=FixedDates(OUT, OUT + timedelta(days=days)), **changes)


async def search_all(source: Travelpayouts, routes: Iterable[Route]) -> list[Outcome]:
    return await asyncio.gather(*(source.search(of) for of in routes))


async def test_a_route_comes_back_with_what_somebody_was_shown(
    travelpayouts: Travelpayouts, world: World
) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await travelpayouts.search(route())

    assert (got.kind, got.source, got.source_kind) == (
        OutcomeKind.QUOTES,
        "travelpayouts",
        SourceKind.CACHED,
    )
    assert [quote.total for quote in got.quotes] == [eur(450), eur(518)]
    assert not any(quote.firm for quote in got.quotes)
    assert got.observed_at == START


async def test_everything_is_said_that_would_otherwise_be_guessed(
    travelpayouts: Travelpayouts, world: World
) -> None:
    await travelpayouts.search(route())

    (entry,) = asked(world)
    assert dict(entry.query) == {
        "origin": "LON",
        "destination": "TYO",
        "departure_at": "2027-03",
        "return_at": "2027-03",
        "one_way": "false",
        "direct": "false",
        "unique": "false",
        "sorting": "price",
        "currency": "eur",
        "market": "gb",
        "limit": "1000",
        "page": "1",
    }


async def test_the_token_goes_into_its_header_and_nowhere_else(
    travelpayouts: Travelpayouts, world: World
) -> None:
    await travelpayouts.search(route())

    (entry,) = asked(world)
    assert entry.headers["X-Access-Token"] == TOKEN
    assert TOKEN not in str(dict(entry.query))


async def test_one_way_fares_are_asked_for_as_such(travelpayouts: Travelpayouts, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("500.00"))

    got = await travelpayouts.search(route(trip=FixedDates(OUT)))

    assert got.quotes[0].total == eur(300)
    assert asked(world)[0].query["one_way"] == "true"
    assert "return_at" not in asked(world)[0].query


async def test_the_market_is_that_of_the_place_of_departure(
    make_travelpayouts: MakeTravelpayouts, world: World
) -> None:
    source = make_travelpayouts(market_of=lambda place: {"HYD": "in"}[place.code])

    await source.search(route(origin=Place.airport("HYD")))

    assert asked(world)[0].query["market"] == "in"


async def test_a_stay_of_thirty_days_is_asked_for_whole(travelpayouts: Travelpayouts, world: World) -> None:
    got = await travelpayouts.search(staying(30))

    assert (got.kind, got.quotes[0].estimated) == (OutcomeKind.QUOTES, False)
    assert [entry.query["one_way"] for entry in asked(world)] == ["false"]


async def test_a_longer_stay_is_a_sum_of_two_one_way_fares(
    travelpayouts: Travelpayouts, world: World
) -> None:
    world.market.pin("LON-TYO", Decimal("500.00"))
    world.market.pin("TYO-LON", Decimal("400.00"))

    got = await travelpayouts.search(staying(31))

    (quote,) = got.quotes
    assert (quote.total, quote.estimated) == (eur(300 + 240), True)
    assert [(entry.query["origin"], entry.query["departure_at"]) for entry in asked(world)] == [
        ("LON", "2027-03"),
        ("TYO", "2027-04"),
    ]


async def test_a_stay_that_the_service_does_not_take_whole_is_taken_in_halves(
    travelpayouts: Travelpayouts, world: World
) -> None:
    world.travelpayouts.longest_stay = -40

    got = await travelpayouts.search(staying(14))

    assert (got.kind, got.quotes[0].estimated) == (OutcomeKind.QUOTES, True)
    assert [entry.status for entry in asked(world)] == [400, 200, 200]


async def test_routes_of_one_month_share_one_page(travelpayouts: Travelpayouts, world: World) -> None:
    got = await search_all(travelpayouts, [staying(days, adults=1 + days % 3) for days in range(1, 20)])

    assert {one.kind for one in got} == {OutcomeKind.QUOTES}
    assert len(asked(world)) == 1


async def test_a_page_is_remembered_for_five_minutes(
    travelpayouts: Travelpayouts, world: World, clock: HandClock
) -> None:
    await travelpayouts.search(staying(7))
    await clock.advance(299)
    again = await travelpayouts.search(staying(8))
    while_remembered = len(asked(world))
    await clock.advance(1)
    anew = await travelpayouts.search(staying(8))

    assert (while_remembered, len(asked(world))) == (1, 2)
    assert (again.observed_at, anew.observed_at) == (START, START + timedelta(seconds=300))


@pytest.mark.parametrize(
    "other",
    [
        route(destination=Place.metro("NYC")),
        route(origin=Place.metro("PAR")),
        route(currency="USD"),
        route(trip=FixedDates(OUT)),
        route(trip=FixedDates(date(2027, 4, 10), date(2027, 4, 24))),
        route(trip=FixedDates(date(2027, 3, 28), date(2027, 4, 2))),
    ],
)
async def test_another_question_is_another_page(
    travelpayouts: Travelpayouts, world: World, other: Route
) -> None:
    await travelpayouts.search(route())
    await travelpayouts.search(other)

    assert len(asked(world)) == 2


async def test_a_failure_is_not_remembered(travelpayouts: Travelpayouts, world: World) -> None:
    world.travelpayouts.faults.plan(Fault.CUT_JSON)

    failed = await travelpayouts.search(route())
    got = await travelpayouts.search(route())

    assert (failed.kind, got.kind) == (OutcomeKind.MALFORMED, OutcomeKind.QUOTES)


async def test_a_page_goes_on_for_the_others_when_the_first_asker_leaves(
    travelpayouts: Travelpayouts, world: World
) -> None:
    world.travelpayouts.latency = (0.2, 0.2)
    first = asyncio.create_task(travelpayouts.search(staying(7)))
    second = asyncio.create_task(travelpayouts.search(staying(8)))
    await settle()
    first.cancel()

    got = await second

    assert got.kind is OutcomeKind.QUOTES
    assert len(asked(world)) == 1


async def test_a_full_page_is_followed_by_the_next(travelpayouts: Travelpayouts, world: World) -> None:
    world.travelpayouts.shelf = tuple((Decimal(n), 0) for n in range(1, 41))  # 31 days make 1240 rows

    got = await travelpayouts.search(route(trip=FixedDates(OUT)))

    assert [entry.query["page"] for entry in asked(world)] == ["1", "2"]
    assert len(got.quotes) == 40


async def test_of_a_month_without_end_three_pages_are_read(
    travelpayouts: Travelpayouts, world: World
) -> None:
    world.travelpayouts.shelf = tuple((Decimal(n), 0) for n in range(1, 201))

    await travelpayouts.search(route(trip=FixedDates(OUT)))

    assert len(asked(world)) == 3


async def test_only_the_currency_of_the_reply_counts(travelpayouts: Travelpayouts, world: World) -> None:
    world.travelpayouts.faults.plan(Fault.OTHER_CURRENCY)

    got = await travelpayouts.search(route())

    assert {quote.total.currency for quote in got.quotes} == {"RUB"}


@pytest.mark.parametrize("cabin", [Cabin.PREMIUM_ECONOMY, Cabin.BUSINESS, Cabin.FIRST])
async def test_other_cabins_are_rejected_in_words_without_a_call(
    travelpayouts: Travelpayouts, world: World, cabin: Cabin
) -> None:
    got = await travelpayouts.search(route(cabin=cabin))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "it knows economy fares only")
    assert asked(world) == []


async def test_a_past_date_is_rejected_and_never_no_fares(travelpayouts: Travelpayouts, world: World) -> None:
    gone = await travelpayouts.search(route(trip=RollingDates(-2, 7)))
    may_still_leave = await travelpayouts.search(route(trip=RollingDates(0, 7)))

    assert (gone.kind, gone.detail) == (OutcomeKind.REJECTED, "the day of departure has passed")
    assert may_still_leave.kind is OutcomeKind.QUOTES
    assert len(asked(world)) == 1


async def test_days_that_nobody_looked_for_are_no_fares(travelpayouts: Travelpayouts, world: World) -> None:
    world.travelpayouts.faults.plan(Fault.EMPTY)

    got = await travelpayouts.search(route())

    assert (got.kind, got.source_kind) == (OutcomeKind.NO_FARES, SourceKind.CACHED)


async def test_over_the_limit_it_rests_until_the_minute_ends(
    travelpayouts: Travelpayouts, world: World, clock: HandClock
) -> None:
    await clock.advance(20)
    world.travelpayouts.faults.plan(Fault.RATE_LIMIT)

    first = await travelpayouts.search(route())
    second = await travelpayouts.search(route(currency="USD"))
    calls_in_the_minute = len(asked(world))
    await clock.advance(42)
    after = await travelpayouts.search(route())

    assert (first.kind, first.detail) == (OutcomeKind.BLOCKED, "rate limit")
    assert first.retry_at == START + timedelta(seconds=62)
    assert (second.kind, calls_in_the_minute) == (OutcomeKind.BLOCKED, 1)
    assert after.kind is OutcomeKind.QUOTES


async def test_the_limit_itself_is_kept_to_by_who_asks_too_much(
    travelpayouts: Travelpayouts, world: World
) -> None:
    world.travelpayouts.per_minute = 3
    months = [route(trip=FixedDates(date(2027, month, 1))) for month in range(1, 7)]

    got = [(await travelpayouts.search(of)).kind for of in months]

    assert got == [OutcomeKind.QUOTES] * 3 + [OutcomeKind.BLOCKED] * 3
    assert len(asked(world)) == 4


@pytest.mark.parametrize("token", ["wrong-canary", ""])
async def test_a_wrong_token_is_rejected_in_words_without_it_and_not_shown_again(
    make_travelpayouts: MakeTravelpayouts, world: World, token: str
) -> None:
    source = make_travelpayouts(token=token)

    got = await source.search(route())
    await source.search(route(currency="USD"))

    assert (got.kind, got.retry_at) == (OutcomeKind.REJECTED, START + timedelta(minutes=10))
    assert got.detail == "token refused: Unauthorized; is TRAVELPAYOUTS_TOKEN right?"
    assert len(asked(world)) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "detail"),
    [
        (Fault.KEY_REVOKED, "rejected", "token refused: Forbidden; is TRAVELPAYOUTS_TOKEN right?"),
        (Fault.SERVER_ERROR, "unreachable", "Bad gateway"),
        (Fault.ERROR_INSIDE, "rejected", "something went wrong"),
        (Fault.HTML, "malformed", "HTML instead of JSON"),
        (Fault.CUT_JSON, "malformed", "unreadable JSON"),
        (Fault.CUT_TRANSFER, "malformed", "reply cut short"),
        (Fault.BOMB, "malformed", "reply too large"),
    ],
)
async def test_trouble_comes_to_its_outcome(
    travelpayouts: Travelpayouts, world: World, fault: Fault, kind: str, detail: str
) -> None:
    world.travelpayouts.faults.plan(fault)

    got = await travelpayouts.search(route())

    assert (got.kind, got.detail) == (OutcomeKind(kind), detail)
    assert got.source_kind is SourceKind.CACHED


@pytest.mark.parametrize("fault", [Fault.ZERO, Fault.NEGATIVE])
async def test_prices_that_are_none_are_malformed(
    travelpayouts: Travelpayouts, world: World, fault: Fault
) -> None:
    world.travelpayouts.faults.plan(fault)

    assert (await travelpayouts.search(route())).kind is OutcomeKind.MALFORMED


async def test_a_question_that_the_service_does_not_take_is_rejected(travelpayouts: Travelpayouts) -> None:
    got = await travelpayouts.search(route(currency="E2R", trip=FixedDates(OUT)))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "bad parameter currency")


async def test_silence_is_unreachable(make_travelpayouts: MakeTravelpayouts, world: World) -> None:
    world.travelpayouts.faults.plan(Fault.HANG)

    got = await make_travelpayouts(timeout=0.1).search(route())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "timeout")


async def test_without_a_call_left_nothing_is_asked(
    make_travelpayouts: MakeTravelpayouts, world: World, clock: HandClock
) -> None:
    none_left = Budget("travelpayouts", CallLimits(per_day=0), NotCounted("no database"), clock)

    got = await make_travelpayouts(gate=gate(budget=none_left)).search(route())

    assert (got.kind, got.detail) == (OutcomeKind.QUOTA, "your budget allows no calls")
    assert asked(world) == []


async def test_a_check_needs_one_call_and_says_what_is_wrong(
    make_travelpayouts: MakeTravelpayouts, world: World
) -> None:
    fine = await make_travelpayouts().check()
    wrong = await make_travelpayouts(token="x").check()

    assert fine is None
    assert wrong is not None
    assert wrong.kind is OutcomeKind.REJECTED
    assert len(asked(world)) == 2


async def test_the_raw_reply_can_be_kept(make_travelpayouts: MakeTravelpayouts) -> None:
    kept: list[bytes] = []

    await make_travelpayouts(reply_tap=kept.append).search(route())

    assert [body[:16] for body in kept] == [b'{"success":true,']


async def test_the_pretend_service_has_the_traps_of_the_real_one(
    session: aiohttp.ClientSession, world: World
) -> None:
    async def rows(**query: str) -> tuple[str, int]:
        url = world.travelpayouts.base_url + PRICES_PATH
        base = {"origin": "LON", "destination": "TYO", "departure_at": "2027-03"}
        async with session.get(url, params=base | query, headers={"X-Access-Token": TOKEN}) as reply:
            said = await reply.json()
        return said["currency"], len(said["data"])

    assert await rows() == ("rub", 30)
    assert await rows(currency="eur", limit="1000") == ("eur", 62)
    assert await rows(currency="eur", departure_at="2027-03-10") == ("eur", 1)
    assert await rows(currency="eur", departure_at="2020-03") == ("eur", 0)
    assert (await rows(return_at="2027-04"))[1] == 30  # one way all the same
