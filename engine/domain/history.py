"""What a route used to cost: one row per day and source kind, and the statistics over them.

Statistics are taken over daily lows, across source kinds, today's left out (design, section 5).
"""

import math
import statistics
from datetime import date, timedelta
from typing import Final

import msgspec

from engine.domain.quote import SourceKind

LOOKED_BACK: Final = timedelta(days=60)
"""No rule and no message looks back further."""
FEWEST_DAYS: Final = 5
"""A median of fewer daily lows says little."""


class DayLow(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of one day and source kind in minor units: lowest, first and last, and how many looks."""

    day: date
    kind: SourceKind
    low: int
    first: int
    last: int
    looks: int = 1


class History(msgspec.Struct, frozen=True):
    """A route's rows, oldest first, as they stood before the look that is judged.

    Today's rows, where there are any, hold today's earlier looks.
    """

    days: tuple[DayLow, ...] = ()

    def daily_lows(self, today: date, days: int) -> list[int]:
        """The lows of the `days` days before today that had looks, oldest first, one per day."""
        since = today - timedelta(days=days)
        return [low for day, low in self.by_day().items() if since <= day < today]

    def by_day(self) -> dict[date, int]:
        """The low of each day that had looks, across source kinds, oldest first, today's included."""
        lows: dict[date, int] = {}
        for row in self.days:
            lows[row.day] = min(row.low, lows.get(row.day, row.low))
        return lows

    def days_of_looks(self, today: date) -> int:
        """How many days before today had looks at all."""
        return len({row.day for row in self.days if row.day < today})

    def low(self, today: date, days: int) -> int | None:
        """The lowest of the `days` days before today and of today's earlier looks."""
        since = today - timedelta(days=days)
        return min((row.low for row in self.days if since <= row.day <= today), default=None)

    def median(self, today: date, days: int = 30, *, fewest: int = 1) -> int | None:
        """The median of the daily lows; None when fewer than `fewest` days had looks."""
        lows = self.daily_lows(today, days)
        return int(statistics.median(lows)) if len(lows) >= max(fewest, 1) else None

    def percentile(self, q: float, today: date, days: int = 30, *, fewest: int = 1) -> int | None:
        """The daily low that `q` per cent of the daily lows do not exceed (nearest rank).

        0 is the lowest, 100 the highest. None when fewer than `fewest` days had looks.
        """
        lows = sorted(self.daily_lows(today, days))
        if len(lows) < max(fewest, 1):
            return None
        return lows[max(math.ceil(q / 100 * len(lows)), 1) - 1]

    def with_total(self, day: date, kind: SourceKind, minor: int) -> DayLow:
        """The row to store once another look of that day and kind came home with `minor`."""
        known = next((row for row in self.days if row.day == day and row.kind is kind), None)
        if known is None:
            return DayLow(day=day, kind=kind, low=minor, first=minor, last=minor)
        return msgspec.structs.replace(known, low=min(known.low, minor), last=minor, looks=known.looks + 1)
