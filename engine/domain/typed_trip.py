"""The dates of a trip as somebody typed them: when out, when back, or how many nights."""

import re
from datetime import date
from typing import Final

import msgspec

from engine.domain.date_words import UNITS, number, plain
from engine.domain.said import said
from engine.domain.trips import DateWindow, FixedDates, Nights, RollingDates, RollingWindow, Span, Trip
from engine.domain.typed_days import TypedDays, parse_days
from engine.errors import InvalidInput
from engine.saying import Saying, counted, saying

# Longer stays are moves.
MOST_NIGHTS: Final = 180
_A_WEEK: Final = 7
_NIGHTS: Final = re.compile(
    r"(?:\+|after |nach |for |fur |fuer )?(?P<least>[0-9]{1,3}|[a-z]+)"
    r"(?:(?: ?- ?| to | bis )(?P<most>[0-9]{1,3}))?(?: ?(?P<unit>[a-z]+))?(?: later| spater| spaeter)?"
)
_A_NIGHT: Final = frozenset({"night", "nights", "n", "nacht", "nachte", "nachten", "naechte", "naechten"})


def parse_trip(depart: str, today: date, *, back: str | None = None, nights: str | None = None) -> Trip:
    """The trip that the texts mean; one way where neither a way back nor nights are given.

    `back` may be days, a stay (`7-10 nights`, `2 weeks later`), or both (`20-31 Mar, 7-10 nights`). Raises
    InvalidInput with one sentence.
    """
    out = parse_days(depart, today)
    stay = out.nights
    way_back: TypedDays | None = None
    if back is not None and back.strip():
        days, typed_stay = _days_and_stay(back)
        if days:
            way_back = parse_days(days, today, field="return", since=out.span.first if out.span else None)
        stay = _one_of(stay, typed_stay, "return")
    if nights is not None and nights.strip():
        stay = _one_of(stay, parse_nights(nights), "nights")
    if way_back is not None and (way_back.leaves_on is not None or way_back.span is None):
        raise InvalidInput("return", "Give the way back as days, like 24 Mar, or as a number of nights.")
    return _trip(out, way_back.span if way_back else None, stay, today)


def _days_and_stay(back: str) -> tuple[str, Nights | None]:
    """What is said of the days of the way back, and of the stay; the one or the other may be missing."""
    if (stay := _stay(back)) is not None:
        return "", stay
    days, _, last = back.rpartition(",")
    stay = _stay(last) if days.strip() else None
    return (back, None) if stay is None else (days, stay)


def parse_nights(text: str) -> Nights:
    """How long to stay: `7`, `7-10`, `7 to 10 nights`, `2 weeks`. Raises InvalidInput."""
    found = _stay(text, bare=True)
    if found is None:
        raise InvalidInput(
            "nights", "I cannot read {typed} as nights. Write a number, or two: 7-10.", typed=said(text)
        )
    return found


def _stay(text: str, *, bare: bool = False) -> Nights | None:
    """The nights of a text; None where it is about something else. A `bare` number means nights too."""
    words = plain(text)
    found = _NIGHTS.fullmatch(words)
    if found is None or not (bare or found["unit"] or words.startswith("+")):
        return None
    unit = found["unit"]
    least = number(found["least"])
    if least is None or not (unit is None or unit in _A_NIGHT or UNITS.get(unit) in ("day", "week")):
        return None
    size = _A_WEEK if unit is not None and UNITS.get(unit) == "week" else 1
    most = int(found["most"]) if found["most"] else least
    if most < least:
        raise InvalidInput(
            "nights",
            "From {least} to {most} nights is no stay; write the smaller number first.",
            least=least,
            most=most,
        )
    if most * size > MOST_NIGHTS:
        raise InvalidInput(
            "nights", "A stay takes up to {most} nights, not {given}.", most=MOST_NIGHTS, given=most * size
        )
    return Nights(least * size, most * size)


def _one_of(said_before: Nights | None, stay: Nights | None, field: str) -> Nights | None:
    if said_before is not None and stay is not None and said_before != stay:
        raise InvalidInput(
            field,
            "You gave the length of the stay twice: {one} and {other}.",
            one=_told(said_before),
            other=_told(stay),
        )
    return stay or said_before


def _told(stay: Nights) -> Saying:
    if stay.least == stay.most:
        return counted(stay.least, "{n} night", "{n} nights")
    return saying("{least}-{most} nights", least=stay.least, most=stay.most)


def _trip(out: TypedDays, back: Span | None, nights: Nights | None, today: date) -> Trip:
    if out.in_days is not None:
        return _rolling(out.in_days, back, nights)
    if out.span is None:
        if back is not None:
            raise InvalidInput(
                "return",
                "Dates that move with today go with a number of nights, not with a day to return on.",
            )
        return RollingWindow(within_days=out.within_days or 1, nights=nights, leaves_on=out.leaves_on)
    window = DateWindow(out=out.span, back=back, nights=nights, leaves_on=out.leaves_on)
    if not any(window.choices(not_before=today)):
        raise _nothing_fits(window)
    return _narrowed(window, list(window.choices()))


def _rolling(in_days: int, back: Span | None, nights: Nights | None) -> RollingDates:
    if back is not None or (nights is not None and nights.least != nights.most):
        raise InvalidInput(
            "return", "A day that moves with today goes with one number of nights, like 14 nights."
        )
    return RollingDates(in_days, None if nights is None else nights.least)


def _nothing_fits(window: DateWindow) -> InvalidInput:
    if window.back is not None and window.back.last < window.out.first:
        return InvalidInput(
            "return",
            "The return on {return_on} is before the departure on {depart_on}.",
            return_on=window.back.last,
            depart_on=window.out.first,
        )
    if window.nights is not None and window.back is not None:
        return InvalidInput(
            "nights",
            "No way back fits: {stay} after the departure is not in the days of your return.",
            stay=_told(window.nights),
        )
    return InvalidInput("depart", "No such day of the week lies in those days.")


def _narrowed(window: DateWindow, choices: list[tuple[date, Span | None]]) -> FixedDates | DateWindow:
    """The same choices in the fewest words, so that equal questions are one route."""
    out = Span(choices[0][0], choices[-1][0])
    ways_back = [ways_back for _, ways_back in choices if ways_back is not None]
    if not ways_back:
        return FixedDates(out.first) if out.first == out.last else _with(window, out, None)
    back = Span(min(each.first for each in ways_back), max(each.last for each in ways_back))
    if out.first == out.last and back.first == back.last:
        return FixedDates(out.first, back.first)
    if out.first == out.last:
        return _with(window, out, back, nights=None)
    if window.nights is None:
        return _with(window, out, back)
    nights = window.nights.most - window.nights.least
    implied = all(each is not None and (each.last - each.first).days == nights for _, each in choices)
    return _with(window, out, None if implied else back)


def _with(window: DateWindow, out: Span, back: Span | None, **changes: Nights | None) -> DateWindow:
    leaves_on = None if out.first == out.last else window.leaves_on
    return msgspec.structs.replace(window, out=out, back=back, leaves_on=leaves_on, **changes)
