"""From the cells of a route list to routes: the good rows become routes, each bad one a fault."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from engine.domain import typed
from engine.domain.money import Money
from engine.domain.places import ANYWHERE, Place
from engine.domain.route import Cabin, RollingDates, Route, RouteId, Trip
from engine.errors import InvalidInput, RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.columns import Column, places_of
from engine.saying import Saying, saying

# A row without dates asks for tomorrow and the way back 30 days later, as the original did.
UNDATED: Final = RollingDates(depart_in_days=1, return_after_days=30)
NO_HOME: Final = saying("It is empty, and HOME_ORIGIN is not set.")
WHERE_FROM: Final = saying("It is empty; say where the journey begins.")
_CODE_LENGTH: Final = 3


class ListedRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A good row. `target` is for the whole party, None where the cell is empty.

    `row` is counted as a spreadsheet does: the header is row 1.
    """

    row: int
    route: Route
    target: Money | None = None


class RowFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row was left out: its number, the column at fault (None: the row as a whole), a sentence."""

    row: int
    column: str | None
    saying: Saying

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return str(self.saying)

    @property
    def line(self) -> Saying:
        """All of it in one line."""
        if not self.column:
            return saying("row {row}: {what}", row=self.row, what=self.saying)
        return saying("row {row}, {column}: {what}", row=self.row, column=self.column, what=self.saying)

    def __str__(self) -> str:
        return str(self.line)


class RouteList(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it was read: its name, the good rows and the faults of the others."""

    name: str
    routes: tuple[ListedRoute, ...]
    faults: tuple[RowFault, ...] = ()


class RowReader:
    """Reads rows of cells. Knows no I/O, so that a file, a sheet and Sheety can share it.

    `home_origin` (HOME_ORIGIN) and `home_currency` (HOME_CURRENCY) stand in for empty cells;
    `without_origin` is said of an empty cell where there is no home, to whom settings mean nothing.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        home_origin: str | None,
        home_currency: str,
        today: date,
        without_origin: Saying = NO_HOME,
    ) -> None:
        self._gazetteer = gazetteer
        self._home_origin = home_origin
        self._without_origin = without_origin
        self._home_currency = home_currency
        self._today = today

    def read(self, name: str, rows: Iterable[Sequence[str]]) -> RouteList:
        """Read a list whose first row is the header.

        Raises RouteListFault when it has no header; what is wrong with a row is in `faults`.
        """
        numbered = enumerate(rows, start=1)
        header = next((row for _, row in numbered if not _blank(row)), None)
        if header is None:
            raise RouteListFault("it is empty")
        columns = places_of(header)
        routes: dict[RouteId, ListedRoute] = {}
        faults: list[RowFault] = []
        for number, row in numbered:
            if _blank(row):
                continue
            try:
                listed = self._route(number, _cells(row, columns, len(header)))
                _refuse_twin(listed, routes)
            except InvalidInput as fault:
                faults.append(RowFault(row=number, column=fault.field or None, saying=fault.saying))
            else:
                routes[listed.route.id] = listed
        return RouteList(name=name, routes=tuple(routes.values()), faults=tuple(faults))

    def _route(self, number: int, cells: Mapping[Column, str]) -> ListedRoute:
        origin = self._origin(cells)
        destination = self._destination(cells)
        self._gazetteer.check_ends(origin, destination)
        adults = typed.parse_adults(cells[Column.ADULTS]) if Column.ADULTS in cells else 1
        currency = self._home_currency
        if Column.CURRENCY in cells:
            currency = typed.parse_currency(cells[Column.CURRENCY])
        route = Route(
            origin=origin,
            destination=destination,
            trip=self._trip(cells),
            currency=currency,
            cabin=typed.parse_cabin(cells[Column.CABIN]) if Column.CABIN in cells else Cabin.ECONOMY,
            adults=adults,
            max_stops=typed.parse_max_stops(cells[Column.MAX_STOPS]) if Column.MAX_STOPS in cells else None,
        )
        target = cells.get(Column.TARGET)
        money = None if target is None else typed.parse_target(target, currency, adults)
        if route.to_anywhere and money is None:
            raise InvalidInput(Column.TARGET, "It is empty; to go anywhere takes a price to wait for.")
        return ListedRoute(row=number, route=route, target=money)

    def _origin(self, cells: Mapping[Column, str]) -> Place:
        if Column.ORIGIN in cells:
            return self._place(Column.ORIGIN, cells[Column.ORIGIN])
        if self._home_origin is None:
            raise InvalidInput.of(Column.ORIGIN, self._without_origin)
        place = self._gazetteer.find(self._home_origin)
        if place is None:
            raise InvalidInput(Column.ORIGIN, "It is empty, and HOME_ORIGIN is no place I know.")
        return place

    def _destination(self, cells: Mapping[Column, str]) -> Place:
        if Column.DESTINATION in cells:
            return self._place(Column.DESTINATION, cells[Column.DESTINATION])
        if Column.CITY in cells:
            return self._city(Column.CITY, cells[Column.CITY])
        raise InvalidInput(Column.DESTINATION, "It is empty, and no city is given either.")

    def _place(self, column: Column, text: str) -> Place:
        """A code, or a city's name where it cannot be a code; a destination may be anywhere."""
        if column is Column.DESTINATION and typed.means_anywhere(text):
            return ANYWHERE
        place = self._gazetteer.find(text)
        if place is not None:
            return place
        if len(text) > _CODE_LENGTH:
            return self._city(column, text)
        raise self._gazetteer.unknown(column, text)

    def _city(self, column: Column, name: str) -> Place:
        place = self._gazetteer.resolve_city(name)
        if place is None:
            raise self._gazetteer.unknown(column, name)
        return place

    def _trip(self, cells: Mapping[Column, str]) -> Trip:
        if Column.DEPART not in cells:
            if Column.RETURN in cells:
                raise InvalidInput(Column.DEPART, "It is empty, but a return date is given.")
            return UNDATED
        depart_on = typed.parse_date(cells[Column.DEPART], self._today, field=Column.DEPART)
        if Column.RETURN not in cells:
            return typed.check_trip(depart_on, None)
        return typed.check_trip(
            depart_on, typed.parse_date(cells[Column.RETURN], self._today, field=Column.RETURN)
        )


def header_of(rows: Sequence[Sequence[str]]) -> Sequence[str]:
    """The titles of a list: its first row that is not blank. Raises RouteListFault when there is none."""
    header = next((row for row in rows if not _blank(row)), None)
    if header is None:
        raise RouteListFault("it is empty")
    return header


def _blank(row: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _cells(row: Sequence[str], columns: Mapping[Column, int], width: int) -> dict[Column, str]:
    """The filled cells by column; a row longer than the header is refused, not read shifted."""
    if not _blank(row[width:]):
        raise InvalidInput(
            "", "It has more cells than the header; a comma inside a number or name needs quotes around it."
        )
    filled = {column: row[at].strip() for column, at in columns.items() if at < len(row)}
    return {column: text for column, text in filled.items() if text}


def _refuse_twin(listed: ListedRoute, routes: Mapping[RouteId, ListedRoute]) -> None:
    twin = routes.get(listed.route.id)
    if twin is not None:
        raise InvalidInput("", "It asks for the same as row {row}; keep one of them.", row=twin.row)
