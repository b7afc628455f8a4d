"""Reading a reply of Kiwi Tequila: quotes, or why it cannot be believed."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from engine.domain.finds import cheapest_each
from engine.domain.money import CURRENCIES, Money
from engine.domain.places import Place, PlaceKind
from engine.domain.quote import LocalTime, Outcome, OutcomeKind, Quote, Segment, Slice, SourceKind
from engine.domain.route import Route, RouteId
from engine.domain.trips import Dates
from engine.fares.cabins import at_least
from engine.fares.combining import MOST_FINDS, OF_EACH_FIND
from engine.fares.exchange import Unanswered
from engine.fares.reading import (
    Reached,
    carrier_code,
    check_days,
    fare,
    flight_number,
    left_out,
    no_json,
    place_code,
    to_airport,
    web_link,
)
from engine.fares.sieve import HIDDEN, Sieve
from engine.fares.sources.tequila_request import CABINS, most_of

NAME: Final = "tequila"

_UNREADABLE: Final = "unreadable"
# Fares that somebody has to break a contract of carriage for: the last flight of a hidden-city
# ticket, or the way back of a thrown-away one, is not to be flown. Airlines cancel and charge for it,
# and the partner programmes forbid to advertise it, so it is nothing to send to a channel.
_HIDDEN_CITY: Final = "hidden-city or throw-away"
# A bus is no flight, whatever its price.
_GROUND: Final = "by bus or train"
_LOWER_CABIN: Final = "in a lower cabin"
_OTHER_AIRPORT: Final = "by another airport"
_CABINS: Final = {letter: cabin.value for cabin, letter in CABINS.items()}

_Instant = Annotated[str, msgspec.Meta(max_length=40)]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class _Hop(msgspec.Struct):
    """One flight; `return_` says which direction it belongs to.

    Places and carriers are looked at later: those of buses are spelt as they please.
    """

    flyFrom: str  # noqa: N815  the service's name
    flyTo: str  # noqa: N815
    local_departure: _Instant
    local_arrival: _Instant
    airline: str
    flight_no: int | str | None = None
    operating_carrier: str | None = None
    return_: Literal[0, 1] = msgspec.field(name="return", default=0)
    vehicle_type: str | None = None
    fare_category: str | None = None
    bags_recheck_required: bool | None = None
    vi_connection: bool | None = None


class _Duration(msgspec.Struct):
    """In seconds."""

    departure: _Seconds | None = None
    return_: _Seconds | None = msgspec.field(name="return", default=None)


class _Itinerary(msgspec.Struct):
    price: msgspec.Raw
    route: Annotated[list[_Hop], msgspec.Meta(min_length=1, max_length=24)]
    duration: msgspec.Raw = msgspec.Raw(b"null")
    bags_price: msgspec.Raw = msgspec.Raw(b"null")
    deep_link: str | None = None
    pnr_count: int | None = None
    virtual_interlining: bool | None = None
    has_airport_change: bool | None = None
    hidden_city_ticketing: bool | None = None
    throw_away_ticketing: bool | None = None


class _Reply(msgspec.Struct):
    """Itineraries stay raw at first: one that cannot be read must not spoil the others."""

    data: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=2000)]
    currency: str | None = None


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What all quotes of a reply have in common, worked out once."""

    route: Route
    route_id: RouteId
    dates: Dates
    observed_at: datetime
    reached: Reached


class _Priced(msgspec.Struct, frozen=True):
    total: Money
    itinerary: _Itinerary


_REPLY: Final = msgspec.json.Decoder(_Reply)
_ITINERARY: Final = msgspec.json.Decoder(_Itinerary)
_DURATION: Final = msgspec.json.Decoder(_Duration)
_BAGS_PRICE: Final = msgspec.json.Decoder(dict[str, float])


