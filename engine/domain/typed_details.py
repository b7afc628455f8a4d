"""Who travels and which flights will do, in one line: `2 adults, business, only BA LH, out 6-12, 1 bag`.

The parts stand in any order with commas between, in English or German; what is not said is as it is for
everybody: one adult, economy, any flight. Raises InvalidInput with one sentence.
"""

import re
from typing import Final

import msgspec

from engine.domain import typed, typed_filters
from engine.domain.date_words import number, plain
from engine.domain.route import Cabin, Hours, Route
from engine.domain.said import said
from engine.errors import InvalidInput

FIELD: Final = "details"
_COUNTED: Final = re.compile(
    r"(?P<number>[0-9]{1,3}|[a-z]+) (?:checked |aufgegebene[ns]? )?(?P<what>[a-z]+)(?: each| je)?"
)
_NONE: Final = frozenset({"no", "without", "kein", "keine", "ohne"})
_NOUNS: Final = {
    "adults": "adult adults erwachsener erwachsene erwachsenen",
    "children": "child children kid kids kind kinder kindern",
    "bags": "bag bags koffer koffern gepackstuck gepackstucke",
}
_LED: Final = re.compile(
    r"(?:(?P<airlines>only|nur|with|mit)|(?P<not_airlines>not|no|without|avoid|nicht|ohne|kein)"
    r"|(?P<out_hours>out|hin)|(?P<back_hours>back|zuruck)) (?P<rest>.+)"
)
_CODES: Final = re.compile(r"[a-z0-9]{2}(?:[ /+]+[a-z0-9]{2})*")


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a route says of its party and its flights besides stops; each as `Route` has it."""

    adults: int = 1
    children: int = 0
    cabin: Cabin = Cabin.ECONOMY
    airlines: tuple[str, ...] = ()
    not_airlines: tuple[str, ...] = ()
    out_hours: Hours | None = None
    back_hours: Hours | None = None
    bags: int = 0


def details_of(route: Route) -> Details:
    """Those of a route."""
    return Details(**{name: getattr(route, name) for name in Details.__struct_fields__})


def parse_details(text: str) -> Details:
    """What the line means."""
    known: dict[str, object] = {}
    codes: dict[str, set[str]] = {"airlines": set(), "not_airlines": set()}
    codes_of = "airlines"
    for part in (plain(part) for part in re.split(r"[,;\n]", text)):
        if not part:
            continue
        # Codes alone are more of the airlines that were spoken of before.
        name, value = (codes_of, part) if _CODES.fullmatch(part) else _read(part)
        if name in codes:
            codes_of = name
            codes[name].update(_airlines(str(value)))
        elif name in known:
            raise InvalidInput(
                FIELD, "You said twice what {typed} is about; leave one of them out.", typed=said(part)
            )
        else:
            codes_of = "airlines"
            known[name] = value
    known |= {name: _airlines(" ".join(some)) for name, some in codes.items()}
    return _checked(msgspec.structs.replace(Details(), **known))


def check_way_back(back_hours: Hours | None, *, round_trip: bool) -> None:
    """Refuse hours of a way back that there is not."""
    if back_hours is not None and not round_trip:
        raise InvalidInput("back_hours", "A one-way trip has no way back; leave its hours out.")


def _read(part: str) -> tuple[str, object]:
    """Which detail it is about, and what it says of it; of airlines their codes as typed."""
    if (counted := _COUNTED.fullmatch(part)) is not None:
        many = 0 if counted["number"] in _NONE else number(counted["number"])
        name = next((name for name, nouns in _NOUNS.items() if counted["what"] in nouns.split()), None)
        if many is not None and name is not None:
            return name, many
    if (led := _LED.fullmatch(part)) is not None:
        name = next(name for name in ("airlines", "not_airlines", "out_hours", "back_hours") if led[name])
        if name.endswith("_hours"):
            return name, typed_filters.parse_hours(led["rest"], field=FIELD)
        return name, led["rest"]
    try:
        return "cabin", typed.parse_cabin(part)
    except InvalidInput:
        raise InvalidInput(
            FIELD,
            "I cannot read {typed} there. Write it like: 2 adults, 1 child, business, only BA LH, "
            "not FR, out 6-12, back after 18, 1 bag.",
            typed=said(part),
        ) from None


def _airlines(codes: str) -> tuple[str, ...]:
    return typed_filters.parse_airlines(codes.replace("+", " "), field=FIELD)


def _checked(details: Details) -> Details:
    typed.check_adults(details.adults)
    typed_filters.check_children(details.children, details.adults)
    typed_filters.check_bags(details.bags)
    typed_filters.check_airlines(details.airlines, details.not_airlines)
    return details
