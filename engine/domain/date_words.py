"""The words of dates in English and German: months, days of the week, lengths of time, small numbers.

Everything here works on `plain` text: small letters without accents.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

_MONTHS: Final = (
    "january januar janner jaenner",
    "february februar",
    "march marz maerz mrz",
    "april",
    "may mai",
    "june juni",
    "july juli",
    "august",
    "september",
    "october oktober",
    "november",
    "december dezember",
)
_WEEKDAYS: Final = (
    "monday montag mo",
    "tuesday tues dienstag di",
    "wednesday mittwoch mi",
    "thursday thurs donnerstag do",
    "friday freitag fr",
    "saturday samstag sonnabend sa",
    "sunday sonntag so",
)
_NUMBERS: Final = (
    "a an one ein eine einen einer einem",
    "two zwei",
    "three drei",
    "four vier",
    "five funf fuenf",
    "six sechs",
    "seven sieben",
    "eight acht",
    "nine neun",
    "ten zehn",
    "eleven elf",
    "twelve zwolf zwoelf",
)
_SHORTEST: Final = 3  # letters of a shortened name: mar, fri


def plain(text: str) -> str:
    """Small letters, no accents, one space between words, plain signs for ± and dashes."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    for odd, even in (("\N{EN DASH}", "-"), ("\N{EM DASH}", "-"), ("\N{MINUS SIGN}", "-"), ("±", "+-")):
        text = text.replace(odd, even)
    return " ".join(text.split())


def month(word: str) -> int | None:
    """1 to 12 for a month by its name or three letters of it or more."""
    return _of(word, _MONTHS, first=1)


def weekday(word: str) -> int | None:
    """0 (Monday) to 6 for a day of the week; in German two letters will do."""
    return _of(word, _WEEKDAYS, first=0)


def number(word: str) -> int | None:
    """A number in digits, or a small one in a word."""
    if word.isascii() and word.isdigit():
        return int(word)
    return next((at for at, words in enumerate(_NUMBERS, start=1) if word in words.split()), None)


def _of(word: str, names: tuple[str, ...], first: int) -> int | None:
    """The place of the one that is meant; None where a short word could mean two."""
    meant = set()
    for at, each in enumerate(names, start=first):
        known = each.split()
        if word in known:
            return at
        if len(word) >= _SHORTEST and any(name.startswith(word) for name in known):
            meant.add(at)
    return meant.pop() if len(meant) == 1 else None


UNITS: Final[Mapping[str, str]] = {
    "day": "day",
    "days": "day",
    "tag": "day",
    "tage": "day",
    "tagen": "day",
    "week": "week",
    "weeks": "week",
    "woche": "week",
    "wochen": "week",
    "month": "month",
    "months": "month",
    "monat": "month",
    "monate": "month",
    "monaten": "month",
}
"""Lengths of time; what each word means."""
