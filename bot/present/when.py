"""Dates, instants and lengths of time as people read them."""

from datetime import date, datetime, timedelta

from babel.dates import format_date

from engine.domain.quote import LocalTime
from engine.domain.route import FixedDates, Route

_LOCALE = "en"
_MINUTES_AN_HOUR = 60
_DAYS_A_YEAR = 365
_HOURS_SHOWN_AS_SUCH = 48


def dates(route: Route, today: date) -> str:
    """Wed 10 - Wed 24 March 2027 · 14 nights; one way: Wed 10 March 2027 · one way."""
    trip = route.trip.on(today)
    out, back = trip.depart_on, trip.return_on
    if back is None:
        return f"{_format(out, 'EEE d MMMM yyyy')} · one way"
    nights = (back - out).days
    stay = "same day" if nights == 0 else "1 night" if nights == 1 else f"{nights} nights"
    return f"{_span(trip, 'EEE d', 'MMMM')} · {stay}"


def short_dates(route: Route, today: date) -> str:
    """10-24 Mar, 28 Feb - 5 Mar, 10 Mar; the year only where it is not this one or the next."""
    trip = route.trip.on(today)
    year = "" if 0 <= (trip.depart_on - today).days < _DAYS_A_YEAR else " yyyy"
    if trip.return_on is None:
        return _format(trip.depart_on, f"d MMM{year}")
    if (trip.depart_on.year, trip.depart_on.month) == (trip.return_on.year, trip.return_on.month):
        return f"{trip.depart_on.day}\N{EN DASH}{_format(trip.return_on, f'd MMM{year}')}"
    return f"{_format(trip.depart_on, 'd MMM')} \N{EN DASH} {_format(trip.return_on, f'd MMM{year}')}"


def day_of(day: date) -> str:
    """28 Oct."""
    return _format(day, "d MMM")


def ago(instant: datetime) -> str:
    """Discord's own relative time, which each reader sees in their language: `2 hours ago`."""
    return f"<t:{int(instant.timestamp())}:R>"


def clock(instant: datetime) -> str:
    """Discord's own date and time in each reader's zone."""
    return f"<t:{int(instant.timestamp())}:f>"


def local(time: LocalTime) -> str:
    """10 Mar 10:00, the clock at that place."""
    return _format(time.reading.date(), "d MMM") + f" {time.reading:%H:%M}"


def lasted(seconds: int) -> str:
    """45 min, 3 h 12 min, 3 days."""
    minutes = max(round(seconds / 60), 1)
    if minutes < _MINUTES_AN_HOUR:
        return f"{minutes} min"
    hours, rest = divmod(minutes, _MINUTES_AN_HOUR)
    if hours >= _HOURS_SHOWN_AS_SUCH:
        return f"{round(hours / 24)} days"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def every(interval: timedelta) -> str:
    """How often: every 15 minutes, every hour, every 90 seconds."""
    seconds = round(interval.total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"every {unit}" if count == 1 else f"every {count} {unit}s"
    return "all the time"


def _span(trip: FixedDates, day: str, month: str) -> str:
    out, back = trip.depart_on, trip.return_on or trip.depart_on
    end = _format(back, f"{day} {month} yyyy")
    if (out.year, out.month) == (back.year, back.month):
        return f"{_format(out, day)} \N{EN DASH} {end}"
    begin = f"{day} {month}" if out.year == back.year else f"{day} {month} yyyy"
    return f"{_format(out, begin)} \N{EN DASH} {end}"


def _format(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=_LOCALE)
