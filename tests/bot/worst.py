"""The worst that there can be: the longest names, the largest amounts, everything chosen that can be."""

from datetime import date, timedelta
from typing import Any, Final

from bot.present.carriers import named
from engine.actions.asking import MOST_PLACES
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, Quote, Segment, Slice, SourceKind
from engine.domain.route import Cabin, FixedDates, Hours, Route
from engine.domain.trips import DateWindow, Nights, Span
from engine.domain.typed import MOST_ADULTS, MOST_STOPS
from engine.domain.typed_filters import MOST_AIRLINES, MOST_BAGS
from engine.domain.typed_trip import MOST_NIGHTS
from engine.gazetteer import Gazetteer
from tests.support.clock import START

CURRENCY: Final = "ZWG"  # no sign, two digits, and a code that is written out
MOST: Final = Money(99_999_999_999_999, CURRENCY)  # twelve digits before the point
ALMOST: Final = Money(99_999_999_999_899, CURRENCY)
SNOWFLAKE: Final = "9" * 20


def places(gazetteer: Gazetteer) -> list[Place]:
    """Those with the longest names, as many as fit at both ends of a route."""
    codes = {*gazetteer._airports, *gazetteer._metros}
    longest = sorted(codes, key=lambda code: (-len(gazetteer.city(code)), code))
    found = [gazetteer.find(code) for code in longest[: 2 * MOST_PLACES]]
    return [place for place in found if place is not None]


def airlines() -> tuple[str, ...]:
    """Those with the longest names."""
    return tuple(code for code, _ in sorted(named(""), key=lambda each: -len(each[1]))[:MOST_AIRLINES])


def route(gazetteer: Gazetteer, number: int = 0, **changes: Any) -> Route:
    """Four ends on each side, a choice of days, a large party, every filter."""
    ends = places(gazetteer)
    return Route(
        **{
            "origin": ends[0],
            "also_from": tuple(ends[2::2]),
            "destination": ends[1],
            "also_to": tuple(ends[3::2]),
            "trip": DateWindow(
                out=Span(date(2027, 9, 1), date(2027, 9, 30) + timedelta(days=number)),
                back=Span(date(2028, 2, 28), date(2028, 9, 30)),
                nights=Nights(MOST_NIGHTS - 10, MOST_NIGHTS),
                leaves_on=2,
            ),
            "currency": CURRENCY,
            "cabin": Cabin.PREMIUM_ECONOMY,
            "adults": MOST_ADULTS - 1,
            "children": 1,
            "max_stops": MOST_STOPS,
            "airlines": airlines(),
            "not_airlines": airlines(),
            "out_hours": Hours(23 * 60 + 59, 23 * 60 + 58),
            "back_hours": Hours(23 * 60 + 59, 23 * 60 + 58),
            "bags": MOST_BAGS,
            **changes,
        }
    )


def quote(of: Route, total: Money = ALMOST, **changes: Any) -> Quote:
    """A lead that says all there is to say of a fare."""
    out = date(2027, 9, 22)
    return Quote(
        **{
            "route_id": of.id,
            "total": total,
            "source": "travelpayouts",
            "kind": SourceKind.CACHED,
            "observed_at": START,
            "found_at": START - timedelta(hours=40),
            "slices": (_slice(of, out), _slice(of, out + timedelta(days=MOST_NIGHTS))),
            "carriers": airlines(),
            "stops": (MOST_STOPS, MOST_STOPS),
            "estimated": True,
            "self_transfer": True,
            "bags": 0,
            "dates": FixedDates(out, out + timedelta(days=MOST_NIGHTS)),
            "ends": (of.origin, of.destination),
            "link": f"https://example.com/{'x' * 480}",
            **changes,
        }
    )


def _slice(of: Route, day: date) -> Slice:
    codes = [place.code for place in (of.origin, *of.also_to, of.destination)][: MOST_STOPS + 2]
    legs = zip(codes, codes[1:], airlines(), strict=False)
    return Slice(
        segments=tuple(
            Segment(
                origin=origin,
                destination=destination,
                departs=LocalTime(f"{day}T23:59"),
                arrives=LocalTime(f"{day + timedelta(days=1)}T23:58"),
                carrier=carrier,
                number="9999",
            )
            for origin, destination, carrier in legs
        )
    )
