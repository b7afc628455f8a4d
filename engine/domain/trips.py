"""When somebody wants to travel: fixed days, days that move with today, or a window to choose from.

What is stored of these is part of a route's fingerprint: a field that is added later must be left out of
the canonical JSON where it stands at its default (`engine.domain.route`).
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec


class Span(msgspec.Struct, frozen=True):
    """Days in a row, the first and the last included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meeting(self, other: "Span") -> "Span | None":
        """The days of both; None where there are none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None

    def days(self) -> Iterator[date]:
        """Each of them."""
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


class Nights(msgspec.Struct, frozen=True):
    """How long to stay: a number of nights, or from some to some."""

    least: int
    most: int


class FixedDates(msgspec.Struct, frozen=True, tag="fixed"):
    """Out on one day, back on another (None: one way)."""

    depart_on: date
    return_on: date | None = None

    @property
    def round_trip(self) -> bool:
        """Whether the way back belongs to it."""
        return self.return_on is not None

    @property
    def last_departure_on(self) -> date:
        """The last day on which it can begin."""
        return self.depart_on

    def on(self, today: date) -> "FixedDates":  # noqa: ARG002  the same for every day
        """The dates as seen from a day."""
        return self

    def fits(self, out: date, back: date | None) -> bool:
        """Whether a journey on these days is what is meant."""
        return (out, back) == (self.depart_on, self.return_on)


class RollingDates(msgspec.Struct, frozen=True, tag="rolling"):
    """Dates that move with today: a row without dates means tomorrow and 30 days later."""

    depart_in_days: int
    return_after_days: int | None = None

    @property
    def round_trip(self) -> bool:
        """Whether the way back belongs to it."""
        return self.return_after_days is not None

    @property
    def last_departure_on(self) -> None:
        """It has none."""
        return

    def on(self, today: date) -> FixedDates:
        """The dates as seen from a day."""
        depart_on = today + timedelta(days=self.depart_in_days)
        if self.return_after_days is None:
            return FixedDates(depart_on)
        return FixedDates(depart_on, depart_on + timedelta(days=self.return_after_days))


class DateWindow(msgspec.Struct, frozen=True, tag="window", kw_only=True):
    """Any days that fit: out in one span; back in another, after a number of nights, or both.

    Neither: one way. `leaves_on` is the only day of the week to leave on, 0 for Monday.
    """

    out: Span
    back: Span | None = None
    nights: Nights | None = None
    leaves_on: int | None = None

    @property
    def round_trip(self) -> bool:
        """Whether the way back belongs to it."""
        return self.back is not None or self.nights is not None

    @property
    def last_departure_on(self) -> date:
        """The last day on which it can begin: one with a way back, where there is one."""
        return max((out for out, _ in self.choices()), default=self.out.last)

    def on(self, today: date) -> "DateWindow":  # noqa: ARG002  the same for every day
        """The dates as seen from a day."""
        return self

    def fits(self, out: date, back: date | None) -> bool:
        """Whether a journey on these days is what is meant."""
        if not self._leaves(out) or (back is not None) != self.round_trip:
            return False
        if back is None:
            return True
        ways_back = self.ways_back(out)
        return ways_back is not None and back in ways_back

    def choices(self, not_before: date = date.min) -> Iterator[tuple[date, Span | None]]:
        """Each day to leave on, with the days to come back on (None: one way)."""
        for out in self.out.days():
            if out < not_before or not self._leaves(out):
                continue
            ways_back = self.ways_back(out)
            if ways_back is not None or not self.round_trip:
                yield out, ways_back

    def ways_back(self, out: date) -> Span | None:
        """The days to come back on for who leaves on a day; None where there are none."""
        if not self.round_trip:
            return None
        after = Span(out, date.max)
        if self.nights is not None:
            least, most = (timedelta(days=nights) for nights in (self.nights.least, self.nights.most))
            after = Span(out + least, out + most)
        return after if self.back is None else self.back.meeting(after)

    def _leaves(self, day: date) -> bool:
        return day in self.out and self.leaves_on in (None, day.weekday())


class RollingWindow(msgspec.Struct, frozen=True, tag="rolling_window", kw_only=True):
    """A window that moves with today, from tomorrow on: any Friday to Sunday of the next 90 days."""

    within_days: int
    nights: Nights | None = None
    leaves_on: int | None = None

    @property
    def round_trip(self) -> bool:
        """Whether the way back belongs to it."""
        return self.nights is not None

    @property
    def last_departure_on(self) -> None:
        """It has none."""
        return

    def on(self, today: date) -> DateWindow:
        """The window as seen from a day."""
        tomorrow = today + timedelta(days=1)
        out = Span(tomorrow, today + timedelta(days=self.within_days))
        return DateWindow(out=out, nights=self.nights, leaves_on=self.leaves_on)


Dates = FixedDates | DateWindow
"""A trip as seen from a day."""

Trip = FixedDates | RollingDates | DateWindow | RollingWindow
