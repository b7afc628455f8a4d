"""The pretend Duffel answers like the real one, by its public documentation and the recordings."""

from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest

from sandbox.duffel import LIVE_TOKEN, SEARCH_PATH, TEST_TOKEN
from sandbox.world import World
from tests.support.clock import START
from tests.unit.fares.duffel_bodies import recorded

ASKED = {
    "slices": [
        {"origin": "LON", "destination": "TYO", "departure_date": "2027-03-10"},
        {"origin": "TYO", "destination": "LON", "departure_date": "2027-03-24"},
    ],
    "passengers": [{"type": "adult"}, {"type": "adult"}],
    "cabin_class": "economy",
    "max_connections": 2,
}


async def ask(
    world: World,
    client: aiohttp.ClientSession,
    asked: object = None,
    *,
    token: str = LIVE_TOKEN,
    version: str = "v2",
    **query: str,
) -> tuple[int, Any, Any]:
    headers = {"Authorization": f"Bearer {token}", "Duffel-Version": version}
    async with client.post(
        world.duffel.base_url + SEARCH_PATH,
        json={"data": ASKED if asked is None else asked},
        headers=headers,
        params={"return_offers": "true"} | query,
    ) as response:
        return response.status, await response.json(), response.headers


async def test_an_offer_has_the_fields_of_the_recorded_ones(
    world: World, client: aiohttp.ClientSession
) -> None:
    status, body, _ = await ask(world, client)

    real = recorded("offer_requests_create_with_offers")["offers"][0]
    made = body["data"]["offers"][0]
    added_since = {"partial"}
    segment = made["slices"][0]["segments"][0]
    assert status == 201
    assert set(made) - added_since <= set(real)
    assert set(made["slices"][0]) <= set(real["slices"][0])
    assert set(segment) - {"stops"} <= set(real["slices"][0]["segments"][0])


async def test_the_cheapest_offer_is_the_markets_fare_for_the_party(
    world: World, client: aiohttp.ClientSession
) -> None:
    _, body, _ = await ask(world, client)

    totals = [float(offer["total_amount"]) for offer in body["data"]["offers"]]
    ids = [offer["id"] for offer in body["data"]["offers"]]
    assert min(totals) == float(world.market.price("LON-TYO", START) * 2)
    assert ids == sorted(ids)
    assert totals != sorted(totals)


async def test_the_token_decides_the_mode(world: World, client: aiohttp.ClientSession) -> None:
    for token, live in ((TEST_TOKEN, False), (LIVE_TOKEN, True)):
        _, body, _ = await ask(world, client, token=token)
        assert {body["data"]["live_mode"], *(offer["live_mode"] for offer in body["data"]["offers"])} == {
            live
        }


async def test_the_end_of_the_limit_is_a_date(world: World, client: aiohttp.ClientSession) -> None:
    world.duffel.per_minute = 1

    good, _, first = await ask(world, client)
    over, body, second = await ask(world, client)

    assert (good, over, body["errors"][0]["type"]) == (201, 429, "rate_limit_error")
    assert (first["ratelimit-remaining"], second["ratelimit-remaining"]) == ("0", "0")
    assert parsedate_to_datetime(second["ratelimit-reset"]) > START


async def test_offers_are_left_out_when_they_are_not_wanted(
    world: World, client: aiohttp.ClientSession
) -> None:
    _, body, _ = await ask(world, client, return_offers="false")

    assert "offers" not in body["data"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"slices": []}, (422, "validation_error")),
        ({"slices": [{"origin": "LON", "destination": "TYO"}]}, (422, "validation_error")),
        ({"passengers": []}, (422, "validation_error")),
        ({"passengers": [{"type": "adult"}] * 10}, (422, "validation_error")),
        ({"cabin_class": "ECONOMY"}, (422, "validation_error")),
        ({"max_connections": 3}, (422, "validation_error")),
    ],
    ids=str,
)
async def test_what_makes_no_trip_is_refused(
    world: World, client: aiohttp.ClientSession, changes: dict[str, object], expected: tuple[int, str]
) -> None:
    status, body, _ = await ask(world, client, ASKED | changes)

    assert (status, body["errors"][0]["type"]) == expected


async def test_a_wrong_token_and_another_version_are_refused(
    world: World, client: aiohttp.ClientSession
) -> None:
    wrong, body, _ = await ask(world, client, token="wrong")
    old, older, _ = await ask(world, client, version="v1")

    assert (wrong, body["errors"][0]["type"]) == (401, "authentication_error")
    assert (old, older["errors"][0]["type"]) == (400, "invalid_request_error")
