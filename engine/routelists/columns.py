"""The columns of a route list: their names, their aliases, and where they stand in a header."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from engine.domain.said import said
from engine.errors import RouteListFault


class Column(StrEnum):
    """What a cell is about; the value is the column's name in the contract."""

    ORIGIN = "origin"
    DESTINATION = "destination"
    CITY = "city"
    DEPART = "depart"
    RETURN = "return"
    TARGET = "target"
    CURRENCY = "currency"
    ADULTS = "adults"
    CABIN = "cabin"
    MAX_STOPS = "max_stops"


class FareColumn(StrEnum):
    """What is written back and never read: the last look's fare, the lowest ever seen, when that look was."""

    LATEST_FARE = "latest_fare"
    LOWEST_FARE = "lowest_fare"
    SEEN_AT = "seen_at"


# The original's sheet had these: `IATA Code`, `Lowest Price`; Sheety writes them iataCode, lowestPrice.
_ALIASES: Final = {
    "iatacode": Column.DESTINATION,
    "departuredate": Column.DEPART,
    "returndate": Column.RETURN,
    "lowestprice": Column.TARGET,
}
_FARES_BY_NAME: Final = {column.value.replace("_", ""): column for column in FareColumn} | {
    "latestprice": FareColumn.LATEST_FARE,
    "lastseen": FareColumn.SEEN_AT,
}
_BY_NAME: Final[Mapping[str, Column]] = MappingProxyType(
    {column.value.replace("_", ""): column for column in Column} | _ALIASES
)
_WHERE_TO: Final = (Column.DESTINATION, Column.CITY)


def column_of(title: str) -> Column | None:
    """The column a title names, in any case, with or without spaces and underscores; None for others."""
    return _BY_NAME.get(_plain(title))


def fare_places_of(header: Sequence[str]) -> dict[FareColumn, int]:
    """Where the columns stand that are written back; of two with one meaning the first."""
    found: dict[FareColumn, int] = {}
    for position, title in enumerate(header):
        column = _FARES_BY_NAME.get(_plain(title))
        if column is not None:
            found.setdefault(column, position)
    return found


def _plain(title: str) -> str:
    return re.sub(r"[\s_-]", "", title).lower()


def places_of(header: Sequence[str]) -> dict[Column, int]:
    """Where each known column stands. Titles that are none of ours are passed over.

    Raises RouteListFault when nothing says where to fly to, or two titles name the same column.
    """
    found: dict[Column, int] = {}
    for position, title in enumerate(header):
        column = column_of(title)
        if column is None:
            continue
        if column in found:
            raise RouteListFault(
                "two columns mean {column}: {first} and {second}; keep one",
                column=column,
                first=said(header[found[column]]),
                second=said(title),
            )
        found[column] = position
    if not any(column in found for column in _WHERE_TO):
        raise RouteListFault("its first row has no column named destination (or iataCode, or city)")
    return found
