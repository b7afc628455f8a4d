"""Finds: the destinations that a sweep to anywhere comes home with, each a series of its own. Pure.

A find is known by the code of its place, whatever the kind. Of a sweep that says up to which price it
`reaches`, a destination that is not among its quotes is dearer than that, or not to be had.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import Quote
from engine.domain.route import Route


def place_of(quote: Quote) -> Place | None:
    """Where a quote of a sweep leads to."""
    return None if quote.ends is None else quote.ends[1]


def to_place(route: Route, place: Place) -> Route:
    """The route to one of the destinations that a route to anywhere leads to: a series of its own."""
    return msgspec.structs.replace(route, destination=place, also_to=())


def as_found(route: Route, quote: Quote | None) -> Route:
    """The route between the very places of a quote: where one may begin in several, it says in which."""
    if quote is None or quote.ends is None:
        return route
    origin, destination = quote.ends
    return msgspec.structs.replace(route, origin=origin, also_from=(), destination=destination, also_to=())


def by_place(quotes: Iterable[Quote]) -> Mapping[str, Sequence[Quote]]:
    """The quotes to each destination, by the code of its place; the order within each is kept."""
    found: dict[str, list[Quote]] = {}
    for quote in quotes:
        place = place_of(quote)
        if place is not None:
            found.setdefault(place.code, []).append(quote)
    return found


def cheapest_each(
    quotes: Iterable[Quote], *, most: int, of_each: int, reaches: Money | None = None
) -> tuple[list[Quote], Money | None]:
    """Of quotes that come cheapest first the first few to each destination, and how far that reaches.

    No more than `most` destinations: then it reaches to just under the price of the next one.
    """
    taken: dict[str, int] = {}
    kept: list[Quote] = []
    for quote in quotes:
        place = place_of(quote)
        if place is None:
            continue
        if place.code not in taken and len(taken) == most:
            if reaches is None or quote.total.minor <= reaches.minor:
                reaches = quote.total.with_minor(quote.total.minor - 1)
            break
        if taken.get(place.code, 0) < of_each:
            taken[place.code] = taken.get(place.code, 0) + 1
            kept.append(quote)
    return kept, reaches
