"""Words about a notification that texts, console lines and copies share: no markup, no locale."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from engine.domain.alert import Notification, Reason, Subject
from engine.domain.findtelling import is_good
from engine.domain.journey import days_of, some_days
from engine.domain.money import Money
from engine.domain.quote import Quote
from engine.domain.route import FixedDates, Route
from engine.domain.trips import Dates

# Airlines sell at most a year ahead: day and month say it all, in the words of no locale.
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REASONS: Final = tuple(Reason)


def leading(notification: Notification) -> Notification:
    """Of a post that tells finds of a route to anywhere the cheapest one, as if it told that alone."""
    if not notification.finds:
        return notification
    first = notification.finds[0]
    return msgspec.structs.replace(
        notification,
        route=first.route,
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
    adults = "1 adult" if route.adults == 1 else f"{route.adults} adults"
    if not route.children:
        return adults
    return f"{adults}, {'1 child' if route.children == 1 else f'{route.children} children'}"


def seen(notification: Notification, quote: Quote) -> str:
    """How old an unconfirmed fare was when it was told; a source may not say."""
    if quote.found_at is None:
        return "seen in the last 7 days"
    return f"seen {span(max(notification.created_at - quote.found_at, timedelta()))} ago"


def lived(notification: Notification) -> timedelta | None:
    """How long a fare stood that is gone."""
    seconds = next((each.lived_s for each in notification.subjects if each.lived_s is not None), None)
    return None if seconds is None else timedelta(seconds=seconds)


def span(span: timedelta) -> str:
    """45 min, 7 h, 3 days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def day(on: date) -> str:
    """10 Mar."""
    return f"{on.day} {_MONTHS[on.month - 1]}"


def stops(most: int) -> str:
    """nonstop, 1 stop, 2 stops."""
    return {0: "nonstop", 1: "1 stop"}.get(most, f"{most} stops")


def amount(money: Money) -> str:
    """450 EUR."""
    return f"{money.plain()} {money.currency}"
