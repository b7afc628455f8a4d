"""The outcomes of a look's searches as one. Pure.

Empty is not "no flights": there are no fares only where every search says so. Where some searches gave no
answer the others stand, marked as `partial`, since the cheapest fare may be behind those that failed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from engine.domain import details
from engine.domain.finds import cheapest_each, place_of
from engine.domain.journey import chosen_days
from engine.domain.money import Money
from engine.domain.quote import Hidden, Outcome, OutcomeKind, Quote
from engine.domain.route import FixedDates, Route

# A window has hundreds of fares; nobody reads more than these.
_MOST_QUOTES: Final = 100
# The destinations of a sweep to anywhere: more are no help to who looks for what is cheap.
MOST_FINDS: Final = 100
# Behind a fare that turns out unusable the next one to the same place stands.
OF_EACH_FIND: Final = 3

Answer = tuple[Route, Outcome]


def combined(route: Route, answers: Sequence[Answer]) -> Outcome:
    """What the searches of one look at one source came to; at least one was made.

    Observed when the first of them was. A search that was refused (a day that is not on sale yet) is
    nobody's failure: what else there is can be believed.
    """
    outcomes = [outcome for _, outcome in answers]
    quotes = sorted(
        (quote for each in answers for quote in _of_route(route, *each)),
        key=lambda quote: (quote.total.currency != route.currency, quote.total.minor),
    )
    unanswered = [outcome for outcome in outcomes if not outcome.parsed]
    failed = [outcome for outcome in unanswered if outcome.kind is not OutcomeKind.REJECTED]
    if unanswered and not quotes:
        return (failed or unanswered)[0]
    reaches = _reaches(outcomes)
    if route.to_anywhere:
        quotes = [quote for quote in quotes if not _leads_home(route, quote)]
        quotes, reaches = cheapest_each(quotes, most=MOST_FINDS, of_each=OF_EACH_FIND, reaches=reaches)
    else:
        quotes = _fewest(route, quotes)
    told = next((outcome for outcome in outcomes if outcome.kind is OutcomeKind.QUOTES), outcomes[0])
    return Outcome(
        kind=OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
        source=told.source,
        source_kind=told.source_kind,
        observed_at=min(outcome.observed_at for outcome in outcomes if outcome.parsed),
        quotes=tuple(quotes),
        detail=_detail(outcomes, unanswered),
        hidden=_hidden(route, answers),
        partial=bool(failed),
        reaches=reaches,
    )


def _fewest(route: Route, quotes: Sequence[Quote]) -> list[Quote]:
    """The cheapest ones, and of each other day to leave on the cheapest: what its calendar shows."""
    kept = list(quotes[:_MOST_QUOTES])
    known = {_leaves_on(route, quote) for quote in kept}
    for quote in quotes[_MOST_QUOTES:]:
        on = _leaves_on(route, quote)
        if on is not None and on not in known:
            known.add(on)
            kept.append(quote)
    return kept


def _leaves_on(route: Route, quote: Quote) -> date | None:
    days = chosen_days(route, quote)
    return None if days is None else days.depart_on


def _leads_home(route: Route, quote: Quote) -> bool:
    """Whether it leads from one of several places to begin at to another of them."""
    place = place_of(quote)
    return place is not None and any(place.code == origin.code for origin in route.origins)


def _reaches(outcomes: Sequence[Outcome]) -> Money | None:
    """Up to which price all of these sweeps have every destination."""
    ends = [outcome.reaches for outcome in outcomes if outcome.reaches is not None]
    return min(ends, key=lambda each: each.minor, default=None)


def _of_route(route: Route, search: Route, outcome: Outcome) -> Iterator[Quote]:
    return (_belonging(route, search, quote) for quote in outcome.quotes)


def _belonging(route: Route, search: Route, quote: Quote) -> Quote:
    """A quote of a search as one of its route: it says for which of the days and places it is."""
    dates = search.trip if isinstance(search.trip, FixedDates) else chosen_days(search, quote)
    several = (route.also_from or route.also_to) and not (search.also_from or search.also_to)
    several = several and not route.to_anywhere  # there a quote says itself where it leads
    return msgspec.structs.replace(
        quote,
        route_id=route.id,
        dates=quote.dates if isinstance(route.trip, FixedDates) else dates,
        ends=(search.origin, search.destination) if several else quote.ends,
    )


def _hidden(route: Route, answers: Sequence[Answer]) -> Hidden | None:
    hidden = [
        msgspec.structs.replace(found, cheapest=_belonging(route, search, found.cheapest))
        for search, outcome in answers
        if (found := outcome.hidden) is not None
    ]
    if not hidden:
        return None
    cheapest = min(hidden, key=lambda each: each.cheapest.total.minor).cheapest
    return Hidden(count=sum(each.count for each in hidden), cheapest=cheapest)


def _detail(outcomes: Sequence[Outcome], unanswered: Sequence[Outcome]) -> str | None:
    if not unanswered:
        return next((outcome.detail for outcome in outcomes if outcome.detail), None)
    why, _ = Counter(outcome.detail or outcome.kind.value for outcome in unanswered).most_common(1)[0]
    return details.SOME_UNANSWERED.format(failed=len(unanswered), searches=len(outcomes), why=why)