def read_itineraries(
    body: bytes,
    route: Route,
    dates: Dates,
    observed_at: datetime,
    reached: Reached = to_airport,
) -> Outcome:
    """The cheapest quotes, cheapest first, or no_fares; what is left out is counted by reason.

    Of a route to anywhere the cheapest to each area, as `reached` gives them for airports.

    Raises:
        Unanswered: the reply, or every itinerary in it, is unreadable; or as many as were asked for
            came and none can be told, so that what else there is remains unknown.
    """
    reply = _read(body)
    if reply.data and reply.currency not in CURRENCIES:
        # Unsaid, it would be euros: never take it for what was asked.
        raise Unanswered(OutcomeKind.MALFORMED, "no currency in the reply")
    asked = _Asked(route=route, route_id=route.id, dates=dates, observed_at=observed_at, reached=reached)
    out: Counter[str] = Counter()
    sieve = Sieve(route)
    quotes: list[Quote] = []
    for priced in _by_price(reply, out):
        if len(quotes) == most_of(route):
            break
        try:
            reason = _why_not(priced.itinerary, asked)
            if reason is None and sieve.lets(quote := _quote(priced, asked)):
                quotes.append(quote)
        except (ValueError, ArithmeticError):
            reason = _UNREADABLE
        if reason is not None:
            out[reason] += 1
    if sieve.count:
        out[HIDDEN] = sieve.count
    if not quotes:
        _check_empty(len(reply.data), out, most_of(route))
    reaches = _reaches(reply, quotes, route)
    if route.to_anywhere:
        quotes, reaches = cheapest_each(quotes, most=MOST_FINDS, of_each=OF_EACH_FIND, reaches=reaches)
    return Outcome(
        kind=OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
        source=NAME,
        observed_at=observed_at,
        quotes=tuple(quotes),
        detail=left_out(out),
        hidden=sieve.hidden,
        reaches=reaches,
    )


def _reaches(reply: _Reply, quotes: Sequence[Quote], route: Route) -> Money | None:
    """Of a search to anywhere that came back full: up to which price it has every destination."""
    if not route.to_anywhere or not quotes or len(reply.data) < most_of(route):
        return None
    end = quotes[-1].total
    return end.with_minor(end.minor - 1)


def _read(body: bytes) -> _Reply:
    try:
        return _REPLY.decode(body)
    except msgspec.ValidationError as error:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of itineraries in the reply") from error
    except (ValueError, RecursionError) as error:
        raise Unanswered(OutcomeKind.MALFORMED, no_json(body)) from error


def _by_price(reply: _Reply, out: Counter[str]) -> list[_Priced]:
    """All itineraries that have a price, cheapest first; the others are counted."""
    priced = []
    for raw in reply.data:
        try:
            itinerary = _ITINERARY.decode(raw)
            priced.append(_Priced(fare(bytes(itinerary.price), reply.currency or ""), itinerary))
        except (ValueError, ArithmeticError, RecursionError):
            out[_UNREADABLE] += 1
    priced.sort(key=lambda each: each.total.minor)
    return priced


def _check_empty(shown: int, out: Counter[str], most: int) -> None:
    """Raise Unanswered where "nothing left" does not mean that nothing flies."""
    if out[_UNREADABLE]:
        words = f"{out[_UNREADABLE]} of {shown} itineraries unreadable"
        raise Unanswered(OutcomeKind.MALFORMED, words)
    if shown >= most:
        words = f"none of the {shown} cheapest can be told, and no more are shown"
        raise Unanswered(OutcomeKind.MALFORMED, f"{words} ({left_out(out)})")


def _why_not(itinerary: _Itinerary, asked: _Asked) -> str | None:
    """Why an itinerary is not what was asked for; None when it is."""
    route = asked.route
    if itinerary.hidden_city_ticketing or itinerary.throw_away_ticketing:
        return _HIDDEN_CITY
    if any((hop.vehicle_type or "aircraft") != "aircraft" for hop in itinerary.route):
        return _GROUND
    if at_least(_cabins(itinerary), route.cabin) is False:
        return _LOWER_CABIN
    ways = _ways(itinerary)
    if route.to_anywhere and _end(ways, asked) is None:
        return _OTHER_AIRPORT  # from one airport of a city to another is no trip
    return None if _at_the_ends(ways, route) else _OTHER_AIRPORT


def _cabins(itinerary: _Itinerary) -> list[str | None]:
    """The cabin of each flight, None where it is not shown."""
    return [_CABINS.get(hop.fare_category or "") for hop in itinerary.route]


def _ways(itinerary: _Itinerary) -> list[list[_Hop]]:
    """The flights of each direction: they come as one list, told apart by `return`."""
    ways = [[hop for hop in itinerary.route if hop.return_ == direction] for direction in (0, 1)]
    return [way for way in ways if way]


def _at_the_ends(ways: list[list[_Hop]], route: Route) -> bool:
    """Whether it leaves from and comes to the airports asked for; of a city any one will do."""
    ends = [(way[0].flyFrom, way[-1].flyTo) for way in ways]
    out, back = ends[0], ends[1:]
    return all(
        _fits(origin, route.origins) and _fits(destination, route.destinations)
        for origin, destination in (out, *((end, start) for start, end in back))
    )


