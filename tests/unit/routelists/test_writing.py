"""What is written is read back as it was, and no spreadsheet runs any of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.money import CURRENCIES, Money, exponent
from engine.domain.places import Place
from engine.domain.route import (
    Cabin,
    DateWindow,
    FixedDates,
    Hours,
    RollingDates,
    RollingWindow,
    Route,
    Trip,
)
from engine.domain.trips import Span
from engine.domain.typed import parse_amount
from engine.gazetteer import Gazetteer
from engine.routelists.csv_file import decode_csv, parse_csv
from engine.routelists.rows import UNDATED, RowReader
from engine.routelists.writing import HEADER, guarded, plain_amount, route_cells, unguarded, write_csv
from tests.support import build

TODAY = date(2026, 11, 22)
GAZETTEER = Gazetteer.load()
READER = RowReader(GAZETTEER, home_origin="HYD", home_currency="INR", today=TODAY)
# BKK and 40 others are an airport and a metropolitan area of the same code.
PLACES = [
    GAZETTEER.find(code) for code in ("LON", "TYO", "BKK", "city:BKK", "GRU", "SAO", "NCE", "HYD", "IST")
]
FORMULAS = ("=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x")

trips: st.SearchStrategy[Trip] = st.just(UNDATED) | st.builds(
    lambda days, nights: FixedDates(
        TODAY + timedelta(days=days),
        None if nights is None else TODAY + timedelta(days=days + nights),
    ),
    st.integers(0, 365),
    st.none() | st.integers(0, 365),
)
ends = st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)).filter(
    lambda pair: (
        GAZETTEER.city(pair[0].code if pair[0] else "") != GAZETTEER.city(pair[1].code if pair[1] else "")
    )
)


@st.composite
def routes(draw: st.DrawFn) -> Route:
    origin, destination = draw(ends)
    return build.route(
        origin=origin,
        destination=destination,
        trip=draw(trips),
        currency=draw(st.sampled_from(sorted(CURRENCIES))),
        cabin=draw(st.sampled_from(Cabin)),
        adults=draw(st.integers(1, 9)),
        max_stops=draw(st.none() | st.integers(0, 3)),
    )


@st.composite
def wanted(draw: st.DrawFn) -> tuple[Route, Money | None]:
    route = draw(routes())
    target = draw(st.none() | st.integers(1, 10**9).map(lambda minor: Money(minor, route.currency)))
    return route, None if target is None or plain_amount(target) is None else target


@given(st.lists(wanted(), max_size=12, unique_by=lambda pair: pair[0].id))
@settings(deadline=None)
def test_routes_are_read_back_as_they_were(pairs: list[tuple[Route, Money | None]]) -> None:
    cells = [route_cells(route, target, GAZETTEER) for route, target in pairs]
    text = write_csv([HEADER, *(row for row in cells if row)])
    found = READER.read("routes.csv", parse_csv(decode_csv(text.encode("utf-8-sig"))))
    assert found.faults == ()
    assert [(each.route, each.target) for each in found.routes] == pairs


@given(st.integers(1, 10**12 - 1), st.sampled_from(sorted(CURRENCIES)))
@settings(deadline=None)
def test_an_amount_is_read_back_to_the_last_digit_or_not_written(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    text = plain_amount(amount)
    if text is None:
        assert exponent(currency) == 3
        assert minor % 10
    else:
        assert parse_amount(text, currency) == amount


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3), max_size=4)
)
@settings(deadline=None)
def test_any_cells_are_read_back_as_they_were(rows: list[list[str]]) -> None:
    assert parse_csv(write_csv([HEADER, *rows]))[1:] == rows


@given(st.sampled_from(FORMULAS) | st.text())
def test_no_cell_begins_as_a_formula_does(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(cell)) == cell


def test_a_name_with_an_apostrophe_in_front_keeps_it() -> None:
    assert unguarded("'s-Hertogenbosch") == "'s-Hertogenbosch"


def test_the_columns_are_those_of_the_contract() -> None:
    assert ",".join(HEADER) == "origin,destination,city,depart,return,target,currency,adults,cabin,max_stops"


def test_a_row_names_the_city_and_leaves_empty_what_is_any() -> None:
    assert route_cells(build.route(), None, GAZETTEER) == (
        ["LON", "TYO", "Tokyo", "2027-03-10", "2027-03-24", "", "EUR", "1", "economy", ""]
    )


@pytest.mark.parametrize(
    "route",
    [
        build.route(trip=RollingDates(depart_in_days=7, return_after_days=3)),
        build.route(destination=Place.airport("ZZZ")),
    ],
)
def test_what_no_row_can_say_is_not_written(route: Route) -> None:
    assert route_cells(route, None, GAZETTEER) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"trip": DateWindow(out=Span(TODAY, TODAY + timedelta(days=3)))},
        {"trip": RollingWindow(within_days=90, leaves_on=4)},
        {"also_from": (Place.airport("MAN"),)},
        {"also_to": (Place.airport("NGO"),)},
        {"children": 1},
        {"airlines": ("NH",)},
        {"not_airlines": ("FR",)},
        {"out_hours": Hours(0, 720)},
        {"back_hours": Hours(0, 720)},
        {"bags": 1},
    ],
)
def test_what_a_row_has_no_column_for_is_left_out_and_never_written_as_less(changes: dict[str, Any]) -> None:
    assert route_cells(build.route(), None, GAZETTEER) is not None
    assert route_cells(build.route(**changes), None, GAZETTEER) is None
