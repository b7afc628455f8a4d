"""Reading what Kiwi.com's search tool answers: quotes, or why it cannot be believed."""

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Final

import msgspec

from engine.domain.money import CURRENCIES, Money
from engine.domain.quote import LocalTime, Outcome, OutcomeKind, Quote, Segment, Slice, SourceKind
from engine.domain.route import Cabin, Route
from engine.domain.trips import Dates
from engine.fares.exchange import Unanswered
from engine.fares.reading import check_days, left_out
from engine.fares.sieve import HIDDEN, Sieve
from engine.fares.sources.kiwi_rpc import failed

NAME: Final = "kiwi"

# Codes go into messages as they are, so nothing but a code may pass for one.
_Iata = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
_Carrier = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{2,3}$")]
_Instant = Annotated[str, msgspec.Meta(max_length=40)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=9)]
# Prices of a party are added up as floats: 453.09000000000003 is 453.09.
_NOISE: Final = Decimal("0.0001")
_LONGEST_LINK: Final = 2048
_MOST_SHOWN: Final = 15
# How a cabin may stand in a reply, small and without what joins its words.
_CABINS: Final = {
    Cabin.ECONOMY: ("m", "economy"),
    Cabin.PREMIUM_ECONOMY: ("w", "premiumeconomy", "economypremium", "premium"),
    Cabin.BUSINESS: ("c", "business"),
    Cabin.FIRST: ("f", "first", "firstclass"),
}


class _Segment(msgspec.Struct):
    """Places and times are nice to have; the leg has its own."""

    carrier: _Carrier
    flightNumber: str | int | None = None  # noqa: N815  the service's name
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    departureTime: str | None = None  # noqa: N815
    arrivalTime: str | None = None  # noqa: N815


class _Leg(msgspec.Struct):
    departureTime: _Instant  # noqa: N815
    stops: _Count
    segments: Annotated[list[_Segment], msgspec.Meta(min_length=1, max_length=10)]
    cabinClass: str | None = None  # noqa: N815


class _Itinerary(msgspec.Struct):
    price: Decimal
    outbound: _Leg
    inbound: _Leg | None = None
    bookingUrl: str | None = None  # noqa: N815
    baggage: msgspec.Raw = msgspec.Raw(b"null")


class _Baggage(msgspec.Struct):
    """Of everybody together, in the price."""

    checkedBag: Annotated[int, msgspec.Meta(ge=0, le=99)] = 0  # noqa: N815


