"""Route lists in a CSV file as spreadsheets write it: comma or semicolon, with or without a BOM."""

import asyncio
import csv
from io import StringIO
from pathlib import Path
from typing import Final

from engine.errors import RouteListFault
from engine.routelists.columns import column_of
from engine.routelists.rows import RouteList, RowReader

# Ten thousand rows are well under a megabyte; what is larger is no route list.
_LARGEST: Final = 8 * 1024 * 1024
_PAGE_STARTS: Final = ("<!doctype", "<html", "<?xml")


async def read_csv_file(path: Path, reader: RowReader) -> RouteList:
    """Read the list that a file holds, in a thread; its name is the file's.

    Raises RouteListFault, which names the file, when it cannot be read as a whole.
    """
    return await asyncio.to_thread(_read, path, reader)


def _read(path: Path, reader: RowReader) -> RouteList:
    try:
        return reader.read(path.name, parse_csv(_text(path)))
    except RouteListFault as fault:
        raise RouteListFault(f"{path}: {fault}") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise RouteListFault("there is no such file") from None
    except OSError as error:
        raise RouteListFault(f"it cannot be read ({error.strerror})") from None
    if len(content) > _LARGEST:
        raise RouteListFault(f"it is larger than {_LARGEST // 1024 // 1024} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RouteListFault("it is not UTF-8 text; save it as CSV UTF-8") from None


def parse_csv(text: str) -> list[list[str]]:
    """The rows of cells of a CSV text, the header first.

    Raises RouteListFault for a web page in its place and for quotes that do not close.
    """
    if text.lstrip()[:32].lower().startswith(_PAGE_STARTS):
        raise RouteListFault("it is a web page, not CSV; a private sheet answers with its login page")
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return list(rows)
    except csv.Error as error:
        raise RouteListFault(f"line {rows.line_num} is not CSV: {error}") from None


def _delimiter(text: str) -> str:
    """Comma or semicolon: the one by which more of the header's titles are ours."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    semicolons = sum(column_of(title.strip('"')) is not None for title in header.split(";"))
    commas = sum(column_of(title.strip('"')) is not None for title in header.split(","))
    return ";" if semicolons > commas else ","
