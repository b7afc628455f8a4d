"""The days of a trip in free words, English or German, as seen from a day.

    one day      `12 mar`, `Fri 12 March 2027`, `tomorrow`, `next friday`, `in 3 weeks`, `in 10 Tagen`
    around it    `12 mar ±3`, `2027-03-10 +-3 days`
    a span       `2027-03-10..2027-03-20`, `10-20 mar`, `10. bis 20. März`, `march`, `2027-03`, `next month`
    moving       `in the next 90 days`, `any Fri-Sun in the next 90 days`, `weekends`, `always in 30 days`
    weekly       `weekends in march`, `Fr-So im März`, `any friday in march`

Whatever could be meant in two ways, has passed or cannot be read is refused in one sentence.
"""

import re
from datetime import date
from typing import Final

import msgspec

from engine.domain.date_words import plain, weekday
from engine.domain.said import said
from engine.domain.trips import Nights, Span
from engine.domain.typed_dates import FARTHEST, check_day
from engine.domain.typed_span import A_WEEK, SpanReader
from engine.errors import InvalidInput

DEFAULT_AHEAD: Final = 90  # days, where somebody says "any weekend" and not until when
_LONGEST: Final = 80
_FRIDAY, _SUNDAY = 4, 6
_WEEKEND: Final = Nights(2, 2)

_ALWAYS: Final = re.compile(r"(?:always|immer|jeweils) in (?P<number>[0-9]{1,3}|[a-z]+) (?P<unit>[a-z]+)")
_ANY: Final = r"(?:any|every|all|jede[nrsm]?|alle|beliebige[nrsm]?) "
_AHEAD: Final = re.compile(
    rf"(?:{_ANY}(?:day|time|tag) )?(?:in |within |over |during |innerhalb )?(?:the |der |den |die )?"
    r"(?:next|coming|nachsten|naechsten|kommenden) (?P<number>[0-9]{1,3}|[a-z]+) (?P<unit>[a-z]+)"
)
_WEEKLY: Final = re.compile(
    rf"(?:(?:{_ANY})?(?:(?P<weekend>week-?ends?|wochenenden?)"
    r"|(?P<out>[a-z]+)(?: ?- ?| to | bis )(?P<back>[a-z]+))"
    rf"|{_ANY}(?P<only>[a-z]+))(?: (?P<when>.+))?"
)
_ONE_WEEKEND: Final = re.compile(
    r"(?:next|this|coming|nachstes|naechstes|dieses|kommendes|am) (?:week-?end|wochenende)"
)


class TypedDays(msgspec.Struct, frozen=True, kw_only=True):
    """What was understood: a span of days, one day as one that begins and ends on it.

    Where it moves with today, `within_days` stands in its place, or `in_days` for a single day. `leaves_on`
    is the only day of the week to leave on (0: Monday), `nights` the stay that goes with it (`Fri-Sun`: two).
    """

    span: Span | None = None
    within_days: int | None = None
    in_days: int | None = None
    leaves_on: int | None = None
    nights: Nights | None = None

    @property
    def day(self) -> date | None:
        """The one day that is meant; None where there are more to choose from."""
        return self.span.first if self.span is not None and self.span.first == self.span.last else None


def parse_days(text: str, today: date, *, field: str = "depart", since: date | None = None) -> TypedDays:
    """The days that a text means; `since` is the day of departure where it is about the way back.

    Raises InvalidInput with one sentence.
    """
    if not text.strip():
        raise InvalidInput(field, "Give a date, like 2027-03-10 or 12 Mar.")
    words = plain(text[:_LONGEST])
    reader = SpanReader(today, field, since)
    found = None
    if len(text.strip()) <= _LONGEST:
        found = _always(words, reader, today, field)
        found = found or _moving(words, reader, today, field) or _weekly(words, reader, today, field)
        if found is None and (span := reader.read(words)) is not None:
            found = TypedDays(span=span)
    if found is None:
        raise InvalidInput(
            field,
            "I cannot read {typed} as a date. Write it like 2027-03-10, 12 Mar, next Friday or March 2027.",
            typed=said(text),
        )
    return found


def _always(words: str, reader: SpanReader, today: date, field: str) -> TypedDays | None:
    """`always in 30 days`: the same number of days ahead of every day."""
    found = _ALWAYS.fullmatch(words)
    day = reader.later(found["number"], found["unit"]) if found else None
    if day is None:
        return None
    return TypedDays(in_days=(check_day(day, today, field=field) - today).days)


def _moving(words: str, reader: SpanReader, today: date, field: str) -> TypedDays | None:
    """`in the next 90 days`."""
    found = _AHEAD.fullmatch(words)
    until = reader.later(found["number"], found["unit"]) if found else None
    if until is None:
        return None
    if not today < until <= today + FARTHEST:
        raise InvalidInput(field, "Look ahead by 1 to {most} days.", most=FARTHEST.days)
    return TypedDays(within_days=(until - today).days)


def _weekly(words: str, reader: SpanReader, today: date, field: str) -> TypedDays | None:
    """`any Fri-Sun in March`. A day of the week without `any` is the next one, and read elsewhere."""
    if _ONE_WEEKEND.fullmatch(words):
        friday = reader.first_after(_FRIDAY)
        return TypedDays(span=Span(friday, friday), nights=_WEEKEND)
    found = _WEEKLY.fullmatch(words)
    if found is None:
        return None
    leaves_on, nights = _FRIDAY, _WEEKEND
    if not found["weekend"]:
        out, back = (weekday(found[name] or found["only"]) for name in ("out", "back"))
        if out is None or back is None:
            return None
        many = (back - out) % A_WEEK or A_WEEK
        leaves_on, nights = out, Nights(many, many)
    when = _when(found["when"], reader, today, field)
    if when is None or when.leaves_on is not None:
        return None
    return msgspec.structs.replace(when, leaves_on=leaves_on, nights=None if found["only"] else nights)


def _when(words: str | None, reader: SpanReader, today: date, field: str) -> TypedDays | None:
    if words is None:
        return TypedDays(within_days=DEFAULT_AHEAD)
    if (moving := _moving(words, reader, today, field)) is not None:
        return moving
    span = reader.read(words)
    return None if span is None else TypedDays(span=span)
