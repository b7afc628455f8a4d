"""Tequila and Ignav as the settings join them: with the places and the budgets of the engine."""

import asyncio
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.gazetteer import Gazetteer
from engine.settings import Settings
from engine.sourcing import open_fetcher
from engine.store.database import Store
from sandbox import ignav, tequila
from sandbox.faults import Fault
from sandbox.world import World, open_world
from tests.support.build import eur, route
from tests.support.clock import HandClock


def settings(folder: Path, world: World, *sources: str) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder / 'fares.db'}",
        tequila_api_key=SecretStr(tequila.API_KEY),
        tequila_endpoint=world.tequila.base_url,
        ignav_api_key=SecretStr(ignav.API_KEY),
        ignav_base_url=world.ignav.base_url,
        fare_sources=sources,
    )


async def test_a_city_is_asked_of_ignav_by_its_largest_airports_and_each_pair_is_counted(
    tmp_path: Path,
) -> None:
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    clock = HandClock()
    async with open_world(latency=(0.0, 0.0), clock=clock) as world:
        world.market.pin("LON-TYO", Decimal(450))
        wanted = settings(tmp_path, world, "ignav")
        async with open_fetcher(wanted, clock, gazetteer) as fetcher:
            got = await fetcher.fetch(route())
        async with Store.open(wanted.database_url, clock) as store:
            made = await store.calls.made("ignav")

    assert got.kind is OutcomeKind.QUOTES
    assert got.quotes[0].total == eur(450)
    asked = {(body["origin"], body["destination"]) for body in world.ignav.asked}
    assert asked == {("LHR", "HND"), ("LHR", "NRT"), ("LGW", "HND"), ("LGW", "NRT")}
    assert made is not None
    assert made.ever == 4


async def test_a_stranger_at_tequila_leaves_the_look_to_the_next_source(tmp_path: Path) -> None:
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    clock = HandClock()
    of = route(origin=Place.airport("LHR"), destination=Place.airport("HND"))
    async with open_world(latency=(0.0, 0.0), clock=clock) as world:
        world.tequila.faults.plan(Fault.KEY_REVOKED)
        wanted = settings(tmp_path, world, "tequila", "ignav")
        async with open_fetcher(wanted, clock, gazetteer) as fetcher:
            first, second = await fetcher.fetch(of), await fetcher.fetch(of)

    assert (first.source, second.source) == ("ignav", "ignav")
    assert len(world.ledger.of("tequila")) == 1


async def test_both_confirm_in_the_order_of_the_settings(tmp_path: Path) -> None:
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    clock = HandClock()
    async with (
        open_world(latency=(0.0, 0.0), clock=clock) as world,
        open_fetcher(settings(tmp_path, world, "tequila", "ignav"), clock, gazetteer) as fetcher,
    ):
        got = await fetcher.confirm(route())

    assert got is not None
    assert (got.source, got.quotes[0].firm, world.ignav.asked) == ("tequila", True, [])
