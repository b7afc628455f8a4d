"""The link under a fare, as its button says it."""

from datetime import date
from typing import NamedTuple

from engine.domain.quote import Quote
from engine.domain.route import Route
from engine.fares.links import fare_page
from engine.tongue import say


class Link(NamedTuple):
    """A link button's words and address."""

    label: str
    url: str


def fare_link(route: Route, quote: Quote | None, today: date) -> Link:
    """The page of the fare itself, or a search for the same journey."""
    page = fare_page(route, quote, today)
    return Link(say("Book") if page.books else say("Open in Google Flights"), page.url)
