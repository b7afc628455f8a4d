"""How each source is asked for windows, several places, children, airlines, hours and bags."""

import json
from datetime import date
from typing import Any

import pytest

from engine.domain.places import Place
from engine.domain.route import DateWindow, FixedDates, Hours, Route
from engine.domain.trips import Dates, Nights, Span
from engine.fares.sources import (
    amadeus_request,
    duffel_request,
    ignav_request,
    kiwi_request,
    serpapi_request,
    tequila_request,
)
from tests.support.build import route

DATES = FixedDates(date(2027, 3, 10), date(2027, 3, 24))
OUT = Span(date(2027, 3, 7), date(2027, 3, 13))
BACK = Span(date(2027, 3, 21), date(2027, 3, 27))
BY_DAYS = DateWindow(out=OUT, back=BACK)
BY_NIGHTS = DateWindow(out=OUT, nights=Nights(7, 10))
FRIDAYS = DateWindow(out=OUT, nights=Nights(2, 2), leaves_on=4)
ONE_WAY = DateWindow(out=OUT)
EITHER = {"also_from": (Place.airport("MAN"),), "also_to": (Place.airport("NGO"), Place.metro("OSA"))}
FAMILY = {"adults": 2, "children": 1}
ONLY, NOT = {"airlines": ("JL", "NH")}, {"not_airlines": ("FR", "W6")}
MORNINGS = {"out_hours": Hours(390, 720), "back_hours": Hours(1080, 1439)}
AT_NIGHT = {"out_hours": Hours(1320, 300)}


def tequila(of: Route, dates: Dates) -> dict[str, Any]:
    return dict(tequila_request.search_query(of, dates))


def kiwi(of: Route, dates: Dates) -> dict[str, Any]:
    arguments: dict[str, Any] = json.loads(kiwi_request.search_body(of, dates))["params"]["arguments"]
    return arguments


def amadeus(of: Route, dates: FixedDates) -> dict[str, Any]:
    return dict(amadeus_request.offers_query(of, dates))


def duffel(of: Route, dates: FixedDates) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(duffel_request.search_body(of, dates))["data"]
    return asked


def ignav(of: Route, dates: FixedDates) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(ignav_request.search_body(of, dates, ("LHR", "HND")))
    return asked


def serpapi(of: Route, dates: FixedDates) -> dict[str, Any]:
    return dict(serpapi_request.search_query(of, dates, ["LHR"], ["HND"]))


def test_tequila_takes_a_window_by_days_or_by_nights_never_both() -> None:
    days, nights = tequila(route(), BY_DAYS), tequila(route(), BY_NIGHTS)

    assert (days["date_from"], days["date_to"]) == ("07/03/2027", "13/03/2027")
    assert (days["return_from"], days["return_to"]) == ("21/03/2027", "27/03/2027")
    assert not any(name.startswith("nights") for name in days)
    assert (nights["nights_in_dst_from"], nights["nights_in_dst_to"]) == ("7", "10")
    assert not {"return_from", "return_to"} & set(nights)
    assert tequila(route(), ONE_WAY)["flight_type"] == "oneway"


def test_tequila_counts_the_days_of_the_week_from_sunday() -> None:
    asked = tequila(route(), FRIDAYS)
    assert (asked["fly_days"], asked["fly_days_type"]) == ("5", "departure")


def test_tequila_takes_several_places_at_once() -> None:
    asked = tequila(route(**EITHER), DATES)
    assert asked["fly_from"] == "city:LON,airport:MAN"
    assert asked["fly_to"] == "city:TYO,airport:NGO,city:OSA"
    assert asked["ret_to_diff_airport"] == "1"


def test_kiwi_takes_a_window_by_last_days_or_by_nights() -> None:
    days, nights = kiwi(route(), BY_DAYS), kiwi(route(), BY_NIGHTS)

    assert (days["departureDate"], days["departureDateTo"]) == ("07/03/2027", "13/03/2027")
    assert (days["returnDate"], days["returnDateTo"]) == ("21/03/2027", "27/03/2027")
    assert (nights["nights_in_dst_from"], nights["nights_in_dst_to"]) == (7, 10)
    assert "returnDate" not in nights
    assert "departureDateTo" not in kiwi(route(), DATES)


def test_kiwi_takes_several_places_at_once() -> None:
    asked = kiwi(route(**EITHER), DATES)
    assert (asked["flyFrom"], asked["flyTo"]) == ("LON,MAN", "TYO,NGO,OSA")


@pytest.mark.parametrize("source", [tequila, kiwi, amadeus, ignav, serpapi])
def test_children_are_asked_for_beside_the_adults(source: Any) -> None:
    asked = source(route(**FAMILY), DATES)
    assert (str(asked["adults"]), str(asked["children"])) == ("2", "1")
    assert "children" not in source(route(), DATES)


def test_duffel_asks_for_children_by_age() -> None:
    passengers = duffel(route(**FAMILY), DATES)["passengers"]
    assert passengers == [{"type": "adult"}, {"type": "adult"}, {"age": 8}]


@pytest.mark.parametrize(
    ("source", "filters", "asked"),
    [
        (tequila, ONLY, {"select_airlines": "JL,NH", "select_airlines_exclude": "false"}),
        (tequila, NOT, {"select_airlines": "FR,W6", "select_airlines_exclude": "true"}),
        (kiwi, ONLY, {"select_airlines": "JL,NH"}),
        (kiwi, NOT, {"exclude_airlines": "FR,W6"}),
        (amadeus, ONLY, {"includedAirlineCodes": "JL,NH"}),
        (amadeus, NOT, {"excludedAirlineCodes": "FR,W6"}),
        (ignav, ONLY, {"airlines_include": ["JL", "NH"]}),
        (ignav, NOT, {"airlines_exclude": ["FR", "W6"]}),
        (serpapi, ONLY, {"include_airlines": "JL,NH"}),
        (serpapi, NOT, {"exclude_airlines": "FR,W6"}),
        (tequila, MORNINGS, {"dtime_from": "06:30", "dtime_to": "12:00", "ret_dtime_from": "18:00"}),
        (serpapi, MORNINGS, {"outbound_times": "6,12", "return_times": "18,23"}),
        (kiwi, {"bags": 1, "adults": 2}, {"adults_hold_bags": [1, 1]}),
        (ignav, {"bags": 1}, {"min_checked_bags": 1}),
        (amadeus, {"bags": 1}, {"max": "250"}),
        (amadeus, MORNINGS, {"max": "250"}),
    ],
)
def test_what_a_source_can_be_asked_to_filter_it_is_asked(
    source: Any, filters: dict[str, Any], asked: dict[str, Any]
) -> None:
    got = source(route(**filters), DATES)
    assert {name: got.get(name) for name in asked} == asked
    assert not set(asked) - {"max"} & set(source(route(), DATES))


def test_duffel_is_asked_for_hours_each_way() -> None:
    out, back = duffel(route(**MORNINGS), DATES)["slices"]
    assert out["departure_time"] == {"from": "06:30", "to": "12:00"}
    assert back["departure_time"] == {"from": "18:00", "to": "23:59"}


@pytest.mark.parametrize("source", [tequila, duffel, serpapi])
def test_hours_over_midnight_are_left_to_the_reply(source: Any) -> None:
    assert "time" not in json.dumps(source(route(**AT_NIGHT), DATES))
