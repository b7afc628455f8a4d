"""Where a fare can be bought: the source's own page when it is a known one, else a search."""

from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from engine.domain.finds import as_found
from engine.domain.journey import days_of, some_days
from engine.domain.places import Place, PlaceKind
from engine.domain.quote import Quote
from engine.domain.route import Cabin, FixedDates, Route

# Hosts that our sources link to. A link to anywhere else is not shown.
_KNOWN_HOSTS: Final = frozenset(
    {"aviasales.com", "duffel.com", "google.com", "jetradar.com", "kiwi.com", "skyscanner.net", "on.kiwi.com"}
)
_LONGEST: Final = 512  # what the address of a Discord link button may have
_SEARCH: Final = "https://www.google.com/travel/flights"


class FarePage(NamedTuple):
    """An address, and whether it is of this fare rather than of a search."""

    url: str
    books: bool


def fare_page(route: Route, quote: Quote | None, today: date) -> FarePage:
    """The page of the fare itself, or a search for the same journey."""
    if quote is not None and quote.link and not is_search(quote.link) and _is_known(quote.link):
        return FarePage(quote.link, books=True)
    found = as_found(route, quote)
    return FarePage(search_link(found, some_days(days_of(route, quote, today))), books=False)


def search_link(route: Route, dates: FixedDates) -> str:
    """A search for the route and dates on Google Flights: a page of offers, not the booking of one.

    Far below the 512 characters that a Discord link button takes.
    """
    ends = (" or ".join(map(_asked, places)) for places in (route.origins, route.destinations))
    words = [f"flights from {' to '.join(ends)} on {dates.depart_on.isoformat()}"]
    words.append("one way" if dates.return_on is None else f"through {dates.return_on.isoformat()}")
    if route.cabin is not Cabin.ECONOMY:
        words.append(f"{route.cabin.value.replace('_', ' ')} class")
    if route.travellers > 1:
        words.append(f"for {route.adults} adult{'s' if route.adults > 1 else ''}")
    if route.children:
        words.append(f"and {route.children} child{'ren' if route.children > 1 else ''}")
    return f"{_SEARCH}?{urlencode({'q': ' '.join(words), 'curr': route.currency})}"


def _asked(place: Place) -> str:
    return "anywhere" if place.kind is PlaceKind.ANYWHERE else place.code


def is_search(link: str) -> bool:
    """Whether a link leads to a search rather than to the fare itself."""
    return link.startswith(_SEARCH)


def _is_known(link: str) -> bool:
    if len(link) > _LONGEST or not link.isascii() or not link.isprintable():
        return False
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    at_home = any(host == known or host.endswith(f".{known}") for known in _KNOWN_HOSTS)
    return parts.scheme == "https" and at_home and port is None and "@" not in parts.netloc
