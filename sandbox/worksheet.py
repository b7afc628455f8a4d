"""The cells of a pretend sheet: Google and Sheety show the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Worksheet:
    """Tabs by name, each a list of rows of text; the first row of a tab holds its titles."""

    tabs: dict[str, list[list[str]]] = field(default_factory=dict)

    def fill(self, rows: Sequence[str | Sequence[str]], tab: str = "prices") -> None:
        """Put these rows into a tab, over whatever stood there; text is split at commas."""
        self.tabs[tab] = [row.split(",") if isinstance(row, str) else list(row) for row in rows]

    def put(self, tab: str, row: int, column: int, value: str) -> None:
        """Write one cell; rows count from 1, columns from 0."""
        rows = self.tabs[tab]
        rows.extend([] for _ in range(row - len(rows)))
        cells = rows[row - 1]
        cells.extend("" for _ in range(column + 1 - len(cells)))
        cells[column] = value

    def rows(self, tab: str = "prices") -> list[list[str]]:
        """The rows of a tab as they stand."""
        return [list(row) for row in self.tabs.get(tab, [])]


def shown(value: str | float) -> str:
    """A cell's content as a sheet shows it: 120.0 is `120`."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def first_tab() -> Worksheet:
    """A sheet as the original's: a city, its code, and the price to tell at."""
    sheet = Worksheet()
    sheet.fill(
        (
            "City,IATA Code,Lowest Price,Latest Fare,Lowest Fare,Seen At",
            "Paris,PAR,54",
            "Berlin,BER,42",
            "Tokyo,TYO,485",
            "Sydney,SYD,551",
        )
    )
    return sheet
