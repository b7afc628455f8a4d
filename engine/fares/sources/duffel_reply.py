"""Reading an offer request of Duffel with its offers: quotes, or why they cannot be believed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

import msgspec

from engine.domain.money import CURRENCIES, Money
from engine.domain.quote import LocalTime, Outcome, OutcomeKind, Quote, Segment, Slice, SourceKind
from engine.domain.route import FixedDates, Route
from engine.fares.cabins import at_least
from engine.fares.exchange import Unanswered
from engine.fares.reading import check_days, left_out, no_json
from engine.fares.sieve import HIDDEN, Sieve

NAME: Final = "duffel"
# A reply may hold thousands of offers, not sorted by price; nobody reads more than these.
_MOST_QUOTES: Final = 50

# Codes go into messages as they are, so nothing but a code may pass for one.
_Iata = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
_CarrierCode = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{2,3}$")]
_FlightNumber = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{1,5}$")]
_Instant = Annotated[str, msgspec.Meta(max_length=40)]


class _Place(msgspec.Struct):
    iata_code: _Iata


class _Carrier(msgspec.Struct):
    iata_code: _CarrierCode


class _Operator(msgspec.Struct):
    """Who flies is nice to know; small airlines have no code."""

    iata_code: str | None = None


class _Seat(msgspec.Struct):
    cabin_class: str | None = None
    baggages: msgspec.Raw = msgspec.Raw(b"null")


class _Baggage(msgspec.Struct):
    type: str
    quantity: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0


class _Segment(msgspec.Struct):
    origin: _Place
    destination: _Place
    departing_at: _Instant
    arriving_at: _Instant
    marketing_carrier: _Carrier
    marketing_carrier_flight_number: _FlightNumber
    operating_carrier: _Operator | None = None
    stops: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=9)] | None = None
    passengers: list[_Seat] | None = None


class _Slice(msgspec.Struct):
    segments: Annotated[list[_Segment], msgspec.Meta(min_length=1, max_length=12)]
    duration: str | None = None


class _Offer(msgspec.Struct):
    total_amount: Decimal
    total_currency: _Iata
    slices: Annotated[list[_Slice], msgspec.Meta(min_length=1, max_length=2)]
    live_mode: bool | None = None
    partial: bool | None = None
    expires_at: str | None = None


class _OfferRequest(msgspec.Struct):
    """Offers stay raw at first: one that cannot be read must not spoil the others."""

    offers: list[msgspec.Raw]
    live_mode: bool | None = None


class _Reply(msgspec.Struct):
    data: _OfferRequest


class _Priced(msgspec.Struct, frozen=True):
    total: Money
    offer: _Offer


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What all quotes of a reply have in common."""

    route: Route
    dates: FixedDates
    live: bool
    observed_at: datetime

    def kind_of(self, live_mode: bool | None) -> SourceKind:
        """Live only where the reply says so: prices of the test mode are made up."""
        return SourceKind.LIVE if self.live and live_mode is not False else SourceKind.TEST


_REPLY: Final = msgspec.json.Decoder(_Reply)
_OFFER: Final = msgspec.json.Decoder(_Offer)
_BAGGAGES: Final = msgspec.json.Decoder(Annotated[list[_Baggage], msgspec.Meta(max_length=20)])


def read_offers(body: bytes, route: Route, dates: FixedDates, observed_at: datetime) -> Outcome:
    """The cheapest quotes, cheapest first, or no_fares; what cannot be believed is left out and counted.

    The currency is the account's; the judge sets another than the route's aside in words. There are no
    links: who holds the account is the seller. An airline that did not answer in time is missing
    without a sign, so a price here may be dearer than the cheapest there is.

    Raises:
        Unanswered: the reply, or every offer in it, is unreadable.
    """
    request = _request(body)
    asked = _Asked(route=route, dates=dates, live=request.live_mode is True, observed_at=observed_at)
    priced, unreadable = _priced(request.offers, route.currency)
    sieve = Sieve(route)
    quotes: list[Quote] = []
    lower = 0
    for each in priced:
        if len(quotes) == _MOST_QUOTES:
            break
        try:
            quote = _quote(each, asked)
        except ValueError:
            unreadable += 1
            continue
        if quote is None:
            lower += 1
        elif sieve.lets(quote):
            quotes.append(quote)
    if unreadable and not quotes:
        raise Unanswered(OutcomeKind.MALFORMED, f"{unreadable} of {len(request.offers)} offers unreadable")
    return Outcome(
        kind=OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
        source=NAME,
        source_kind=asked.kind_of(None),
        observed_at=observed_at,
        quotes=tuple(quotes),
        detail=left_out({"unreadable": unreadable, "in a lower cabin": lower, HIDDEN: sieve.count}),
        hidden=sieve.hidden,
    )


