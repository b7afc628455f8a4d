"""What narrows a route: held against a quote, as far as the quote shows it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from engine.domain.quote import Quote
from engine.domain.route import Route


class Filter(StrEnum):
    """What a member may narrow."""

    STOPS = "stops"
    AIRLINES = "airlines"
    HOURS = "hours"
    BAGS = "bags"


def broken(quote: Quote, route: Route) -> Filter | None:
    """The first filter that a quote does not keep; None where it keeps all, as far as it shows."""
    return next((each for each, keeps in _KEEPS.items() if keeps(quote, route) is False), None)


def as_far_as_shown(quote: Quote, route: Route) -> Quote:
    """The quote; an estimate where it does not show what a filter asks about."""
    if any(keeps(quote, route) is None for keeps in _KEEPS.values()):
        return msgspec.structs.replace(quote, estimated=True)
    return quote


def stops_of(quote: Quote) -> tuple[int, ...]:
    """Stops per direction, as far as the source shows them."""
    return quote.stops or tuple(direction.stops for direction in quote.slices)


def _keeps_stops(quote: Quote, route: Route) -> bool | None:
    if route.max_stops is None:
        return True
    known = stops_of(quote)
    if any(stops > route.max_stops for stops in known):
        return False
    return True if len(known) >= route.directions else None


def _keeps_airlines(quote: Quote, route: Route) -> bool | None:
    if not route.airlines and not route.not_airlines:
        return True
    flying = set(quote.carriers)
    if flying & set(route.not_airlines) or (route.airlines and not flying <= set(route.airlines)):
        return False
    # Who gives no flights may name one airline of several.
    return True if flying and len(quote.slices) >= route.directions else None


def _keeps_hours(quote: Quote, route: Route) -> bool | None:
    asked = ((route.out_hours, quote.departs), (route.back_hours, quote.departs_back))
    known = [
        None if departs is None else departs.reading.time() in hours for hours, departs in asked if hours
    ]
    return False if False in known else None if None in known else True


def _keeps_bags(quote: Quote, route: Route) -> bool | None:
    if not route.bags:
        return True
    return None if quote.bags is None else quote.bags >= route.bags


_KEEPS: Final[Mapping[Filter, Callable[[Quote, Route], bool | None]]] = {
    Filter.STOPS: _keeps_stops,
    Filter.AIRLINES: _keeps_airlines,
    Filter.HOURS: _keeps_hours,
    Filter.BAGS: _keeps_bags,
}
