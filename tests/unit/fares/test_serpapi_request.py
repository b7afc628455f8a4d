"""What SerpApi's Google Flights engine is asked."""

from datetime import date

import pytest

from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates
from engine.fares.sources.serpapi_request import airports, search_query
from tests.support.build import route

OUT, BACK = date(2027, 3, 10), date(2027, 3, 24)


def test_a_round_trip_for_the_party_in_the_currency_asked_for_never_from_a_cache() -> None:
    of = route(adults=2, cabin=Cabin.BUSINESS)

    assert search_query(of, FixedDates(OUT, BACK), ("LHR", "LGW"), ("HND", "NRT")) == {
        "engine": "google_flights",
        "departure_id": "LHR,LGW",
        "arrival_id": "HND,NRT",
        "outbound_date": "2027-03-10",
        "return_date": "2027-03-24",
        "type": "1",
        "travel_class": "3",
        "adults": "2",
        "currency": "EUR",
        "hl": "en",
        "sort_by": "2",
        "no_cache": "true",
    }


def test_one_way_says_so_since_the_default_is_a_round_trip() -> None:
    query = search_query(route(), FixedDates(OUT), ("LHR",), ("HND",))

    assert query["type"] == "2"
    assert "return_date" not in query


@pytest.mark.parametrize(("max_stops", "asked"), [(None, None), (0, "1"), (1, "2"), (2, "3"), (3, None)])
def test_the_service_counts_stops_from_one(max_stops: int | None, asked: str | None) -> None:
    query = search_query(route(max_stops=max_stops), FixedDates(OUT), ("LHR",), ("HND",))

    assert query.get("stops") == asked


def test_a_metropolitan_area_is_named_by_its_airports_ten_at_most() -> None:
    many = tuple(f"A{chr(65 + number)}X" for number in range(14))

    assert airports([Place.metro("LON")], lambda _: ("LHR", "LGW")) == ("LHR", "LGW")
    assert airports([Place.metro("BIG")], lambda _: many) == many[:10]
    assert airports([Place.metro("XYZ")], lambda _: ()) == ("XYZ",)
    assert airports([Place.airport("LHR")], lambda _: ("LHR", "LGW")) == ("LHR",)


def test_of_several_cities_the_largest_airports_of_each_are_named() -> None:
    airports_of = {"LON": ("LHR", "LGW"), "BIG": tuple(f"A{chr(65 + number)}X" for number in range(14))}

    named = airports([Place.metro("LON"), Place.metro("BIG")], airports_of.__getitem__)

    assert named[:4] == ("LHR", "AAX", "LGW", "ABX")
    assert len(named) == 10
