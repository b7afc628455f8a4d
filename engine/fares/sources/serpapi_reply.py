"""Reading a reply of SerpApi's Google Flights engine: quotes, or why it cannot be believed."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

import msgspec

from engine.domain.money import CURRENCIES, Money
from engine.domain.quote import Hidden, LocalTime, Outcome, OutcomeKind, Quote, Segment, Slice, SourceKind
from engine.domain.route import FixedDates, Route
from engine.fares.cabins import at_least
from engine.fares.exchange import Unanswered
from engine.fares.reading import left_out, no_json, plain_words
from engine.fares.sieve import HIDDEN, Sieve
from engine.fares.sources.serpapi_errors import NO_RESULTS, failed

NAME: Final = "serpapi"

# Codes go into messages as they are, so nothing but a code may pass for one.
_Iata = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
_Instant = Annotated[str, msgspec.Meta(max_length=40)]
# Airlines are given by name; their code stands in the flight number: `NH 212`.
_FLIGHT: Final = re.compile(r"(?P<carrier>[A-Z0-9]{2}) ?(?P<number>[0-9]{1,4}[A-Z]?)", re.ASCII)
_LINK: Final = re.compile(r"https://www\.google\.[a-z.]{2,6}/travel/flights[!#-;=?-Z_a-z~]*")
_LONGEST_LINK: Final = 2048
_MOST_MINUTES: Final = 10_000
_UNREADABLE: Final = "unreadable"
_UNPRICED: Final = "without a price"
_LOWER_CABIN: Final = "in a lower cabin"


class _Point(msgspec.Struct):
    id: _Iata
    time: _Instant


class _Flight(msgspec.Struct):
    departure_airport: _Point
    arrival_airport: _Point
    flight_number: str
    travel_class: str | None = None


class _Option(msgspec.Struct):
    """One way out; `price` is for the whole trip, and missing where Google shows none."""

    flights: Annotated[list[_Flight], msgspec.Meta(min_length=1, max_length=12)]
    price: Decimal | None = None
    total_duration: int | None = None


class _Metadata(msgspec.Struct):
    status: str | None = None
    google_flights_url: str | None = None


class _Parameters(msgspec.Struct):
    currency: str | None = None


class _Reply(msgspec.Struct):
    """Options stay raw at first: one that cannot be read must not spoil the others."""

    error: str | None = None
    search_metadata: _Metadata = msgspec.field(default_factory=_Metadata)
    search_parameters: _Parameters = msgspec.field(default_factory=_Parameters)
    best_flights: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=1000)] | None = None
    other_flights: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=1000)] | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: a route on these dates, from and to any of these airports."""

    route: Route
    dates: FixedDates
    origins: Sequence[str]
    destinations: Sequence[str]


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What all quotes of a reply have in common."""

    asked: Asked
    currency: str
    link: str | None
    observed_at: datetime


_REPLY: Final = msgspec.json.Decoder(_Reply)
_OPTION: Final = msgspec.json.Decoder(_Option)


def read_flights(body: bytes, asked: Asked, observed_at: datetime) -> Outcome:
    """Quotes cheapest first, or no_fares; what cannot be believed is left out and counted.

    Of a round trip the price is the total of the whole trip with the cheapest way back, while only the
    way out is shown: the way back would cost a search more for each option. So quotes have the slice
    and the stops of the way out alone, and with a limit of stops the judge takes them for leads.

    Raises:
        Unanswered: the service reports an error, or no option can be read.
    """
    reply = _read(body)
    if reply.search_metadata.status not in (None, "Success"):
        words = reply.error or f"the search is {plain_words(reply.search_metadata.status)}"
        raise failed(words, observed_at)
    if reply.error == NO_RESULTS:
        return _answer([], None, observed_at)
    if reply.error is not None:
        raise failed(reply.error or "it reports an error", observed_at)
    raws = [*(reply.best_flights or ()), *(reply.other_flights or ())]
    if not raws:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of flights in the reply")
    currency = reply.search_parameters.currency or ""
    if currency not in CURRENCIES:
        raise Unanswered(OutcomeKind.MALFORMED, "no currency in the reply")
    link = _link(reply.search_metadata.google_flights_url)
    return _quotes(raws, _Seen(asked=asked, currency=currency, link=link, observed_at=observed_at))


def _read(body: bytes) -> _Reply:
    try:
        return _REPLY.decode(body)
    except msgspec.ValidationError as error:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of flights in the reply") from error
    except (ValueError, RecursionError) as error:
        raise Unanswered(OutcomeKind.MALFORMED, no_json(body)) from error


def _quotes(raws: Sequence[msgspec.Raw], seen: _Seen) -> Outcome:
    quotes: list[Quote] = []
    counts = dict.fromkeys((_UNREADABLE, _UNPRICED, _LOWER_CABIN), 0)
    sieve = Sieve(seen.asked.route)
    for raw in raws:
        try:
            option = _OPTION.decode(raw)
            if option.price is None:
                counts[_UNPRICED] += 1
            elif (quote := _quote(option, option.price, seen)) is None:
                counts[_LOWER_CABIN] += 1
            elif sieve.lets(quote):
                quotes.append(quote)
        except (ValueError, ArithmeticError, RecursionError):
            counts[_UNREADABLE] += 1
    words = left_out({**counts, HIDDEN: sieve.count})
    if not quotes and counts[_UNREADABLE] + counts[_UNPRICED]:
        raise Unanswered(OutcomeKind.MALFORMED, f"no fare among {len(raws)} flights, {words}")
    return _answer(quotes, words, seen.observed_at, sieve.hidden)


def _answer(
    quotes: list[Quote], detail: str | None, observed_at: datetime, hidden: Hidden | None = None
) -> Outcome:
    return Outcome(
        kind=OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
        source=NAME,
        observed_at=observed_at,
        quotes=tuple(sorted(quotes, key=lambda quote: quote.total.minor)),
        detail=detail,
        hidden=hidden,
    )


def _quote(option: _Option, price: Decimal, seen: _Seen) -> Quote | None:
    """An option as a quote; None where it is in a lower cabin. Raises ValueError where it is odd."""
    asked = seen.asked
    segments = tuple(map(_segment, option.flights))
    _check(segments, asked)
    out = Slice(segments=segments, minutes=_minutes(option.total_duration))
    cabin_fits = at_least([flight.travel_class for flight in option.flights], asked.route.cabin)
    if cabin_fits is False:
        return None
    return Quote(
        route_id=asked.route.id,
        total=_total(price, seen.currency),
        source=NAME,
        kind=SourceKind.LIVE,
        observed_at=seen.observed_at,
        slices=(out,),
        carriers=tuple(dict.fromkeys(segment.carrier for segment in segments)),
        stops=(out.stops,),
        estimated=cabin_fits is None,
        link=seen.link,
    )


def _total(price: Decimal, currency: str) -> Money:
    """What the party pays, in whole units as Google shows it; less than one buys no flight anywhere."""
    total = Money.of(price, currency)
    if total.minor < total.major_unit:
        raise ValueError("not a fare")
    return total


def _segment(flight: _Flight) -> Segment:
    named = _FLIGHT.fullmatch(flight.flight_number)
    if named is None:
        raise ValueError("not a flight number")
    return Segment(
        origin=flight.departure_airport.id,
        destination=flight.arrival_airport.id,
        departs=LocalTime.of(flight.departure_airport.time),
        arrives=LocalTime.of(flight.arrival_airport.time),
        carrier=named["carrier"],
        number=named["number"],
    )


def _check(segments: Sequence[Segment], asked: Asked) -> None:
    """Raise ValueError unless a way out leaves on the day and between the airports asked for."""
    first, last = segments[0], segments[-1]
    if first.departs.reading.date() != asked.dates.depart_on:
        raise ValueError("another day")
    if first.origin not in asked.origins or last.destination not in asked.destinations:
        raise ValueError("another place")


def _minutes(duration: int | None) -> int | None:
    return duration if duration is not None and 0 < duration < _MOST_MINUTES else None


def _link(url: str | None) -> str | None:
    """The search as a person sees it; nothing but a page of Google Flights passes for it."""
    if url is None or len(url) > _LONGEST_LINK or _LINK.fullmatch(url) is None:
        return None
    return url
