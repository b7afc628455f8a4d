"""Where a person can look a fare up when its source gives no link of its own."""

from typing import Final
from urllib.parse import urlencode

from engine.domain.route import Cabin, FixedDates, Route

_SEARCH: Final = "https://www.google.com/travel/flights"


def search_link(route: Route, dates: FixedDates) -> str:
    """A search for the route and dates on Google Flights: a page of offers, not the booking of one.

    Far below the 512 characters that a Discord link button takes.
    """
    words = [f"flights from {route.origin.code} to {route.destination.code} on {dates.depart_on.isoformat()}"]
    words.append("one way" if dates.return_on is None else f"through {dates.return_on.isoformat()}")
    if route.cabin is not Cabin.ECONOMY:
        words.append(f"{route.cabin.value.replace('_', ' ')} class")
    if route.adults > 1:
        words.append(f"for {route.adults} adults")
    return f"{_SEARCH}?{urlencode({'q': ' '.join(words), 'curr': route.currency})}"


def is_search(link: str) -> bool:
    """Whether a link leads to a search rather than to the fare itself."""
    return link.startswith(_SEARCH)
