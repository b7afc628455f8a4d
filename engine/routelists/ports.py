"""What a route list is read from and written back to, whatever it is kept in."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

import msgspec

from engine.errors import RouteListFault
from engine.saying import Fact

# Rows of cells as text, placed as in the spreadsheet: row 1 and column A come first, whatever range was read.
Grid = tuple[tuple[str, ...], ...]


class CellChange(msgspec.Struct, frozen=True, kw_only=True):
    """A cell to write: its row as a spreadsheet counts, its column from 0, that column's title, its value."""

    row: int
    column: int
    title: str
    value: str | Decimal


class ListRefused(RouteListFault):
    """The list's service asks not to be asked again before an instant."""

    def __init__(self, template: str, /, *, retry_at: datetime, **facts: Fact | date) -> None:
        super().__init__(template, **facts)
        self.retry_at = retry_at


class ListSource(Protocol):
    """A list that can be read again and again.

    `name` tells it apart from every other list and owns its watches; `label` is what people are shown.
    `refresh_every` is how often reading it is welcome. `local` lists cost nothing to read twice.
    `most_writes` is how many rows may be written per reading: None any number, 0 none at all.
    """

    @property
    def name(self) -> str:
        """What owns the watches of this list."""
        ...

    @property
    def label(self) -> str:
        """How the list is called in messages."""
        ...

    @property
    def refresh_every(self) -> timedelta:
        """How long to wait between two readings."""
        ...

    @property
    def local(self) -> bool:
        """Whether reading it asks nobody."""
        ...

    @property
    def most_writes(self) -> int | None:
        """How many rows may be written per reading."""
        ...

    async def read(self) -> Grid:
        """The cells of the list, header included.

        Raises RouteListFault in words without secrets, ListRefused where it says when to come back.
        """
        ...

    async def write(self, changes: Sequence[CellChange]) -> None:
        """Write cells of the list as it was just read.

        Raises RouteListFault when they cannot be written; then none, or only some, are.
        """
        ...
