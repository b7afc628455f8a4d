"""Whether a route that leaves a choice can be looked at at all, and what a look of it takes. Pure."""

from collections.abc import Sequence

from engine.domain.route import Route
from engine.errors import InvalidInput
from engine.fares.advice import NOBODY_SWEEPS
from engine.fares.expansion import MOST_SEARCHES
from engine.fares.parts import LookPrice


def looked_at_by(route: Route, prices: Sequence[LookPrice]) -> LookPrice | None:
    """What a look takes from the source that makes it: the first one that can; None without any source.

    Raises InvalidInput where no source can ever look at the route: it is said before it is watched.
    """
    if route.to_anywhere and not prices:
        raise InvalidInput("destination", NOBODY_SWEEPS)
    able = next((price for price in prices if price.possible), None)
    if able is None and prices:
        raise _too_wide(prices[0])
    return able


def _too_wide(price: LookPrice) -> InvalidInput:
    if price.searches == 0:
        return InvalidInput("depart", "No day of that is left. Choose later ones.")
    if price.searches > MOST_SEARCHES:
        return InvalidInput(
            "depart",
            "That takes {searches} searches a look, and {most} is the most I do. "
            "Choose fewer days, nights or places.",
            searches=price.searches,
            most=MOST_SEARCHES,
        )
    return InvalidInput(
        "depart",
        "That takes {calls} calls a look, and the budget for {source} allows {most}. "
        "Choose fewer days, nights or places.",
        calls=price.calls,
        source=price.source.capitalize(),
        most=price.most_at_once or 0,
    )
