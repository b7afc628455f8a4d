"""Dates, instants and lengths of time as people read them."""

from datetime import date, datetime, timedelta

from bot.present.days import DASH, from_to, nights_, short_window, shown, window
from bot.tongue import say
from engine.domain.journey import chosen_days, days_of
from engine.domain.quote import LocalTime, Quote
from engine.domain.route import DateWindow, FixedDates, RollingWindow, Route
from engine.domain.trips import Nights

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
        return f"{shown(out, 'EEE d MMMM yyyy')} · {say('one way')}"
    nights = (back - out).days
    return f"{from_to(out, back)} · {nights_(Nights(nights, nights))}"


def short_dates(route: Route, today: date) -> str:
    """10-24 Mar, 28 Feb - 5 Mar, 10 Mar; the year only where it is not this one or the next."""
    if isinstance(route.trip, RollingWindow):
        return short_window(route.trip)
    trip = route.trip.on(today)
    if isinstance(trip, DateWindow):
        return short_window(trip)
    return _short(trip, today)


def own_days(route: Route, quote: Quote, today: date) -> str:
    """The days of a quote where its route leaves a choice: 12-14 Mar; else nothing."""
    days = chosen_days(route, quote)
    return "" if days is None else _short(days, today)


def of_all(route: Route, today: date) -> str:
    """Of a route that leaves a choice, what a fare is the cheapest of: the cheapest of 1-31 Mar, 7 nights."""
    return say("the cheapest of {days}", days=short_dates(route, today))


def _short(trip: FixedDates, today: date) -> str:
    year = "" if 0 <= (trip.depart_on - today).days < _DAYS_A_YEAR else " yyyy"
    if trip.return_on is None:
        return shown(trip.depart_on, f"d MMM{year}")
    if (trip.depart_on.year, trip.depart_on.month) == (trip.return_on.year, trip.return_on.month):
        return f"{trip.depart_on.day}{DASH}{shown(trip.return_on, f'd MMM{year}')}"
    return f"{shown(trip.depart_on, 'd MMM')} {DASH} {shown(trip.return_on, f'd MMM{year}')}"


def day_of(day: date) -> str:
    """28 Oct."""
    return shown(day, "d MMM")


def ago(instant: datetime) -> str:
    """Discord's own relative time, which each reader sees in their language: `2 hours ago`."""
    return f"<t:{int(instant.timestamp())}:R>"


def clock(instant: datetime) -> str:
    """Discord's own date and time in each reader's zone."""
    return f"<t:{int(instant.timestamp())}:f>"


def local(time: LocalTime) -> str:
    """10 Mar 10:00, the clock at that place."""
    return shown(time.reading.date(), "d MMM") + f" {time.reading:%H:%M}"


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
