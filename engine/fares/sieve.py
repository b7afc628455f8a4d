"""What a route's filters leave of a reply, and what they hide."""

from engine.domain.filters import broken
from engine.domain.quote import Hidden, Quote
from engine.domain.route import Route

HIDDEN = "hidden by filters"


class Sieve:
    """Lets quotes through that keep every filter, as far as they show it; counts the others."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._cheapest: Quote | None = None
        self.count = 0

    def lets(self, quote: Quote) -> bool:
        """Whether the quote keeps the filters; one that does not is counted."""
        if broken(quote, self._route) is None:
            return True
        self.count += 1
        mine = quote.total.currency == self._route.currency
        if mine and (self._cheapest is None or quote.total < self._cheapest.total):
            self._cheapest = quote
        return False

    @property
    def hidden(self) -> Hidden | None:
        """What it held back; None where that is nothing in the route's currency."""
        return None if self._cheapest is None else Hidden(count=self.count, cheapest=self._cheapest)
