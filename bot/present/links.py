"""Where a fare can be bought: the source's own page when it is a known one, else a search."""

from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from engine.domain.quote import Quote
from engine.domain.route import Cabin, Route

# Hosts that our sources link to. A link to anywhere else is not shown.
_KNOWN_HOSTS: Final = frozenset(
    {"aviasales.com", "duffel.com", "google.com", "jetradar.com", "kiwi.com", "skyscanner.net", "on.kiwi.com"}
)
_LONGEST: Final = 512  # of a link button's address
_CABINS: Final = {
    Cabin.ECONOMY: "",
    Cabin.PREMIUM_ECONOMY: " premium economy",
    Cabin.BUSINESS: " business class",
    Cabin.FIRST: " first class",
}


class Link(NamedTuple):
    """A link button's words and address."""

    label: str
    url: str


def fare_link(route: Route, quote: Quote | None, today: date) -> Link:
    """The page of the fare itself, or a search for the same journey."""
    if quote is not None and quote.link and _is_known(quote.link):
        return Link("Book", quote.link)
    return Link("Open in Google Flights", search_url(route, today))


def search_url(route: Route, today: date) -> str:
    """A Google Flights search for the route: its dates, party, cabin and currency."""
    trip = route.trip.on(today)
    words = f"Flights from {route.origin.code} to {route.destination.code} on {trip.depart_on.isoformat()}"
    if trip.return_on is not None:
        words += f" through {trip.return_on.isoformat()}"
    else:
        words += " one way"
    if route.adults > 1:
        words += f" for {route.adults} adults"
    if route.max_stops == 0:
        words += " nonstop"
    query = urlencode({"q": words + _CABINS[route.cabin], "curr": route.currency})
    return f"https://www.google.com/travel/flights?{query}"


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
