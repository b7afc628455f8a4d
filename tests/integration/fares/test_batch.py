"""Fifty routes at once: what a batch may cost, counted at the pretend service."""

from datetime import timedelta

from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.domain.route import FixedDates, Route
from engine.fares.fetcher import Fetcher
from engine.http import open_session
from sandbox.amadeus import OFFERS_PATH, TOKEN_PATH
from sandbox.world import World
from tests.integration.fares.conftest import MakeAmadeus
from tests.support.build import route
from tests.support.clock import START, HandClock


def routes_of(world: World) -> list[Route]:
    depart_on = START.date() + timedelta(days=30)
    return [
        route(
            origin=Place.metro(pair[:3]),
            destination=Place.metro(pair[4:]),
            trip=FixedDates(depart_on, depart_on + timedelta(days=14)),
        )
        for pair in world.market.pairs
    ]


async def batch(make_amadeus: MakeAmadeus, world: World, concurrency: int) -> list[OutcomeKind]:
    async with open_session(limit=concurrency) as session:
        source = make_amadeus(session=session)
        fetcher = Fetcher([source], confirm_sources=[], concurrency=concurrency, clock=HandClock())
        return [outcome.kind async for _, outcome in fetcher.fan_out(routes_of(world))]


async def test_fifty_routes_are_all_in_flight_at_once_on_one_token(
    make_amadeus: MakeAmadeus, world: World
) -> None:
    world.amadeus.latency = (0.4, 0.5)  # long enough for the last request to arrive before the first reply

    kinds = await batch(make_amadeus, world, concurrency=100)

    assert kinds == [OutcomeKind.QUOTES] * 50
    assert len(world.ledger.of("amadeus", TOKEN_PATH)) == 1
    assert len(world.ledger.of("amadeus", OFFERS_PATH)) == 50
    assert world.ledger.high_water("amadeus") == 50
    assert world.ledger.connections("amadeus") <= 51


async def test_no_more_connections_are_opened_than_the_cap_allows(
    make_amadeus: MakeAmadeus, world: World
) -> None:
    world.amadeus.latency = (0.02, 0.03)

    kinds = await batch(make_amadeus, world, concurrency=8)

    assert kinds == [OutcomeKind.QUOTES] * 50
    assert world.ledger.high_water("amadeus") <= 8
    assert world.ledger.connections("amadeus") <= 8


async def test_equal_routes_cost_one_search(make_amadeus: MakeAmadeus, world: World) -> None:
    fetcher = Fetcher([make_amadeus()], confirm_sources=[], concurrency=10, clock=HandClock())

    got = [of async for of, _ in fetcher.fan_out([route()] * 20)]

    assert got == [route()] * 20
    assert len(world.ledger.of("amadeus", OFFERS_PATH)) == 1
