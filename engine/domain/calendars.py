"""The calendar of a route that leaves a choice: what leaving on each day costs, by its newest looks. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from engine.domain.journey import chosen_days
from engine.domain.quote import Outcome, Quote
from engine.domain.route import DateWindow, RollingWindow, Route
from engine.domain.usable import usable_quotes

MOST_DAYS: Final = 366


class DayFare(msgspec.Struct, frozen=True, array_like=True):
    """The cheapest total found for leaving on a day, in minor units, and when to come back at that price."""

    out_on: date
    minor: int
    seen_at: datetime
    back_on: date | None = None


class Calendar(msgspec.Struct, frozen=True):
    """The days that had a fare, in order; at most MOST_DAYS."""

    days: tuple[DayFare, ...] = ()

    def since(self, today: date, seen_since: datetime) -> "Calendar":
        """Without the days that have passed, and without what was seen before that instant."""
        kept = (day for day in self.days if day.out_on >= today and day.seen_at >= seen_since)
        return Calendar(tuple(kept))

    def with_found(self, route: Route, quotes: Iterable[Quote], today: date) -> "Calendar":
        """With what a look found, each day at its newest price.

        `quotes` are usable and come cheapest first.
        """
        found: dict[date, DayFare] = {}
        for quote in quotes:
            dates = chosen_days(route, quote)
            if dates is not None:
                fare = DayFare(dates.depart_on, quote.total.minor, quote.observed_at, dates.return_on)
                found.setdefault(dates.depart_on, fare)
        days = {day.out_on: day for day in self.days} | found
        return Calendar(tuple(days[on] for on in sorted(days) if on >= today)[:MOST_DAYS])


def leaves_choice(route: Route) -> bool:
    """Whether a route has a calendar: it may begin on several days, and leads to one place."""
    return isinstance(route.trip, DateWindow | RollingWindow) and not route.to_anywhere


def replaces(asked: Outcome | None) -> bool:
    """Whether a look has asked for every day of its route and had an answer for each.

    Of a confirmation it is the look before it that says so: it asks for the days of a lead only.
    """
    return asked is not None and asked.parsed and not asked.partial


def after_look(known: Calendar, route: Route, outcomes: Sequence[Outcome], now: datetime) -> Calendar:
    """What each day costs after these outcomes of one look, the last of which is the newest.

    `known` is empty where the look `replaces` it.
    """
    for outcome in outcomes:
        known = known.with_found(route, usable_quotes(outcome, route, now), now.date())
    return known
