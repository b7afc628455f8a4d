"""Where a fare can be bought: the source's own page when it is a known one, else a search."""

from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from engine.domain.quote import Quote
from engine.domain.route import Route
from engine.fares.links import is_search, search_link

# Hosts that our sources link to. A link to anywhere else is not shown.
_KNOWN_HOSTS: Final = frozenset(
    {"aviasales.com", "duffel.com", "google.com", "jetradar.com", "kiwi.com", "skyscanner.net", "on.kiwi.com"}
)
_LONGEST: Final = 512  # of a link button's address


class Link(NamedTuple):
    """A link button's words and address."""

    label: str
    url: str


def fare_link(route: Route, quote: Quote | None, today: date) -> Link:
    """The page of the fare itself, or a search for the same journey."""
    if quote is not None and quote.link and not is_search(quote.link) and _is_known(quote.link):
        return Link("Book", quote.link)
    return Link("Open in Google Flights", search_link(route, route.trip.on(today)))


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
