"""What is asked of Amadeus Flight Offers Search v2, parameter by parameter."""

from typing import Final

from engine.domain.route import FixedDates, Route

# The list is said to be sorted by price, but its order is the server's: ask for several, take the least.
_SOME_OFFERS: Final = 20
# The service knows "nonstop" and "any", no other number of stops, no hours and no bags: then ask for all
# it gives (250 is its own limit) and leave out here what does not fit.
_ALL_OFFERS: Final = 250


def offers_query(route: Route, dates: FixedDates) -> dict[str, str]:
    """The query of `GET /v2/shopping/flight-offers` for a route on these dates.

    `maxPrice` is not used: it is per traveller, targets are for the party, and a fare that just
    missed its target still belongs in the history.
    """
    query = {
        "originLocationCode": route.origin.code,
        "destinationLocationCode": route.destination.code,
        "departureDate": dates.depart_on.isoformat(),
        "adults": str(route.adults),
        **({"children": str(route.children)} if route.children else {}),
        "travelClass": route.cabin.value.upper(),
        "currencyCode": route.currency,
        "max": str(_ALL_OFFERS if _filtered_here(route) else _SOME_OFFERS),
    }
    if route.airlines:
        query["includedAirlineCodes"] = ",".join(route.airlines)
    elif route.not_airlines:
        # One or the other; those that must not fly are left out of the reply as well.
        query["excludedAirlineCodes"] = ",".join(route.not_airlines)
    if dates.return_on is not None:
        query["returnDate"] = dates.return_on.isoformat()
    if route.max_stops == 0:
        query["nonStop"] = "true"
    return query


def _filtered_here(route: Route) -> bool:
    """Whether it has a filter that the service cannot be asked for."""
    return bool(route.max_stops or route.out_hours or route.back_hours or route.bags)
