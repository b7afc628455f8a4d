"""The pretend Amadeus answers like the real one, by its public description."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
import pytest

from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET, OFFERS_PATH, TOKEN_PATH, FakeAmadeus
from sandbox.faults import Fault
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.server import serve
from sandbox.world import World
from tests.support.clock import START, HandClock

SPEC = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "specs" / "amadeus-flight-offers-search.json").read_text()
)
RETURN_TRIP = {
    "originLocationCode": "LON",
    "destinationLocationCode": "TYO",
    "departureDate": "2027-03-10",
    "returnDate": "2027-03-24",
    "adults": "2",
    "currencyCode": "EUR",
    "max": "20",
}
Answer = tuple[int, dict[str, Any]]


async def token(client: aiohttp.ClientSession, base_url: str, **changes: str) -> Answer:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    async with client.post(base_url + TOKEN_PATH, data=form | changes) as response:
        return response.status, await response.json()


async def offers(
    client: aiohttp.ClientSession, base_url: str, query: dict[str, str], bearer: str | None = None
) -> Answer:
    if bearer is None:
        bearer = (await token(client, base_url))[1]["access_token"]
    headers = {"Authorization": f"Bearer {bearer}"}
    async with client.get(base_url + OFFERS_PATH, params=query, headers=headers) as response:
        return response.status, await response.json()


def code(answer: Answer) -> tuple[int, int]:
    status, body = answer
    return status, body["errors"][0]["code"]


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")  # a pattern of the description
async def test_a_reply_fits_the_public_description(world: World, client: aiohttp.ClientSession) -> None:
    status, body = await offers(client, world.amadeus.base_url, RETURN_TRIP)

    schema = SPEC["responses"]["GETAirOffersReply"]["schema"] | {"definitions": SPEC["definitions"]}
    jsonschema.validate(body, schema)
    assert status == 200
    assert body["meta"]["count"] == len(body["data"]) == 7


async def test_the_cheapest_offer_is_the_markets_fare_for_the_party(
    world: World, client: aiohttp.ClientSession
) -> None:
    _, body = await offers(client, world.amadeus.base_url, RETURN_TRIP)

    fare = world.market.price("LON-TYO", START) * 2
    assert body["data"][0]["price"]["grandTotal"] == str(fare)


async def test_at_most_as_many_offers_come_as_were_asked_for(
    world: World, client: aiohttp.ClientSession
) -> None:
    _, body = await offers(client, world.amadeus.base_url, RETURN_TRIP | {"max": "3"})

    assert len(body["data"]) == 3


async def test_nonstop_gives_nonstop_flights_only(world: World, client: aiohttp.ClientSession) -> None:
    _, body = await offers(client, world.amadeus.base_url, RETURN_TRIP | {"nonStop": "true"})

    assert {len(way["segments"]) for offer in body["data"] for way in offer["itineraries"]} == {1}


async def test_a_currency_it_cannot_price_in_is_answered_in_euros(
    world: World, client: aiohttp.ClientSession
) -> None:
    _, body = await offers(client, world.amadeus.base_url, RETURN_TRIP | {"currencyCode": "KWD"})

    assert {offer["price"]["currency"] for offer in body["data"]} == {"EUR"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"originLocationCode": ""}, (400, 477)),
        ({"originLocationCode": "London"}, (400, 477)),
        ({"departureDate": "10/03/2027"}, (400, 477)),
        ({"departureDate": "2027-02-30"}, (400, 477)),
        ({"departureDate": "2026-11-21"}, (400, 425)),
        ({"returnDate": "2027-03-09"}, (400, 425)),
        ({"adults": "10"}, (400, 477)),
        ({"adults": "9", "children": "1"}, (400, 10661)),
        ({"destinationLocationCode": "LON"}, (400, 2668)),
        ({"travelClass": "economy"}, (400, 477)),
        ({"nonStop": "1"}, (400, 477)),
        ({"max": "0"}, (400, 477)),
        ({"limit": "5"}, (400, 477)),
    ],
    ids=str,
)
async def test_what_the_description_forbids_is_refused(
    world: World, client: aiohttp.ClientSession, changes: dict[str, str], expected: tuple[int, int]
) -> None:
    assert code(await offers(client, world.amadeus.base_url, RETURN_TRIP | changes)) == expected


@pytest.mark.parametrize("name", ["originLocationCode", "destinationLocationCode", "departureDate", "adults"])
async def test_a_missing_parameter_is_refused(world: World, client: aiohttp.ClientSession, name: str) -> None:
    query = {key: value for key, value in RETURN_TRIP.items() if key != name}

    assert code(await offers(client, world.amadeus.base_url, query)) == (400, 32171)


async def test_a_token_it_never_gave_is_refused(world: World, client: aiohttp.ClientSession) -> None:
    assert code(await offers(client, world.amadeus.base_url, RETURN_TRIP, "made-up")) == (401, 38190)
    assert code(await offers(client, world.amadeus.base_url, RETURN_TRIP, "")) == (401, 38191)


async def test_a_token_ends_after_its_time(world: World, client: aiohttp.ClientSession) -> None:
    world.amadeus.token_lives_s = 0

    assert code(await offers(client, world.amadeus.base_url, RETURN_TRIP)) == (401, 38192)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
async def test_a_wrong_token_request_is_refused_in_the_other_shape(
    world: World, client: aiohttp.ClientSession, changes: dict[str, str], expected: tuple[int, str]
) -> None:
    status, body = await token(client, world.amadeus.base_url, **changes)

    assert (status, body["error"], body["code"]) == (*expected, 38187)


async def test_calls_closer_than_the_pace_are_refused_when_it_counts(client: aiohttp.ClientSession) -> None:
    ledger = Ledger()
    strict = FakeAmadeus(ledger, Market(), latency=(0, 0), per_second=10, clock=HandClock())
    async with serve(strict, "amadeus", ledger) as base_url:
        bearer = (await token(client, base_url))[1]["access_token"]
        first = await offers(client, base_url, RETURN_TRIP, bearer)
        second = await offers(client, base_url, RETURN_TRIP, bearer)

    assert first[0] == 200
    assert code(second) == (429, 38194)


async def test_a_search_takes_at_least_the_shortest_delay_and_a_token_none(
    client: aiohttp.ClientSession,
) -> None:
    ledger = Ledger()
    slow = FakeAmadeus(ledger, Market(), latency=(0.2, 0.21), clock=HandClock())
    async with serve(slow, "amadeus", ledger) as base_url:
        await offers(client, base_url, RETURN_TRIP)

    asked, search = ((entry.ended_at or 0) - entry.started_at for entry in ledger.of("amadeus"))
    assert asked < 0.2 <= search


async def test_a_fault_troubles_as_many_requests_as_planned(
    world: World, client: aiohttp.ClientSession
) -> None:
    world.amadeus.faults.plan(Fault.SERVER_ERROR, times=2)

    got = [(await offers(client, world.amadeus.base_url, RETURN_TRIP))[0] for _ in range(3)]

    assert got == [500, 500, 200]


async def test_a_fault_can_wait_for_one_route(world: World, client: aiohttp.ClientSession) -> None:
    world.amadeus.faults.plan(Fault.EMPTY, times=None, when={"destinationLocationCode": "PAR"})

    _, tokyo = await offers(client, world.amadeus.base_url, RETURN_TRIP)
    _, paris = await offers(client, world.amadeus.base_url, RETURN_TRIP | {"destinationLocationCode": "PAR"})

    assert (len(tokyo["data"]), paris["data"]) == (7, [])
