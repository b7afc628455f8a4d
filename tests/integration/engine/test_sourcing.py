"""The sources that the settings name, made and joined."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from engine.domain.places import Place
from engine.domain.quote import OutcomeKind, SourceKind
from engine.gazetteer import Gazetteer
from engine.http import open_session
from engine.settings import Settings
from engine.sourcing import make_sources, open_fetcher
from engine.store.database import Store
from sandbox.travelpayouts import PRICES_PATH, TOKEN
from sandbox.world import World, open_world
from tests.support.build import route
from tests.support.clock import HandClock


def settings(folder: Path, world: World, *sources: str) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder / 'fares.db'}",
        travelpayouts_token=SecretStr(TOKEN),
        travelpayouts_base_url=world.travelpayouts.base_url,
        kiwi_base_url=world.kiwi.base_url,
        fare_sources=sources,
    )


async def test_every_source_of_the_settings_can_be_made() -> None:
    async with open_session(limit=5) as session:
        made = make_sources(Settings(), session, HandClock(), ["travelpayouts", "amadeus", "kiwi", "kiwi"])

    assert {name: source.kind for name, source in made.items()} == {
        "travelpayouts": SourceKind.CACHED,
        "amadeus": SourceKind.LIVE,
        "kiwi": SourceKind.LIVE,
    }


@pytest.mark.parametrize(
    ("origin", "market"),
    [
        (Place.metro("LON"), "gb"),
        (Place.airport("HYD"), "in"),
        (Place.metro("NYC"), "us"),
        (Place.metro("BKK"), "th"),
        (Place.airport("QQQ"), "us"),
    ],
)
async def test_the_market_asked_is_the_country_of_departure(
    tmp_path: Path, origin: Place, market: str
) -> None:
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    clock = HandClock()
    async with open_world(latency=(0.0, 0.0), clock=clock) as world:
        wanted = settings(tmp_path, world, "travelpayouts")
        async with open_fetcher(wanted, clock, gazetteer) as fetcher:
            got = await fetcher.fetch(route(origin=origin))

        (asked,) = world.ledger.of("travelpayouts", PRICES_PATH)
        assert (got.kind, asked.query["market"]) == (OutcomeKind.QUOTES, market)
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []  # no limit, nothing to count


async def test_a_single_look_at_a_limited_source_is_counted(tmp_path: Path) -> None:
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    clock = HandClock()
    async with open_world(latency=(0.0, 0.0), clock=clock) as world:
        wanted = settings(tmp_path, world, "kiwi")
        async with open_fetcher(wanted, clock, gazetteer) as fetcher:
            got = await fetcher.fetch(route())
        async with Store.open(wanted.database_url, clock) as store:
            made = await store.calls.made("kiwi")

    assert got.kind is OutcomeKind.QUOTES
    assert made is not None
    assert made.today == 1


async def test_beside_a_running_bot_a_limited_source_is_refused_rather_than_not_counted(
    tmp_path: Path,
) -> None:
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    clock = HandClock()
    async with open_world(latency=(0.0, 0.0), clock=clock) as world:
        wanted = settings(tmp_path, world, "kiwi")
        async with Store.open(wanted.database_url, clock):
            with capture_logs() as logs:
                async with open_fetcher(wanted, clock, gazetteer) as fetcher:
                    got = await fetcher.fetch(route())

        assert (got.kind, got.detail) == (OutcomeKind.QUOTA, "the budget cannot be counted now")
        assert "is in use by" in logs[0]["why"]
        assert world.kiwi.asked == []
