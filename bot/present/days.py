"""Days, and windows of days to choose from, as people read them."""

from datetime import date, timedelta

from babel.dates import format_date, get_day_names

from bot.tongue import count, locale, say
from engine.domain.route import DateWindow, RollingWindow
from engine.domain.trips import Nights, Span

DASH = "\N{EN DASH}"
_A_WEEK = 7


def shown(day: date, pattern: str) -> str:
    """A day by a CLDR pattern, in the tongue of the context."""
    return format_date(day, pattern, locale=locale())


def from_to(first: date, last: date, day: str = "EEE d", month: str = "MMMM") -> str:
    """Wed 10 - Wed 24 March 2027; a month and a year are said once where both share them."""
    end = shown(last, f"{day} {month} yyyy")
    if (first.year, first.month) == (last.year, last.month):
        return f"{shown(first, day)} {DASH} {end}"
    begin = f"{day} {month}" if first.year == last.year else f"{day} {month} yyyy"
    return f"{shown(first, begin)} {DASH} {end}"


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
    words = [when] if trip.leaves_on is None else [_weekly(trip.leaves_on, trip.nights), when]
    stay = _stay(trip)
    text = f"{' '.join(words)}{f' · {stay}' if stay else ''}"
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


def _weekly(leaves_on: int, nights: Nights | None) -> str:
    return say("any {days}", days=_days_of_the_week(leaves_on, nights))


def _days_of_the_week(leaves_on: int, nights: Nights | None) -> str:
    names = get_day_names("abbreviated", locale=locale())
    first = str(names[leaves_on])
    if nights is None or nights.least != nights.most:
        return first
    return f"{first} {DASH} {names[(leaves_on + nights.least) % _A_WEEK]}"


def _span(span: Span) -> str:
    """A month by its name, any other span by its days."""
    if span.first == span.last:
        return shown(span.first, "EEE d MMMM yyyy")
    ends_a_month = (span.last + timedelta(days=1)).day == 1
    same_month = (span.first.year, span.first.month) == (span.last.year, span.last.month)
    if span.first.day == 1 and ends_a_month and same_month:
        return shown(span.first, "LLLL yyyy")
    return from_to(span.first, span.last, day="d")


def _short_span(span: Span) -> str:
    if span.first == span.last:
        return shown(span.first, "d MMM")
    if (span.first.year, span.first.month) == (span.last.year, span.last.month):
        return f"{span.first.day}{DASH}{shown(span.last, 'd MMM')}"
    return f"{shown(span.first, 'd MMM')} {DASH} {shown(span.last, 'd MMM')}"
