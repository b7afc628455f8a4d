"""The fewest searches for a route, by what a source takes in one request."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.places import Place
from engine.domain.quote import LocalTime, Slice
from engine.domain.route import DateWindow, FixedDates, RollingDates, RollingWindow, Route
from engine.domain.trips import Dates, Nights, Span
from engine.fares.abilities import Abilities, Sweep
from engine.fares.expansion import narrowed, searches
from tests.support import build

TODAY = date(2026, 11, 22)
BY_DAY = Abilities()
BY_MONTH = Abilities(sweep=Sweep.MONTH)
BY_SPAN = Abilities(sweep=Sweep.SPAN, weekday=True, places=5)
NO_WEEKDAY = Abilities(sweep=Sweep.SPAN)
MARCH = Span(date(2027, 3, 1), date(2027, 3, 31))
WEEK = DateWindow(out=Span(date(2027, 3, 28), date(2027, 4, 3)), nights=Nights(7, 7))
WEEKENDS = RollingWindow(within_days=90, nights=Nights(2, 2), leaves_on=4)


def asked(of: Route, abilities: Abilities, today: date = TODAY) -> list[Dates]:
    return [part.trip.on(today) for part in searches(of, abilities, today)]


@pytest.mark.parametrize("abilities", [BY_DAY, BY_MONTH, BY_SPAN])
@pytest.mark.parametrize("trip", [FixedDates(date(2027, 3, 10)), RollingDates(1, 30)])
def test_a_route_that_leaves_no_choice_is_its_own_search(abilities: Abilities, trip: Any) -> None:
    of = build.route(trip=trip)
    assert searches(of, abilities, TODAY) == (of,)
    assert searches(of, abilities, TODAY)[0] is of


def test_a_window_is_one_search_where_a_request_takes_days_in_a_row() -> None:
    assert asked(build.route(trip=WEEK), BY_SPAN) == [WEEK]


def test_a_window_is_a_search_for_each_month_out_and_back() -> None:
    assert asked(build.route(trip=WEEK), BY_MONTH) == [
        DateWindow(
            out=Span(date(2027, 3, 28), date(2027, 3, 31)),
            back=Span(date(2027, 4, 4), date(2027, 4, 7)),
            nights=Nights(7, 7),
        ),
        DateWindow(
            out=Span(date(2027, 4, 1), date(2027, 4, 3)),
            back=Span(date(2027, 4, 8), date(2027, 4, 10)),
            nights=Nights(7, 7),
        ),
    ]


def test_a_window_is_a_search_for_each_journey_where_a_request_takes_one_day() -> None:
    of = build.route(trip=DateWindow(out=WEEK.out, nights=Nights(7, 8)))
    assert len(asked(of, BY_DAY)) == 14
    assert asked(of, BY_DAY)[0] == FixedDates(date(2027, 3, 28), date(2027, 4, 4))


def test_weekends_are_one_search_or_one_each() -> None:
    of = build.route(trip=WEEKENDS)
    assert len(asked(of, BY_SPAN)) == 1
    assert len(asked(of, NO_WEEKDAY)) == len(asked(of, BY_DAY)) == 13
    assert asked(of, NO_WEEKDAY)[0] == FixedDates(date(2026, 11, 27), date(2026, 11, 29))


def test_days_that_have_passed_are_not_asked_for() -> None:
    later = date(2027, 4, 2)
    of = build.route(trip=WEEK)
    assert asked(of, BY_DAY, later) == [
        FixedDates(date(2027, 4, 2), date(2027, 4, 9)),
        FixedDates(date(2027, 4, 3), date(2027, 4, 10)),
    ]
    assert asked(of, BY_SPAN, later)[0].fits(later, date(2027, 4, 9))
    for abilities in (BY_DAY, BY_MONTH, BY_SPAN):
        assert searches(of, abilities, date(2027, 4, 4)) == ()


def test_several_places_are_one_search_or_one_for_each_pair() -> None:
    of = build.route(also_from=(Place.airport("MAN"),), also_to=(Place.airport("NGO"), Place.airport("FUK")))
    assert searches(of, BY_SPAN, TODAY) == (of,)
    pairs = [(part.origin.code, part.destination.code) for part in searches(of, BY_DAY, TODAY)]
    assert pairs == [
        ("LON", "TYO"), ("LON", "NGO"), ("LON", "FUK"), ("MAN", "TYO"), ("MAN", "NGO"), ("MAN", "FUK"),
    ]  # fmt: skip


def test_a_search_for_one_journey_is_the_same_as_a_route_for_it() -> None:
    one = build.route(trip=FixedDates(date(2026, 11, 27), date(2026, 11, 29)))
    assert one.id in {part.id for part in searches(build.route(trip=WEEKENDS), BY_DAY, TODAY)}


WINDOWS = st.builds(
    lambda begins, length, back, nights, leaves_on: DateWindow(
        out=Span(TODAY + timedelta(days=begins), TODAY + timedelta(days=begins + length)),
        back=None
        if back is None
        else Span(
            TODAY + timedelta(days=begins + back[0]), TODAY + timedelta(days=begins + back[0] + back[1])
        ),
        nights=None if nights is None else Nights(nights[0], nights[0] + nights[1]),
        leaves_on=leaves_on,
    ),
    st.integers(-10, 40),
    st.integers(0, 40),
    st.none() | st.tuples(st.integers(0, 60), st.integers(0, 20)),
    st.none() | st.tuples(st.integers(0, 14), st.integers(0, 7)),
    st.none() | st.integers(0, 6),
)


def journeys(dates: Dates, today: date) -> set[tuple[date, date | None]]:
    if isinstance(dates, FixedDates):
        return {(dates.depart_on, dates.return_on)}
    return {
        (out, back)
        for out, ways_back in dates.choices(not_before=today)
        for back in (ways_back.days() if ways_back else (None,))
    }


@given(WINDOWS, st.sampled_from([BY_DAY, BY_MONTH, BY_SPAN, NO_WEEKDAY]))
def test_the_searches_cover_every_journey_of_a_window_once_and_no_other(
    window: DateWindow, abilities: Abilities
) -> None:
    wanted = journeys(window, TODAY)
    parts = asked(build.route(trip=window), abilities)
    covered = [journey for part in parts for journey in journeys(part, TODAY)]
    assert sorted(covered, key=str) == sorted(wanted, key=str)
    for part in parts:
        if abilities.sweep is Sweep.DAY:
            assert isinstance(part, FixedDates)
        elif abilities.sweep is Sweep.SPAN and isinstance(part, DateWindow):
            assert part.back is None or part.nights is None


def test_a_lead_is_confirmed_for_its_very_days_and_places() -> None:
    of = build.route(trip=WEEKENDS, also_from=(Place.airport("MAN"),))
    out = build.segment(origin="MAN", departs=LocalTime("2026-11-27T18:00"))
    back = build.segment(departs=LocalTime("2026-11-29T18:00"))
    lead = build.quote(of=of, slices=(Slice(segments=(out,)), Slice(segments=(back,))))

    assert narrowed(of, lead) == build.route(
        trip=FixedDates(date(2026, 11, 27), date(2026, 11, 29)), origin=Place.airport("MAN")
    )


def test_of_a_lead_that_does_not_say_its_days_all_are_asked_for() -> None:
    of = build.route(trip=WEEKENDS)
    assert narrowed(of, build.quote(of=of, slices=())) is of
    assert narrowed(build.route(), build.quote()) == build.route()
