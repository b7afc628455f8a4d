"""What each source's reply shows of the filters, and what they hide of it."""

from datetime import date
from typing import Any

import pytest

from engine.domain.filters import as_far_as_shown
from engine.domain.quote import Hidden, Outcome, OutcomeKind
from engine.domain.route import DateWindow, FixedDates, Hours, Route
from engine.domain.trips import Nights, Span
from engine.fares.sources import kiwi_reply, tequila_reply, travelpayouts_fares
from tests.support.build import eur, route
from tests.support.clock import START
from tests.unit.fares import amadeus_bodies, duffel_bodies, ignav_bodies, kiwi_bodies, tequila_bodies
from tests.unit.fares import travelpayouts_bodies as travelpayouts

LATE = {"out_hours": Hours(11 * 60, 1439)}  # all flights of the bodies leave at ten
WINDOW = DateWindow(out=Span(date(2027, 3, 8), date(2027, 3, 12)), nights=Nights(12, 14))


def fare(source: str, of: Route, **changes: Any) -> Outcome | Any:
    """What the everyday itinerary of a source comes to."""
    match source:
        case "amadeus":
            return amadeus_bodies.read(amadeus_bodies.body(amadeus_bodies.offer(**changes)), of)
        case "duffel":
            return duffel_bodies.read(duffel_bodies.body(duffel_bodies.offer(**changes)), of)
        case "ignav":
            return ignav_bodies.read(ignav_bodies.body(ignav_bodies.itinerary(**changes)), of)
        case "kiwi":
            return kiwi_bodies.read_text(kiwi_bodies.answer(kiwi_bodies.itinerary(**changes)), of)
        case _:
            return tequila_bodies.read(tequila_bodies.body(tequila_bodies.itinerary(**changes)), of)


SOURCES = ["amadeus", "duffel", "ignav", "kiwi", "tequila"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("filters", [LATE, {"airlines": ("BA",)}, {"not_airlines": ("NH",)}])
def test_what_a_filter_hides_is_counted_and_kept(source: str, filters: dict[str, Any]) -> None:
    got = fare(source, route(**filters))

    assert got.quotes == ()
    assert got.hidden is not None
    assert (got.hidden.count, got.hidden.cheapest.total) == (1, eur(450))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("filters", [{"out_hours": Hours(600, 700)}, {"airlines": ("NH",)}])
def test_what_keeps_the_filters_and_shows_it_is_firm(source: str, filters: dict[str, Any]) -> None:
    of = route(**filters)
    got = fare(source, of)

    assert got.hidden is None
    assert as_far_as_shown(got.quotes[0], of).firm


def amadeus_bags(*bags: Any) -> dict[str, Any]:
    fares = [{"includedCheckedBags": each} for each in bags]
    return {"travelerPricings": [{"travelerType": "ADULT", "fareDetailsBySegment": fares}]}


def duffel_bags(*quantities: int) -> dict[str, Any]:
    seats = [
        {"cabin_class": "economy", "baggages": [{"type": "checked", "quantity": each}]} for each in quantities
    ]
    return {"slices": [duffel_bodies.there(passengers=seats), duffel_bodies.back(passengers=seats)]}


@pytest.mark.parametrize(
    ("source", "changes", "bags"),
    [
        ("amadeus", {}, None),
        ("amadeus", amadeus_bags({"quantity": 2}, {"quantity": 1}), 1),
        ("amadeus", amadeus_bags({"weight": 23, "weightUnit": "KG"}), 1),
        ("amadeus", amadeus_bags({"quantity": 1}, None), None),
        ("duffel", {}, None),
        ("duffel", duffel_bags(2, 1), 1),
        ("ignav", {}, None),
        ("ignav", {"bags": {"carry_on": 1, "checked": 2}}, 2),
        ("ignav", {"bags": {"carry_on": 1, "checked": None}}, None),
        ("kiwi", {}, None),
        ("kiwi", {"baggage": {"personalItem": 1, "cabinBag": 1, "checkedBag": 0}}, None),
        ("kiwi", {"baggage": {"checkedBag": 1}}, 1),
        ("tequila", {}, None),
        ("tequila", {"bags_price": {"1": 0, "2": 31.5}}, 1),
    ],
)
def test_bags_are_read_where_the_source_knows(source: str, changes: dict[str, Any], bags: int | None) -> None:
    of = route(bags=1)
    got = fare(source, of, **changes)

    assert [quote.bags for quote in got.quotes] == [bags]
    assert as_far_as_shown(got.quotes[0], of).firm is (bags is not None)


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("amadeus", amadeus_bags({"quantity": 0})),
        ("duffel", duffel_bags(0)),
        ("ignav", {"bags": {"checked": 0}}),
        ("tequila", {"bags_price": {"1": 24.46}}),
    ],
)
def test_a_price_without_the_bag_is_hidden(source: str, changes: dict[str, Any]) -> None:
    got = fare(source, route(bags=1), **changes)
    assert got.quotes == ()
    assert got.hidden is not None


