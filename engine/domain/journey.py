"""The days of one fare, of a route that may leave a choice."""

from datetime import date

from engine.domain.quote import Quote
from engine.domain.route import FixedDates, RollingDates, Route
from engine.domain.trips import Dates


def chosen_days(route: Route, quote: Quote) -> FixedDates | None:
    """The days that a quote is for, where its route leaves a choice and the quote says so."""
    if isinstance(route.trip, FixedDates | RollingDates):
        return None
    if quote.dates is not None:
        return quote.dates
    out, back = quote.departs, quote.departs_back
    if out is None or (back is None) == route.round_trip:
        return None
    return FixedDates(out.reading.date(), None if back is None else back.reading.date())


def days_of(route: Route, quote: Quote | None, today: date) -> Dates:
    """The days to show with a quote: its own where it says them, else all that the route may be on."""
    dates = route.trip.on(today)
    if quote is None or isinstance(route.trip, FixedDates):
        return dates
    if (chosen := chosen_days(route, quote)) is not None:
        return chosen
    if quote.departs is None or not isinstance(dates, FixedDates):
        return dates
    # Dates that move with today have moved on since the fare was seen.
    back = quote.departs_back
    return FixedDates(quote.departs.reading.date(), back.reading.date() if back else dates.return_on)


def some_days(dates: Dates) -> FixedDates:
    """One journey of them: the first, the shortest."""
    if isinstance(dates, FixedDates):
        return dates
    out, ways_back = next(dates.choices(), (dates.out.first, None))
    return FixedDates(out, None if ways_back is None else ways_back.first)
