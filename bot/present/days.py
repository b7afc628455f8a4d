"""Days, and windows of days to choose from, as people read them."""

from datetime import date, timedelta
from typing import Final

from babel.dates import format_date, get_day_names

from engine.domain.route import DateWindow, RollingWindow
from engine.domain.trips import Nights, Span
from engine.tongue import count, key, locale, say

DASH = "\N{EN DASH}"
_A_WEEK = 7


# How each language writes a day is in its catalogue, by CLDR's pattern letters.
DAY: Final = key("d")
DAY_MONTH: Final = key("d MMM")
DAY_MONTH_YEAR: Final = key("d MMM yyyy")
WEEKDAY_SHORT: Final = key("EEE d MMM")
WEEKDAY_MONTH: Final = key("EEE d MMMM")
WEEKDAY_MONTH_YEAR: Final = key("EEE d MMMM yyyy")
_WEEKDAY: Final = key("EEE d")
MONTH: Final = key("LLLL yyyy")
DAY_LONG: Final = key("d MMMM")
_DAY_LONG_YEAR: Final = key("d MMMM yyyy")


def shown(day: date, pattern: str) -> str:
    """A day by one of the patterns above, in the tongue of the context."""
    return format_date(day, say(pattern), locale=locale())


def from_to(first: date, last: date, *, weekdays: bool = True) -> str:
    """Wed 10 - Wed 24 March 2027; a month and a year are said once where both share them."""
    day, month, year = (
        (_WEEKDAY, WEEKDAY_MONTH, WEEKDAY_MONTH_YEAR) if weekdays else (DAY, DAY_LONG, _DAY_LONG_YEAR)
    )
    end = shown(last, year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{shown(first, day)} {DASH} {end}"
    return f"{shown(first, month if first.year == last.year else year)} {DASH} {end}"


def clock(minute: int) -> str:
    """09:30, whatever the tongue."""
    return f"{minute // 60:02}:{minute % 60:02}"


def window(trip: DateWindow | RollingWindow) -> str:
    """Any Fri - Sun in the next 90 days; 10 - 20 March 2027 · 7 to 10 nights; March 2027 · one way."""
    if isinstance(trip, RollingWindow):
        when = count(trip.within_days, "in the next {n} day", "in the next {n} days")
    elif trip.back is not None and trip.nights is None:
        when = say("out {out}, back {back}", out=_span(trip.out), back=_span(trip.back))
    else:
        when = _span(trip.out)
    if trip.leaves_on is not None:
        when = say("any {days} {when}", days=_days_of_the_week(trip.leaves_on, trip.nights), when=when)
    text = " · ".join(filter(None, (when, _stay(trip))))
    return text[:1].upper() + text[1:]


def short_window(trip: DateWindow | RollingWindow) -> str:
    """Fri-Sun, next 90 days; 10-20 Mar, 7-10 nights; 7-13 Mar, back 21-27 Mar."""
    if isinstance(trip, RollingWindow):
        when = count(trip.within_days, "next {n} day", "next {n} days")
    elif trip.back is not None and trip.nights is None:
        when = say("{out}, back {back}", out=_short_span(trip.out), back=_short_span(trip.back))
    else:
        when = _short_span(trip.out)
    if trip.leaves_on is not None:
        when = f"{_days_of_the_week(trip.leaves_on, trip.nights)}, {when}"
    if trip.nights is None or _told_by_weekdays(trip):
        return when
    return f"{when}, {nights_(trip.nights)}"


def nights_(stay: Nights) -> str:
    """14 nights, 7 to 10 nights, same day."""
    if stay.least != stay.most:
        return say("{least} to {most} nights", least=stay.least, most=stay.most)
    return count(stay.most, "{n} night", "{n} nights") if stay.most else say("same day")


def _stay(trip: DateWindow | RollingWindow) -> str:
    if not trip.round_trip:
        return say("one way")
    return "" if trip.nights is None or _told_by_weekdays(trip) else nights_(trip.nights)


def _told_by_weekdays(trip: DateWindow | RollingWindow) -> bool:
    """Whether "Fri - Sun" says how long the stay is."""
    nights = trip.nights
    return trip.leaves_on is not None and nights is not None and nights.least == nights.most


def _days_of_the_week(leaves_on: int, nights: Nights | None) -> str:
    names = get_day_names("abbreviated", "stand-alone", locale())
    first = str(names[leaves_on])
    if nights is None or nights.least != nights.most:
        return first
    return f"{first} {DASH} {names[(leaves_on + nights.least) % _A_WEEK]}"


def _span(span: Span) -> str:
    """A month by its name, any other span by its days."""
    if span.first == span.last:
        return shown(span.first, WEEKDAY_MONTH_YEAR)
    ends_a_month = (span.last + timedelta(days=1)).day == 1
    same_month = (span.first.year, span.first.month) == (span.last.year, span.last.month)
    if span.first.day == 1 and ends_a_month and same_month:
        return shown(span.first, MONTH)
    return from_to(span.first, span.last, weekdays=False)


def _short_span(span: Span) -> str:
    if span.first == span.last:
        return shown(span.first, DAY_MONTH)
    if (span.first.year, span.first.month) == (span.last.year, span.last.month):
        return f"{shown(span.first, DAY)}{DASH}{shown(span.last, DAY_MONTH)}"
    return f"{shown(span.first, DAY_MONTH)} {DASH} {shown(span.last, DAY_MONTH)}"