def _request(body: bytes) -> _OfferRequest:
    try:
        return _REPLY.decode(body).data
    except msgspec.ValidationError as error:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of offers in the reply") from error
    except (ValueError, RecursionError) as error:
        raise Unanswered(OutcomeKind.MALFORMED, no_json(body)) from error


def _priced(raws: Sequence[msgspec.Raw], currency: str) -> tuple[list[_Priced], int]:
    """The offers with a price, cheapest first (they come by id), and how many had none."""
    priced: list[_Priced] = []
    for raw in raws:
        try:
            offer = _OFFER.decode(raw)
            priced.append(_Priced(_total(offer), offer))
        except (ValueError, ArithmeticError, RecursionError):
            continue
    priced.sort(key=lambda each: (each.total.currency != currency, each.total.minor))
    return priced, len(raws) - len(priced)


def _total(offer: _Offer) -> Money:
    """What all passengers pay together; less than one major unit buys no flight anywhere.

    A partial offer covers a part of the trip, and so does its price.
    """
    if offer.total_currency not in CURRENCIES or offer.partial:
        raise ValueError("not a price of the trip")
    total = Money.of(offer.total_amount, offer.total_currency)
    if total.minor < total.major_unit:
        raise ValueError("not a fare")
    return total


def _quote(priced: _Priced, asked: _Asked) -> Quote | None:
    """An offer as a quote; None where it is in a lower cabin. Raises ValueError where it is odd."""
    offer = priced.offer
    slices = tuple(map(_slice, offer.slices))
    check_days((slice_.segments[0].departs for slice_ in slices), asked.dates)
    stops = tuple(slice_.stops for slice_ in slices)
    segments = [segment for way in offer.slices for segment in way.segments]
    cabin_fits = at_least(_cabins(segments), asked.route.cabin)
    if cabin_fits is False:
        return None
    return Quote(
        route_id=asked.route.id,
        total=priced.total,
        source=NAME,
        kind=asked.kind_of(offer.live_mode),
        observed_at=asked.observed_at,
        slices=slices,
        carriers=tuple(dict.fromkeys(segment.marketing_carrier.iata_code for segment in segments)),
        stops=stops,
        estimated=cabin_fits is None,
        expires_at=_instant(offer.expires_at),
        bags=_bags(segments) if asked.route.bags else None,
    )


def _bags(segments: Sequence[_Segment]) -> int | None:
    """The checked bags that every passenger has on every flight; None where that is not said."""
    try:
        allowed = [_BAGGAGES.decode(seat.baggages) for each in segments for seat in each.passengers or ()]
    except (ValueError, RecursionError):
        return None
    checked = [sum(bag.quantity for bag in bags if bag.type == "checked") for bags in allowed]
    return min(checked, default=None)


def _cabins(segments: Sequence[_Segment]) -> list[str | None]:
    """The cabin of every passenger on every flight."""
    return [
        cabin
        for segment in segments
        for cabin in ([seat.cabin_class for seat in segment.passengers] if segment.passengers else [None])
    ]


def _slice(way: _Slice) -> Slice:
    return Slice(segments=tuple(map(_segment, way.segments)), minutes=_minutes(way.duration))


def _segment(segment: _Segment) -> Segment:
    return Segment(
        origin=segment.origin.iata_code,
        destination=segment.destination.iata_code,
        departs=LocalTime.of(segment.departing_at),
        arrives=LocalTime.of(segment.arriving_at),
        carrier=segment.marketing_carrier.iata_code,
        number=segment.marketing_carrier_flight_number,
        operated_by=_carrier(segment.operating_carrier),
        technical_stops=len(segment.stops or ()),
    )


def _carrier(operator: _Operator | None) -> str | None:
    code = operator.iata_code if operator else None
    return code if code and len(code) <= 3 and code.isascii() and code.isalnum() else None


def _minutes(duration: str | None) -> int | None:
    """`PT01H35M` in minutes; an odd duration is simply not known."""
    try:
        return int(msgspec.convert(duration, timedelta) / timedelta(minutes=1))
    except (ValueError, OverflowError):
        return None


def _instant(text: str | None) -> datetime | None:
    """When an offer ends, typically in half an hour; an instant without a zone is none."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else None
