"""What the filters of a route hide, in words."""

from bot.present.carriers import carriers
from bot.present.money import money
from engine.domain.filters import Filter, broken, stops_of
from engine.domain.quote import Hidden, Quote
from engine.domain.route import Route
from engine.tongue import count, say


def hidden_fares(hidden: Hidden, route: Route) -> str:
    """12 fares hidden by your filters, cheapest £291 with 1 stop."""
    price, why = money(hidden.cheapest.total), _why(hidden.cheapest, route)
    return count(
        hidden.count,
        "{n} fare hidden by your filters: {price} {why}.",
        "{n} fares hidden by your filters, cheapest {price} {why}.",
        price=price,
        why=why,
    )


def _why(quote: Quote, route: Route) -> str:
    """What is against it: with 1 stop, by Ryanair, leaving at 05:40, without the bags."""
    match broken(quote, route):
        case Filter.STOPS:
            return count(max(stops_of(quote), default=0), "with {n} stop", "with {n} stops")
        case Filter.AIRLINES:
            return say("by {airlines}", airlines=carriers(_wrong_airlines(quote, route)))
        case Filter.HOURS:
            return _wrong_hours(quote, route)
        case _:
            return say("without the bags")


def _wrong_airlines(quote: Quote, route: Route) -> list[str]:
    wanted, never = set(route.airlines), set(route.not_airlines)
    return [code for code in quote.carriers if code in never or (wanted and code not in wanted)]


def _wrong_hours(quote: Quote, route: Route) -> str:
    out, back = quote.departs, quote.departs_back
    if out is not None and route.out_hours is not None and out.reading.time() not in route.out_hours:
        return say("leaving at {time}", time=f"{out.reading:%H:%M}")
    return say("leaving for home at {time}", time=f"{back.reading:%H:%M}") if back is not None else ""
