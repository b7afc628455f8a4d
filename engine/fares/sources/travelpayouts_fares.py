"""From the fares of a month to the quotes of a route: the right days and places, the whole party."""

from collections.abc import Iterator
from datetime import date
from itertools import islice, product
from typing import Final
from urllib.parse import quote as quoted

import msgspec

from engine.domain.finds import cheapest_each
from engine.domain.money import Money
from engine.domain.quote import Hidden, LocalTime, OutcomeKind, Quote, SourceKind
from engine.domain.route import FixedDates, Route
from engine.domain.trips import Dates, Span
from engine.fares.combining import MOST_FINDS, OF_EACH_FIND
from engine.fares.exchange import Unanswered
from engine.fares.reading import Reached
from engine.fares.sieve import Sieve
from engine.fares.sources.travelpayouts_reply import Fare, Page

NAME: Final = "travelpayouts"
# A month has a thousand fares; nobody reads more than these.
_MOST_QUOTES: Final = 100
_ONE_WAY: Final = FixedDates(date.max)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The quotes, cheapest first; `left_out` fares of the right days are hidden by filters.

    `reaches`: of a sweep to anywhere that does not have all destinations, up to which price it does.
    """

    quotes: tuple[Quote, ...]
    left_out: int
    hidden: Hidden | None = None
    reaches: Money | None = None


def native(page: Page, route: Route, dates: Dates, marker: str | None) -> Found:
    """Fares that were sold as this very trip: one way, or out and back."""
    sieve = Sieve(route)
    fits = (fare for fare in page.fares if fare.joins(route.origin, route.destination))
    quotes = (
        _quote(page, route, (fare,), link=_marked(fare.link, marker))
        for fare in sorted(fits, key=_price)
        if dates.fits(*_days(fare))
    )
    shown = tuple(islice(filter(sieve.lets, quotes), _MOST_QUOTES))
    return Found(quotes=shown, left_out=sieve.count, hidden=sieve.hidden)


def swept(page: Page, route: Route, dates: Dates, marker: str | None, reached: Reached) -> Found:
    """Of all that was sold from there as this very trip, the cheapest to each destination."""
    sieve = Sieve(route)

    def quotes() -> Iterator[Quote]:
        for fare in sorted(page.fares, key=_price):
            if not fare.leaves(route.origin) or not dates.fits(*_days(fare)):
                continue
            place = reached(route.origins, fare.destination_airport or fare.destination)
            if place is None:
                continue
            quote = _quote(page, route, (fare,), link=_marked(fare.link, marker))
            if sieve.lets(quote):
                yield msgspec.structs.replace(quote, ends=(route.origin, place))

    end = None if page.reaches is None else page.reaches.with_minor(page.reaches.minor * route.travellers)
    shown, reaches = cheapest_each(quotes(), most=MOST_FINDS, of_each=OF_EACH_FIND, reaches=end)
    return Found(quotes=tuple(shown), left_out=sieve.count, hidden=sieve.hidden, reaches=reaches)


def summed(out: Page, back: Page, route: Route, dates: Dates) -> Found:
    """A round trip as the cheapest way out and the cheapest way back: an estimate, without a link.

    Raises:
        Unanswered: the two have prices in different currencies.
    """
    home = msgspec.structs.replace(
        route, origin=route.destination, destination=route.origin, out_hours=route.back_hours
    )
    sieves = [Sieve(msgspec.structs.replace(way, trip=_ONE_WAY, back_hours=None)) for way in (route, home)]
    there = _cheapest_by_day(out, route, _days_out(dates), sieves[0])
    again = _cheapest_by_day(back, home, _days_home(dates), sieves[1])
    left_out = sum(sieve.count for sieve in sieves)
    pairs = [(there[day], again[later]) for day, later in product(there, again) if dates.fits(day, later)]
    if not pairs:
        return Found(quotes=(), left_out=left_out)
    if any(one.price.currency != other.price.currency for one, other in pairs):
        raise Unanswered(OutcomeKind.MALFORMED, "two currencies for one question")
    pair = min(pairs, key=lambda each: _price(each[0]) + _price(each[1]))
    older = min(out, back, key=lambda page: page.read_at)
    return Found(quotes=(_quote(older, route, pair, link=None),), left_out=left_out)


def _cheapest_by_day(page: Page, way: Route, days: Span, sieve: Sieve) -> dict[date, Fare]:
    """The cheapest one-way fare of each day that the filters let through."""
    cheapest: dict[date, Fare] = {}
    for fare in page.fares:
        day = fare.departs.reading.date()
        if fare.returns is not None or day not in days or not fare.joins(way.origin, way.destination):
            continue
        if sieve.lets(_quote(page, way, (fare,), link=None)):
            cheapest[day] = min(cheapest.get(day, fare), fare, key=_price)
    return cheapest


def _days_out(dates: Dates) -> Span:
    return Span(dates.depart_on, dates.depart_on) if isinstance(dates, FixedDates) else dates.out


def _days_home(dates: Dates) -> Span:
    back = dates.return_on if isinstance(dates, FixedDates) else dates.back
    assert back is not None  # noqa: S101  asked for round trips only
    return back if isinstance(back, Span) else Span(back, back)


def _price(fare: Fare) -> int:
    return fare.price.minor


def _days(fare: Fare) -> tuple[date, date | None]:
    return fare.departs.reading.date(), fare.returns.reading.date() if fare.returns else None


def _quote(page: Page, route: Route, fares: tuple[Fare, ...], *, link: str | None) -> Quote:
    """One fare, or two added up; prices are for one adult, so that more of them are an estimate."""
    each = sum(fare.price.minor for fare in fares)
    airlines = (fare.airline for fare in fares if fare.airline)
    return Quote(
        route_id=route.id,
        total=Money(each * route.travellers, fares[0].price.currency),
        source=NAME,
        kind=SourceKind.CACHED,
        observed_at=page.read_at,
        carriers=tuple(dict.fromkeys(airlines)),
        stops=_stops(fares),
        departures=_departures(fares),
        estimated=route.travellers > 1 or len(fares) > 1,
        link=link,
    )


def _stops(fares: tuple[Fare, ...]) -> tuple[int, ...]:
    """Per direction, as far as the rows say: what stands behind an unknown one is unknown too."""
    known = [fare.stops for fare in fares]
    if fares[0].returns is not None:
        known.append(fares[0].stops_back)
    until = known.index(None) if None in known else len(known)
    return tuple(stops for stops in known[:until] if stops is not None)


def _departures(fares: tuple[Fare, ...]) -> tuple[LocalTime, ...]:
    back = fares[0].returns
    return tuple(fare.departs for fare in fares) + (() if back is None else (back,))


def _marked(link: str | None, marker: str | None) -> str | None:
    """The link with the operator's partner id, so that a booking is counted as theirs."""
    if link is None or not marker:
        return link
    return f"{link}{'&' if '?' in link else '?'}marker={quoted(marker, safe='')}"
