"""An alert in plain words for readers outside of Discord; each way out lays it out as its readers expect.

`London → Tokyo 450 EUR, under the target of 460 EUR`, and facts with names. No word of it is markup,
none names a member: who watches a route is the business of their server.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from engine.alerts import words
from engine.domain.alert import OVER, Confirmation, Notification, NotificationKind, Reason
from engine.domain.money import Money
from engine.domain.quote import Quote, SourceKind
from engine.domain.route import DateWindow, Route
from engine.domain.watch import Condition

_MOST_TARGETS: Final = 5
_MOST_CARRIERS: Final = 6
_MOST_FURTHER: Final = 4
_OPENINGS: Final = MappingProxyType(
    {
        Reason.LOWER_STILL: "lower still: ",
        Reason.LOWER: "now ",
        Reason.ABOVE: "now ",
        Reason.REPEAT: "still ",
        Reason.REMINDER: "still ",
        Reason.BACK: "back at ",
    }
)
# What sources call airlines and themselves comes from outside: letters and digits are all it needs.
_FOREIGN: Final = re.compile(r"[^\w .-]")


class Page(NamedTuple):
    """Where the fare can be looked up; `books` when it is of this fare rather than of a search."""

    url: str
    books: bool


Cities = Callable[[str], str]
"""Gives the city of a place's code."""
Pages = Callable[[Route, Quote | None, date], Page]
"""Gives the page of a fare, as seen from a day."""


class Mood(Enum):
    """How good the news is, for colours and urgency."""

    GOOD = "a price to act on"
    CARE = "a price that rose"
    PAST = "a fare that is gone"


