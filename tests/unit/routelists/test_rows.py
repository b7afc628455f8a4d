from collections.abc import Sequence
from datetime import date

import pytest

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates, RollingDates, Route
from engine.errors import RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.rows import RouteList, RowReader

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def reader(gazetteer: Gazetteer) -> RowReader:
    return RowReader(gazetteer, home_origin="HYD", home_currency="EUR", today=TODAY)


def read(reader: RowReader, header: str, *rows: str) -> RouteList:
    return reader.read("list", [line.split("|") for line in (header, *rows)])


def only(found: RouteList) -> Route:
    assert found.faults == ()
    assert len(found.routes) == 1
    return found.routes[0].route


def fault(reader: RowReader, header: str, row: str) -> tuple[str | None, str]:
    found = read(reader, header, row)
    assert found.routes == ()
    return found.faults[0].column, found.faults[0].sentence


def test_a_full_row_is_read(reader: RowReader) -> None:
    found = read(
        reader,
        "origin|destination|city|depart|return|target|currency|adults|cabin|max_stops",
        "lon|TYO|Tokyo|2027-03-10|2027-03-24|450.50|gbp|2|business|1",
    )
    assert only(found) == Route(
        origin=Place.metro("LON"),
        destination=Place.metro("TYO"),
        trip=FixedDates(date(2027, 3, 10), date(2027, 3, 24)),
        currency="GBP",
        cabin=Cabin.BUSINESS,
        adults=2,
        max_stops=1,
    )
    assert found.routes[0].target == Money(45050, "GBP")
    assert found.routes[0].row == 2


def test_the_originals_sheet_is_read_with_its_own_titles(reader: RowReader) -> None:
    found = read(reader, "City|IATA Code|Lowest Price|id", "Tokyo|TYO|485|2")
    assert only(found) == Route(
        origin=Place.airport("HYD"),
        destination=Place.metro("TYO"),
        trip=RollingDates(depart_in_days=1, return_after_days=30),
        currency="EUR",
    )
    assert found.routes[0].target == Money(48500, "EUR")


def test_titles_stand_in_any_order_and_case(reader: RowReader) -> None:
    found = read(
        reader, "RETURNDATE|lowestPrice|departureDate|iataCode", "2027-03-24|1,234.00|2027-03-10|CDG"
    )
    assert only(found).trip == FixedDates(date(2027, 3, 10), date(2027, 3, 24))
    assert found.routes[0].target == Money(123400, "EUR")


def test_a_city_stands_in_for_a_missing_code(reader: RowReader) -> None:
    assert only(read(reader, "city|iataCode", "Paris|")).destination == Place.metro("PAR")


def test_a_city_may_stand_in_the_column_of_codes(reader: RowReader) -> None:
    assert only(read(reader, "destination", "Tokyo")).destination == Place.metro("TYO")


def test_a_row_with_a_departure_only_is_one_way(reader: RowReader) -> None:
    assert only(read(reader, "destination|depart|return", "CDG|2027-03-10|")).trip == FixedDates(
        date(2027, 3, 10)
    )


def test_a_target_per_person_counts_for_the_party(reader: RowReader) -> None:
    found = read(reader, "destination|adults|target", "CDG|2|210 pp")
    assert found.routes[0].target == Money(42000, "EUR")


def test_a_row_without_a_target_has_none(reader: RowReader) -> None:
    assert read(reader, "destination|target", "CDG|").routes[0].target is None


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        ("destination", "XQX", "destination"),
        ("destination|city", "|Atlantis the lost", "city"),
        ("destination|target", "|450", "destination"),
        ("destination|origin", "HYD|HYD", "destination"),
        ("destination|origin", "CDG|QQQ", "origin"),
        ("destination|depart", "CDG|2026-11-21", "depart"),
        ("destination|depart", "CDG|04/03/2027", "depart"),
        ("destination|depart|return", "CDG|2027-03-10|2027-03-09", "return"),
        ("destination|return", "CDG|2027-03-10", "depart"),
        ("destination|target", "CDG|0", "target"),
        ("destination|target", "CDG|-5", "target"),
        ("destination|target", "CDG|1,234", "target"),
        ("destination|target", "CDG|₹45,000", "target"),
        ("destination|target", "CDG|#REF!", "target"),
        ("destination|currency", "CDG|EURO", "currency"),
        ("destination|adults", "CDG|10", "adults"),
        ("destination|cabin", "CDG|roof", "cabin"),
        ("destination|max_stops", "CDG|9", "max_stops"),
    ],
)
def test_a_bad_cell_is_named_by_its_column(reader: RowReader, header: str, row: str, column: str) -> None:
    found, sentence = fault(reader, header, row)
    assert found == column
    assert sentence.endswith((".", "?"))


def test_the_good_rows_go_on_and_the_bad_ones_are_numbered_as_in_a_spreadsheet(reader: RowReader) -> None:
    found = read(reader, "destination|target", "CDG|450", "TYO|cheap", "|", "LHR|300", "XQX|1")
    assert [listed.row for listed in found.routes] == [2, 5]
    assert [(at.row, at.column) for at in found.faults] == [(3, "target"), (6, "destination")]
    assert str(found.faults[0]).startswith('row 3, target: I cannot read "cheap"')


def test_a_row_longer_than_its_header_is_refused_not_shifted(reader: RowReader) -> None:
    column, sentence = fault(reader, "destination|target", "CDG|1|234.00")
    assert column is None
    assert "quotes" in sentence


def test_the_same_route_twice_is_told_with_the_row_of_the_first(reader: RowReader) -> None:
    found = read(reader, "destination|target", "CDG|450", "CDG|400")
    assert len(found.routes) == 1
    assert "row 2" in found.faults[0].sentence


def test_without_an_origin_the_setting_is_named(gazetteer: Gazetteer) -> None:
    reader = RowReader(gazetteer, home_origin=None, home_currency="EUR", today=TODAY)
    assert fault(reader, "destination", "CDG") == ("origin", "It is empty, and HOME_ORIGIN is not set.")


@pytest.mark.parametrize("rows", [[], [[]], [["", " "]]])
def test_nothing_at_all_is_a_fault_of_the_list(reader: RowReader, rows: Sequence[Sequence[str]]) -> None:
    with pytest.raises(RouteListFault, match="empty"):
        reader.read("list", rows)


def test_a_list_without_a_header_is_a_fault_of_the_list(reader: RowReader) -> None:
    with pytest.raises(RouteListFault, match="no column named destination"):
        read(reader, "HYD|TYO|450", "HYD|CDG|300")


def test_two_columns_of_one_meaning_are_a_fault_of_the_list(reader: RowReader) -> None:
    with pytest.raises(RouteListFault, match="two columns mean destination"):
        read(reader, "destination|iataCode", "CDG|PAR")


def test_a_header_without_rows_is_an_empty_list(reader: RowReader) -> None:
    assert read(reader, "destination|target") == RouteList(name="list", routes=())
