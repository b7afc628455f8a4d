"""What a member asks for, as typed, and the route and rules it means."""

from datetime import date

import msgspec

from engine.domain import typed
from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates, Route
from engine.domain.said import said
from engine.domain.server import NOBODY, Standing
from engine.domain.typed_trip import parse_trip
from engine.domain.watch import Destination, Owner, Rules
from engine.errors import InvalidInput
from engine.gazetteer import Gazetteer

# Until its owner picks a target, a watch tells of a new low of this many days.
DEFAULT_LOW_DAYS = 30


class AddWatch(msgspec.Struct, frozen=True, kw_only=True):
    """A watch as somebody typed it; only origin, destination and depart must be there.

    `standing` is what they are in the server in which they typed it.
    """

    owner: Owner
    tell: tuple[Destination, ...]
    standing: Standing = NOBODY
    origin: str
    destination: str
    depart: str
    return_: str | None = None
    target: str | None = None
    currency: str | None = None
    cabin: str | None = None
    adults: int | None = None
    max_stops: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What it means: a route to look up and the rules to judge it by."""

    route: Route
    rules: Rules


def understand(request: AddWatch, gazetteer: Gazetteer, home_currency: str, today: date) -> Asked:
    """Read every field; raises InvalidInput at the first that cannot be meant."""
    origin = place(gazetteer, "origin", request.origin)
    destination = place(gazetteer, "destination", request.destination)
    gazetteer.check_ends(origin, destination)
    adults = typed.check_adults(1 if request.adults is None else request.adults)
    currency = typed.parse_currency(request.currency) if request.currency else home_currency
    route = Route(
        origin=origin,
        destination=destination,
        trip=_trip(request, today),
        currency=currency,
        cabin=typed.parse_cabin(request.cabin) if request.cabin else Cabin.ECONOMY,
        adults=adults,
        max_stops=None if request.max_stops is None else typed.check_max_stops(request.max_stops),
    )
    return Asked(route=route, rules=rules(request.target, route))


def rules(target: str | None, route: Route) -> Rules:
    """The rules for a typed target; without one, a new low is told."""
    if target is None or not target.strip():
        return Rules(new_low_days=DEFAULT_LOW_DAYS)
    return Rules(target=typed.parse_target(target, route.currency, route.adults))


def place(gazetteer: Gazetteer, field: str, text: str) -> Place:
    """The airport or city meant; an unknown one names the three nearest."""
    code = text.strip()
    found = gazetteer.find(code) or gazetteer.resolve_city(code)
    if found is not None:
        return found
    near = gazetteer.nearest(code, 3)
    hint = f" Did you mean {_either(near)}?" if near else ""
    raise InvalidInput(field, f"I know no airport or city {said(code)}.{hint}", near)


def _trip(request: AddWatch, today: date) -> FixedDates:
    trip = parse_trip(request.depart, today, back=request.return_)
    if not isinstance(trip, FixedDates):
        raise InvalidInput("depart", "That is more than one day; I watch single days so far, like 12 Mar.")
    return trip


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
