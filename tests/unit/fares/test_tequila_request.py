"""What is asked of Tequila, parameter by parameter."""

from datetime import date

import pytest

from engine.domain.places import Place
from engine.domain.route import Cabin, DateWindow, FixedDates
from engine.domain.trips import Nights, Span
from engine.fares.sources.tequila_request import search_query
from tests.support.build import route

DATES = FixedDates(date(2027, 3, 10), date(2027, 4, 2))


def test_a_round_trip_leaves_nothing_that_matters_to_a_default() -> None:
    assert search_query(route(adults=2, currency="INR", max_stops=1), DATES) == {
        "fly_from": "city:LON",
        "fly_to": "city:TYO",
        "date_from": "10/03/2027",
        "date_to": "10/03/2027",
        "return_from": "02/04/2027",
        "return_to": "02/04/2027",
        "flight_type": "round",
        "ret_from_diff_airport": "1",
        "ret_to_diff_airport": "1",
        "adults": "2",
        "selected_cabins": "M",
        "curr": "INR",
        "locale": "en",
        "max_sector_stopovers": "1",
        "vehicle_type": "aircraft",
        "sort": "price",
        "asc": "1",
        "limit": "50",
    }


def test_of_a_choice_of_days_more_are_asked_for_since_many_leave_on_the_same() -> None:
    days = DateWindow(out=Span(date(2027, 3, 1), date(2027, 3, 31)), nights=Nights(7, 10))
    assert search_query(route(trip=days), days)["limit"] == "200"


def test_one_way_has_no_return_and_no_nights() -> None:
    query = search_query(route(), FixedDates(date(2027, 3, 10)))

    assert query["flight_type"] == "oneway"
    assert not any(name.startswith(("ret", "nights")) for name in query)


def test_the_day_stands_before_the_month_where_both_could_be_meant() -> None:
    assert search_query(route(), FixedDates(date(2027, 3, 4)))["date_from"] == "04/03/2027"


def test_stops_are_asked_for_per_direction_or_not_at_all() -> None:
    query = search_query(route(max_stops=0), DATES)

    assert query["max_sector_stopovers"] == "0"
    assert "max_stopovers" not in query
    assert "max_sector_stopovers" not in search_query(route(), DATES)


def test_the_way_back_keeps_to_an_airport_but_not_to_one_of_a_city() -> None:
    query = search_query(route(destination=Place.airport("BKK")), DATES)

    assert (query["fly_to"], query["ret_from_diff_airport"], query["ret_to_diff_airport"]) == (
        "airport:BKK",
        "0",
        "1",
    )


@pytest.mark.parametrize(("cabin", "letter"), list(zip(Cabin, "MWCF", strict=True)))
def test_a_cabin_goes_by_its_letter(cabin: Cabin, letter: str) -> None:
    assert search_query(route(cabin=cabin), DATES)["selected_cabins"] == letter