class Fact(NamedTuple):
    """A short fact with its name."""

    name: str
    text: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one alert, or of its later change (`update`).

    `short` is the headline without its reason, for where the headline stands right below.
    """

    headline: str
    short: str
    facts: tuple[Fact, ...]
    mood: Mood
    page: Page
    update: bool = False

    @property
    def link_words(self) -> str:
        """What the link is called."""
        return "Book" if self.page.books else "Open in Google Flights"


def card(notification: Notification, cities: Cities, pages: Pages, *, test: bool = False) -> Card:
    """The card of a post or an edit; `test` says in its first word that no fare was seen.

    Of several finds that of the cheapest, with the others as a fact.
    """
    further, notification = words.further(notification), words.leading(notification)
    more = f" and {len(further)} more" if further else ""
    label = "Test only: " if test else ""
    return Card(
        headline=f"{label}{_headline(notification, cities)}{more}",
        short=f"{label}{_short(notification, cities)}{more}",
        facts=(*_facts(notification), *_further(further, cities)),
        mood=_mood(notification),
        page=pages(notification.route, notification.quote, notification.created_at.date()),
        update=notification.kind is NotificationKind.EDIT,
    )


def _headline(notification: Notification, cities: Cities) -> str:
    route = _route(notification.route, cities)
    quote = notification.quote
    if _is_over(notification):
        lived = words.lived(notification)
        after = f" after {words.span(lived)}" if lived is not None else ""
        now = f", now {words.amount(quote.total)}" if quote else ""
        return f"{route}: gone{after}{now}"
    if quote is None:
        return f"{route} has changed"
    subject = words.most_telling(notification)
    opening = _OPENINGS.get(subject.reason, "") if subject else ""
    return ", ".join(
        filter(None, (f"{route} {opening}{words.amount(quote.total)}", _against(notification, quote)))
    )


def _short(notification: Notification, cities: Cities) -> str:
    quote = None if _is_over(notification) else notification.quote
    route = _route(notification.route, cities)
    return f"{route}: gone" if quote is None else f"{route} {words.amount(quote.total)}"


def _route(route: Route, cities: Cities) -> str:
    ends = [
        " or ".join(dict.fromkeys(cities(place.code) for place in places))
        for places in (route.origins, route.destinations)
    ]
    if ends[0] == ends[1]:
        ends = [route.origin.code, route.destination.code]
    return f"{ends[0]} → {ends[1]}"


def _against(notification: Notification, quote: Quote) -> str:
    """The price held against what is waited for."""
    subject = words.most_telling(notification)
    if subject is not None and subject.reason is Reason.ABOVE:
        return "up again"
    target = words.lowest_target_met(notification, quote.total)
    if target is not None:
        return f"{'at' if target == quote.total else 'under'} the target of {words.amount(target)}"
    if subject is None or subject.condition in (None, Condition.TARGET):
        return ""
    return "a clear drop" if subject.condition is Condition.DROP else "a new low"


def _facts(notification: Notification) -> Iterator[Fact]:
    route, quote = notification.route, notification.quote
    yield Fact("Dates", _dates(notification))
    if quote is not None and (flights := _flights(quote, route)):
        yield Fact("Flights", flights)
    yield Fact("For", _party(route, quote))
    if targets := _targets(notification):
        yield Fact("Target" if len(targets) == 1 else "Targets", _listed(targets))
    if quote is not None and notification.median is not None:
        yield Fact("30-day median", words.amount(notification.median))
    if quote is not None:
        yield Fact("Price", _sure(notification, quote))


def _further(finds: Sequence[Notification], cities: Cities) -> Iterator[Fact]:
    """What else is so cheap from there: Dublin 35 EUR, Porto 38 EUR and 2 more."""
    told = [
        f"{cities(each.route.destination.code)} {words.amount(each.quote.total)}"
        for each in finds
        if each.quote
    ]
    if told:
        rest = len(told) - _MOST_FURTHER
        more = f" and {rest} more" if rest > 0 else ""
        yield Fact("Also", f"{', '.join(told[:_MOST_FURTHER])}{more}")


def _dates(notification: Notification) -> str:
    days = words.days(notification)
    if isinstance(days, DateWindow):
        return f"any days from {words.day(days.out.first)} to {words.day(days.out.last)} {days.out.last.year}"
    out, back = days.depart_on, days.return_on
    if back is None:
        return f"{words.day(out)} {out.year}, one way"
    year = "" if out.year == back.year else f" {out.year}"
    return f"{words.day(out)}{year} to {words.day(back)} {back.year}"


def _flights(quote: Quote, route: Route) -> str:
    carriers = "/".join(plain(code, 3) for code in quote.carriers[:_MOST_CARRIERS])
    # Some sources show the way out alone; its stops say nothing about the way back.
    is_half = len(quote.stops) < route.directions
    stops = words.stops(max(quote.stops), is_half=is_half) if quote.stops else ""
    transfer = "self-transfer" if quote.self_transfer else ""
    return " · ".join(filter(None, (carriers, stops, transfer)))


def _party(route: Route, quote: Quote | None) -> str:
    people = words.party(route)
    cabin = route.cabin.value.replace("_", " ")
    if quote is None or route.adults == 1 or route.children:
        return f"{people}, {cabin}"
    # Rounded up to a minor unit, so that it never looks cheaper than it is.
    share = quote.total.with_minor(-(-quote.total.minor // route.adults))
    return f"{people}, {cabin}; {words.amount(share)} each"


def targets_of(notification: Notification) -> list[Money]:
    """Every target that the watches named have, from low to high, each once."""
    return sorted({subject.target for subject in notification.subjects if subject.target is not None})


def _targets(notification: Notification) -> list[str]:
    return [words.amount(target) for target in targets_of(notification)]


def _listed(targets: list[str]) -> str:
    shown = ", ".join(targets[:_MOST_TARGETS])
    return shown if len(targets) <= _MOST_TARGETS else f"{shown} and {len(targets) - _MOST_TARGETS} more"


def _sure(notification: Notification, quote: Quote) -> str:
    if quote.kind is SourceKind.TEST:
        return "made up for this test"
    source = plain(quote.source, 30).capitalize()
    if notification.confirmation is Confirmation.UNCONFIRMED:
        return f"not confirmed, {words.seen(notification, quote)} by {source}"
    if notification.confirmation is Confirmation.CONFIRMED:
        return f"confirmed with {source}"
    live = quote.kind is SourceKind.LIVE and not quote.estimated
    return f"priced live by {source}" if live else f"{words.seen(notification, quote)}, from {source}"


def _is_over(notification: Notification) -> bool:
    reasons = {subject.reason for subject in notification.subjects}
    return bool(reasons) and reasons <= OVER


def _mood(notification: Notification) -> Mood:
    if _is_over(notification):
        return Mood.PAST
    reasons = {subject.reason for subject in notification.subjects}
    return Mood.CARE if reasons and reasons <= OVER | {Reason.ABOVE} else Mood.GOOD


def plain(text: str, longest: int) -> str:
    """A source's word without signs that any of the services would render."""
    return " ".join(_FOREIGN.sub(" ", text).replace("_", " ").split())[:longest]
