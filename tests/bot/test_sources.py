"""What members read of where fares come from: none yet, a cache, a cache that a live source confirms."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from sandbox.faults import Fault
from sandbox.travelpayouts import TOKEN
from sandbox.world import World
from tests.bot.stage import open_stage, words

CACHED: dict[str, Any] = {"travelpayouts_token": SecretStr(TOKEN), "fare_sources": ("travelpayouts",)}


def point_at(world: World) -> dict[str, object]:
    return {"travelpayouts_base_url": world.travelpayouts.base_url, "kiwi_base_url": world.kiwi.base_url}


async def test_without_any_source_a_new_route_says_how_to_get_one(tmp_path: Path) -> None:
    async with open_stage(tmp_path, amadeus_client_id=None, amadeus_client_secret=None) as stage:
        said = words(await stage.add())

    assert "Watching London → Tokyo" in said
    assert "I have no fare source yet" in said
    assert "https://www.travelpayouts.com" in said
    assert "TRAVELPAYOUTS_TOKEN" in said
    assert "FARE_SOURCES=travelpayouts,kiwi" in said
    assert "None refused" not in said


async def test_a_cached_fare_says_that_it_was_seen_and_how_seldom_it_is_looked_at(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=point_at, **CACHED) as stage:
        stage.world.market.pin("LON-TYO", Decimal(450))

        said = words(await stage.add(target="500"))

    assert "Today **€450**" in said
    assert "Seen in the last 7 days, from Travelpayouts" in said
    assert "I look every hour" in said
    assert "None of my sources looks live: what I tell you is marked as not confirmed." in said


async def test_what_only_one_source_can_confirm_is_said_when_a_route_is_added(tmp_path: Path) -> None:
    async with open_stage(tmp_path, serpapi_key=SecretStr("some")) as stage:
        everyday = words(await stage.add())
        with_bag = words(await stage.add(bags=1))

    assert "can confirm a fare" not in everyday
    assert "Of my sources only Amadeus can confirm a fare for checked bags;" in with_bag


async def test_dates_that_nobody_looked_for_are_not_called_sold_out(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=point_at, **CACHED) as stage:
        stage.world.travelpayouts.faults.plan(Fault.EMPTY, times=None)

        said = words(await stage.add())

    assert "Nobody has looked for these dates on Travelpayouts lately, so it knows no fare." in said
