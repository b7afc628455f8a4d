"""Dates, instants and lengths of time as people read them."""

from datetime import date, datetime, timedelta

from bot.present.days import (
    DASH,
    DAY,
    DAY_MONTH,
    DAY_MONTH_YEAR,
    WEEKDAY_MONTH_YEAR,
    from_to,
    nights_,
    short_window,
    shown,
    window,
)
from engine.domain.journey import chosen_days, days_of
from engine.domain.quote import LocalTime, Quote
from engine.domain.route import DateWindow, FixedDates, RollingWindow, Route
from engine.domain.trips import Nights
from engine.tongue import count, number, say

_A_MINUTE_S = 60
_AN_HOUR_S = 3_600
_A_DAY_S = 86_400
_MINUTES_AN_HOUR = 60
_DAYS_A_YEAR = 365
_HOURS_SHOWN_AS_SUCH = 48


def dates(route: Route, today: date, quote: Quote | None = None) -> str:
    """Wed 10 - Wed 24 March 2027 · 14 nights; one way: Wed 10 March 2027 · one way.

    Where the route leaves a choice, the days of the quote, or without one all that there are.
    """
    if isinstance(route.trip, RollingWindow) and (quote is None or chosen_days(route, quote) is None):
        return window(route.trip)
    days = days_of(route, quote, today)
    if isinstance(days, DateWindow):
        return window(days)
    out, back = days.depart_on, days.return_on
    if back is None:
        return f"{shown(out, WEEKDAY_MONTH_YEAR)} · {say('one way')}"
    nights = (back - out).days
    return f"{from_to(out, back)} · {nights_(Nights(nights, nights))}"


def short_dates(route: Route, today: date) -> str:
    """10-24 Mar, 28 Feb - 5 Mar, 10 Mar; the year only where it is not this one or the next."""
    if isinstance(route.trip, RollingWindow):
        return short_window(route.trip)
    trip = route.trip.on(today)
    if isinstance(trip, DateWindow):
        return short_window(trip)
    return short_trip(trip, today)


def own_days(route: Route, quote: Quote, today: date) -> str:
    """The days of a quote where its route leaves a choice: 12-14 Mar; else nothing."""
    days = chosen_days(route, quote)
    return "" if days is None else short_trip(days, today)


def of_all(route: Route, today: date) -> str:
    """Of a route that leaves a choice, what a fare is the cheapest of: the cheapest of 1-31 Mar, 7 nights."""
    return say("the cheapest of {days}", days=short_dates(route, today))


def short_trip(trip: FixedDates, today: date) -> str:
    """12-26 Mar, 28 Feb - 5 Mar 2029; one way: 12 Mar."""
    soon = 0 <= (trip.depart_on - today).days < _DAYS_A_YEAR
    last = DAY_MONTH if soon else DAY_MONTH_YEAR
    if trip.return_on is None:
        return shown(trip.depart_on, last)
    if (trip.depart_on.year, trip.depart_on.month) == (trip.return_on.year, trip.return_on.month):
        return f"{shown(trip.depart_on, DAY)}{DASH}{shown(trip.return_on, last)}"
    return f"{shown(trip.depart_on, DAY_MONTH)} {DASH} {shown(trip.return_on, last)}"


def day_of(day: date) -> str:
    """28 Oct."""
    return shown(day, DAY_MONTH)


def ago(instant: datetime) -> str:
    """Discord's own relative time, which each reader sees in their language: `2 hours ago`."""
    return f"<t:{int(instant.timestamp())}:R>"


def clock(instant: datetime) -> str:
    """Discord's own date and time in each reader's zone."""
    return f"<t:{int(instant.timestamp())}:f>"


def local(time: LocalTime) -> str:
    """10 Mar 10:00, the clock at that place."""
    return shown(time.reading.date(), DAY_MONTH) + f" {time.reading:%H:%M}"


def lasted(seconds: int) -> str:
    """45 min, 3 h 12 min, 3 days."""
    minutes = max(round(seconds / 60), 1)
    if minutes < _MINUTES_AN_HOUR:
        return say("{minutes} min", minutes=minutes)
    hours, rest = divmod(minutes, _MINUTES_AN_HOUR)
    if hours >= _HOURS_SHOWN_AS_SUCH:
        return count(round(hours / 24), "{n} day", "{n} days")
    return (
        say("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else say("{hours} h", hours=hours)
    )


def seconds_(seconds: float, pattern: str = "0.0") -> str:
    """1.3 s."""
    return say("{seconds} s", seconds=number(seconds, pattern))


def every(interval: timedelta) -> str:
    """How often: every 15 minutes, every hour, every 90 seconds."""
    seconds = round(interval.total_seconds())
    if days := _whole(seconds, _A_DAY_S):
        return count(days, "every day", "every {n} days")
    if hours := _whole(seconds, _AN_HOUR_S):
        return count(hours, "every hour", "every {n} hours")
    if minutes := _whole(seconds, _A_MINUTE_S):
        return count(minutes, "every minute", "every {n} minutes")
    return count(seconds, "every second", "every {n} seconds") if seconds else say("all the time")


def _whole(seconds: int, size: int) -> int:
    """How many of that size it is; 0 where it is not a whole number of them."""
    return 0 if seconds % size else seconds // size
