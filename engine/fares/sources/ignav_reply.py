"""Reading a reply of Ignav: quotes, or why it cannot be believed."""

from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Final

import msgspec

from engine.domain.money import Money
from engine.domain.places import Place, PlaceKind
from engine.domain.quote import Hidden, LocalTime, OutcomeKind, Quote, Segment, Slice, SourceKind
from engine.domain.route import FixedDates, Route, RouteId
from engine.fares.cabins import at_least
from engine.fares.exchange import Unanswered
from engine.fares.reading import carrier_code, check_days, fare, flight_number, no_json, place_code
from engine.fares.sieve import HIDDEN, Sieve

NAME: Final = "ignav"
# A reply may hold hundreds; nobody reads more than these.
_MOST_QUOTES: Final = 50

_UNREADABLE: Final = "unreadable"
_LOWER_CABIN: Final = "in a lower cabin"
_OTHER_AIRPORT: Final = "by another airport"
_VERIFIED: Final = "verified"

_Instant = Annotated[str, msgspec.Meta(max_length=40)]
_Minutes = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class _Segment(msgspec.Struct):
    """Airline and number may be null."""

    departure_airport: str
    arrival_airport: str
    departure_time_local: _Instant
    arrival_time_local: _Instant
    marketing_carrier_code: str | None = None
    flight_number: str | int | None = None


_Segments = Annotated[list[_Segment], msgspec.Meta(min_length=1, max_length=12)]


class _Way(msgspec.Struct):
    """One direction; its flights are called segments, or legs."""

    segments: _Segments | None = None
    legs: _Segments | None = None
    duration_minutes: _Minutes | None = None


class _Price(msgspec.Struct):
    amount: msgspec.Raw
    currency: str
    status: str | None = None


class _Bags(msgspec.Struct):
    """Of each traveller, in the price."""

    checked: Annotated[int, msgspec.Meta(ge=0, le=20)] | None = None


class _Itinerary(msgspec.Struct):
    """Older replies have `outbound` and `inbound`, newer ones `legs`: both directions in order."""

    price: _Price
    outbound: _Way | None = None
    inbound: _Way | None = None
    legs: Annotated[list[_Way], msgspec.Meta(max_length=2)] | None = None
    cabin_class: str | None = None
    requires_self_transfer: bool | None = None
    bags: msgspec.Raw = msgspec.Raw(b"null")

    def ways(self) -> list[_Way]:
        """The directions in order, whichever way they are told."""
        if self.outbound is None and self.legs:
            return self.legs
        return [way for way in (self.outbound, self.inbound) if way is not None]


class _Reply(msgspec.Struct):
    """Itineraries stay raw at first: one that cannot be read must not spoil the others."""

    itineraries: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=2000)]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one search found, cheapest first; `out` counts by reason what was left out."""

    quotes: tuple[Quote, ...]
    out: Counter[str]
    hidden: Hidden | None = None


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What all quotes of a reply have in common, worked out once."""

    route: Route
    route_id: RouteId
    dates: FixedDates
    observed_at: datetime


class _Priced(msgspec.Struct, frozen=True):
    total: Money
    itinerary: _Itinerary


_REPLY: Final = msgspec.json.Decoder(_Reply)
_ITINERARY: Final = msgspec.json.Decoder(_Itinerary)
_BAGS: Final = msgspec.json.Decoder(_Bags)


def read_itineraries(body: bytes, route: Route, dates: FixedDates, observed_at: datetime) -> Found:
    """The quotes of one search, the cheapest of them, cheapest first.

    The price is taken for that of the whole party, since the search names all travellers. One that is
    not marked verified is an estimate: a lead. Links are another call each and are not fetched.

    Raises:
        Unanswered: the reply, or every itinerary in it, is unreadable.
    """
    raws = _read(body)
    asked = _Asked(route=route, route_id=route.id, dates=dates, observed_at=observed_at)
    out: Counter[str] = Counter()
    sieve = Sieve(route)
    quotes: list[Quote] = []
    for priced in _by_price(raws, out):
        if len(quotes) == _MOST_QUOTES:
            break
        try:
            quote = _quote(priced, asked)
        except (ValueError, ArithmeticError):
            out[_UNREADABLE] += 1
            continue
        reason = _why_not(priced.itinerary, route)
        if reason is not None:
            out[reason] += 1
        elif sieve.lets(quote):
            quotes.append(quote)
    if out[_UNREADABLE] and not quotes:
        words = f"{out[_UNREADABLE]} of {len(raws)} itineraries unreadable"
        raise Unanswered(OutcomeKind.MALFORMED, words)
    if sieve.count:
        out[HIDDEN] = sieve.count
    return Found(quotes=tuple(quotes), out=out, hidden=sieve.hidden)


