"""Single fields as people type them, in Discord or in a spreadsheet: read right or refused, never guessed.

Every function takes text and raises InvalidInput with one sentence that says what would be accepted.
Amounts have their rules in `engine.domain.typed_amount`, single days in `typed_dates`, and what members type
for the dates of a trip in `typed_trip`.
"""

import difflib
import re
from datetime import date
from typing import Final

from engine.domain.money import CURRENCIES
from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates
from engine.domain.said import said
from engine.domain.typed_amount import parse_amount, parse_target
from engine.domain.typed_dates import FARTHEST, check_day, parse_date
from engine.errors import InvalidInput
from engine.saying import Listed

__all__ = [
    "ANYWHERE_WORDS",
    "FARTHEST",
    "MOST_ADULTS",
    "MOST_STOPS",
    "check_adults",
    "check_day",
    "check_ends",
    "check_max_stops",
    "check_trip",
    "means_anywhere",
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
# As members and their spreadsheets write it, in the languages that the bot speaks.
ANYWHERE_WORDS: Final = frozenset(
    "anywhere everywhere wherever irgendwohin irgendwo überall ueberall uberall überallhin".split()
)
# The airport of this code is meant where the code itself stands, as lists and files write it.
_ANTHONY: Final = "ANY"
_WHOLE: Final = re.compile(r"(\d{1,4})(?:[.,]0+)?")
_CABINS: Final = {
    "economy": Cabin.ECONOMY,
    "eco": Cabin.ECONOMY,
    "coach": Cabin.ECONOMY,
    "premium economy": Cabin.PREMIUM_ECONOMY,
    "premium": Cabin.PREMIUM_ECONOMY,
    "business": Cabin.BUSINESS,
    "first": Cabin.FIRST,
    "erste klasse": Cabin.FIRST,
}


def check_trip(depart_on: date, return_on: date | None) -> FixedDates:
    """The dates of a trip; the way back may not begin before the way out."""
    if return_on is not None and return_on < depart_on:
        raise InvalidInput(
            "return",
            "The return on {return_on} is before the departure on {depart_on}.",
            return_on=return_on,
            depart_on=depart_on,
        )
    return FixedDates(depart_on, return_on)


def check_ends(origin: Place, destination: Place) -> None:
    """Refuse a route that ends where it begins."""
    if origin.code == destination.code:
        raise InvalidInput("destination", "Origin and destination are both {origin}.", origin=origin.code)


def means_anywhere(text: str) -> bool:
    """Whether somebody does not mind where: `anywhere`, `Irgendwohin`, `any`."""
    word = text.strip()
    return word.casefold() in ANYWHERE_WORDS or (word.casefold() == "any" and word != _ANTHONY)


def parse_currency(text: str, *, field: str = "currency") -> str:
    """An ISO 4217 code in any case: `eur` is EUR."""
    code = text.strip().upper()
    if code in CURRENCIES:
        return code
    near = tuple(difflib.get_close_matches(code, sorted(CURRENCIES), n=3, cutoff=0.6))
    raise InvalidInput(
        field,
        "{typed} is not a currency I know. Use a three-letter code such as EUR, USD or INR.",
        suggestions=near,
        typed=said(text),
    )


def parse_adults(text: str) -> int:
    """How many adults travel, from 1 to MOST_ADULTS; `2.0`, as spreadsheets write it, is 2."""
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(
            "adults",
            "Adults must be a whole number from 1 to {most}, not {typed}.",
            most=MOST_ADULTS,
            typed=said(text),
        )
    return check_adults(int(found[1]))


def check_adults(count: int) -> int:
    """The number itself, refused outside 1 to MOST_ADULTS."""
    if not 1 <= count <= MOST_ADULTS:
        raise InvalidInput(
            "adults",
            "A booking takes 1 to {most} adults, not {given}. Split a larger party.",
            most=MOST_ADULTS,
            given=count,
        )
    return count


def parse_cabin(text: str) -> Cabin:
    """A cabin by name: `Premium-Economy`, `business class`, `ECONOMY`."""
    name = " ".join(re.sub(r"[-_]", " ", text.lower()).split()).removesuffix(" class")
    if name in _CABINS:
        return _CABINS[name]
    names = tuple(cabin.value for cabin in Cabin)
    raise InvalidInput(
        "cabin",
        "{typed} is not a cabin. Use one of {names}.",
        suggestions=names,
        typed=said(text),
        names=Listed(names, either=True),
    )


def parse_max_stops(text: str) -> int | None:
    """The most stops per direction, 0 to MOST_STOPS; `direct` is 0, `any` is no limit (None)."""
    word = text.strip().lower()
    if word in ("direct", "nonstop", "non-stop", "direkt"):
        return 0
    if word in ("any", "beliebig", "egal"):
        return None
    found = _WHOLE.fullmatch(word)
    if found is None:
        raise InvalidInput(
            "max_stops",
            "Stops must be a number from 0 to {most}, not {typed}.",
            most=MOST_STOPS,
            typed=said(text),
        )
    return check_max_stops(int(found[1]))


def check_max_stops(count: int) -> int:
    """The number itself, refused outside 0 to MOST_STOPS."""
    if not 0 <= count <= MOST_STOPS:
        raise InvalidInput(
            "max_stops",
            "Stops must be 0 to {most} per direction, not {given}. Leave it out for any.",
            most=MOST_STOPS,
            given=count,
        )
    return count
