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


Picture = PriceChart
