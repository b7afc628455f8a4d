"""What is written back into a list: fares and when they were seen, and codes found from cities. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.route import RouteId
from engine.gazetteer import Gazetteer
from engine.routelists.columns import Column, FareColumn, fare_places_of, places_of
from engine.routelists.ports import CellChange, Grid
from engine.routelists.rows import RouteList, header_of
from engine.store.routes import RouteRow

_Value = Money | str


def wants_writing(grid: Grid) -> bool:
    """Whether the list asks for anything: it has a column for fares, or cells for codes beside its cities."""
    titles = header_of(grid)
    return bool(fare_places_of(titles)) or _code_places(titles) is not None


def changes_of(
    listed: RouteList,
    grid: Grid,
    seen: Mapping[RouteId, RouteRow],
    lowest: Mapping[RouteId, int],
    gazetteer: Gazetteer,
    *,
    most_rows: int | None,
) -> list[CellChange]:
    """The cells whose content differs from what is known, row by row, the rows lacking a code first.

    With `most_rows` a row is not written only to say that it was seen again.
    """
    titles = header_of(grid)
    fares, codes = fare_places_of(titles), _code_places(titles)
    found: list[tuple[bool, list[CellChange]]] = []
    for row in listed.routes:
        cells = grid[row.row - 1]
        values = _fares(seen.get(row.route.id), lowest.get(row.route.id))
        wanted = {fares[column]: value for column, value in values.items() if column in fares}
        code = None if codes is None else _code(cells, codes, row.route.destination, gazetteer)
        if codes is not None and code is not None:
            wanted[codes[0]] = code
        changed = {at: value for at, value in wanted.items() if _cell(cells, at) != _shown(value)}
        if not changed or (most_rows is not None and set(changed) == {fares.get(FareColumn.SEEN_AT)}):
            continue
        found.append((code is None, [_change(row.row, at, titles, value) for at, value in changed.items()]))
    found.sort(key=lambda each: each[0])
    return [change for _, changes in found[:most_rows] for change in changes]


def _change(row: int, at: int, titles: Sequence[str], value: _Value) -> CellChange:
    plain = value.amount if isinstance(value, Money) else value
    return CellChange(row=row, column=at, title=titles[at], value=plain)


def _fares(row: RouteRow | None, lowest: int | None) -> dict[FareColumn, _Value]:
    if row is None or row.last_quote is None or row.last_quote_at is None:
        return {}
    total = row.last_quote.total
    return {
        FareColumn.LATEST_FARE: total,
        FareColumn.LOWEST_FARE: total.with_minor(min(total.minor, lowest or total.minor)),
        FareColumn.SEEN_AT: f"{row.last_quote_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    }


def _code_places(titles: Sequence[str]) -> tuple[int, int] | None:
    """Where codes and cities stand, where there are both."""
    columns = places_of(titles)
    if Column.DESTINATION not in columns or Column.CITY not in columns:
        return None
    return columns[Column.DESTINATION], columns[Column.CITY]


def _code(cells: Sequence[str], places: tuple[int, int], place: Place, gazetteer: Gazetteer) -> str | None:
    """The code to fill in: only where its cell is empty and a city stands beside it."""
    code, city = (_cell(cells, at) for at in places)
    return gazetteer.code_of(place) if city and not code else None


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _shown(value: _Value) -> str:
    return value.plain() if isinstance(value, Money) else value
