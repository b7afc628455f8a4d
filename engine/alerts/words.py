"""Words about a notification that texts, console lines and copies share: no markup, no signs of a locale."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from engine.domain.alert import Notification, Reason, Subject
from engine.domain.finds import as_found
from engine.domain.findtelling import is_good
from engine.domain.journey import days_of, some_days
from engine.domain.money import Money
from engine.domain.quote import Quote
from engine.domain.route import FixedDates, Route
from engine.domain.trips import Dates
from engine.tongue import count, key, say

# Airlines sell at most a year ahead: day and month say it all.
_MONTHS: Final = (
    key("Jan"),
    key("Feb"),
    key("Mar"),
    key("Apr"),
    key("May"),
    key("Jun"),
    key("Jul"),
    key("Aug"),
    key("Sep"),
    key("Oct"),
    key("Nov"),
    key("Dec"),
)
_REASONS: Final = tuple(Reason)


def leading(notification: Notification) -> Notification:
    """Of a post that tells finds of a route to anywhere the cheapest one, as if it told that alone."""
    if not notification.finds:
        return notification
    first = notification.finds[0]
    return msgspec.structs.replace(
        notification,
        route=as_found(first.route, first.quote),
        subjects=first.subjects,
        quote=first.quote,
        confirmation=first.confirmation,
        median=first.median,
    )


def further(notification: Notification) -> Sequence[Notification]:
    """The finds besides the cheapest that are still good; none of a post that tells one route."""
    return [line for line in notification.finds[1:] if is_good(line)]


def most_telling(notification: Notification) -> Subject | None:
    """Of several watches told in one message, the one whose reason says most."""
    return min(notification.subjects, key=lambda subject: _REASONS.index(subject.reason), default=None)


def lowest_target_met(notification: Notification, total: Money) -> Money | None:
    """The target that a total is closest under."""
    targets = (subject.target for subject in notification.subjects)
    return min((target for target in targets if target is not None and target >= total), default=None)


def days(notification: Notification) -> Dates:
    """The days of travel: of the fare where the route leaves a choice, or rolls with today."""
    return days_of(notification.route, notification.quote, notification.created_at.date())


def trip_of(notification: Notification) -> FixedDates:
    """One journey of them: that of the fare, where there is one."""
    return some_days(days(notification))


def party(route: Route) -> str:
    """1 adult; 2 adults, 1 child."""
    adults = count(route.adults, "{n} adult", "{n} adults")
    return f"{adults}, {count(route.children, '{n} child', '{n} children')}" if route.children else adults


def seen(notification: Notification, quote: Quote) -> str:
    """How old an unconfirmed fare was when it was told; a source may not say."""
    if quote.found_at is None:
        return say("seen in the last 7 days")
    return say("seen {time} ago", time=span(max(notification.created_at - quote.found_at, timedelta())))


def lived(notification: Notification) -> timedelta | None:
    """How long a fare stood that is gone."""
    seconds = next((each.lived_s for each in notification.subjects if each.lived_s is not None), None)
    return None if seconds is None else timedelta(seconds=seconds)


def span(span: timedelta) -> str:
    """45 min, 7 h, 3 days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return say("{days} days", days=minutes // (24 * 60))


def day(on: date) -> str:
    """10 Mar."""
    return say("{day} {month}", day=on.day, month=say(_MONTHS[on.month - 1]))


def stops(most: int, *, is_half: bool = False) -> str:
    """nonstop, 1 stop, 2 stops; `is_half`: of the way out alone."""
    said = say("nonstop") if most == 0 else count(most, "{n} stop", "{n} stops")
    return say("{stops} out", stops=said) if is_half else said


def amount(money: Money) -> str:
    """450 EUR."""
    return f"{money.plain()} {money.currency}"
