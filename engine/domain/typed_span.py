"""Days in a row in free words, English or German, as seen from a day.

One that is not given a year is the next to come; what comes first in `28 dec - 5 jan` lies before what
comes last.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from engine.domain.date_words import UNITS, month, number, weekday
from engine.domain.trips import Span
from engine.domain.typed_dates import Reading, check_day, read_date
from engine.errors import InvalidInput
from engine.saying import Day, Part

MOST_AROUND: Final = 15
A_WEEK: Final = 7
_MONTHS_A_YEAR: Final = 12
_YEARS_TRIED: Final = 9  # 29 February comes within eight

_AROUND: Final = re.compile(
    r"(?P<day>.+?) ?(?:\+/?-|plus ?/? ?minus) ?(?P<days>[0-9]{1,3})(?: ?(?:days?|d|tage?n?))?"
)
_HENCE: Final = re.compile(
    r"in (?P<number>[0-9]{1,3}|[a-z]+) (?P<unit>[a-z]+)|"
    r"(?P<after>[0-9]{1,3}|[a-z]+) (?P<later>[a-z]+) from (?:now|today)"
)
_LEADS: Final = re.compile(r"(?:(?:on|in|im|am|den|der|von|from|between|zwischen|vom) )?(?:the )?")
_TO: Final = r" ?(?:\.\.\.?| - | to | until | till | bis(?: zum)? | and | und ) ?"
_DOTTED: Final = r"[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{4})?"
# With nothing between a dash and its days only where it cannot be taken for a part of one of them.
_SPANS: Final = tuple(
    re.compile(shape)
    for shape in (
        rf"(?P<first>.+?){_TO}(?P<last>.+)",
        r"(?P<first>[0-9]{1,2}\.?) ?- ?(?P<last>[0-9]{1,2}\.? ?[a-z]+\.?(?:[ ,]+[0-9]{4})?)",
        r"(?P<first>[0-9]{4}(?:-[0-9]{1,2}){2}) ?- ?(?P<last>[0-9]{4}(?:-[0-9]{1,2}){2})",
        rf"(?P<first>[0-9]{{1,2}}\.|{_DOTTED}) ?- ?(?P<last>{_DOTTED})",
        r"(?P<first>[a-z]+) ?- ?(?P<last>[a-z]+(?: [0-9]{4})?)",
    )
)
_MONTH_THEN_DAYS: Final = re.compile(
    r"(?P<month>[a-z]+)\.? (?P<first>[0-9]{1,2}) ?- ?(?P<last>[0-9]{1,2})(?P<year>[ ,]+[0-9]{4})?"
)
_BARE_DAY: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_WEEKDAY_FIRST: Final = re.compile(r"(?P<weekday>[a-z]+)\.?,? (?P<day>.*[0-9].*)")
_NEXT: Final = re.compile(
    r"(?:(?P<next>next|coming|nachste[nrsm]?|naechste[nrsm]?|kommende[nrsm]?)|this|diese[nrsm]?)"
    r" (?P<what>[a-z]+)"
)
_NAMED: Final = {
    "today": 0,
    "heute": 0,
    "tomorrow": 1,
    "morgen": 1,
    "day after tomorrow": 2,
    "ubermorgen": 2,
    "uebermorgen": 2,
}


class SpanReader:
    """Reads plain words (`date_words.plain`) as seen from a day; None for what they do not say.

    A day of the week, and a day without its year, is the first one from `since` on: for a way back that is
    the day of departure. Raises InvalidInput for `field` where the words say what cannot be.
    """

    def __init__(self, today: date, field: str, since: date | None = None) -> None:
        self._today = today
        self._field = field
        self._since = max(today, since or today)

    def read(self, words: str) -> Span | None:
        """The days that are meant, none of them past or too far away; a month may have begun."""
        found = self._around(words) or self._from_to(words) or self._one(words)
        if found is None:
            return None
        if found.first < self._today and not _is_whole(found):
            check_day(found.first, self._today, field=self._field)
        check_day(found.last, self._today, field=self._field)
        return found

    def later(self, how_many: str, unit: str) -> date | None:
        """That many days, weeks or months after today; a month later is the same day, or the month's last."""
        many, known = number(how_many), UNITS.get(unit)
        if many is None or known is None:
            return None
        if known != "month":
            return self._today + timedelta(days=many * (A_WEEK if known == "week" else 1))
        months = self._today.month - 1 + many
        year, month_ = self._today.year + months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1
        return date(year, month_, min(self._today.day, monthrange(year, month_)[1]))

    def first_after(self, on: int) -> date:
        """The next such day of the week, never the same day."""
        return self._since + timedelta(days=(on - self._since.weekday() - 1) % A_WEEK + 1)

    def _around(self, words: str) -> Span | None:
        found = _AROUND.fullmatch(words)
        middle = self._one(found["day"]) if found else None
        if found is None or middle is None:
            return None
        if middle.first != middle.last:
            raise InvalidInput(self._field, "± goes with a single day, like 12 Mar ±3.")
        if (days := int(found["days"])) > MOST_AROUND:
            raise InvalidInput(
                self._field,
                "± takes up to {most} days. For more write a span, like 1 Mar - 20 Apr.",
                most=MOST_AROUND,
            )
        check_day(middle.first, self._today, field=self._field)
        aside = timedelta(days=days)
        return Span(max(middle.first - aside, self._today), middle.first + aside)

    def _from_to(self, words: str) -> Span | None:
        words = _LEADS.sub("", words, count=1)
        if found := _MONTH_THEN_DAYS.fullmatch(words):
            return self._between(found["first"], f"{found['last']} {found['month']}{found['year'] or ''}")
        for shape in _SPANS:
            found = shape.fullmatch(words)
            if found is not None and (span := self._between(found["first"], found["last"])) is not None:
                return span
        return None

    def _between(self, first: str, last: str) -> Span | None:
        """From the beginning of one to the end of the other; month and year may stand with one alone."""
        begins, ends = read_date(first, self._field), read_date(last, self._field)
        if (bare := _BARE_DAY.fullmatch(first)) and ends is not None:
            end = self._resolved(ends, self._since)
            return self._ordered(
                self._resolved(Reading(end.last.month, int(bare[1]), end.last.year), end.last), end
            )
        if begins is not None and begins.year is None and ends is not None and ends.year is not None:
            end = self._resolved(ends, self._since)
            return self._ordered(self._last_before(begins, end), end)
        begin = self._one(first)
        if begin is None:
            return None
        found = self._one(last) if ends is None else self._resolved(ends, begin.first)
        return None if found is None else self._ordered(begin, found)

    def _ordered(self, begin: Span, end: Span) -> Span:
        if end.last < begin.first:
            raise InvalidInput(
                self._field,
                "{first} comes after {last}; write the earlier day first.",
                first=begin.first,
                last=end.last,
            )
        return Span(begin.first, end.last)

    def _last_before(self, reading: Reading, end: Span) -> Span:
        """The last such day or month that begins before the end and is not over."""
        same, before = (_in_year(reading, year) for year in (end.last.year, end.last.year - 1))
        if same is None or (same.first > end.last and before is not None and before.last >= self._today):
            same = before
        if same is None:
            raise self._no_day(reading)
        return same

    def _one(self, words: str) -> Span | None:
        """A day, a week or a month."""
        if words in _NAMED:
            return _on(self._today + timedelta(days=_NAMED[words]))
        if (hence := _HENCE.fullmatch(words)) is not None:
            day = self.later(hence["number"] or hence["after"], hence["unit"] or hence["later"])
            if day is not None:
                return _on(day)
        words = _LEADS.sub("", words, count=1)
        if words in _NAMED:
            return _on(self._today + timedelta(days=_NAMED[words]))
        if (span := self._next(words)) is not None:
            return span
        reading = read_date(words, self._field)
        return self._on_weekday(words) if reading is None else self._resolved(reading, self._since)

    def _on_weekday(self, words: str) -> Span | None:
        """`Fri 12 March`: a day of the week that the day is not means that one of the two is wrong."""
        found = _WEEKDAY_FIRST.fullmatch(words)
        on = weekday(found["weekday"]) if found else None
        reading = read_date(found["day"], self._field) if found else None
        if on is None or reading is None or reading.day is None:
            return None
        span = self._resolved(reading, self._since)
        if span.first.weekday() != on:
            raise InvalidInput(
                self._field,
                "{day} is a {weekday}; which of the two do you mean?",
                day=span.first,
                weekday=Day(span.first, Part.WEEKDAY),
            )
        return span

    def _next(self, words: str) -> Span | None:
        """`friday` and `next friday`: the first one after today; `next week`, `next month`: whole ones."""
        found = _NEXT.fullmatch(words)
        what = found["what"] if found else words
        if (on := weekday(what)) is not None:
            return _on(self.first_after(on))
        if found is None:
            return None
        unit, later = UNITS.get(what), 1 if found["next"] else 0
        if unit == "week":
            monday = self._today - timedelta(days=self._today.weekday() - A_WEEK * later)
            return Span(monday, monday + timedelta(days=A_WEEK - 1))
        if unit == "month":
            months = self._today.month - 1 + later
            return _in_year(Reading(months % _MONTHS_A_YEAR + 1), self._today.year + months // _MONTHS_A_YEAR)
        named = month(what)
        return None if named is None else self._resolved(Reading(named), self._since)

    def _resolved(self, reading: Reading, since: date) -> Span:
        """The day or month that is meant; without a year the next to come since a day."""
        first = since.year if reading.year is None else reading.year
        for year in range(first, first + (_YEARS_TRIED if reading.year is None else 1)):
            found = _in_year(reading, year)
            if found is not None and (reading.year is not None or found.last >= since):
                return found
        raise self._no_day(reading)

    def _no_day(self, reading: Reading) -> InvalidInput:
        if reading.day is None or not 1 <= reading.month <= _MONTHS_A_YEAR:
            return InvalidInput(self._field, "That is not a day of the calendar.")
        return InvalidInput(
            self._field,
            "{day} {month} is not a day of the calendar.",
            day=reading.day,
            month=Day(date(2000, reading.month, 1), Part.MONTH),
        )


def _on(day: date) -> Span:
    return Span(day, day)


def _is_whole(span: Span) -> bool:
    """Whether it is a week or months as a whole: then a part of it may have passed."""
    if span.first.weekday() == 0 and (span.last - span.first).days == A_WEEK - 1:
        return True
    return span.first.day == 1 and (span.last + timedelta(days=1)).day == 1


def _in_year(reading: Reading, year: int) -> Span | None:
    """The day or month in that year; None where it has no such day."""
    try:
        if reading.day is not None:
            return _on(date(year, reading.month, reading.day))
        last = monthrange(year, reading.month)[1]
        return Span(date(year, reading.month, 1), date(year, reading.month, last))
    except ValueError:  # what `calendar` raises for a 13th month is one too
        return None
