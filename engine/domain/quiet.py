"""Quiet hours: local times between which a member is not pinged, and the instant at which they end.

Clocks that are put forward skip local times, and clocks that are put back show some twice. A time
that does not exist stands for the next one that does; of a doubled one only the first counts.
Pure: the zone comes in as a `tzinfo`, since looking one up may read a file.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

import msgspec

_DAY: Final = timedelta(days=1)
_NEAR: Final = (-2, -1, 0)  # days on which a window around an instant can have begun


class Quiet(msgspec.Struct, frozen=True):
    """Local times from which and until which nobody is pinged; over midnight where `end` is earlier.

    Equal times are no quiet hours at all, chosen as such.
    """

    start: time
    end: time

    @property
    def is_off(self) -> bool:
        """Whether there are none."""
        return self.start == self.end


def release_at(quiet: Quiet, zone: tzinfo, now: datetime) -> datetime | None:
    """The instant at which the quiet hours around `now` end (aware, UTC); None outside of them."""
    if quiet.is_off:
        return None
    end = _end_of_window(quiet, zone, now)
    released = None
    while end is not None:  # where no local time lies between two windows, they are one
        released = end
        end = _end_of_window(quiet, zone, end)
    return released


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """When the clocks of a zone first show that time of that day, or the next that they show (UTC)."""
    wall = datetime.combine(day, at)
    shown = wall.replace(tzinfo=zone).astimezone(UTC)
    if _wall(shown, zone) == wall:
        return shown
    # Skipped: read with the offset of before, it lies after the gap; with that of after, before it.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), shown
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _wall(middle, zone) < wall:
            before = middle
        else:
            after = middle
    return after


def exists(day: date, zone: tzinfo) -> bool:
    """Whether a zone has that day: crossing the date line, a place may skip one."""
    return instant(day, time(), zone) < instant(day + _DAY, time(), zone)


def local_day(now: datetime, zone: tzinfo) -> date:
    """The day that the clocks of a zone show."""
    return _wall(now, zone).date()


def _end_of_window(quiet: Quiet, zone: tzinfo, now: datetime) -> datetime | None:
    """The end of the window that holds an instant; a window holds its begin, not its end."""
    today = local_day(now, zone)
    nights = _DAY if quiet.end < quiet.start else timedelta()
    ends = []
    for days in _NEAR:
        day = today + days * _DAY
        end = instant(day + nights, quiet.end, zone)
        if instant(day, quiet.start, zone) <= now < end:
            ends.append(end)
    return max(ends, default=None)


def _wall(now: datetime, zone: tzinfo) -> datetime:
    return now.astimezone(zone).replace(tzinfo=None)
