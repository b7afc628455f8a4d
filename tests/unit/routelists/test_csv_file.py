from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.money import Money
from engine.errors import RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.csv_file import decode_csv, parse_csv, read_csv_file
from engine.routelists.rows import RowReader


@pytest.fixture(scope="module")
def reader() -> RowReader:
    return RowReader(Gazetteer.load(), home_origin="HYD", home_currency="EUR", today=date(2026, 11, 22))


@pytest.mark.parametrize(
    "text",
    [
        "destination,target\nCDG,450\n",
        "destination;target\r\nCDG;450\r\n",
        '"destination";"target"\n"CDG";"450"',
        "\n\ndestination,target\nCDG,450",
    ],
)
def test_commas_and_semicolons_are_told_apart_by_the_header(text: str) -> None:
    rows = [row for row in parse_csv(text) if row]
    assert [cell for cell in rows[1] if cell][-1] == "450"


def test_a_line_break_in_quotes_stays_in_its_cell() -> None:
    assert parse_csv('city,target\n"Par\nis",450') == [["city", "target"], ["Par\nis", "450"]]


@pytest.mark.parametrize("text", ["<!DOCTYPE html><html>", "\n <HTML><body>Sign in", '<?xml version="1.0"?>'])
def test_a_web_page_is_no_list(text: str) -> None:
    with pytest.raises(RouteListFault, match="web page"):
        parse_csv(text)


def test_quotes_that_do_not_close_are_a_fault_of_the_list_not_a_lost_rest() -> None:
    with pytest.raises(RouteListFault, match="line 3 is not CSV"):
        parse_csv('city,target\n"Paris,450\nTokyo,300\n')


@given(st.lists(st.lists(st.text(alphabet='CDGTYO0159.,;"-€ pp\n', max_size=10), max_size=5), max_size=5))
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_gives_rows_or_faults(reader: RowReader, rows: list[list[str]]) -> None:
    text = "destination,depart,target,adults\n" + "\n".join(",".join(row) for row in rows)
    try:
        found = reader.read("list", parse_csv(text))
    except RouteListFault:
        return
    assert len(found.routes) + len(found.faults) <= text.count("\n")


async def test_a_file_is_read_off_the_loop(tmp_path: Path, reader: RowReader) -> None:
    path = tmp_path / "routes.csv"
    path.write_text("\ufeffiataCode;lowestPrice\nCDG;1.234,00 €\nXQX;1\n", encoding="utf-8")
    found = await read_csv_file(path, reader)
    assert found.name == "routes.csv"
    assert found.routes[0].target == Money(123400, "EUR")
    assert [fault.row for fault in found.faults] == [3]


async def test_a_missing_file_is_named(tmp_path: Path, reader: RowReader) -> None:
    with pytest.raises(RouteListFault, match=r"none\.csv: there is no such file"):
        await read_csv_file(tmp_path / "none.csv", reader)


async def test_a_folder_is_no_file(tmp_path: Path, reader: RowReader) -> None:
    with pytest.raises(RouteListFault, match="cannot be read"):
        await read_csv_file(tmp_path, reader)


@pytest.mark.parametrize(
    "content", [b"destination\nZ\xfcrich\n", "destination\nCDG".encode("utf-16"), b"\x00\xff" * 9]
)
async def test_what_is_not_utf_8_is_refused(tmp_path: Path, reader: RowReader, content: bytes) -> None:
    path = tmp_path / "routes.csv"
    path.write_bytes(content)
    with pytest.raises(RouteListFault, match="UTF-8"):
        await read_csv_file(path, reader)


async def test_a_file_far_too_large_is_refused(tmp_path: Path, reader: RowReader) -> None:
    path = tmp_path / "routes.csv"
    with path.open("wb") as file:
        file.truncate(9 * 1024 * 1024)
    with pytest.raises(RouteListFault, match="larger than"):
        await read_csv_file(path, reader)


def test_a_workbook_is_refused_with_what_to_do() -> None:
    with pytest.raises(RouteListFault, match="save it as CSV UTF-8"):
        decode_csv(b"PK\x03\x04 and so on")


def test_rows_copied_out_of_a_spreadsheet_have_tabs() -> None:
    assert parse_csv("origin\tdestination\r\nLON\tTYO") == [["origin", "destination"], ["LON", "TYO"]]
