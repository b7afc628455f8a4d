"""From a route to the fewest searches that a source needs for it. Pure.

A search is a route as well: one that is narrow enough for a single request. A route that is so already
stands for itself.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from typing import Final

import msgspec

from engine.domain.journey import chosen_days
from engine.domain.places import Place
from engine.domain.quote import Quote
from engine.domain.route import DateWindow, FixedDates, RollingDates, Route, RouteId
from engine.domain.trips import Dates, Span
from engine.fares.abilities import Abilities, Sweep

# A look of more searches than this is not made: it would take minutes at any pace, and the money of a month.
MOST_SEARCHES: Final = 50
# A cache goes on showing a cheap fare that is gone; behind it may stand one that is not.
MOST_CONFIRMATIONS: Final = 3


def searches(route: Route, abilities: Abilities, today: date) -> tuple[Route, ...]:
    """One search for each request that has to be made; none where no day is left to leave on.

    Nor where it leads anywhere and the source cannot be asked so.
    """
    if route.to_anywhere and not abilities.anywhere:
        return ()
    narrow = isinstance(route.trip, FixedDates | RollingDates)
    if narrow and not route.also_from and not route.also_to:
        return (route,)
    trips = [route.trip] if narrow else list(_trips(route.trip.on(today), abilities, today))
    ends = list(product(_some(route.origins, abilities.places), _some(route.destinations, abilities.places)))
    return tuple(
        msgspec.structs.replace(
            route, trip=trip, origin=start, also_from=also_from, destination=end, also_to=also_to
        )
        for trip in trips
        for (start, *also_from_), (end, *also_to_) in ends
        for also_from, also_to in [(tuple(also_from_), tuple(also_to_))]
    )


def confirmations(route: Route, leads: Sequence[Quote]) -> list[tuple[Route, Quote | None]]:
    """What to ask live sources for, in turn: the days and places of the cheapest leads, each once.

    `leads` are the cheapest first. The route itself where it leaves no choice, or no lead says its days.
    """
    wanted: dict[RouteId, tuple[Route, Quote | None]] = {}
    for lead in leads:
        search = narrowed(route, lead)
        if search is route:
            break
        wanted.setdefault(search.id, (search, lead))
        if len(wanted) == MOST_CONFIRMATIONS:
            break
    return list(wanted.values()) or [(route, None)]


def narrowed(route: Route, lead: Quote) -> Route:
    """The route for the very days, and between the very places, of a lead: what is to be confirmed."""
    dates = chosen_days(route, lead)
    origin, destination = ends_of(route, lead)
    changes: dict[str, object] = {} if dates is None else {"trip": dates}
    if origin is not None:
        changes |= {"origin": origin, "also_from": ()}
    if destination is not None:
        changes |= {"destination": destination, "also_to": ()}
    return msgspec.structs.replace(route, **changes) if changes else route


def ends_of(route: Route, quote: Quote) -> tuple[Place | None, Place | None]:
    """The place at either end of a quote, where its route leaves a choice and the quote says which."""
    origin, destination = quote.ends or (None, None)
    if quote.slices:
        out = quote.slices[0].segments
        origin = origin or _named(route.origins, out[0].origin)
        destination = destination or _named(route.destinations, out[-1].destination)
    open_end = route.also_to or route.to_anywhere
    return (origin if route.also_from else None, destination if open_end else None)


def _named(places: tuple[Place, ...], code: str) -> Place | None:
    return next((place for place in places if place.code == code), None)


def _some(places: tuple[Place, ...], at_once: int) -> list[tuple[Place, ...]]:
    return [places[first : first + at_once] for first in range(0, len(places), at_once)]


def _trips(dates: Dates, abilities: Abilities, today: date) -> Iterator[Dates]:
    if isinstance(dates, FixedDates):
        yield dates
        return
    choices = list(dates.choices(not_before=today))
    match abilities.sweep:
        case Sweep.DAY:
            yield from _by_day(choices)
        case Sweep.MONTH:
            yield from _by_month(dates, choices)
        case Sweep.SPAN:
            yield from _by_span(dates, choices, abilities)


def _by_day(choices: list[tuple[date, Span | None]]) -> Iterator[FixedDates]:
    for out, ways_back in choices:
        if ways_back is None:
            yield FixedDates(out)
        else:
            yield from (FixedDates(out, back) for back in ways_back.days())


def _by_month(window: DateWindow, choices: list[tuple[date, Span | None]]) -> Iterator[Dates]:
    """For each month to leave in and each to come back in, the days that are left of the window."""
    groups: dict[tuple[str, str], list[FixedDates]] = {}
    for trip in _by_day(choices):
        back = "" if trip.return_on is None else f"{trip.return_on:%Y-%m}"
        groups.setdefault((f"{trip.depart_on:%Y-%m}", back), []).append(trip)
    yield from (_around(window, trips) for trips in groups.values())


def _by_span(
    window: DateWindow, choices: list[tuple[date, Span | None]], abilities: Abilities
) -> Iterator[Dates]:
    """All at once; day by day where the days to leave on have gaps, or where each has its own way back."""
    at_once = window.leaves_on is None or abilities.weekday
    if at_once and (window.back is None or window.nights is None):
        if choices:
            yield _all_at_once(window, choices)
        return
    for choice in choices:
        yield _around(window, list(_by_day([choice])))


def _all_at_once(window: DateWindow, choices: list[tuple[date, Span | None]]) -> Dates:
    """What is left of a window, told by nights or by days to come back on, never by both."""
    trips = [next(_by_day([choices[0]])), *_by_day([choices[-1]])]
    left = _around(window, trips)
    if isinstance(left, FixedDates) or window.back is not None or left.nights is None:
        return left
    return msgspec.structs.replace(left, back=None)


def _around(window: DateWindow, trips: list[FixedDates]) -> Dates:
    """The part of a window that holds these trips, in the fewest words."""
    out = Span(min(trip.depart_on for trip in trips), max(trip.depart_on for trip in trips))
    backs = [trip.return_on for trip in trips if trip.return_on is not None]
    back = Span(min(backs), max(backs)) if backs else None
    if out.first == out.last:
        if back is None or back.first == back.last:
            return FixedDates(out.first, back.first if back else None)
        return DateWindow(out=out, back=back)
    return DateWindow(out=out, back=back, nights=window.nights, leaves_on=window.leaves_on)
