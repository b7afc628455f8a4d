"""What Duffel is asked."""

import json
from datetime import date
from typing import Any

import pytest

from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates, Route
from engine.fares.sources.duffel_request import headers, search_body, search_query
from tests.support.build import route

OUT, BACK = date(2027, 3, 10), date(2027, 3, 24)


def asked(of: Route, dates: FixedDates) -> Any:
    return json.loads(search_body(of, dates))["data"]


def test_a_round_trip_is_two_slices_and_every_adult_a_passenger() -> None:
    of = route(destination=Place.airport("HND"), adults=2, cabin=Cabin.PREMIUM_ECONOMY)

    assert asked(of, FixedDates(OUT, BACK)) == {
        "slices": [
            {"origin": "LON", "destination": "HND", "departure_date": "2027-03-10"},
            {"origin": "HND", "destination": "LON", "departure_date": "2027-03-24"},
        ],
        "passengers": [{"type": "adult"}, {"type": "adult"}],
        "cabin_class": "premium_economy",
        "max_connections": 2,
    }


def test_one_way_is_one_slice() -> None:
    assert len(asked(route(), FixedDates(OUT))["slices"]) == 1


@pytest.mark.parametrize(("max_stops", "connections"), [(None, 2), (0, 0), (1, 1), (2, 2), (3, 2)])
def test_connections_are_always_named_since_the_default_is_fewer(
    max_stops: int | None, connections: int
) -> None:
    assert asked(route(max_stops=max_stops), FixedDates(OUT))["max_connections"] == connections


@pytest.mark.parametrize(
    ("timeout_s", "milliseconds"),
    [(30, "25000"), (10, "5000"), (6.5, "2000"), (1, "2000"), (60, "55000"), (300, "60000")],
)
def test_airlines_get_less_time_than_the_request_within_what_the_service_takes(
    timeout_s: float, milliseconds: str
) -> None:
    assert search_query(timeout_s) == {"return_offers": "true", "supplier_timeout": milliseconds}


def test_the_version_and_the_token_stand_in_the_headers() -> None:
    assert headers("duffel_test_abc") == {
        "Authorization": "Bearer duffel_test_abc",
        "Duffel-Version": "v2",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