def _by_price(raws: list[msgspec.Raw], out: Counter[str]) -> list[_Priced]:
    """All itineraries that have a price, cheapest first; the others are counted."""
    priced = []
    for raw in raws:
        try:
            itinerary = _ITINERARY.decode(raw)
            total = fare(bytes(itinerary.price.amount), itinerary.price.currency)
            priced.append(_Priced(total, itinerary))
        except (ValueError, ArithmeticError, RecursionError):
            out[_UNREADABLE] += 1
    priced.sort(key=lambda each: each.total.minor)
    return priced


def _read(body: bytes) -> list[msgspec.Raw]:
    try:
        return _REPLY.decode(body).itineraries
    except msgspec.ValidationError as error:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of itineraries in the reply") from error
    except (ValueError, RecursionError) as error:
        raise Unanswered(OutcomeKind.MALFORMED, no_json(body)) from error


def _why_not(itinerary: _Itinerary, route: Route) -> str | None:
    """Why an itinerary is not what was asked for; None when it is."""
    if at_least((itinerary.cabin_class,), route.cabin) is False:
        return _LOWER_CABIN
    if not _at_the_ends(itinerary.ways(), route):
        return _OTHER_AIRPORT
    return None


def _at_the_ends(ways: list[_Way], route: Route) -> bool:
    """Whether it keeps to the airports asked for; of a city any one will do."""
    ends = (route.origin, route.destination)
    for way, (start, end) in zip(ways, (ends, ends[::-1]), strict=False):
        flights = _flights(way)
        if not (_fits(flights[0].departure_airport, start) and _fits(flights[-1].arrival_airport, end)):
            return False
    return True


def _fits(airport: str, place: Place) -> bool:
    return place.kind is PlaceKind.METRO or airport == place.code


def _quote(priced: _Priced, asked: _Asked) -> Quote:
    """One itinerary as a quote. Raises ValueError where it is no price for this trip."""
    itinerary = priced.itinerary
    ways = [_flights(way) for way in itinerary.ways()]
    departures = tuple(LocalTime.of(flights[0].departure_time_local) for flights in ways)
    check_days(departures, asked.dates)
    shown = at_least((itinerary.cabin_class,), asked.route.cabin)
    return Quote(
        route_id=asked.route_id,
        total=priced.total,
        source=NAME,
        kind=SourceKind.LIVE,
        observed_at=asked.observed_at,
        slices=_slices(itinerary.ways()),
        carriers=_carriers(ways),
        stops=tuple(len(flights) - 1 for flights in ways),
        departures=departures,
        estimated=itinerary.price.status != _VERIFIED or shown is None,
        self_transfer=_self_transfer(itinerary, ways),
        bags=_bags(itinerary.bags) if asked.route.bags else None,
    )


def _bags(raw: msgspec.Raw) -> int | None:
    try:
        return _BAGS.decode(raw).checked
    except (ValueError, RecursionError):
        return None


def _flights(way: _Way) -> list[_Segment]:
    flights = way.segments or way.legs
    if not flights:
        raise ValueError("no flights")
    return flights


def _carriers(ways: list[list[_Segment]]) -> tuple[str, ...]:
    """Those that are known, in order of flight."""
    shown = (flight.marketing_carrier_code for flights in ways for flight in flights)
    return tuple(dict.fromkeys(carrier_code(code) for code in shown if code))


def _slices(ways: list[_Way]) -> tuple[Slice, ...]:
    """Flight by flight; nothing at all where any flight has no airline."""
    if not all(flight.marketing_carrier_code for way in ways for flight in _flights(way)):
        return ()
    return tuple(
        Slice(segments=tuple(_segment(flight) for flight in _flights(way)), minutes=way.duration_minutes)
        for way in ways
    )


def _segment(flight: _Segment) -> Segment:
    carrier = carrier_code(flight.marketing_carrier_code)
    return Segment(
        origin=place_code(flight.departure_airport),
        destination=place_code(flight.arrival_airport),
        departs=LocalTime.of(flight.departure_time_local),
        arrives=LocalTime.of(flight.arrival_time_local),
        carrier=carrier,
        number=flight_number(flight.flight_number, carrier),
    )


def _self_transfer(itinerary: _Itinerary, ways: list[list[_Segment]]) -> bool | None:
    """Its own word, and what one can see: to go on from another airport than one came to."""
    if any(
        here.arrival_airport != on.departure_airport for flights in ways for here, on in pairwise(flights)
    ):
        return True
    return itinerary.requires_self_transfer
