"""Sweeps to anywhere: how they are asked for, and what the replies have for each destination."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import pytest

from engine.domain.finds import by_place
from engine.domain.places import ANYWHERE, Place
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import DateWindow, FixedDates
from engine.domain.trips import Nights, Span
from engine.fares.abilities import Abilities, Sweep
from engine.fares.combining import combined
from engine.fares.expansion import narrowed, searches
from engine.fares.sources.tequila_reply import read_itineraries
from engine.fares.sources.tequila_request import search_query
from engine.fares.sources.travelpayouts_fares import swept
from engine.fares.sources.travelpayouts_reply import Page, read_rows
from engine.fares.sources.travelpayouts_request import round_trip
from tests.support.build import eur, outcome, quote, route
from tests.support.clock import START
from tests.unit.fares.tequila_bodies import FIXTURES as TEQUILA
from tests.unit.fares.travelpayouts_bodies import FIXTURES as TRAVELPAYOUTS

WEEKEND: Final = FixedDates(date(2027, 3, 12), date(2027, 3, 14))
SWEEP: Final = route(destination=ANYWHERE, trip=WEEKEND)
AREAS: Final = {"BGY": "MIL", "LIN": "MIL", "LGW": "LON", "SEN": "LON", "LON": "LON"}
STARTS: Final = dict.fromkeys(("STN", "LGW", "LTN", "LHR", "SEN"), Place.metro("LON"))
SWEEPING: Final = Abilities(sweep=Sweep.MONTH, anywhere=True)


def reached(origins: Sequence[Place], code: str) -> Place | None:
    place = Place.metro(AREAS[code]) if code in AREAS else Place.airport(code)
    return None if place in origins else place


def cheapest(got: Outcome) -> list[tuple[str, str]]:
    return [(code, quotes[0].total.plain()) for code, quotes in by_place(got.quotes).items()]


def test_travelpayouts_is_asked_without_a_destination() -> None:
    query = round_trip(SWEEP, WEEKEND, "gb").query(1)

    assert "destination" not in query
    assert (query["origin"], query["unique"]) == ("LON", "false")


def test_a_page_without_a_destination_has_the_cheapest_of_the_right_days_to_each_area() -> None:
    body = (TRAVELPAYOUTS / "handwritten__anywhere.json").read_bytes()
    page = Page(fares=read_rows(body).fares, unreadable=0, read_at=START)

    found = swept(page, SWEEP, WEEKEND, None, reached)

    # Not from London to London, nor the Dublin of another weekend.
    places = {code: [each.total for each in quotes] for code, quotes in by_place(found.quotes).items()}
    assert places == {"FAO": [eur(29), eur(33)], "MIL": [eur(31), eur(58)]}
    assert found.quotes[0].ends == (Place.metro("LON"), Place.airport("FAO"))
    assert found.quotes[0].link == "https://www.aviasales.com/search/STN1203FAO14031?t=FR29"
    assert found.reaches is None


def test_a_page_that_leaves_fares_out_reaches_only_so_far() -> None:
    body = (TRAVELPAYOUTS / "handwritten__anywhere.json").read_bytes()
    page = Page(fares=read_rows(body).fares, unreadable=0, read_at=START, reaches=eur(57))

    assert swept(page, SWEEP, WEEKEND, None, reached).reaches == eur(57)
    party = route(destination=ANYWHERE, trip=WEEKEND, adults=2)
    assert swept(page, party, WEEKEND, None, reached).reaches == eur(114)


def test_tequila_is_asked_without_a_place_to_fly_to() -> None:
    query = search_query(SWEEP, WEEKEND)

    assert "fly_to" not in query
    assert "one_for_city" not in query  # it works for one-way trips only
    assert (query["ret_from_diff_airport"], query["limit"]) == ("0", "200")
    one_way = FixedDates(WEEKEND.depart_on)
    assert search_query(route(destination=ANYWHERE, trip=one_way), one_way)["one_for_city"] == "1"


def test_a_reply_of_tequila_has_the_cheapest_to_each_area() -> None:
    body = (TEQUILA / "handwritten__anywhere.json").read_bytes()

    got = read_itineraries(body, SWEEP, WEEKEND, START, reached)

    assert cheapest(got) == [("FAO", "29"), ("MIL", "31")]
    assert got.detail == "left out: 1 by another airport, 1 hidden-city or throw-away"
    assert got.reaches is None
    assert got.quotes[0].firm


@pytest.mark.parametrize(
    ("origin", "other", "start"),
    [
        (Place.metro("MIL"), Place.airport("STN"), Place.airport("STN")),
        (Place.metro("BER"), Place.metro("LON"), Place.metro("LON")),
        (Place.metro("LON"), Place.airport("EDI"), Place.metro("LON")),
    ],
)
def test_a_find_from_several_places_says_in_which_it_begins(
    origin: Place, other: Place, start: Place
) -> None:
    body = (TEQUILA / "handwritten__anywhere.json").read_bytes()
    either = route(origin=origin, also_from=(other,), destination=ANYWHERE, trip=WEEKEND)

    got = read_itineraries(
        body, either, WEEKEND, START, lambda _, code: STARTS.get(code, Place.airport(code))
    )

    (faro, *_) = by_place(got.quotes)["FAO"]
    assert faro.ends == (start, Place.airport("FAO"))


def test_a_source_that_cannot_sweep_has_no_search_for_it() -> None:
    assert searches(SWEEP, Abilities(), date(2026, 11, 26)) == ()
    assert searches(SWEEP, SWEEPING, date(2026, 11, 26)) == (SWEEP,)


def test_a_window_to_anywhere_is_a_sweep_for_each_month() -> None:
    trip = DateWindow(out=Span(date(2027, 3, 26), date(2027, 4, 4)), nights=Nights(2, 2))
    parts = searches(route(destination=ANYWHERE, trip=trip), SWEEPING, date(2026, 11, 26))

    assert [part.to_anywhere for part in parts] == [True] * len(parts)
    assert len(parts) == 3  # out in March and back in March, or in April; out and back in April


def to(code: str, total: int) -> Outcome:
    found = quote(total, SWEEP, slices=(), ends=(SWEEP.origin, Place.airport(code)))
    return outcome(found)


def test_sweeps_together_have_the_cheapest_to_each_place_and_reach_as_far_as_the_shortest() -> None:
    far, near = to("FAO", 29), to("FAO", 25)
    near = outcome(*near.quotes, reaches=eur(40))

    got = combined(SWEEP, [(SWEEP, far), (SWEEP, near)])

    assert [each.total for each in got.quotes] == [eur(25), eur(29)]
    assert got.reaches == eur(40)
    assert got.quotes[0].ends == (SWEEP.origin, Place.airport("FAO"))


def test_where_one_may_begin_is_nowhere_to_go() -> None:
    either = route(destination=ANYWHERE, trip=WEEKEND, also_from=(Place.airport("FAO"),))

    got = combined(either, [(SWEEP, to("FAO", 20)), (SWEEP, to("DUB", 29))])

    assert cheapest(got) == [("DUB", "29")]


def test_a_lead_of_a_sweep_is_confirmed_for_its_own_place_and_days() -> None:
    trip = DateWindow(out=Span(date(2027, 3, 8), date(2027, 3, 14)), nights=Nights(2, 2))
    sweep = route(destination=ANYWHERE, trip=trip)
    lead = quote(29, sweep, slices=(), dates=WEEKEND, ends=(sweep.origin, Place.metro("MIL")))

    assert narrowed(sweep, lead) == route(destination=Place.metro("MIL"), trip=WEEKEND)


@pytest.mark.parametrize("kind", [OutcomeKind.UNREACHABLE, OutcomeKind.BLOCKED])
def test_a_sweep_that_lacks_a_search_is_partial(kind: OutcomeKind) -> None:
    assert combined(SWEEP, [(SWEEP, to("FAO", 29)), (SWEEP, outcome(kind=kind))]).partial
