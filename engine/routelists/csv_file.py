"""Route lists in a CSV file as spreadsheets write it: comma, semicolon or tab, with or without a BOM."""

import asyncio
import csv
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Final

from engine.errors import RouteListFault
from engine.routelists.columns import column_of
from engine.routelists.ports import CellChange, Grid
from engine.routelists.rows import RouteList, RowReader
from engine.routelists.writing import unguarded

# Ten thousand rows are well under a megabyte; what is larger is no route list.
_LARGEST: Final = 8 * 1024 * 1024
_PAGE_STARTS: Final = ("<!doctype", "<html", "<?xml")
# Excel and LibreOffice (a ZIP), and Excel before 2007.
_WORKBOOK_STARTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Files of some countries have semicolons; what is copied out of a spreadsheet has tabs.
_DELIMITERS: Final = (",", ";", "\t")


class CsvFile:
    """A ListSource over a file of this machine; it is only read."""

    local = True
    refresh_every = timedelta(minutes=5)
    most_writes: int | None = 0

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.label = path.name
        self._path = path

    async def read(self) -> Grid:
        """The cells of the file, read in a thread."""
        return await asyncio.to_thread(_grid, self._path)

    async def write(self, changes: Sequence[CellChange]) -> None:
        """A file is the reader's own; nothing is written into it."""
        raise RouteListFault("{file} is only read ({cells} cells)", file=str(self._path), cells=len(changes))


async def read_csv_file(path: Path, reader: RowReader) -> RouteList:
    """Read the list that a file holds, in a thread; its name is the file's.

    Raises RouteListFault, which names the file, when it cannot be read as a whole.
    """
    return await asyncio.to_thread(_read, path, reader)


def _read(path: Path, reader: RowReader) -> RouteList:
    grid = _grid(path)
    try:
        return reader.read(path.name, grid)
    except RouteListFault as fault:
        raise RouteListFault("{file}: {fault}", file=str(path), fault=fault.saying) from None


def _grid(path: Path) -> Grid:
    try:
        return tuple(tuple(row) for row in parse_csv(_text(path)))
    except RouteListFault as fault:
        raise RouteListFault("{file}: {fault}", file=str(path), fault=fault.saying) from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise RouteListFault("there is no such file") from None
    except OSError as error:
        raise RouteListFault("it cannot be read ({why})", why=error.strerror or "") from None
    if len(content) > _LARGEST:
        raise RouteListFault("it is larger than {most} MB", most=_LARGEST // 1024 // 1024)
    return decode_csv(content)


def decode_csv(content: bytes) -> str:
    """The text of a CSV file, with or without a BOM. Raises RouteListFault for what is none."""
    if content.startswith(_WORKBOOK_STARTS):
        raise RouteListFault("it is a spreadsheet's workbook; save it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RouteListFault("it is not UTF-8 text; save it as CSV UTF-8") from None


def parse_csv(text: str) -> list[list[str]]:
    """The rows of cells of a CSV text, the header first; cells as they were before `write_csv` guarded them.

    Raises RouteListFault for a web page in its place and for quotes that do not close.
    """
    if text.lstrip()[:32].lower().startswith(_PAGE_STARTS):
        raise RouteListFault("it is a web page, not CSV; a private sheet answers with its login page")
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return [[unguarded(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise RouteListFault("line {line} is not CSV: {why}", line=rows.line_num, why=str(error)) from None


def _delimiter(text: str) -> str:
    """The one by which most of the header's titles are ours; a comma where they are equal."""
    header = next((line for line in text.splitlines() if line.strip()), "")

    def titles_of_ours(delimiter: str) -> int:
        return sum(column_of(title.strip('"')) is not None for title in header.split(delimiter))

    return max(_DELIMITERS, key=titles_of_ours)
