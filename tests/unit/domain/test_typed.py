from datetime import date
from typing import Any

import pytest

from engine.domain import typed
from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates
from engine.errors import InvalidInput

TODAY = date(2026, 11, 22)
TENTH = date(2027, 3, 10)


def refused(function: Any, *arguments: Any, **named: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        function(*arguments, **named)
    assert caught.value.sentence.endswith(".")
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-10",
        " 2027-3-10 ",
        "2027/03/10",
        "2027-03-10T00:00:00",
        "2027-03-10 00:00:00",
        "10.03.2027",
        "10 Mar 2027",
        "10-Mar-2027",
        "10 march 2027",
        "Mar 10, 2027",
        "March 10th 2027",
    ],
)
def test_a_day_is_read_in_the_forms_people_type(text: str) -> None:
    assert typed.parse_date(text, TODAY) == TENTH


@pytest.mark.parametrize(("text", "day"), [("25/03/2027", 25), ("03/25/2027", 25), ("03-03-2027", 3)])
def test_a_day_with_slashes_is_believed_where_it_reads_one_way(text: str, day: int) -> None:
    assert typed.parse_date(text, TODAY) == date(2027, 3, day)


def test_a_day_that_reads_two_ways_is_refused_and_both_are_offered() -> None:
    fault = refused(typed.parse_date, "04/03/2027", TODAY, field="return")
    assert fault.field == "return"
    assert fault.suggestions == ("2027-03-04", "2027-04-03")


@pytest.mark.parametrize(
    "text", ["", "soon", "46456", "10.03.27", "2027-02-30", "10 m 2027", "2027-03-10T09:30"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    refused(typed.parse_date, text, TODAY)


def test_today_may_be_flown_and_yesterday_not() -> None:
    assert typed.parse_date("2026-11-22", TODAY) == TODAY
    assert "past" in refused(typed.parse_date, "2026-11-21", TODAY).sentence


def test_a_mistyped_century_is_refused() -> None:
    assert "two years" in refused(typed.parse_date, "2072-03-10", TODAY).sentence


def test_a_return_before_departure_is_refused() -> None:
    assert refused(typed.check_trip, TENTH, date(2027, 3, 9)).field == "return"


def test_a_return_on_the_day_of_departure_is_a_trip() -> None:
    assert typed.check_trip(TENTH, TENTH) == FixedDates(TENTH, TENTH)


def test_a_route_that_ends_where_it_begins_is_refused() -> None:
    assert refused(typed.check_ends, Place.airport("CDG"), Place.airport("CDG")).field == "destination"


def test_a_currency_is_read_in_any_case() -> None:
    assert typed.parse_currency(" inr ") == "INR"


def test_an_unknown_currency_gets_near_ones() -> None:
    assert "EUR" in refused(typed.parse_currency, "EURO").suggestions


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("9", 9), ("2.0", 2)])
def test_up_to_nine_adults_are_read(text: str, count: int) -> None:
    assert typed.parse_adults(text) == count


@pytest.mark.parametrize("text", ["0", "10", "two", "1.5", "-1", ""])
def test_other_numbers_of_adults_are_refused(text: str) -> None:
    assert refused(typed.parse_adults, text).field == "adults"


@pytest.mark.parametrize(
    ("text", "cabin"),
    [
        ("economy", Cabin.ECONOMY),
        ("PREMIUM_ECONOMY", Cabin.PREMIUM_ECONOMY),
        ("Premium Economy", Cabin.PREMIUM_ECONOMY),
        ("business class", Cabin.BUSINESS),
        ("First", Cabin.FIRST),
    ],
)
def test_a_cabin_is_read_by_name(text: str, cabin: Cabin) -> None:
    assert typed.parse_cabin(text) is cabin


def test_an_unknown_cabin_gets_the_four_names() -> None:
    assert len(refused(typed.parse_cabin, "roof").suggestions) == 4


@pytest.mark.parametrize(("text", "stops"), [("0", 0), ("direct", 0), ("2", 2), ("any", None)])
def test_the_most_stops_are_read(text: str, stops: int | None) -> None:
    assert typed.parse_max_stops(text) == stops


@pytest.mark.parametrize("text", ["4", "-1", "few"])
def test_other_stops_are_refused(text: str) -> None:
    assert refused(typed.parse_max_stops, text).field == "max_stops"


def test_what_was_typed_is_quoted_short_and_on_one_line() -> None:
    sentence = refused(typed.parse_cabin, "a\nb" + "c" * 500).sentence
    assert "\n" not in sentence
    assert len(sentence) < 150
