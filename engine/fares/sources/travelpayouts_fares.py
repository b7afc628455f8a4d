"""From the fares of a month to the quotes of a route: the right days and places, the whole party."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from urllib.parse import quote as quoted

import msgspec

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind, Quote, SourceKind
from engine.domain.route import FixedDates, Route
from engine.fares.exchange import Unanswered
from engine.fares.sources.travelpayouts_reply import Fare, Page

NAME: Final = "travelpayouts"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The quotes, cheapest first; `hidden` fares of the right days have too many stops."""

    quotes: tuple[Quote, ...]
    hidden: int


def native(page: Page, route: Route, dates: FixedDates, marker: str | None) -> Found:
    """Fares that were sold as this very trip: one way, or out and back."""
    fits = [
        fare
        for fare in _of_day(page.fares, route.origin, route.destination, dates.depart_on)
        if (fare.returns.reading.date() if fare.returns else None) == dates.return_on
    ]
    shown = [fare for fare in fits if not _too_many(fare.stops, route) and not _back_too_many(fare, route)]
    quotes = [_quote(page, route, (fare,), link=_marked(fare.link, marker)) for fare in shown]
    return Found(quotes=_sorted(quotes), hidden=len(fits) - len(shown))


def summed(out: Page, back: Page, route: Route, dates: FixedDates) -> Found:
    """A round trip as the cheapest way out and the cheapest way back: an estimate, without a link.

    Raises:
        Unanswered: the two have prices in different currencies.
    """
    assert dates.return_on is not None  # noqa: S101  asked for round trips only
    ways = (
        _one_ways(out, route.origin, route.destination, dates.depart_on),
        _one_ways(back, route.destination, route.origin, dates.return_on),
    )
    shown = [[fare for fare in way if not _too_many(fare.stops, route)] for way in ways]
    hidden = sum(map(len, ways)) - sum(map(len, shown))
    if not all(shown):
        return Found(quotes=(), hidden=hidden)
    pair = tuple(min(way, key=lambda fare: fare.price.minor) for way in shown)
    older = min(out, back, key=lambda page: page.read_at)
    if pair[0].price.currency != pair[1].price.currency:
        raise Unanswered(OutcomeKind.MALFORMED, "two currencies for one question")
    return Found(quotes=(_quote(older, route, pair, link=None),), hidden=hidden)


def _one_ways(page: Page, origin: Place, destination: Place, day: date) -> list[Fare]:
    return [fare for fare in _of_day(page.fares, origin, destination, day) if fare.returns is None]


def _of_day(fares: Iterable[Fare], origin: Place, destination: Place, day: date) -> list[Fare]:
    return [fare for fare in fares if fare.departs.reading.date() == day and fare.joins(origin, destination)]


def _too_many(stops: int | None, route: Route) -> bool:
    return route.max_stops is not None and stops is not None and stops > route.max_stops


def _back_too_many(fare: Fare, route: Route) -> bool:
    """Rows of one-way fares name stops of a way back too: none, whatever that means."""
    return fare.returns is not None and _too_many(fare.stops_back, route)


def _quote(page: Page, route: Route, fares: tuple[Fare, ...], *, link: str | None) -> Quote:
    """One fare, or two added up; prices are for one adult, so that more of them are an estimate."""
    each = sum(fare.price.minor for fare in fares)
    airlines = (fare.airline for fare in fares if fare.airline)
    return Quote(
        route_id=route.id,
        total=Money(each * route.adults, fares[0].price.currency),
        source=NAME,
        kind=SourceKind.CACHED,
        observed_at=page.read_at,
        carriers=tuple(dict.fromkeys(airlines)),
        stops=_stops(fares),
        departures=_departures(fares),
        estimated=route.adults > 1 or len(fares) > 1,
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


def _sorted(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    return tuple(sorted(quotes, key=lambda quote: quote.total.minor))
