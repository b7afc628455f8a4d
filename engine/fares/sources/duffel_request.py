"""What is asked of Duffel: one offer request per search, with its offers in the reply."""

from typing import Final

import msgspec

from engine.domain.route import FixedDates, Hours, Route

SEARCH_PATH: Final = "/air/offer_requests"
# Reference data: costs no search, and takes no token but a good one.
CHECK_PATH: Final = "/air/airlines"
CHECK_QUERY: Final = {"limit": "1"}
_VERSION: Final = "v2"
# Airlines answer one by one; who is not back by then is left out of the reply. Out of this range the
# service takes its own 20 seconds.
_SHORTEST_MS, _LONGEST_MS = 2_000, 60_000
# What the service and the way back take on top of the airlines.
_OVERHEAD_MS: Final = 5_000
# Children are asked for by age; fares for them go from 2 to 11.
_A_CHILDS_AGE: Final = 8
# The service takes 0, 1 or 2; left out, it may mean 1.
_MOST_CONNECTIONS: Final = 2


def headers(token: str) -> dict[str, str]:
    """The headers of every request; without a version it is refused."""
    return {
        "Authorization": f"Bearer {token}",
        "Duffel-Version": _VERSION,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


def search_query(timeout_s: float) -> dict[str, str]:
    """Have the offers in the reply, and the reply before the deadline of the request."""
    patience = min(max(int(timeout_s * 1_000) - _OVERHEAD_MS, _SHORTEST_MS), _LONGEST_MS)
    return {"return_offers": "true", "supplier_timeout": str(patience)}


def search_body(route: Route, dates: FixedDates) -> bytes:
    """The body of an offer request. No currency can be asked for: prices come in the account's.

    `max_connections` counts per direction, without stops inside a flight: those are counted where the
    reply is read.
    """
    ways = [(route.origin.code, route.destination.code, dates.depart_on)]
    if dates.return_on is not None:
        ways.append((route.destination.code, route.origin.code, dates.return_on))
    stops = _MOST_CONNECTIONS if route.max_stops is None else min(route.max_stops, _MOST_CONNECTIONS)
    hours = (route.out_hours, route.back_hours)
    request = {
        "slices": [
            {"origin": origin, "destination": destination, "departure_date": day.isoformat(), **_times(each)}
            for (origin, destination, day), each in zip(ways, hours, strict=False)
        ],
        "passengers": [*[{"type": "adult"}] * route.adults, *[{"age": _A_CHILDS_AGE}] * route.children],
        "cabin_class": route.cabin.value,
        "max_connections": stops,
    }
    return msgspec.json.encode({"data": request})


def _times(hours: Hours | None) -> dict[str, dict[str, str]]:
    """When a flight may leave, where that is within one day."""
    if hours is None or hours.earliest > hours.latest:
        return {}
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in (hours.earliest, hours.latest))
    return {"departure_time": {"from": first, "to": last}}