def test_a_window_takes_every_journey_that_fits_it_and_no_other() -> None:
    of = route(trip=WINDOW)
    back = kiwi_bodies.leg(kiwi_bodies.segment("HND", "LHR", "2027-03-25T10:30:00"))
    inside, outside = kiwi_bodies.itinerary(450), kiwi_bodies.itinerary(400, inbound=back)
    got = kiwi_reply.read_itineraries(kiwi_bodies.answer(inside, outside), of, WINDOW, START)
    assert [quote.total for quote in got.quotes] == [eur(450)]

    raw = tequila_bodies.body(tequila_bodies.itinerary(450))
    assert tequila_reply.read_itineraries(raw, of, WINDOW, START).kind is OutcomeKind.QUOTES


def test_a_month_of_cached_fares_serves_a_window() -> None:
    rows = (
        travelpayouts.row(450),
        travelpayouts.row(420, departure_at="2027-03-11T10:00:00Z"),
        travelpayouts.row(300, departure_at="2027-03-20T10:00:00Z"),
        travelpayouts.row(380, return_at="2027-03-29T11:00:00+09:00"),
    )
    got = travelpayouts_fares.native(travelpayouts.page(*rows), route(trip=WINDOW), WINDOW, None)

    assert [quote.total for quote in got.quotes] == [eur(420), eur(450)]


def test_two_one_ways_of_a_window_are_the_cheapest_days_that_go_together() -> None:
    far = DateWindow(
        out=Span(date(2027, 3, 8), date(2027, 3, 12)),
        back=Span(date(2027, 4, 20), date(2027, 4, 24)),
        nights=Nights(42, 43),
    )
    out = travelpayouts.page(
        travelpayouts.one_way(250),
        travelpayouts.one_way(200, departure_at="2027-03-08T10:00:00Z"),
    )
    back = travelpayouts.page(
        travelpayouts.home(200) | {"departure_at": "2027-04-21T11:00:00+09:00"},
        travelpayouts.home(90) | {"departure_at": "2027-04-24T11:00:00+09:00"},
    )

    (quote,) = travelpayouts_fares.summed(out, back, route(trip=far), far).quotes

    assert (quote.total, quote.estimated) == (eur(450), True)
    assert [departs.iso[:10] for departs in quote.departures] == ["2027-03-10", "2027-04-21"]


def test_a_cached_fare_of_one_adult_is_multiplied_for_all_and_a_lead() -> None:
    found = travelpayouts.fares_of(travelpayouts.body(travelpayouts.row(100)), route(adults=2, children=1))
    assert [(quote.total, quote.estimated) for quote in found.quotes] == [(eur(300), True)]


def test_cached_fares_hidden_by_a_filter_are_kept_too() -> None:
    of = route(max_stops=0, trip=FixedDates(date(2027, 3, 10), date(2027, 3, 24)))
    found = travelpayouts.fares_of(travelpayouts.body(travelpayouts.row(291, transfers=1)), of)
    assert isinstance(found.hidden, Hidden)
    assert found.hidden.cheapest.total == eur(291)
