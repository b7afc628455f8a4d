"""Reading a reply of Amadeus Flight Offers Search v2: quotes, or why it cannot be believed."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

import msgspec

from engine.domain.money import CURRENCIES, Money
from engine.domain.quote import LocalTime, Outcome, OutcomeKind, Quote, Segment, Slice, SourceKind
from engine.domain.route import FixedDates, Route, RouteId
from engine.fares.exchange import Unanswered
from engine.fares.reading import check_days, left_out
from engine.fares.sieve import HIDDEN, Sieve

NAME: Final = "amadeus"

# Codes go into messages as they are, so nothing but a code may pass for one.
_Iata = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
_Carrier = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{2,3}$")]
_FlightNumber = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{1,5}$")]
_Instant = Annotated[str, msgspec.Meta(max_length=40)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=9)]


class _Point(msgspec.Struct):
    iataCode: _Iata  # noqa: N815  the service's name
    at: _Instant


class _Operating(msgspec.Struct):
    carrierCode: _Carrier | None = None  # noqa: N815


class _Segment(msgspec.Struct):
    departure: _Point
    arrival: _Point
    carrierCode: _Carrier  # noqa: N815
    number: _FlightNumber
    operating: _Operating | None = None
    numberOfStops: _Count | None = None  # noqa: N815


class _Itinerary(msgspec.Struct):
    segments: Annotated[list[_Segment], msgspec.Meta(min_length=1, max_length=12)]
    duration: str | None = None


class _Price(msgspec.Struct):
    currency: _Iata
    total: Decimal
    grandTotal: Decimal | None = None  # noqa: N815


class _Offer(msgspec.Struct):
    price: _Price
    itineraries: Annotated[list[_Itinerary], msgspec.Meta(min_length=1, max_length=2)]
    travelerPricings: msgspec.Raw = msgspec.Raw(b"[]")  # noqa: N815


class _Reply(msgspec.Struct):
    """Offers stay raw at first: one that cannot be read must not spoil the others."""

    data: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=500)]


class _Bags(msgspec.Struct):
    """A number of pieces, or a weight, which is at least one."""

    quantity: _Count | None = None
    weight: int | None = None


class _SegmentFare(msgspec.Struct):
    includedCheckedBags: _Bags | None = None  # noqa: N815  the service's name


class _Traveller(msgspec.Struct):
    fareDetailsBySegment: Annotated[list[_SegmentFare], msgspec.Meta(min_length=1, max_length=24)]  # noqa: N815
    travelerType: str | None = None  # noqa: N815


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What all quotes of a reply have in common, worked out once."""

    route: Route
    route_id: RouteId
    dates: FixedDates
    observed_at: datetime


_REPLY: Final = msgspec.json.Decoder(_Reply)
_OFFER: Final = msgspec.json.Decoder(_Offer)
_TRAVELLERS: Final = msgspec.json.Decoder(Annotated[list[_Traveller], msgspec.Meta(max_length=18)])


def read_offers(body: bytes, route: Route, dates: FixedDates, observed_at: datetime) -> Outcome:
    """Quotes cheapest first, or no_fares; offers that cannot be believed are left out and counted.

    The service has no booking links, so quotes carry none; faces offer a search instead
    (`engine.fares.links`). An offer in another currency stays, with that currency: the judge sets
    it aside in words.

    Raises:
        Unanswered: the reply, or every offer in it, is unreadable.
    """
    asked = _Asked(route=route, route_id=route.id, dates=dates, observed_at=observed_at)
    offers = _offers(body)
    sieve = Sieve(route)
    quotes: list[Quote] = []
    unreadable = 0
    for raw in offers:
        try:
            quote = _quote(_OFFER.decode(raw), asked)
        except (ValueError, ArithmeticError, RecursionError):
            unreadable += 1
            continue
        if sieve.lets(quote):
            quotes.append(quote)
    if unreadable and not quotes:
        raise Unanswered(OutcomeKind.MALFORMED, f"{unreadable} of {len(offers)} offers unreadable")
    quotes.sort(key=lambda quote: (quote.total.currency != route.currency, quote.total.minor))
    return Outcome(
        kind=OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
        source=NAME,
        observed_at=observed_at,
        quotes=tuple(quotes),
        detail=left_out({"unreadable": unreadable, HIDDEN: sieve.count}),
        hidden=sieve.hidden,
    )


def _offers(body: bytes) -> list[msgspec.Raw]:
    try:
        return _REPLY.decode(body).data
    except msgspec.ValidationError as error:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of offers in the reply") from error
    except (ValueError, RecursionError) as error:
        words = "HTML instead of JSON" if body.lstrip()[:1] == b"<" else "unreadable JSON"
        raise Unanswered(OutcomeKind.MALFORMED, words) from error


def _quote(offer: _Offer, asked: _Asked) -> Quote:
    """One offer as a quote. Raises ValueError where it is no price for this trip."""
    slices = tuple(_slice(itinerary) for itinerary in offer.itineraries)
    check_days((slice_.segments[0].departs for slice_ in slices), asked.dates)
    marketing = (segment.carrier for slice_ in slices for segment in slice_.segments)
    return Quote(
        route_id=asked.route_id,
        total=_total(offer.price),
        source=NAME,
        kind=SourceKind.LIVE,
        observed_at=asked.observed_at,
        slices=slices,
        carriers=tuple(dict.fromkeys(marketing)),
        stops=tuple(slice_.stops for slice_ in slices),
        bags=_bags(offer.travelerPricings) if asked.route.bags else None,
    )


def _bags(raw: msgspec.Raw) -> int | None:
    """The checked bags that each adult has on every flight; None where that is not said."""
    try:
        travellers = _TRAVELLERS.decode(raw)
    except (ValueError, RecursionError):
        return None
    adults = (traveller for traveller in travellers if traveller.travelerType in (None, "ADULT"))
    allowed = [_pieces(fare.includedCheckedBags) for each in adults for fare in each.fareDetailsBySegment]
    known = [pieces for pieces in allowed if pieces is not None]
    return min(known) if known and len(known) == len(allowed) else None


def _pieces(bags: _Bags | None) -> int | None:
    if bags is None:
        return None
    return bags.quantity if bags.quantity is not None else int(bool(bags.weight))


def _total(price: _Price) -> Money:
    """What the party pays in the end: `grandTotal`, which adds fees to `total`.

    Less than one major unit buys no flight anywhere: such a total is a fault of the reply.
    """
    if price.currency not in CURRENCIES:
        raise ValueError("not a currency")
    total = Money.of(price.total if price.grandTotal is None else price.grandTotal, price.currency)
    if total.minor < total.major_unit:
        raise ValueError("not a fare")
    return total


def _slice(itinerary: _Itinerary) -> Slice:
    return Slice(
        segments=tuple(_segment(segment) for segment in itinerary.segments),
        minutes=_minutes(itinerary.duration),
    )


def _segment(segment: _Segment) -> Segment:
    return Segment(
        origin=segment.departure.iataCode,
        destination=segment.arrival.iataCode,
        departs=LocalTime.of(segment.departure.at),
        arrives=LocalTime.of(segment.arrival.at),
        carrier=segment.carrierCode,
        number=segment.number,
        operated_by=segment.operating.carrierCode if segment.operating else None,
        technical_stops=segment.numberOfStops or 0,
    )


def _minutes(duration: str | None) -> int | None:
    """`PT14H15M` in minutes; a duration is nice to have, so an odd one is simply not known."""
    try:
        return int(msgspec.convert(duration, timedelta) / timedelta(minutes=1))
    except (ValueError, OverflowError):
        return None
