"""What the source asks, held against the public descriptions of the service."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates, Route
from engine.fares.sources.amadeus import Amadeus
from engine.fares.sources.amadeus_request import offers_query
from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET, OFFERS_PATH, TOKEN_PATH
from sandbox.world import World
from tests.support.build import route

SPECS = Path(__file__).parents[2] / "fixtures" / "specs"
SEARCH = json.loads((SPECS / "amadeus-flight-offers-search.json").read_text())
AUTHORIZATION = json.loads((SPECS / "amadeus-authorization.json").read_text())
PARAMETERS = {
    parameter["name"]: parameter
    for parameter in SEARCH["paths"]["/shopping/flight-offers"]["get"]["parameters"]
}


def faults_of(query: Mapping[str, str]) -> list[str]:
    """How a query differs from the description."""
    missing = [name for name, said in PARAMETERS.items() if said["required"] and name not in query]
    unknown = [name for name in query if name not in PARAMETERS]
    wrong = [
        name for name, value in query.items() if name in PARAMETERS and not fits(value, PARAMETERS[name])
    ]
    return missing + unknown + wrong


def fits(value: str, said: Mapping[str, Any]) -> bool:
    match said["type"]:
        case "integer":
            number = int(value)
            return bool(said.get("minimum", number) <= number <= said.get("maximum", number))
        case "boolean":
            return value in ("true", "false")
        case _:
            if said.get("format") == "date":
                return date.fromisoformat(value).isoformat() == value
            listed = said.get("enum", [value])
            # The description says of lists of airlines in words that they are comma-separated.
            parts = value.split(",") if said["name"].endswith("AirlineCodes") else [value]
            pattern = said.get("pattern", ".*")
            return value in listed and all(re.fullmatch(pattern, part) is not None for part in parts)


codes = st.from_regex(r"[A-Z]{3}", fullmatch=True)
days = st.dates(date(2027, 1, 1), date(2027, 12, 31))


AIRLINES = st.lists(st.sampled_from(["BA", "LH", "6E", "U2"]), unique=True, max_size=3).map(tuple)


@st.composite
def some_routes(draw: st.DrawFn) -> Route:
    depart_on = draw(days)
    return Route(
        origin=Place.metro(draw(codes)),
        destination=Place.airport(draw(codes)),
        trip=FixedDates(depart_on, draw(st.none() | st.just(depart_on + timedelta(days=7)))),
        currency=draw(codes),
        cabin=draw(st.sampled_from(Cabin)),
        adults=draw(st.integers(1, 9)),
        max_stops=draw(st.none() | st.integers(0, 3)),
        children=draw(st.integers(0, 8)),
        airlines=draw(AIRLINES),
        not_airlines=draw(AIRLINES),
    )


@settings(deadline=None)
@given(some_routes())
def test_every_query_fits_the_description(of: Route) -> None:
    assert isinstance(of.trip, FixedDates)
    assert faults_of(offers_query(of, of.trip)) == []


async def test_the_search_arrives_as_described(amadeus: Amadeus, world: World) -> None:
    await amadeus.search(route(adults=2, cabin=Cabin.PREMIUM_ECONOMY, max_stops=0))

    [asked] = world.ledger.of("amadeus", OFFERS_PATH)
    assert asked.path == f"{SEARCH['basePath']}/shopping/flight-offers"
    assert asked.method == "GET"
    assert faults_of(asked.query) == []
    assert dict(asked.query) == {
        "originLocationCode": "LON",
        "destinationLocationCode": "TYO",
        "departureDate": "2027-03-10",
        "returnDate": "2027-03-24",
        "adults": "2",
        "travelClass": "PREMIUM_ECONOMY",
        "currencyCode": "EUR",
        "nonStop": "true",
        "max": "20",
    }


async def test_the_token_is_asked_for_as_described(amadeus: Amadeus, world: World) -> None:
    await amadeus.search(route())

    [asked] = world.ledger.of("amadeus", TOKEN_PATH)
    described = AUTHORIZATION["paths"]["/security/oauth2/token"]["post"]["requestBody"]["content"]
    [media_type] = described
    assert asked.path.endswith("/security/oauth2/token")
    assert asked.headers["Content-Type"] == media_type
    assert sorted(asked.form) == sorted(described[media_type]["schema"]["required"])
    assert dict(asked.form) == {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }


async def test_every_call_names_the_engine_and_the_search_carries_the_token(
    amadeus: Amadeus, world: World
) -> None:
    await amadeus.search(route())

    token, search = world.ledger.of("amadeus")
    assert token.headers["User-Agent"].startswith("fare-engine/")
    assert "Authorization" not in token.headers
    assert search.headers["User-Agent"].startswith("fare-engine/")
    assert search.headers["Authorization"].startswith("Bearer ")


@pytest.mark.parametrize(
    ("max_stops", "non_stop", "at_most"),
    [(None, None, "20"), (0, "true", "20"), (1, None, "250"), (2, None, "250")],
)
def test_only_no_stops_at_all_can_be_asked_for_other_limits_are_ours(
    max_stops: int | None, non_stop: str | None, at_most: str
) -> None:
    query = offers_query(route(max_stops=max_stops), FixedDates(date(2027, 3, 10)))

    assert (query.get("nonStop"), query["max"]) == (non_stop, at_most)
    assert "returnDate" not in query
