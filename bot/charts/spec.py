"""What is to be drawn, as plain values that can be sent to another process."""

from datetime import date

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An amount that is marked across the picture, and the words at it."""

    minor: int
    words: str


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The lowest total of one day, in minor units."""

    on: date
    low: int


class PriceChart(msgspec.Struct, frozen=True, kw_only=True, tag="price"):
    """How a route's fare went: one low per day, oldest first, at least one.

    `major_unit` is one unit of the currency in minor units; the line ends at `now`; `locale` is Babel's
    name of the reader's language, for dates and amounts at the axes; every sentence comes said already.
    """

    days: tuple[Day, ...]
    currency: str
    major_unit: int
    locale: str
    title: str
    now: Line
    low: Line
    target: Line | None = None


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A day to leave on: its fare in a few signs, and how dear it is from 0 to 1.

    Both are empty where no look found a fare. `is_best` is the cheapest of all, `is_met` at or under the
    target.
    """

    on: date
    words: str = ""
    dearness: float | None = None
    is_best: bool = False
    is_met: bool = False


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month by its first day, and what it is called."""

    first: date
    words: str


class MonthMap(msgspec.Struct, frozen=True, kw_only=True, tag="months"):
    """What leaving on each day costs: months as calendars, at least one, with the days of the route in them.

    `weekdays` are Monday to Sunday. Every sentence comes said already: `low` and `high` stand at the ends of
    the scale (`low` alone where all days cost the same), `best`, `met` and `unknown` beside what they
    explain; what is not in the picture is empty.
    """

    title: str
    months: tuple[Month, ...]
    cells: tuple[Cell, ...]
    weekdays: tuple[str, ...]
    low: str
    high: str
    best: str = ""
    met: str = ""
    unknown: str = ""


Picture = PriceChart | MonthMap
