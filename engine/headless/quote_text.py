"""A single look for people: the quotes as a table, or what came instead in one sentence. Pure."""

from collections.abc import Iterator
from datetime import date

import msgspec

from engine.domain.finds import cheapest_each, place_of
from engine.domain.journey import some_days
from engine.domain.quote import Outcome, OutcomeKind, Quote
from engine.domain.route import Route
from engine.headless.words import amount, detail

_MOST_SHOWN = 10


def quote_text(route: Route, outcome: Outcome, today: date) -> str:
    """A headline with the route, then a line per quote, cheapest first, or the outcome."""
    quotes = outcome.quotes
    if route.to_anywhere:
        quotes = tuple(cheapest_each(quotes, most=len(quotes), of_each=1)[0])
    shown = msgspec.structs.replace(outcome, quotes=quotes)
    return "\n".join((_headline(route, today), *_body(shown)))


def _headline(route: Route, today: date) -> str:
    dates = some_days(route.trip.on(today))
    back = f" to {dates.return_on}" if dates.return_on else ", one way"
    party = "1 adult" if route.adults == 1 else f"{route.adults} adults"
    return f"{route.pair}, {dates.depart_on}{back}, {party}, {route.cabin.value.replace('_', ' ')}"


def _body(outcome: Outcome) -> Iterator[str]:
    if outcome.kind is OutcomeKind.NO_FARES:
        yield f"  {outcome.source} has no fares for it."
    elif outcome.kind is not OutcomeKind.QUOTES:
        why = f": {detail(outcome.detail)}" if outcome.detail else ""
        yield f"  {outcome.kind.value} ({outcome.source}){why}"
    for quote in outcome.quotes[:_MOST_SHOWN]:
        yield f"  {_row(quote)}"
    if len(outcome.quotes) > _MOST_SHOWN:
        yield f"  and {len(outcome.quotes) - _MOST_SHOWN} more"


def _row(quote: Quote) -> str:
    times = " back ".join(time.iso.replace("T", " ") for time in (quote.departs, quote.departs_back) if time)
    notes = [
        f"{quote.source}, {quote.kind.value}",
        *(["an estimate"] if quote.estimated else []),
        *(["self-transfer"] if quote.self_transfer else []),
    ]
    place = place_of(quote)
    cells = (
        *([place.code] if place else []),
        f"{amount(quote.total):>10}",
        f"{'/'.join(quote.carriers):<8}",
        f"{_stops(quote.stops):<17}",
        f"{times:<39}",
        ", ".join(notes),
    )
    return "  ".join(cells).rstrip()


def _stops(stops: tuple[int, ...]) -> str:
    return " / ".join(
        "direct" if count == 0 else "1 stop" if count == 1 else f"{count} stops" for count in stops
    )