def _end(ways: list[list[_Hop]], asked: _Asked) -> Place | None:
    """Where it leads, as far as that is a journey. Raises ValueError."""
    return asked.reached(asked.route.origins, place_code(ways[0][-1].flyTo))


def _fits(airport: str, places: Sequence[Place]) -> bool:
    return any(place.kind is not PlaceKind.AIRPORT or airport == place.code for place in places)


def _quote(priced: _Priced, asked: _Asked) -> Quote:
    """One itinerary as a quote. Raises ValueError where it is no price for this trip."""
    itinerary = priced.itinerary
    ways = _ways(itinerary)
    check_days((LocalTime.of(way[0].local_departure) for way in ways), asked.dates)
    minutes = _minutes(itinerary.duration)
    slices = tuple(_slice(way, spent) for way, spent in zip(ways, minutes, strict=False))
    marketing = (segment.carrier for slice_ in slices for segment in slice_.segments)
    return Quote(
        route_id=asked.route_id,
        total=priced.total,
        source=NAME,
        kind=SourceKind.LIVE,
        observed_at=asked.observed_at,
        slices=slices,
        carriers=tuple(dict.fromkeys(marketing)),
        stops=tuple(slice_.stops for slice_ in slices),
        estimated=at_least(_cabins(itinerary), asked.route.cabin) is None,
        link=web_link(itinerary.deep_link),
        self_transfer=_self_transfer(itinerary, slices),
        bags=_bags(itinerary.bags_price) if asked.route.bags else None,
        ends=_ends(ways, asked),
    )


def _ends(ways: list[list[_Hop]], asked: _Asked) -> tuple[Place, Place] | None:
    """Of a route to anywhere from where to where it is."""
    end = _end(ways, asked) if asked.route.to_anywhere else None
    return None if end is None else (_start(ways, asked), end)


def _start(ways: list[list[_Hop]], asked: _Asked) -> Place:
    """In which of the places asked for it begins; the airport's own city where none can be told."""
    origins, code = asked.route.origins, place_code(ways[0][0].flyFrom)
    if len(origins) == 1:
        return origins[0]
    area = asked.reached((), code)
    found = [place for place in origins if place == area or place == Place.airport(code)]
    cities = [place for place in origins if place.kind is PlaceKind.METRO]
    if found or len(cities) == 1:
        return (found or cities)[0]
    return area or Place.airport(code)


def _bags(raw: msgspec.Raw) -> int | None:
    """As many bags as cost nothing more; None where the reply names no prices of bags."""
    try:
        prices = _BAGS_PRICE.decode(raw)
    except (ValueError, RecursionError):
        return None
    return next((bags - 1 for bags in range(1, len(prices) + 1) if prices.get(str(bags)) != 0), len(prices))


def _slice(way: list[_Hop], minutes: int | None) -> Slice:
    return Slice(segments=tuple(_segment(hop) for hop in way), minutes=minutes)


def _segment(hop: _Hop) -> Segment:
    carrier = carrier_code(hop.airline)
    return Segment(
        origin=place_code(hop.flyFrom),
        destination=place_code(hop.flyTo),
        # `2019-10-10T14:10:00.000Z` is the time there, not at Greenwich: the Z is false and dropped.
        departs=LocalTime.of(hop.local_departure),
        arrives=LocalTime.of(hop.local_arrival),
        carrier=carrier,
        number=flight_number(hop.flight_no, carrier),
        operated_by=carrier_code(hop.operating_carrier) if hop.operating_carrier else None,
    )


def _self_transfer(itinerary: _Itinerary, slices: tuple[Slice, ...]) -> bool | None:
    """Whether no airline answers for the whole trip: separate tickets, bags to be fetched, another airport.

    None where the reply says nothing of it.
    """
    if itinerary.virtual_interlining or itinerary.has_airport_change or (itinerary.pnr_count or 1) > 1:
        return True
    if any(hop.vi_connection or hop.bags_recheck_required for hop in itinerary.route):
        return True
    if any(
        before.destination != after.origin
        for slice_ in slices
        for before, after in zip(slice_.segments, slice_.segments[1:], strict=False)
    ):
        return True
    return None if itinerary.virtual_interlining is None else False


def _minutes(raw: msgspec.Raw) -> tuple[int | None, int | None]:
    """How long each direction takes; nice to have, so an odd one is simply not known."""
    try:
        duration = _DURATION.decode(raw)
    except (ValueError, RecursionError):
        return None, None
    there, back = (
        None if seconds is None else seconds // 60 for seconds in (duration.departure, duration.return_)
    )
    return there, back
