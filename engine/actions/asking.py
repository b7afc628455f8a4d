"""What a member asks for, as typed, and the route and rules it means."""

import re
from datetime import date
from itertools import product
from typing import Final

import msgspec

from engine.domain import typed, typed_filters
from engine.domain.places import ANYWHERE, Place, PlaceKind
from engine.domain.route import Cabin, Hours, Route
from engine.domain.server import NOBODY, Standing
from engine.domain.typed_details import check_way_back
from engine.domain.typed_trip import parse_trip
from engine.domain.watch import Destination, Owner, Rules
from engine.errors import InvalidInput
from engine.gazetteer import Gazetteer

# Until its owner picks a target, a watch tells of a new low of this many days.
DEFAULT_LOW_DAYS = 30
MOST_PLACES: Final = 4
ANYWHERE_NEEDS_TARGET: Final = (
    "Somewhere is always cheap: to go anywhere, say at which price I tell you, as in target: 40."
)
_BETWEEN: Final = re.compile(r"[,;/+]| or | oder | and | und ", re.IGNORECASE)


class AddWatch(msgspec.Struct, frozen=True, kw_only=True):
    """A watch as somebody typed it; only origin, destination and depart must be there.

    `standing` is what they are in the server in which they typed it, `made_in` the channel there.
    """

    owner: Owner
    tell: tuple[Destination, ...]
    standing: Standing = NOBODY
    made_in: Destination | None = None
    origin: str
    destination: str
    depart: str
    return_: str | None = None
    target: str | None = None
    currency: str | None = None
    cabin: str | None = None
    adults: int | None = None
    max_stops: int | None = None
    nights: str | None = None
    children: int | None = None
    airlines: str | None = None
    avoid: str | None = None
    out_hours: str | None = None
    back_hours: str | None = None
    bags: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What it means: a route to look up and the rules to judge it by."""

    route: Route
    rules: Rules


def understand(request: AddWatch, gazetteer: Gazetteer, home_currency: str, today: date) -> Asked:
    """Read every field; raises InvalidInput at the first that cannot be meant."""
    origins = places(gazetteer, "origin", request.origin)
    destinations = places(gazetteer, "destination", request.destination)
    for origin, destination in product(origins, destinations):
        gazetteer.check_ends(origin, destination)
    adults = typed.check_adults(1 if request.adults is None else request.adults)
    route = Route(
        origin=origins[0],
        also_from=origins[1:],
        destination=destinations[0],
        also_to=destinations[1:],
        trip=parse_trip(request.depart, today, back=request.return_, nights=request.nights),
        currency=typed.parse_currency(request.currency) if request.currency else home_currency,
        cabin=typed.parse_cabin(request.cabin) if request.cabin else Cabin.ECONOMY,
        adults=adults,
        children=typed_filters.check_children(request.children or 0, adults),
        max_stops=None if request.max_stops is None else typed.check_max_stops(request.max_stops),
        airlines=typed_filters.parse_airlines(request.airlines or ""),
        not_airlines=typed_filters.parse_airlines(request.avoid or "", field="avoid"),
        out_hours=_hours(request.out_hours, "out_hours"),
        back_hours=_hours(request.back_hours, "back_hours"),
        bags=typed_filters.check_bags(request.bags or 0),
    )
    typed_filters.check_airlines(route.airlines, route.not_airlines)
    check_way_back(route.back_hours, round_trip=route.round_trip)
    return Asked(route=route, rules=rules(request.target, route))


def rules(target: str | None, route: Route) -> Rules:
    """The rules for a typed target; without one, a new low is told; anywhere takes a target."""
    if target is None or not target.strip():
        if route.to_anywhere:
            raise InvalidInput("target", ANYWHERE_NEEDS_TARGET)
        return Rules(new_low_days=DEFAULT_LOW_DAYS)
    return Rules(target=typed.parse_target(target, route.currency, route.travellers))


def places(gazetteer: Gazetteer, field: str, text: str) -> tuple[Place, ...]:
    """All airports and cities meant, by code: `LGW, STN`, `Berlin or Hamburg`; a city covers its airports."""
    if gazetteer.find(text) is not None or gazetteer.resolve_city(text) is not None:
        return (place(gazetteer, field, text),)
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    found = {place(gazetteer, field, part) for part in parts or [text]}
    covered = {
        code
        for each in found
        if each.kind is PlaceKind.METRO
        for code in gazetteer.airports_of(gazetteer.code_of(each))
    }
    kept = [each for each in found if each.kind is PlaceKind.METRO or each.code not in covered]
    if ANYWHERE in kept and len(kept) > 1:
        raise InvalidInput(field, "Anywhere is every other place as well. Name it alone, or only the others.")
    if len(kept) > MOST_PLACES:
        raise InvalidInput(
            field, "I take up to {most} places at either end, not {given}.", most=MOST_PLACES, given=len(kept)
        )
    return tuple(sorted(kept, key=lambda each: (each.code, each.kind)))


def place(gazetteer: Gazetteer, field: str, text: str) -> Place:
    """The airport or city meant, or anywhere to go to; an unknown one names the three nearest."""
    code = text.strip()
    if typed.means_anywhere(code):
        if field != "destination":
            raise InvalidInput(field, "I need to know where the journey begins: an airport or a city.")
        return ANYWHERE
    found = gazetteer.find(code) or gazetteer.resolve_city(code)
    if found is not None:
        return found
    raise gazetteer.unknown(field, code)


def _hours(text: str | None, field: str) -> Hours | None:
    return typed_filters.parse_hours(text, field=field) if text and text.strip() else None