class _Answer(msgspec.Struct):
    """Itineraries stay raw at first: one that cannot be read must not spoil the others."""

    itineraries: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=500)] | None = None
    currency: str | None = None
    error: msgspec.Raw = msgspec.Raw(b"null")


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What all quotes of an answer have in common."""

    route: Route
    dates: Dates
    currency: str
    observed_at: datetime


_ANSWER: Final = msgspec.json.Decoder(_Answer)
_ITINERARY: Final = msgspec.json.Decoder(_Itinerary)
_BAGGAGE: Final = msgspec.json.Decoder(_Baggage)
_IATA: Final = msgspec.json.Decoder(_Iata)


def read_itineraries(text: str, route: Route, dates: Dates, observed_at: datetime) -> Outcome:
    """Quotes cheapest first, or no_fares; what cannot be believed is left out and counted.

    Raises:
        Unanswered: the service reports an error, everything is unreadable, or the fifteen
            itineraries that it shows at most are all hidden by a filter.
    """
    answer = _read(text, observed_at)
    raws = answer.itineraries or []
    currency = (answer.currency or "").upper()
    if raws and currency not in CURRENCIES:
        raise Unanswered(OutcomeKind.MALFORMED, "no currency in the answer")
    asked = _Asked(route=route, dates=dates, currency=currency, observed_at=observed_at)
    sieve = Sieve(route)
    quotes: list[Quote] = []
    unreadable = 0
    for raw in raws:
        try:
            quote = _quote(_ITINERARY.decode(raw), asked)
        except (ValueError, ArithmeticError, RecursionError):
            unreadable += 1
            continue
        if sieve.lets(quote):
            quotes.append(quote)
    if not quotes:
        _check_empty(len(raws), unreadable, sieve.count)
    quotes.sort(key=lambda quote: quote.total.minor)
    return Outcome(
        kind=OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
        source=NAME,
        observed_at=observed_at,
        quotes=tuple(quotes),
        detail=left_out({"unreadable": unreadable, HIDDEN: sieve.count}),
        hidden=sieve.hidden,
    )


def _read(text: str, now: datetime) -> _Answer:
    try:
        answer = _ANSWER.decode(text)
    except msgspec.ValidationError as error:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of itineraries in the answer") from error
    except (ValueError, RecursionError) as error:
        raise Unanswered(OutcomeKind.MALFORMED, "unreadable JSON inside the answer") from error
    fault = bytes(answer.error)
    if fault not in (b"null", b'""', b"false"):
        raise failed(fault.decode(errors="replace"), now)
    if answer.itineraries is None:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of itineraries in the answer")
    return answer


def _check_empty(shown: int, unreadable: int, hidden: int) -> None:
    """Raise Unanswered where "nothing left" does not mean that nothing flies."""
    if unreadable:
        raise Unanswered(OutcomeKind.MALFORMED, f"{unreadable} of {shown} itineraries unreadable")
    if hidden and shown >= _MOST_SHOWN:
        words = f"filters hide the {shown} cheapest, and no more are shown"
        raise Unanswered(OutcomeKind.MALFORMED, words)


def _quote(itinerary: _Itinerary, asked: _Asked) -> Quote:
    """One itinerary as a quote. Raises ValueError where it is no price for this trip."""
    legs = [itinerary.outbound] + ([itinerary.inbound] if itinerary.inbound else [])
    departures = tuple(LocalTime.of(leg.departureTime) for leg in legs)
    check_days(departures, asked.dates)
    cabins = [_cabin_fits(leg.cabinClass, asked.route.cabin) for leg in legs]
    if False in cabins:
        raise ValueError("another cabin")
    return Quote(
        route_id=asked.route.id,
        total=_total(itinerary.price, asked.currency),
        source=NAME,
        kind=SourceKind.LIVE,
        observed_at=asked.observed_at,
        slices=_slices(legs),
        carriers=tuple(dict.fromkeys(segment.carrier for leg in legs for segment in leg.segments)),
        stops=tuple(max(leg.stops, len(leg.segments) - 1) for leg in legs),
        departures=departures,
        # Economy is what is sold unless asked otherwise; another cabin must be shown to be believed.
        estimated=asked.route.cabin is not Cabin.ECONOMY and None in cabins,
        link=_link(itinerary.bookingUrl),
        self_transfer=_self_transfer(legs),
        bags=_bags(itinerary.baggage, asked.route.adults) if asked.route.bags else None,
    )


def _bags(raw: msgspec.Raw, adults: int) -> int | None:
    """The checked bags of each adult; of some airlines none are known, and none are shown for those too."""
    try:
        together = _BAGGAGE.decode(raw).checkedBag
    except (ValueError, RecursionError):
        return None
    return together // adults or None


def _total(price: Decimal, currency: str) -> Money:
    """What the party pays; less than one major unit buys no flight anywhere."""
    if not price.is_finite():
        raise ValueError("not a fare")
    total = Money.of(price.quantize(_NOISE, ROUND_HALF_EVEN), currency)
    if total.minor < total.major_unit:
        raise ValueError("not a fare")
    return total


def _cabin_fits(shown: str | None, asked: Cabin) -> bool | None:
    """Whether a leg is in the cabin asked for; None where it does not say so in words that we know."""
    plain = "".join(sign for sign in (shown or "").lower() if sign.isalpha())
    if not any(plain in words for words in _CABINS.values()):
        return None
    return plain in _CABINS[asked]


def _self_transfer(legs: list[_Leg]) -> bool | None:
    """Whether one must change between airlines that do not sell together; no flag says so.

    More than one carrier on a leg: yes, for Kiwi joins such flights. One carrier and a stop: unknown.
    """
    if any(len({segment.carrier for segment in leg.segments}) > 1 for leg in legs):
        return True
    return False if all(len(leg.segments) == 1 for leg in legs) else None


def _slices(legs: list[_Leg]) -> tuple[Slice, ...]:
    """Flight by flight; nothing at all where any flight lacks its places or times."""
    try:
        return tuple(
            Slice(
                segments=tuple(
                    Segment(
                        origin=_code(segment.from_),
                        destination=_code(segment.to),
                        departs=LocalTime.of(segment.departureTime or ""),
                        arrives=LocalTime.of(segment.arrivalTime or ""),
                        carrier=segment.carrier,
                        number=_number(segment.flightNumber, segment.carrier),
                    )
                    for segment in leg.segments
                )
            )
            for leg in legs
        )
    except ValueError:
        return ()


def _code(text: str | None) -> str:
    if text is None or len(text) != 3 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError("not a place")
    return text


def _number(number: str | int | None, carrier: str) -> str:
    """`6E123` and `123` are both 123; an odd one is simply not known."""
    plain = str(number if number is not None else "").removeprefix(carrier).strip()
    return plain if plain.isascii() and plain.isalnum() and len(plain) <= 5 else ""


def _link(url: str | None) -> str | None:
    if url is None or not url.startswith("https://") or len(url) > _LONGEST_LINK:
        return None
    if not url.isascii() or not url.isprintable() or any(sign in url for sign in ' <>"\\'):
        return None
    return url
