"""What the readers of several providers' replies have in common: what passes for a fare, a link, words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from engine.domain import details
from engine.domain.money import CURRENCIES, Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind
from engine.domain.route import FixedDates, Route
from engine.domain.trips import Dates
from engine.fares.exchange import Unanswered

# Prices of a party are added up as floats: 453.09000000000003 is 453.09.
_NOISE: Final = Decimal("0.0001")
_AMOUNT: Final = re.compile(rb"[0-9]{1,12}(\.[0-9]{1,30})?")
_LONGEST_LINK: Final = 2048
_LONGEST_NUMBER: Final = 5
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9_ .,/()'-]+")
_LONGEST_WORDS: Final = 80
_IATA: Final = re.compile(r"[A-Z]{3}")
_CARRIER: Final = re.compile(r"[A-Z0-9]{2,3}")


def fare(number: bytes, currency: str) -> Money:
    """What a party pays, from the JSON number as it stands in a reply.

    Nothing but plain digits passes for one, and less than one major unit buys no flight anywhere.
    Raises ValueError.
    """
    if currency not in CURRENCIES:
        raise ValueError("not a currency")
    if _AMOUNT.fullmatch(number) is None:
        raise ValueError("not an amount")
    total = Money.of(Decimal(number.decode()).quantize(_NOISE, ROUND_HALF_EVEN), currency)
    if total.minor < total.major_unit:
        raise ValueError("not a fare")
    return total


def day_by_day(route: Route, today: date) -> FixedDates:
    """The one day out, and the one back, of a search at a source that takes no more.

    Raises Unanswered where it has more to choose from.
    """
    dates = route.trip.on(today)
    if not isinstance(dates, FixedDates):
        raise Unanswered(OutcomeKind.REJECTED, details.ONE_DAY)
    return dates


def check_days(departures: Iterable[LocalTime], dates: Dates) -> None:
    """Raise ValueError unless a trip leaves on days that were asked for."""
    days = [departs.reading.date() for departs in departures]
    ways = 2 if dates.round_trip else 1
    if len(days) != ways or not dates.fits(days[0], days[1] if ways > 1 else None):
        raise ValueError("another trip")


def place_code(text: str | None) -> str:
    """Codes go into messages as they are, so nothing but a code may pass for one. Raises ValueError."""
    if text is None or _IATA.fullmatch(text) is None:
        raise ValueError("not a place")
    return text


Reached = Callable[[Sequence[Place], str], Place | None]
"""Gives the place to which a flight from some places to an airport leads; None where it leads nowhere new."""


def to_airport(origins: Sequence[Place], code: str) -> Place | None:
    """The airport itself, for who knows nothing of places; None where one begins there."""
    return None if any(code == origin.code for origin in origins) else Place.airport(code)


def carrier_code(text: str | None) -> str:
    """The two or three signs of an airline. Raises ValueError."""
    if text is None or _CARRIER.fullmatch(text) is None:
        raise ValueError("not an airline")
    return text


def flight_number(number: str | int | None, carrier: str) -> str:
    """`6E123` and `123` are both 123; an odd one is simply not known."""
    plain = str(number if number is not None else "").removeprefix(carrier).strip()
    return plain if plain.isascii() and plain.isalnum() and len(plain) <= _LONGEST_NUMBER else ""


def web_link(url: str | None) -> str | None:
    """An address that can be shown as it is, whole; None for anything else."""
    if url is None or not url.startswith("https://") or len(url) > _LONGEST_LINK:
        return None
    if not url.isascii() or not url.isprintable() or any(sign in url for sign in ' <>"\\'):
        return None
    return url


def left_out(counts: Mapping[str, int]) -> str | None:
    """What was left out and how often, in words: `left out: 2 unreadable, 1 hidden-city`."""
    words = [f"{count} {reason}" for reason, count in counts.items() if count]
    return f"left out: {', '.join(words)}" if words else None


def no_json(body: bytes) -> str:
    """What stands where JSON should."""
    return "HTML instead of JSON" if body.lstrip()[:1] == b"<" else "unreadable JSON"


def plain_words(text: str | None) -> str:
    """What a service says, without what a message must not carry."""
    return " ".join(_NOT_PLAIN.sub(" ", text or "").split())[:_LONGEST_WORDS]
