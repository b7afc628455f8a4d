"""A day or a month as people type it: `2027-03-10`, `12 mar`, `12. März 2027`, `2027-03`.

Read right or refused, never guessed. Whole trips in free words are read by `typed_days` and `typed_trip`.
"""

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from engine.domain.date_words import month, plain
from engine.domain.said import said
from engine.errors import InvalidInput
from engine.saying import Day, Part

# Airlines sell about 361 days ahead; a watch may wait for the sale to open, a typing error (2072) may not.
FARTHEST: Final = timedelta(days=730)

_MONTHS_A_YEAR: Final = 12
_ISO_DAY: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?")
_DAY_LAST_YEAR: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_NO_YEAR: Final = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,2})\.?|/([0-9]{1,2}))")
_ISO_MONTH: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
_MONTH_LAST_YEAR: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR: Final = r"(?:[ ,-]+(?P<year>[0-9]{4}))?"
_DAY_NAME: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?(?: of)?[ -]*(?P<month>[a-z]+)\.?" + _YEAR
)
_NAME_DAY: Final = re.compile(r"(?P<month>[a-z]+)\.?[ -]+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?" + _YEAR)
_NAME: Final = re.compile(r"(?P<month>[a-z]+)\.?" + _YEAR)


class Reading(NamedTuple):
    """What a text says of a day, or of a whole month where `day` is None; None for what it leaves open."""

    month: int
    day: int | None = None
    year: int | None = None


def parse_date(text: str, today: date, *, field: str = "depart") -> date:
    """A day with its year: `2027-03-10`, `10.03.2027`, `10 Mar 2027`, `25/03/2027`.

    With dots the day comes first. With slashes or dashes before the year the order is only believed
    where it can be read one way: `25/03/2027` is, `04/03/2027` is refused.
    Raises InvalidInput also for a day before `today` or further away than FARTHEST.
    """
    if not text.strip():
        raise InvalidInput(field, "Give a date, like 2027-03-10.")
    reading = read_date(text, field)
    if reading is None or reading.day is None or reading.year is None:
        raise InvalidInput(
            field, "I cannot read {typed} as a date. Write it like 2027-03-10.", typed=said(text)
        )
    try:
        day = date(reading.year, reading.month, reading.day)
    except ValueError:
        raise InvalidInput(field, "{typed} is not a day of the calendar.", typed=said(text)) from None
    return check_day(day, today, field=field)


def read_date(text: str, field: str) -> Reading | None:
    """What the text says, None where it is neither a day nor a month.

    Raises InvalidInput where numbers can be read in two ways.
    """
    text = plain(text)
    if found := _ISO_DAY.fullmatch(text):
        return Reading(int(found[3]), int(found[4]), int(found[1]))
    if found := _DAY_LAST_YEAR.fullmatch(text):
        return _of_numbers(int(found[1]), int(found[3]), int(found[4]), dots=found[2] == ".", field=field)
    if found := _DAY_NO_YEAR.fullmatch(text):
        dots = found[2] is not None
        return _of_numbers(int(found[1]), int(found[2] or found[3]), None, dots=dots, field=field)
    if found := _ISO_MONTH.fullmatch(text):
        return Reading(int(found[2]), None, int(found[1]))
    if found := _MONTH_LAST_YEAR.fullmatch(text):
        return Reading(int(found[1]), None, int(found[2]))
    return _of_names(text)


def check_day(day: date, today: date, *, field: str = "depart") -> date:
    """The day itself, refused when it has passed or is too far away to be meant."""
    if day < today:
        raise InvalidInput(field, "{day} is in the past; today is {today}.", day=day, today=today)
    if day - today > FARTHEST:
        raise InvalidInput(
            field, "{day} is more than two years away; airlines sell about one year ahead.", day=day
        )
    return day


def _of_numbers(first: int, second: int, year: int | None, *, dots: bool, field: str) -> Reading:
    if dots or first == second or first > _MONTHS_A_YEAR or 0 in (first, second):
        return Reading(second, first, year)
    if second > _MONTHS_A_YEAR:
        return Reading(first, second, year)
    either = (_named(second, first, year), _named(first, second, year))
    raise InvalidInput(
        field,
        "That date can be read as {one} or {other}; write one of them.",
        suggestions=[str(each) for each in either],
        one=either[0],
        other=either[1],
    )


def _named(month_: int, day: int, year: int | None) -> Day:
    return Day(date(2000, month_, day), Part.OF_A_YEAR) if year is None else Day(date(year, month_, day))


def _of_names(text: str) -> Reading | None:
    for shape in (_DAY_NAME, _NAME_DAY, _NAME):
        found = shape.fullmatch(text)
        if found is None or (named := month(found["month"])) is None:
            continue
        parts = found.groupdict()
        day, year = (int(parts[part]) if parts.get(part) else None for part in ("day", "year"))
        return Reading(named, day, year)
    return None
