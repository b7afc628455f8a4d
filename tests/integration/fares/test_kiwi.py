"""The source `kiwi` over HTTP against the pretend service, with everything that can go wrong."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.domain.budget import CallLimits
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import Cabin, FixedDates
from engine.fares.budget import Budget, NotCounted
from engine.fares.sources.kiwi import DEFAULT_LIMITS, DEFAULT_PACE, Kiwi
from sandbox.faults import Fault
from sandbox.world import World
from tests.integration.fares.conftest import MakeKiwi
from tests.integration.fares.test_travelpayouts import OUT
from tests.support.build import eur, route
from tests.support.clock import START, HandClock
from tests.support.gates import gate


async def test_a_route_comes_back_with_the_fare_of_the_market(kiwi: Kiwi, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await kiwi.search(route())

    assert (got.kind, got.source, got.observed_at) == (OutcomeKind.QUOTES, "kiwi", START)
    assert got.quotes[0].total == eur(450)
    assert got.quotes[0].firm
    assert got.quotes[0].link == "https://on.kiwi.com/LONTYO_1"


async def test_the_total_is_for_the_whole_party(kiwi: Kiwi, world: World) -> None:
    world.market.pin("LON-TYO", Decimal("450.00"))

    got = await kiwi.search(route(adults=3))

    assert (got.quotes[0].total, got.quotes[0].firm) == (eur(1350), True)


async def test_one_way_and_without_a_stop(kiwi: Kiwi, world: World) -> None:
    got = await kiwi.search(route(trip=FixedDates(OUT), max_stops=0))

    assert {quote.stops for quote in got.quotes} == {(0,)}
    assert world.kiwi.asked[0]["max_sector_stopovers"] == 0
    assert "returnDate" not in world.kiwi.asked[0]


@pytest.mark.parametrize("cabin", Cabin)
async def test_every_cabin_is_understood(kiwi: Kiwi, cabin: Cabin) -> None:
    got = await kiwi.search(route(cabin=cabin))

    assert got.kind is OutcomeKind.QUOTES
    assert got.quotes[0].firm


async def test_the_call_is_made_as_described_without_a_key(kiwi: Kiwi, world: World) -> None:
    await kiwi.search(route())

    (entry,) = world.ledger.of("kiwi")
    assert (entry.method, entry.path) == ("POST", "/")
    assert entry.headers["Content-Type"] == "application/json"
    assert entry.headers["Accept"] == "application/json, text/event-stream"
    assert "Authorization" not in entry.headers


@pytest.mark.parametrize(
    ("fault", "kind", "detail"),
    [
        (Fault.ERROR_INSIDE, "rejected", "Search failed upstream"),
        (Fault.SERVER_ERROR, "unreachable", "HTTP 503"),
        (Fault.KEY_REVOKED, "blocked", "HTTP 403"),
        (Fault.HTML, "malformed", "HTML instead of JSON"),
        (Fault.CUT_JSON, "malformed", "no answer in the reply"),
        (Fault.CUT_TRANSFER, "malformed", "reply cut short"),
        (Fault.BOMB, "malformed", "reply too large"),
        (Fault.ZERO, "malformed", "7 of 7 itineraries unreadable"),
        (Fault.NEGATIVE, "malformed", "7 of 7 itineraries unreadable"),
        (Fault.EMPTY, "no_fares", None),
        (Fault.RESET, "unreachable", "connection lost"),
    ],
)
async def test_trouble_comes_to_its_outcome(
    kiwi: Kiwi, world: World, fault: Fault, kind: str, detail: str | None
) -> None:
    world.kiwi.faults.plan(fault)

    got = await kiwi.search(route())

    assert (got.kind, got.detail) == (OutcomeKind(kind), detail)


async def test_another_currency_is_never_shown_under_the_one_asked_for(kiwi: Kiwi, world: World) -> None:
    world.kiwi.faults.plan(Fault.OTHER_CURRENCY)

    got = await kiwi.search(route())

    assert {quote.total.currency for quote in got.quotes} == {"USD"}


async def test_who_is_told_to_slow_down_stays_away(kiwi: Kiwi, world: World, clock: HandClock) -> None:
    world.kiwi.faults.plan(Fault.RATE_LIMIT, retry_after="90")

    first = await kiwi.search(route())
    second = await kiwi.search(route(adults=2))
    await clock.advance(90)
    after = await kiwi.search(route())

    assert (first.kind, first.retry_at) == (OutcomeKind.BLOCKED, START + timedelta(seconds=90))
    assert (second.kind, after.kind) == (OutcomeKind.BLOCKED, OutcomeKind.QUOTES)
    assert len(world.ledger.of("kiwi")) == 2


async def test_silence_is_unreachable(make_kiwi: MakeKiwi, world: World) -> None:
    world.kiwi.faults.plan(Fault.HANG)

    got = await make_kiwi(timeout=0.1).search(route())

    assert (got.kind, got.detail) == (OutcomeKind.UNREACHABLE, "timeout")


async def test_it_is_asked_once_in_two_seconds(make_kiwi: MakeKiwi, world: World) -> None:
    slow = make_kiwi(gate=gate(DEFAULT_PACE))

    await asyncio.gather(slow.search(route()), slow.search(route(adults=2)))

    first, second = world.ledger.of("kiwi")
    assert second.started_at - first.started_at >= 1.9  # a busy machine notes arrivals late


async def test_without_a_call_left_nothing_is_asked(
    make_kiwi: MakeKiwi, world: World, clock: HandClock
) -> None:
    none_left = Budget("kiwi", CallLimits(per_day=0), NotCounted("no database"), clock)

    got: Outcome = await make_kiwi(gate=gate(budget=none_left)).search(route())

    assert got.kind is OutcomeKind.QUOTA
    assert got.retry_at is not None
    assert world.ledger.of("kiwi") == []
    assert DEFAULT_LIMITS.per_day == 300


async def test_a_check_asks_for_the_tools_and_is_no_search(make_kiwi: MakeKiwi, world: World) -> None:
    fine = await make_kiwi().check()
    gone = await make_kiwi(base_url=world.travelpayouts.base_url).check()

    assert fine is None
    assert world.kiwi.asked == []
    assert gone is not None
    assert gone.kind is OutcomeKind.REJECTED


async def test_the_raw_reply_can_be_kept(make_kiwi: MakeKiwi) -> None:
    kept: list[bytes] = []

    await make_kiwi(reply_tap=kept.append).search(route())

    assert [body[:21] for body in kept] == [b"event: message\ndata: "[:21]]
