"""Routes as rows of a CSV file that RowReader reads back as they were."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from engine.domain.money import Money
from engine.domain.places import Place, PlaceKind
from engine.domain.route import FixedDates, Route
from engine.gazetteer import Gazetteer
from engine.routelists.columns import Column
from engine.routelists.rows import UNDATED

HEADER: Final = tuple(column.value for column in Column)
# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
_GUARD: Final = "'"
_AMBIGUOUS_DECIMALS: Final = 3


def route_cells(route: Route, target: Money | None, gazetteer: Gazetteer) -> list[str] | None:
    """The row of a route, in the order of HEADER; None for what no row can say.

    That is: days to choose from, dates that move with today otherwise than an undated row, several places
    at an end, children and filters besides stops, a place that is no longer known, and an amount whose
    three decimals would be taken for thousands (KWD 12.345).
    """
    amount = "" if target is None else plain_amount(target)
    origin, destination = (_code(place, gazetteer) for place in (route.origin, route.destination))
    if amount is None or origin is None or destination is None:
        return None
    if _narrowed(route):
        return None
    if isinstance(route.trip, FixedDates):
        depart = route.trip.depart_on.isoformat()
        back = route.trip.return_on.isoformat() if route.trip.return_on else ""
    elif route.trip == UNDATED:
        depart = back = ""
    else:
        return None
    return [
        origin,
        destination,
        "" if route.to_anywhere else gazetteer.city(destination),
        depart,
        back,
        amount,
        route.currency,
        str(route.adults),
        route.cabin.value,
        "" if route.max_stops is None else str(route.max_stops),
    ]


def _code(place: Place, gazetteer: Gazetteer) -> str | None:
    """What to write for a place so that it is read as the same; None where it is no longer known."""
    if place.kind is PlaceKind.ANYWHERE:
        return place.kind.value
    code = gazetteer.code_of(place)
    return code if gazetteer.find(code) == place else None


def _narrowed(route: Route) -> bool:
    """Whether it says more than a row has columns for."""
    places = route.also_from or route.also_to
    filters = route.airlines or route.not_airlines or route.out_hours or route.back_hours or route.bags
    return bool(places or filters or route.children)


def plain_amount(amount: Money) -> str | None:
    """450, 450.50, 12.34: as `parse_amount` reads it in the same currency; None where it could not."""
    whole, _, decimals = amount.fixed().partition(".")
    decimals = decimals.rstrip("0")
    if not decimals:
        return whole
    if len(decimals) < _AMBIGUOUS_DECIMALS:
        return f"{whole}.{decimals.ljust(2, '0')}"
    return None


def write_csv(rows: Iterable[Sequence[str]]) -> str:
    """A CSV text, each cell made safe for spreadsheets; `parse_csv` gives the same cells back."""
    text = StringIO(newline="")
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def guarded(cell: str) -> str:
    """The cell, with an apostrophe in front where a spreadsheet would run it."""
    return f"{_GUARD}{cell}" if cell.lstrip(_GUARD).startswith(_FORMULA_SIGNS) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`; any other is left as it is."""
    if cell.startswith(_GUARD) and cell.lstrip(_GUARD).startswith(_FORMULA_SIGNS):
        return cell[1:]
    return cell
