"""The pretend SerpApi answers like the real one, by its public documentation."""

from typing import Any

import aiohttp
import pytest

from sandbox.serpapi import KEY, SEARCH_PATH
from sandbox.world import World
from tests.support.clock import START
from tests.unit.fares.serpapi_bodies import LONDON, TOKYO

QUERY = {
    "engine": "google_flights",
    "departure_id": ",".join(LONDON),
    "arrival_id": ",".join(TOKYO),
    "outbound_date": "2027-03-10",
    "return_date": "2027-03-24",
    "adults": "2",
    "currency": "EUR",
}
NOTHING = "Google Flights hasn't returned any results for this query."


async def ask(
    world: World, client: aiohttp.ClientSession, key: str = KEY, **changes: str | None
) -> tuple[int, Any]:
    query = {name: value for name, value in (QUERY | changes).items() if value is not None}
    url = world.serpapi.base_url + SEARCH_PATH
    async with client.get(url, params=query | {"api_key": key}) as response:
        return response.status, await response.json()


async def test_the_cheapest_is_the_markets_fare_for_the_party_in_whole_units(
    world: World, client: aiohttp.ClientSession
) -> None:
    status, body = await ask(world, client)

    shown = [*body["best_flights"], *body["other_flights"]]
    cheapest = min(option["price"] for option in shown if "price" in option)
    fare = world.market.price("LON-TYO", START) * 2
    assert status == 200
    assert fare <= cheapest < fare + 1
    assert len([option for option in shown if "price" not in option]) == 1


async def test_of_a_round_trip_only_the_way_out_is_shown(world: World, client: aiohttp.ClientSession) -> None:
    _, body = await ask(world, client)

    for option in (*body["best_flights"], *body["other_flights"]):
        assert {each["departure_airport"]["time"][:10] for each in option["flights"][:1]} == {"2027-03-10"}
        assert option["flights"][-1]["arrival_airport"]["id"] in TOKYO
        assert "departure_token" in option


@pytest.mark.parametrize(
    "changes",
    [{"departure_id": "LON"}, {"arrival_id": "TYO"}, {"departure_id": ",".join(["LHR"] * 11)}],
    ids=str,
)
async def test_metropolitan_codes_and_too_many_airports_get_a_false_nothing(
    world: World, client: aiohttp.ClientSession, changes: dict[str, str]
) -> None:
    status, body = await ask(world, client, **changes)

    assert (status, body["error"]) == (200, NOTHING)
    assert "best_flights" not in body


@pytest.mark.parametrize(
    "changes",
    [
        {"engine": "google"},
        {"departure_id": None},
        {"outbound_date": "10/03/2027"},
        {"outbound_date": "2026-11-21"},
        {"return_date": None},
        {"type": "2"},
        {"currency": "XXX"},
        {"stops": "4"},
        {"nonstop": "true"},
    ],
    ids=str,
)
async def test_what_the_documentation_forbids_is_refused(
    world: World, client: aiohttp.ClientSession, changes: dict[str, Any]
) -> None:
    status, body = await ask(world, client, **changes)

    assert (status, list(body)) == (400, ["error"])


async def test_a_refusal_and_a_wrong_key_cost_no_search_and_a_good_one_does(
    world: World, client: aiohttp.ClientSession
) -> None:
    wrong, _ = await ask(world, client, key="wrong")
    await ask(world, client, engine="google")
    left = world.serpapi.searches_left
    await ask(world, client)

    assert (wrong, left, world.serpapi.searches_left) == (401, 250, 249)


async def test_when_no_search_is_left_it_says_so(world: World, client: aiohttp.ClientSession) -> None:
    world.serpapi.searches_left = 0

    assert await ask(world, client) == (429, {"error": "Your account has run out of searches."})
