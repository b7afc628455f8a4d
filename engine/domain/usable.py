"""Rules 1 and 12: which quote of a look is judged, and when a route is past."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain.alert import Reason
from engine.domain.filters import as_far_as_shown, broken
from engine.domain.judgement import Look
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import Route

# A local time of unknown zone is past for certain once it is past at UTC-12, where days end last.
_WESTMOST: Final = timedelta(hours=12)
_ORDER: Final = tuple(Reason)


class BestQuote(msgspec.Struct, frozen=True, kw_only=True):
    """Rule 1 for a route: the cheapest usable quote, or why there is none.

    `set_aside` counts what was not usable by its UNUSABLE_* reason; `reason` is the most frequent
    of these, or UNUSABLE_OUTCOME, and None when there is a quote.
    """

    quote: Quote | None = None
    set_aside: Mapping[Reason, int] = {}
    reason: Reason | None = None


def best_quote(look: Look, now: datetime) -> BestQuote:
    """Rule 1: set the unusable quotes aside, counted by reason; take the cheapest of the rest.

    A quote that does not show what the route's filter asks about comes back as `estimated`, a
    lead. Of equal totals the firm one is taken. Reasons equally frequent: the first in the list.
    """
    if look.outcome is None or look.outcome.kind is not OutcomeKind.QUOTES or not look.outcome.quotes:
        return BestQuote(reason=Reason.UNUSABLE_OUTCOME)
    usable, set_aside = _sorted_out(look.outcome, look.route, now)
    if not usable:
        most = min(set_aside, key=lambda reason: (-set_aside[reason], _ORDER.index(reason)))
        return BestQuote(set_aside=set_aside, reason=most)
    return BestQuote(quote=min(usable, key=lambda q: (q.total.minor, not q.firm)), set_aside=set_aside)


def usable_quotes(outcome: Outcome, route: Route, now: datetime) -> list[Quote]:
    """What rule 1 leaves of a look, the cheapest first."""
    usable, _ = _sorted_out(outcome, route, now)
    return sorted(usable, key=lambda quote: (quote.total.minor, not quote.firm))


def expired(route: Route, now: datetime) -> bool:
    """Rule 12: whether its last departure day is over, wherever on Earth it departs."""
    last = route.last_departure_on
    return last is not None and last < (now - _WESTMOST).date()


def _sorted_out(outcome: Outcome, route: Route, now: datetime) -> tuple[list[Quote], Counter[Reason]]:
    """The usable quotes, as far as they show what was asked; and how many were set aside for what."""
    set_aside: Counter[Reason] = Counter()
    usable = []
    for quote in outcome.quotes:
        reason = _why_unusable(quote, route, now)
        if reason is None:
            usable.append(as_far_as_shown(quote, route))
        else:
            set_aside[reason] += 1
    return usable, set_aside


def _why_unusable(quote: Quote, route: Route, now: datetime) -> Reason | None:
    if quote.total.minor <= 0:
        return Reason.UNUSABLE_PRICE
    if quote.kind is SourceKind.TEST:
        return Reason.UNUSABLE_TEST
    if quote.total.currency != route.currency:
        return Reason.UNUSABLE_CURRENCY
    if _past(quote, now):
        return Reason.UNUSABLE_PAST
    return None if broken(quote, route) is None else Reason.UNUSABLE_FILTER


def _past(quote: Quote, now: datetime) -> bool:
    """Departed everywhere, or offered no longer at the time it was seen."""
    if quote.expires_at is not None and quote.expires_at <= quote.observed_at:
        return True
    departs = quote.departs
    return departs is not None and departs.reading < (now - _WESTMOST).replace(tzinfo=None)
