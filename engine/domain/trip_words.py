"""A trip in words that somebody could have typed: what `typed_trip.parse_trip` reads from them is that trip.

Pure, in each language that is read. Days that have passed since are left out: what may still be chosen is
the same.
"""

from calendar import monthrange
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from engine.domain.trips import DateWindow, FixedDates, Nights, RollingDates, RollingWindow, Span, Trip

_A_WEEK: Final = 7


class Phrases(NamedTuple):
    """How one language says it; `short` names the months in a few letters.

    `day` and `days` are a day of a month and some in a row; `within` is a month, `between` other days.
    """

    months: tuple[str, ...]
    short: tuple[str, ...]
    weekdays: tuple[str, ...]
    day: str
    days: str
    every: str
    within: str
    between: str
    ahead: str
    always: tuple[str, str]
    nights: tuple[str, str]


class TripWords(NamedTuple):
    """What stands in the two fields; `back` is empty for one way."""

    out: str
    back: str


ENGLISH: Final = Phrases(
    months=tuple(
        "January February March April May June July August September October November December".split()
    ),
    short=tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),
    weekdays=tuple("Mon Tue Wed Thu Fri Sat Sun".split()),
    day="{day} {month} {year}",
    days="{first}-{last} {month} {year}",
    every="any {weekday} {when}",
    within="in {when}",
    between="from {when}",
    ahead="in the next {n} days",
    always=("always in {n} day", "always in {n} days"),
    nights=("{n} night", "{n} nights"),
)
GERMAN: Final = Phrases(
    months=tuple(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
    ),
    short=tuple("Jan Feb März Apr Mai Juni Juli Aug Sept Okt Nov Dez".split()),
    weekdays=tuple("Mo Di Mi Do Fr Sa So".split()),
    day="{day}. {month} {year}",
    days="{first}.-{last}. {month} {year}",
    every="jeden {weekday} {when}",
    within="im {when}",
    between="vom {when}",
    ahead="in den nächsten {n} Tagen",
    always=("immer in {n} Tag", "immer in {n} Tagen"),
    nights=("{n} Nacht", "{n} Nächte"),
)
BY_LANGUAGE: Final = MappingProxyType({"en": ENGLISH, "de": GERMAN})


def trip_words(trip: Trip, today: date, phrases: Phrases = ENGLISH) -> TripWords:
    """The words, as they would be read on that day."""
    match trip:
        case FixedDates(depart_on=out, return_on=back):
            return TripWords(_day(out, phrases), "" if back is None else _day(back, phrases))
        case RollingDates(depart_in_days=days, return_after_days=stay):
            nights = None if stay is None else Nights(stay, stay)
            return TripWords(phrases.always[days != 1].format(n=days), nights_words(nights, phrases))
        case RollingWindow(within_days=days, nights=nights, leaves_on=leaves_on):
            ahead = _weekly(leaves_on, phrases.ahead.format(n=days), phrases)
            return TripWords(ahead, nights_words(nights, phrases))
        case DateWindow():
            return _window(trip, today, phrases)


def nights_words(nights: Nights | None, phrases: Phrases = ENGLISH) -> str:
    """1 night, 7 nights, 7-10 nights; nothing for None."""
    if nights is None:
        return ""
    many = str(nights.least) if nights.least == nights.most else f"{nights.least}-{nights.most}"
    return phrases.nights[many != "1"].format(n=many)


def _window(window: DateWindow, today: date, phrases: Phrases) -> TripWords:
    out = _to_come(_widened(window.out, window.leaves_on), today)
    when = _span(out, phrases)
    if window.leaves_on is not None:
        lead = phrases.within if _is_month(out) else phrases.between
        when = _weekly(window.leaves_on, lead.format(when=when), phrases)
    back = "" if window.back is None else _span(_to_come(window.back, today), phrases)
    return TripWords(when, ", ".join(filter(None, (back, nights_words(window.nights, phrases)))))


def _weekly(leaves_on: int | None, when: str, phrases: Phrases) -> str:
    if leaves_on is None:
        return when
    return phrases.every.format(weekday=phrases.weekdays[leaves_on], when=when)


def _widened(span: Span, leaves_on: int | None) -> Span:
    """The month of which these are the first and the last such day of the week; else as it is."""
    first, last = span.first, span.last
    month = _month_of(first)
    is_first = first.weekday() == leaves_on and first.day <= _A_WEEK
    is_last = last.weekday() == leaves_on and last + timedelta(days=_A_WEEK) not in month
    return month if last in month and is_first and is_last else span


def _to_come(span: Span, today: date) -> Span:
    """Without what has passed; a month is a month to its end."""
    return span if _is_month(span) else Span(max(span.first, min(today, span.last)), span.last)


def _span(span: Span, phrases: Phrases) -> str:
    """March 2027, 10-20 Mar 2027, 28 Feb 2027 - 5 Mar 2027, 10 Mar 2027."""
    first, last = span.first, span.last
    if first == last:
        return _day(first, phrases)
    if _is_month(span):
        return f"{phrases.months[first.month - 1]} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return _filled(phrases.days, first, phrases, first=first.day, last=last.day)
    return f"{_day(first, phrases)} - {_day(last, phrases)}"


def _day(day: date, phrases: Phrases) -> str:
    return _filled(phrases.day, day, phrases, day=day.day)


def _filled(words: str, of: date, phrases: Phrases, **numbers: int) -> str:
    return words.format(month=phrases.short[of.month - 1], year=of.year, **numbers)


def _is_month(span: Span) -> bool:
    return span == _month_of(span.first)


def _month_of(day: date) -> Span:
    return Span(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
