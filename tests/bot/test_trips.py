"""/route add with windows, several places and filters: what it answers, tells, and refuses."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot import autocomplete
from sandbox import tequila, travelpayouts
from sandbox.world import World
from tests.bot.stage import Stage, open_stage, words

DASH = "\N{EN DASH}"
MONTH: dict[str, Any] = {"depart": "March", "return": None, "nights": "14"}
WEEKENDS: dict[str, Any] = {"depart": "any Fri-Sun in the next 90 days", "return": None}


def by_tequila(world: World) -> Mapping[str, Any]:
    return {
        "fare_sources": ("tequila",),
        "tequila_api_key": tequila.API_KEY,
        "tequila_endpoint": world.tequila.base_url,
        "tequila_rate": "1000/1s",
    }


def cached(world: World) -> Mapping[str, Any]:
    return {
        "fare_sources": ("travelpayouts", "kiwi"),
        "travelpayouts_token": travelpayouts.TOKEN,
        "travelpayouts_base_url": world.travelpayouts.base_url,
        "kiwi_base_url": world.kiwi.base_url,
        "kiwi_rate": "1000/1s",
    }


def cheap_on(stage: Stage, day: date, fare: int) -> None:
    stage.world.market.pin_day("LON-TYO", day, Decimal(fare))


async def test_a_month_is_answered_with_its_cheapest_days(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        stage.fare("LON-TYO", 600)
        cheap_on(stage, date(2027, 3, 17), 450)

        said = words(await stage.add(**MONTH))

        assert "**March 2027 · 14 nights**" in said
        assert f"Today **€450** on 17{DASH}31 Mar" in said


async def test_weekends_are_told_with_the_one_that_is_cheap(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        stage.fare("LON-TYO", 600)
        said = words(await stage.add(**WEEKENDS))
        assert f"**Any Fri {DASH} Sun in the next 90 days**" in said
        cheap_on(stage, date(2026, 12, 11), 400)

        await stage.look("LON-TYO", 600)
        await stage.delivered()

        post = words(stage.alert)
        assert f"**Fri 11 {DASH} Sun 13 December 2026 · 2 nights**" in post
        assert f"the cheapest of Fri {DASH} Sun, next 90 days" in post
        assert "€400, under your €420" in post


async def test_a_cached_lead_of_a_window_is_confirmed_live_for_its_own_days(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=cached) as stage:
        stage.fare("LON-TYO", 600)
        await stage.add(**MONTH)
        cheap_on(stage, date(2027, 3, 17), 400)
        before = len(stage.world.kiwi.asked)

        await stage.clock.advance(4000)
        await stage.look("LON-TYO", 600)
        await stage.delivered()

        asked = stage.world.kiwi.asked[before:]
        assert {(one["departureDate"], one["returnDate"]) for one in asked} == {("17/03/2027", "31/03/2027")}
        post = words(stage.alert)
        assert "Confirmed with Kiwi" in post
        assert f"**Wed 17 {DASH} Wed 31 March 2027 · 14 nights**" in post


async def test_the_filters_are_echoed_in_words(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        said = words(
            await stage.add(
                children=1,
                adults=2,
                avoid="fr, w6",
                out_hours="6-12",
                back_hours="after 18",
                bags=1,
                origin="London, MAN",
            )
        )

        assert "London or Manchester → Tokyo" in said
        assert "2 adults, 1 child" in said
        assert "without Ryanair and Wizz Air" in said
        assert f"out 06:00 {DASH} 12:00" in said
        assert "back after 18:00" in said
        assert "1 checked bag each" in said


async def test_a_window_too_wide_for_its_source_is_refused_in_words(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.add(**{**MONTH, "nights": "7-10"}))

        assert "That takes 124 searches a look, and 50 is the most I do." in said
        assert await stage.routes() == []


async def test_a_window_too_wide_for_a_budget_is_refused_in_words(tmp_path: Path) -> None:
    async with open_stage(tmp_path, amadeus_daily_budget=10) as stage:
        said = words(await stage.add(**WEEKENDS))

        assert "That takes 13 calls a look, and the budget for Amadeus allows 9." in said
        assert await stage.routes() == []


async def test_what_a_look_takes_and_a_budget_allows_is_in_the_answer(tmp_path: Path) -> None:
    async with open_stage(tmp_path, amadeus_daily_budget=100) as stage:
        said = words(await stage.add(**WEEKENDS))

        assert "A look takes 13 searches at Amadeus. Its budget allows 6 looks a day." in said


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"airlines": "Ryanair"}, "code"),
    ({"airlines": "FR", "avoid": "fr"}, "FR is among the airlines you want"),
    ({"out_hours": "sometime"}, "6-12, after 18"),
    ({"out_hours": "0-24"}, "whole day"),
    ({"back_hours": "6-12", "return": None}, "no way back"),
    ({"children": 9}, "takes 9 people"),
    ({"nights": "7", "return": "26 mar", "depart": "12 mar"}, "No way back fits"),
    ({"origin": "LON, PAR, BER, ROM, MAD"}, "up to 4 places"),
    ({"origin": "BER, TYO"}, "both TYO"),
    ({"depart": "20 mar - 10 mar 2027"}, "earlier day first"),
]


@pytest.mark.parametrize(("options", "hint"), WRONG)
async def test_what_cannot_be_meant_is_said_and_nothing_is_stored(
    tmp_path: Path, options: dict[str, Any], hint: str
) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.add(**options))

        assert hint.casefold() in said.casefold()
        assert await stage.routes() == []


async def test_several_places_and_airlines_are_completed_one_after_the_other(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        place = autocomplete.places(stage.bot.desk, "LGW, stans")[0]
        airline = autocomplete.airlines("BA, luft")[0]

        assert (place.value, place.name.startswith("LGW, London Stansted")) == ("LGW, STN", True)
        assert (airline.value, airline.name) == ("BA, LH", "BA, Lufthansa · LH")


async def test_show_says_what_the_filters_hide(tmp_path: Path) -> None:
    async with open_stage(
        tmp_path, point=lambda world: {**cached(world), "fare_confirm_sources": ()}
    ) as stage:
        stage.fare("LON-TYO", 400)
        await stage.add(max_stops=0)
        (route,) = await stage.routes()

        said = words(await stage.ada.slash(stage.channel, "route show", route=route))

        # The pretend cache has a fare with a stop at 400 and a nonstop one that is 15 % dearer.
        assert "Now **€460**" in said
        assert "1 fare hidden by your filters: €400 with 1 stop." in said


async def test_where_filters_hide_every_fare_it_is_said_so_and_not_that_there_are_none(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path, point=cached) as stage:
        stage.world.travelpayouts.shelf = ((Decimal(1), 1),)
        stage.fare("LON-TYO", 400)

        said = words(await stage.add(max_stops=0))

        assert "1 fare hidden by your filters: €400 with 1 stop. I keep looking." in said
        assert "Nobody has looked" not in said
