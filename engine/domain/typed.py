"""Single fields as people type them, in Discord or in a spreadsheet: read right or refused, never guessed.

Every function takes text and raises InvalidInput with one sentence that says what would be accepted.
Amounts have their rules in `engine.domain.typed_amount`.
"""

import difflib
import re
from datetime import date, timedelta
from typing import Final

from engine.domain.money import CURRENCIES
from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates
from engine.domain.said import said
from engine.domain.typed_amount import parse_amount, parse_target
from engine.errors import InvalidInput

__all__ = [
    "FARTHEST",
    "MOST_ADULTS",
    "MOST_STOPS",
    "check_adults",
    "check_day",
    "check_ends",
    "check_max_stops",
    "check_trip",
    "parse_adults",
    "parse_amount",
    "parse_cabin",
    "parse_currency",
    "parse_date",
    "parse_max_stops",
    "parse_target",
]

# What reservation systems book in one go.
MOST_ADULTS: Final = 9
# Nobody sells a journey with more changes per direction.
MOST_STOPS: Final = 3
# Airlines sell about 361 days ahead; a watch may wait for the sale to open, a typing error (2072) may not.
FARTHEST: Final = timedelta(days=730)

_ISO_DAY: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_DAY_LAST_YEAR: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_DAY_MONTH_NAME: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]+([a-z]+)\.?,?[ -]+(\d{4})")
_MONTH_NAME_DAY: Final = re.compile(r"([a-z]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")
_MONTHS: Final = (
    "january february march april may june july august september october november december"
).split()
_SHORTEST_MONTH_NAME: Final = 3
_MONTHS_A_YEAR: Final = 12
_WHOLE: Final = re.compile(r"(\d{1,4})(?:[.,]0+)?")
_CABINS: Final = {
    "economy": Cabin.ECONOMY,
    "eco": Cabin.ECONOMY,
    "coach": Cabin.ECONOMY,
    "premium economy": Cabin.PREMIUM_ECONOMY,
    "premium": Cabin.PREMIUM_ECONOMY,
    "business": Cabin.BUSINESS,
    "first": Cabin.FIRST,
}


def parse_date(text: str, today: date, *, field: str = "depart") -> date:
    """A day: `2027-03-10`, `10.03.2027`, `10 Mar 2027`, `25/03/2027`.

    With dots the day comes first. With slashes or dashes before the year the order is only believed
    where it can be read one way: `25/03/2027` is, `04/03/2027` is refused.
    Raises InvalidInput also for a day before `today` or further away than FARTHEST.
    """
    cleaned = " ".join(text.split())
    if not cleaned:
        raise InvalidInput(field, "Give a date, like 2027-03-10.")
    parts = _year_month_day(cleaned, field)
    if parts is None:
        raise InvalidInput(field, f"I cannot read {said(text)} as a date. Write it like 2027-03-10.")
    try:
        day = date(*parts)
    except ValueError:
        raise InvalidInput(field, f"{said(text)} is not a day of the calendar.") from None
    return check_day(day, today, field=field)


def _year_month_day(text: str, field: str) -> tuple[int, int, int] | None:
    if found := _ISO_DAY.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _DAY_LAST_YEAR.fullmatch(text):
        return _of_numbers(int(found[1]), int(found[3]), int(found[4]), dots=found[2] == ".", field=field)
    if found := _DAY_MONTH_NAME.fullmatch(text.lower()):
        return _of_name(found[2], int(found[1]), int(found[3]))
    if found := _MONTH_NAME_DAY.fullmatch(text.lower()):
        return _of_name(found[1], int(found[2]), int(found[3]))
    return None


def _of_numbers(first: int, second: int, year: int, *, dots: bool, field: str) -> tuple[int, int, int]:
    if dots or first == second or first > _MONTHS_A_YEAR:
        return year, second, first
    if second > _MONTHS_A_YEAR:
        return year, first, second
    either = (f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}")
    raise InvalidInput(
        field, f"That date can be read as {either[0]} or {either[1]}; write one of them.", either
    )


def _of_name(name: str, day: int, year: int) -> tuple[int, int, int] | None:
    if len(name) < _SHORTEST_MONTH_NAME:
        return None
    for number, month in enumerate(_MONTHS, start=1):
        if month.startswith(name) or name == "sept" == month[:4]:
            return year, number, day
    return None


def check_day(day: date, today: date, *, field: str = "depart") -> date:
    """The day itself, refused when it has passed or is too far away to be meant."""
    if day < today:
        raise InvalidInput(field, f"{day} is in the past; today is {today}.")
    if day - today > FARTHEST:
        raise InvalidInput(field, f"{day} is more than two years away; airlines sell about one year ahead.")
    return day


def check_trip(depart_on: date, return_on: date | None) -> FixedDates:
    """The dates of a trip; the way back may not begin before the way out."""
    if return_on is not None and return_on < depart_on:
        raise InvalidInput("return", f"The return on {return_on} is before the departure on {depart_on}.")
    return FixedDates(depart_on, return_on)


def check_ends(origin: Place, destination: Place) -> None:
    """Refuse a route that ends where it begins."""
    if origin.code == destination.code:
        raise InvalidInput("destination", f"Origin and destination are both {origin.code}.")


def parse_currency(text: str, *, field: str = "currency") -> str:
    """An ISO 4217 code in any case: `eur` is EUR."""
    code = text.strip().upper()
    if code in CURRENCIES:
        return code
    near = tuple(difflib.get_close_matches(code, sorted(CURRENCIES), n=3, cutoff=0.6))
    raise InvalidInput(
        field,
        f"{said(text)} is not a currency I know. Use a three-letter code such as EUR, USD or INR.",
        near,
    )


def parse_adults(text: str) -> int:
    """How many adults travel, from 1 to MOST_ADULTS; `2.0`, as spreadsheets write it, is 2."""
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(
            "adults", f"Adults must be a whole number from 1 to {MOST_ADULTS}, not {said(text)}."
        )
    return check_adults(int(found[1]))


def check_adults(count: int) -> int:
    """The number itself, refused outside 1 to MOST_ADULTS."""
    if not 1 <= count <= MOST_ADULTS:
        raise InvalidInput(
            "adults", f"A booking takes 1 to {MOST_ADULTS} adults, not {count}. Split a larger party."
        )
    return count


def parse_cabin(text: str) -> Cabin:
    """A cabin by name: `Premium-Economy`, `business class`, `ECONOMY`."""
    name = " ".join(re.sub(r"[-_]", " ", text.lower()).split()).removesuffix(" class")
    if name in _CABINS:
        return _CABINS[name]
    names = tuple(cabin.value for cabin in Cabin)
    raise InvalidInput("cabin", f"{said(text)} is not a cabin. Use one of {', '.join(names)}.", names)


def parse_max_stops(text: str) -> int | None:
    """The most stops per direction, 0 to MOST_STOPS; `direct` is 0, `any` is no limit (None)."""
    word = text.strip().lower()
    if word in ("direct", "nonstop", "non-stop"):
        return 0
    if word == "any":
        return None
    found = _WHOLE.fullmatch(word)
    if found is None:
        raise InvalidInput("max_stops", f"Stops must be a number from 0 to {MOST_STOPS}, not {said(text)}.")
    return check_max_stops(int(found[1]))


def check_max_stops(count: int) -> int:
    """The number itself, refused outside 0 to MOST_STOPS."""
    if not 0 <= count <= MOST_STOPS:
        raise InvalidInput(
            "max_stops", f"Stops must be 0 to {MOST_STOPS} per direction, not {count}. Leave it out for any."
        )
    return count
