import asyncio

import aiohttp
import pytest

from sandbox.amadeus import TOKEN_PATH
from sandbox.world import World, open_world


async def test_every_request_is_written_down_with_its_form_and_status(
    world: World, client: aiohttp.ClientSession
) -> None:
    async with client.post(world.amadeus.base_url + TOKEN_PATH, data={"grant_type": "password"}):
        pass

    [entry] = world.ledger.of("amadeus")
    assert (entry.method, entry.path, entry.status) == ("POST", TOKEN_PATH, 400)
    assert dict(entry.form) == {"grant_type": "password"}
    assert entry.ended_at is not None
    assert entry.ended_at >= entry.started_at


async def test_a_path_it_does_not_know_is_written_down_too(
    world: World, client: aiohttp.ClientSession
) -> None:
    async with client.get(world.amadeus.base_url + "/v9/nothing") as response:
        assert response.status == 404

    assert [entry.status for entry in world.ledger.of("amadeus")] == [404]


async def test_connections_and_requests_open_at_the_same_time_are_counted(
    world: World, client: aiohttp.ClientSession
) -> None:
    async def post() -> None:
        async with client.post(world.amadeus.base_url + TOKEN_PATH, data={}):
            pass

    await post()
    await post()
    one_after_another = (world.ledger.connections("amadeus"), world.ledger.high_water("amadeus"))
    await asyncio.gather(post(), post(), post())

    assert one_after_another == (1, 1)
    assert world.ledger.connections("amadeus") == 3


async def test_a_cleared_ledger_starts_anew(world: World, client: aiohttp.ClientSession) -> None:
    async with client.post(world.amadeus.base_url + TOKEN_PATH, data={}):
        pass

    world.ledger.clear()

    assert (world.ledger.of("amadeus"), world.ledger.high_water("amadeus")) == ([], 0)


async def test_a_world_that_ended_answers_no_more(client: aiohttp.ClientSession) -> None:
    async with open_world(latency=(0, 0)) as world:
        base_url = world.amadeus.base_url

    with pytest.raises(aiohttp.ClientConnectorError):
        await client.get(base_url)
