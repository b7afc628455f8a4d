"""The source `amadeus` over HTTP against the pretend service, with everything that can go wrong."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.domain.journey import some_days
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import RollingDates, Route
from engine.fares.pacing import Pace
from engine.fares.sources.amadeus import Amadeus
from engine.http import open_session
from sandbox.amadeus import OFFERS_PATH, TOKEN_PATH
from sandbox.faults import Fault
from sandbox.world import World
from tests.integration.fares.conftest import MakeAmadeus
from tests.support.build import eur, route
from tests.support.clock import START, HandClock
from tests.support.gates import gate
from tests.support.names import NamesNothing


def tokens_asked(world: World) -> int:
    return len(world.ledger.of("amadeus", TOKEN_PATH))


def searches_asked(world: World) -> int:
    return len(world.ledger.of("amadeus", OFFERS_PATH))


async def search_all(amadeus: Amadeus, routes: Iterable[Route]) -> list[Outcome]:
    return await asyncio.gather(*(amadeus.search(of) for of in routes))


def different(count: int) -> list[Route]:
    return [route(trip=RollingDates(days, 7)) for days in range(30, 30 + count)]


async def test_a_route_comes_back_with_the_fare_of_the_market(amadeus: Amadeus, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await amadeus.search(route())

    assert (got.kind, got.source, got.observed_at) == (OutcomeKind.QUOTES, "amadeus", START)
    assert got.quotes[0].total == eur(450)
    assert [quote.total for quote in got.quotes] == sorted(quote.total for quote in got.quotes)
    assert got.quotes[0].firm


async def test_the_total_is_for_the_whole_party(amadeus: Amadeus, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await amadeus.search(route(adults=3))

    assert got.quotes[0].total == eur(1350)


async def test_fifty_searches_share_one_token(amadeus: Amadeus, world: World) -> None:
    got = await search_all(amadeus, different(50))

    assert {one.kind for one in got} == {OutcomeKind.QUOTES}
    assert (tokens_asked(world), searches_asked(world)) == (1, 50)


async def test_a_token_is_refreshed_before_it_ends(amadeus: Amadeus, world: World, clock: HandClock) -> None:
    await amadeus.search(route())
    await clock.advance(1799 * 0.84)
    await amadeus.search(route())
    while_good = tokens_asked(world)

    await clock.advance(1799 * 0.02)
    await amadeus.search(route())

    assert (while_good, tokens_asked(world)) == (1, 2)


async def test_a_token_that_ended_early_is_replaced_and_the_search_repeated(
    amadeus: Amadeus, world: World
) -> None:
    world.amadeus.faults.plan(Fault.TOKEN_EXPIRED)

    got = await amadeus.search(route())

    assert got.kind is OutcomeKind.QUOTES
    assert (tokens_asked(world), searches_asked(world)) == (2, 2)


async def test_many_searches_with_an_ended_token_ask_for_one_new_one(amadeus: Amadeus, world: World) -> None:
    await amadeus.search(route())
    world.amadeus.faults.plan(Fault.TOKEN_EXPIRED, times=20)

    got = await search_all(amadeus, different(20))

    assert {one.kind for one in got} == {OutcomeKind.QUOTES}
    assert tokens_asked(world) == 2


async def test_a_token_refused_again_is_rejected_and_not_tried_a_third_time(
    amadeus: Amadeus, world: World
) -> None:
    world.amadeus.faults.plan(Fault.TOKEN_EXPIRED, times=None)

    got = await amadeus.search(route())

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "38192 Access token expired")
    assert (tokens_asked(world), searches_asked(world)) == (2, 2)


async def test_a_wrong_secret_is_rejected_in_words_without_the_secret(
    make_amadeus: MakeAmadeus, world: World
) -> None:
    amadeus = make_amadeus(
        base_url=world.amadeus.base_url + "/", client_id="someone", client_secret="canary-secret"
    )

    got = await search_all(amadeus, different(20))

    assert {one.kind for one in got} == {OutcomeKind.REJECTED}
    assert got[0].detail is not None
    assert got[0].detail.startswith("key refused")
    assert "17 July 2026" in got[0].detail
    assert "canary-secret" not in repr(got)
    assert (tokens_asked(world), searches_asked(world)) == (1, 0)


async def test_a_revoked_key_is_rejected_and_left_alone_for_a_while(
    amadeus: Amadeus, world: World, clock: HandClock
) -> None:
    world.amadeus.faults.plan(Fault.KEY_REVOKED)

    first = await amadeus.search(route())
    resting = await amadeus.search(route())
    asked_while_resting = searches_asked(world)
    await clock.advance(600)
    later = await amadeus.search(route())

    assert first.kind is resting.kind is OutcomeKind.REJECTED
    assert asked_while_resting == 1
    assert later.kind is OutcomeKind.QUOTES


# The outcome that each fault of a search must come to.
OUTCOMES = {
    Fault.QUOTA: ("quota", "38195 monthly quota"),
    Fault.RATE_LIMIT: ("blocked", "38194 rate limit"),
    Fault.EMPTY: ("no_fares", None),
    Fault.HTML: ("malformed", "HTML instead of JSON"),
    Fault.CUT_JSON: ("malformed", "unreadable JSON"),
    Fault.CUT_TRANSFER: ("malformed", "reply cut short"),
    Fault.NAN: ("malformed", "7 of 7 offers unreadable"),
    Fault.ZERO: ("malformed", "7 of 7 offers unreadable"),
    Fault.NEGATIVE: ("malformed", "7 of 7 offers unreadable"),
    Fault.BOMB: ("malformed", "reply too large"),
    Fault.SERVER_ERROR: ("unreachable", "38189 Internal error"),
}


@pytest.mark.parametrize("fault", OUTCOMES)
async def test_a_fault_comes_to_its_typed_outcome(amadeus: Amadeus, world: World, fault: Fault) -> None:
    world.amadeus.faults.plan(fault)

    got = await amadeus.search(route())

    assert (got.kind.value, got.detail) == OUTCOMES[fault]
    assert got.quotes == ()


@pytest.mark.parametrize("fault", [fault for fault in OUTCOMES if fault is not Fault.QUOTA])
async def test_after_a_fault_the_next_search_is_good_again(
    amadeus: Amadeus, world: World, fault: Fault
) -> None:
    world.amadeus.faults.plan(fault)
    await amadeus.search(route())

    assert (await amadeus.search(route())).kind is OutcomeKind.QUOTES


async def test_trouble_on_one_route_leaves_the_others_alone(amadeus: Amadeus, world: World) -> None:
    bad, *good = different(6)
    world.amadeus.faults.plan(
        Fault.HTML, when={"departureDate": some_days(bad.trip.on(START.date())).depart_on.isoformat()}
    )

    got = await search_all(amadeus, [bad, *good])

    assert [one.kind.value for one in got] == ["malformed", *["quotes"] * 5]


async def test_a_price_in_another_currency_is_never_shown_under_the_asked_one(
    amadeus: Amadeus, world: World
) -> None:
    world.amadeus.faults.plan(Fault.OTHER_CURRENCY)

    got = await amadeus.search(route())

    assert {quote.total.currency for quote in got.quotes} == {"USD"}


async def test_a_rate_limit_is_honoured_until_its_time_is_over(
    amadeus: Amadeus, world: World, clock: HandClock
) -> None:
    world.amadeus.faults.plan(Fault.RATE_LIMIT, retry_after="30")

    first = await amadeus.search(route())
    resting = await amadeus.search(route())
    asked_while_resting = searches_asked(world)
    await clock.advance(30)
    later = await amadeus.search(route())

    assert first.retry_at == resting.retry_at == START + timedelta(seconds=30)
    assert (asked_while_resting, later.kind) == (1, OutcomeKind.QUOTES)


async def test_who_already_queues_goes_home_when_the_source_says_to_stay_away(
    make_amadeus: MakeAmadeus, world: World, clock: HandClock
) -> None:
    slow = make_amadeus(gate=gate(Pace.parse("20/1s"), clock=clock))
    world.amadeus.faults.plan(Fault.RATE_LIMIT, retry_after="30")

    got = await search_all(slow, different(40))

    assert {one.kind for one in got} == {OutcomeKind.BLOCKED}
    # The answer may take a turn or two to come back; nobody goes after it came.
    assert searches_asked(world) <= 3


async def test_a_spent_quota_is_not_tried_before_next_month(amadeus: Amadeus, world: World) -> None:
    world.amadeus.faults.plan(Fault.QUOTA)

    await search_all(amadeus, different(1))
    got = await search_all(amadeus, different(10))

    assert {one.kind for one in got} == {OutcomeKind.QUOTA}
    assert searches_asked(world) == 1


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
async def test_a_reply_that_never_ends_is_cut_by_the_deadline(
    make_amadeus: MakeAmadeus, world: World, fault: Fault
) -> None:
    hurried = make_amadeus(timeout=0.3)
    world.amadeus.faults.plan(fault)

    got = await hurried.search(route())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "timeout")


async def test_a_lost_connection_is_tried_once_more(amadeus: Amadeus, world: World) -> None:
    world.amadeus.faults.plan(Fault.RESET)

    got = await amadeus.search(route())

    assert (got.kind, searches_asked(world)) == (OutcomeKind.QUOTES, 2)


async def test_a_connection_lost_twice_is_unreachable(amadeus: Amadeus, world: World) -> None:
    world.amadeus.faults.plan(Fault.RESET, times=2)

    got = await amadeus.search(route())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "connection lost")


@pytest.mark.parametrize(
    ("fault", "kind", "detail"),
    [
        (Fault.SERVER_ERROR, "unreachable", "38189 Internal error"),
        (Fault.HTML, "malformed", "unreadable token reply"),
        (Fault.RATE_LIMIT, "blocked", "38194 rate limit"),
        (Fault.RESET, "unreachable", "connection lost"),
    ],
)
async def test_a_token_that_cannot_be_had_is_a_typed_outcome(
    amadeus: Amadeus, world: World, fault: Fault, kind: str, detail: str
) -> None:
    world.amadeus.token_faults.plan(fault)

    got = await amadeus.search(route())

    assert (got.kind.value, got.detail, searches_asked(world)) == (kind, detail, 0)


async def test_a_token_reply_without_a_token_is_malformed(amadeus: Amadeus, world: World) -> None:
    world.amadeus.token_faults.plan(Fault.EMPTY)

    assert (await amadeus.search(route())).kind is OutcomeKind.MALFORMED


async def test_nobody_at_the_door_is_unreachable(make_amadeus: MakeAmadeus, unused_tcp_port: int) -> None:
    got = await make_amadeus(base_url=f"http://127.0.0.1:{unused_tcp_port}").search(route())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "connection refused")


async def test_a_host_without_a_name_says_that_the_service_closed(make_amadeus: MakeAmadeus) -> None:
    async with open_session(limit=5, resolver=NamesNothing()) as session:
        got = await make_amadeus(session=session, base_url="https://api.amadeus.com").search(route())

    assert got.kind is OutcomeKind.UNREACHABLE
    assert got.detail == "host not found: the Amadeus Self-Service API closed on 17 July 2026"


async def test_a_past_date_is_rejected_in_the_services_own_words(amadeus: Amadeus) -> None:
    got = await amadeus.search(route(trip=RollingDates(-1)))

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "425 INVALID DATE")


async def test_the_raw_reply_can_be_kept(make_amadeus: MakeAmadeus) -> None:
    kept: list[bytes] = []
    amadeus = make_amadeus(reply_tap=kept.append)

    await amadeus.search(route())

    assert len(kept) == 1
    assert kept[0].startswith(b'{"meta"')
